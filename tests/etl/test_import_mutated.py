"""Mutated copies of users' files give a right result or a clear error: no crash, no hang, no wrong load in silence.

``IMPORT_MUTATIONS=5000 python -m pytest tests/etl/test_import_mutated.py`` runs the full count; by default fewer are run.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd
import pytest

from etl.errors import AtlasError
from etl.imports.answers import Answers
from etl.imports.understand import Understanding, understand
from tests.etl.import_files import (
    CALIFORNIA,
    CONCENTRATORS,
    LONG,
    LONG_ANSWERS,
    SAMPLES,
    WIDE,
    csv_bytes,
    sample_rows,
    xlsx_bytes,
)

COUNT = int(os.environ.get("IMPORT_MUTATIONS", "150"))
#: Nothing takes longer, on a busy machine too.
MOST_SECONDS = 20
Rows = list[list[str]]
KEY = ["school_year", "district", "population", "cluster"]


@dataclass(frozen=True)
class Base:
    """A file as rows, the answers it needs, and where its counts stand."""

    name: str
    rows: Rows
    answers: Answers
    has_sums: bool


def bases() -> list[Base]:
    found = [Base("wide", WIDE, CONCENTRATORS, True), Base("long", LONG, LONG_ANSWERS, False)]
    if SAMPLES.is_dir():
        found += [
            Base("ncSecondary.xlsx", sample_rows("ncSecondary.xlsx"), CONCENTRATORS, True),
            Base("ncPostSecondary.xlsx", sample_rows("ncPostSecondary.xlsx"), CONCENTRATORS, True),
            Base("ca_datavista_statewide.csv", sample_rows("ca_datavista_statewide.csv", 400), CALIFORNIA, False),
            Base("california_edd_long_term_2023-2033.xlsx",
                 sample_rows("california_edd_long_term_2023-2033.xlsx", 160), Answers(kind="openings"), False),
        ]  # fmt: skip
    return found


BASES = bases()


def counts_of(understood: Understanding) -> dict[tuple[str, ...], int | None]:
    """What would be loaded: key -> count."""
    rows = understood.rows
    if understood.answers.kind == "openings":
        return dict(zip(rows["soc_code"], map(int, rows["openings_annual_count"]), strict=True))
    keys = rows[KEY].itertuples(index=False, name=None)
    return {k: None if pd.isna(v) else int(v) for k, v in zip(keys, rows["students_count"], strict=True)}


TRUE = {base.name: counts_of(understand(csv_bytes(base.rows), "true.csv", base.answers)) for base in BASES}

# ------------------------------------------------- mutations
# Each gives the mutated file, and whether it is harmless: the same counts must come out.

Mutated = tuple[bytes, bool]


def data_rows(base: Base) -> range:
    return range(4 if base.answers.kind == "openings" else 1, len(base.rows))


def heading_row(base: Base) -> int:
    return data_rows(base).start - 1


def written(rows: Rows, r: random.Random) -> bytes:
    return csv_bytes(rows) if r.random() < 0.7 else xlsx_bytes(rows)


def shuffled(base: Base, r: random.Random) -> Mutated:
    head, body = base.rows[: heading_row(base) + 1], base.rows[heading_row(base) + 1 :]
    return written(head + r.sample(body, len(body)), r), True


def columns_moved(base: Base, r: random.Random) -> Mutated:
    order = r.sample(range(len(base.rows[heading_row(base)])), len(base.rows[heading_row(base)]))
    padded = [row + [""] * (len(order) - len(row)) for row in base.rows]
    top = heading_row(base)
    return written(padded[:top] + [[row[i] for i in order] for row in padded[top:]], r), True


def other_encoding(base: Base, r: random.Random) -> Mutated:
    return csv_bytes(base.rows, r.choice(",;\t|"), r.choice(["utf-8-sig", "utf-16", "cp1252", "utf-8"])), True


def blank_rows(base: Base, r: random.Random) -> Mutated:
    rows = [list(row) for row in base.rows]
    for _ in range(r.randint(1, 4)):
        rows.insert(r.randrange(data_rows(base).start, len(rows) + 1), [""] * len(rows[heading_row(base)]))
    return written(rows, r), True


def title_and_notes(base: Base, r: random.Random) -> Mutated:
    return written([["Report of the department"], [], *base.rows, [], ["Note: small counts may be masked."]], r), True


def spaces_and_case(base: Base, r: random.Random) -> Mutated:
    rows = [list(row) for row in base.rows]
    top = rows[heading_row(base)]
    top[:] = [f"  {h.upper() if r.random() < 0.5 else h}\u00a0" for h in top]
    return csv_bytes(rows), True


def thousands(base: Base, r: random.Random) -> Mutated:
    rows = [list(row) for row in base.rows]
    for i in data_rows(base):
        rows[i] = [
            f"{int(c):,}" if c.isdigit() and len(c) > 3 and not c.startswith("0") and c not in CODES else c
            for c in rows[i]
        ]
    return csv_bytes(rows), base.name not in {"ca_datavista_statewide.csv"}


CODES = frozenset(row[3] for base in BASES if base.name.startswith("ca_") for row in base.rows)


def byte_flips(base: Base, r: random.Random) -> Mutated:
    data = bytearray(written(base.rows, r))
    for _ in range(r.randint(1, 3)):
        data[r.randrange(len(data))] ^= 1 << r.randrange(8)
    return bytes(data), False


def original_bytes(base: Base, r: random.Random) -> Mutated:
    path = SAMPLES / base.name
    data = bytearray(path.read_bytes() if path.is_file() else csv_bytes(base.rows))
    if r.random() < 0.5:
        return bytes(data[: r.randrange(len(data))]), False
    for _ in range(r.randint(1, 4)):
        at = r.randrange(len(data))
        data[at : at + r.randint(0, 3)] = r.randbytes(r.randint(0, 3))
    return bytes(data), False


def truncated(base: Base, r: random.Random) -> Mutated:
    data = written(base.rows, r)
    return data[: r.randrange(len(data))], False


def mark_in_a_cell(base: Base, r: random.Random) -> Mutated:
    return edited(base, r, ["<10", "*", "--", "n<10", "S", "PS", "", "< 5", "N/A", "‡", "1-9"])


def rubbish_in_a_cell(base: Base, r: random.Random) -> Mutated:
    return edited(base, r, ["-5", "1e99", "99999999999999999999", "12.5", "12%", "abc", "=1+1", "#REF!",
                            "<script>alert(1)</script>", "'; DROP TABLE state; --", "٣٤", "nan", "inf",
                            "0x1F", "\x00\x07", "A" * 5000, "\ud7ff"])  # fmt: skip


def edited(base: Base, r: random.Random, contents: list[str]) -> Mutated:
    rows = [list(row) for row in base.rows]
    row = rows[r.choice(data_rows(base))]
    row[r.randrange(len(row))] = r.choice(contents)
    try:
        return written(rows, r), False
    except Exception:  # openpyxl refuses control characters: then as text
        return csv_bytes(rows), False


def cells_swapped(base: Base, r: random.Random) -> Mutated:
    rows = [list(row) for row in base.rows]
    row = rows[r.choice(data_rows(base))]
    a, b = r.sample(range(len(row)), 2)
    row[a], row[b] = row[b], row[a]
    return written(rows, r), False


def heading_renamed(base: Base, r: random.Random) -> Mutated:
    rows = [list(row) for row in base.rows]
    top = rows[heading_row(base)]
    at = r.randrange(len(top))
    name = top[at]
    cut = r.randrange(max(len(name), 1))
    top[at] = r.choice([name[:cut] + name[cut + 1 :], name + "s", "Quux", "", name[::-1], r.choice(top)])
    return written(rows, r), False


def column_gone(base: Base, r: random.Random) -> Mutated:
    at = r.randrange(len(base.rows[heading_row(base)]))
    return written([row[:at] + row[at + 1 :] for row in base.rows], r), False


def column_twice(base: Base, r: random.Random) -> Mutated:
    at = r.randrange(len(base.rows[heading_row(base)]))
    return written([row[: at + 1] + row[at:] for row in base.rows], r), False


def row_twice(base: Base, r: random.Random) -> Mutated:
    at = r.choice(data_rows(base))
    return written([*base.rows[: at + 1], *base.rows[at:]], r), False


def row_gone(base: Base, r: random.Random) -> Mutated:
    at = r.choice(data_rows(base))
    return written([*base.rows[:at], *base.rows[at + 1 :]], r), False


def merged_cells(base: Base, r: random.Random) -> Mutated:
    top, left = r.choice(data_rows(base)) + 1, r.randrange(len(base.rows[heading_row(base)]))
    letter = chr(65 + left)
    return xlsx_bytes(base.rows, f"{letter}{top}:{letter}{top + 2}"), False


MUTATIONS: list[Callable[[Base, random.Random], Mutated]] = [
    shuffled, columns_moved, other_encoding, blank_rows, title_and_notes, spaces_and_case, thousands, byte_flips, original_bytes,
    truncated, mark_in_a_cell, rubbish_in_a_cell, cells_swapped, heading_renamed, column_gone, column_twice, row_twice, row_gone,
    merged_cells,
]  # fmt: skip


def differing(base: Base, found: dict[tuple[str, ...], int | None]) -> list[object]:
    """Keys that the true file has with another number."""
    true = TRUE[base.name]
    return [k for k, v in found.items() if k in true and v is not None and true[k] is not None and v != true[k]]


def outcome(base: Base, mutate: Callable[[Base, random.Random], Mutated], seed: int) -> str:
    """right, error, or a sentence on what is wrong."""
    data, harmless = mutate(base, random.Random(seed))
    began = time.monotonic()
    try:
        understood = understand(data, "mutated.csv", base.answers)
        understood.need_ready()
    except AtlasError as error:
        if harmless:
            return f"a harmless change was refused: {error}"
        said = str(error)
        return (
            "error" if said.endswith(".") and "\n" not in said and len(said) < 900 else f"no clear sentence: {said!r}"
        )
    finally:
        took = time.monotonic() - began
    if took > MOST_SECONDS:
        return f"took {took:.0f} s"
    found = counts_of(understood)
    if harmless:
        return "right" if found == TRUE[base.name] else "a harmless change gave other counts"
    other = differing(base, found)
    # Where sums hold, a changed count cannot pass, but for two that change places in a row; elsewhere a file says what its
    # cells say, and few were changed.
    is_told = any("differ from the sum" in note for note in understood.notes)
    if base.has_sums and other and not is_told and not (mutate is cells_swapped and len(other) == 2):
        return f"loaded other counts in silence: {other[:3]}"
    if len(other) > 8:
        return f"{len(other)} counts differ after one change: {other[:3]}"
    return "right"


def test_mutated_copies_give_a_right_result_or_a_clear_error() -> None:
    tally: Counter[str] = Counter()
    wrong = []
    for seed in range(COUNT):
        base, mutate = BASES[seed % len(BASES)], MUTATIONS[(seed // len(BASES)) % len(MUTATIONS)]
        result = outcome(base, mutate, seed)
        tally[result if result in {"right", "error"} else "wrong"] += 1
        if result not in {"right", "error"}:
            wrong.append(f"{base.name} {mutate.__name__} {seed}: {result}")
    print(f"\n{COUNT} mutated copies: {dict(tally)}")
    assert not wrong, "\n".join(wrong[:20])
    assert tally["right"] > COUNT / 5
    assert tally["error"] > COUNT / 5


def test_the_oracle_sees_a_wrong_count() -> None:
    """The check can fail: were the sums not looked at, a changed digit would be a wrong load."""
    base = BASES[0]
    rows = [list(row) for row in base.rows]
    rows[1][5] = "301"
    changed = understand(csv_bytes(rows), "changed.csv", replace(base.answers, accept=("sums",)))
    assert differing(base, counts_of(changed)) == [("2021-22", "all", "all", "Agriculture, Food & Natural Resources")]
    with pytest.raises(AtlasError, match="add up to"):
        understand(csv_bytes(rows), "changed.csv", base.answers).need_ready()
