"""Small cells are withheld, and nothing that is published gives one of them away."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.errors import AtlasError
from etl.imports.suppress import CELL, GROUP, exposed_cells, suppress

KEYS = {
    "school_year": "2023-24",
    "state_fips": "37",
    "education_level": "secondary",
    "framework": "16 clusters (2002)",
    "measure": "concentrators",
}
HIDDEN = ["small", "withheld in the file", "would give a small one away"]


def table(
    counts: np.ndarray, populations: tuple[str, ...] = ("all",), masked: set[tuple[int, ...]] = frozenset()
) -> pd.DataFrame:
    """A synthetic state: ``counts`` [districts, clusters, populations] with every total beside it."""
    full = counts
    for axis in (0, 1):
        full = np.concatenate([full, full.sum(axis=axis, keepdims=True)], axis=axis)
    names = [
        [f"D{i}" for i in range(counts.shape[0])] + ["all"],
        [f"C{i}" for i in range(counts.shape[1])] + ["all"],
        populations,
    ]
    rows = []
    for at in itertools.product(*map(range, full.shape)):
        cell = dict(zip(CELL, (names[k][i] for k, i in enumerate(at)), strict=True))
        is_masked = at in masked
        rows.append(KEYS | cell | {"students_count": None if is_masked else int(full[at]), "is_masked": is_masked})
    frame = pd.DataFrame(rows)
    frame["students_count"] = frame["students_count"].astype("Int64")
    return frame


def with_everyone(by_sex: np.ndarray) -> np.ndarray:
    """Counts of men and women with those of all beside them."""
    return np.concatenate([by_sex, by_sex.sum(axis=2, keepdims=True)], axis=2)


def solutions(frame: pd.DataFrame, most: int) -> dict[int, set[int]]:
    """Every value that each withheld cell of a two-way table can have, by trying all whole numbers up to ``most``."""
    districts, clusters = sorted(set(frame["district"]) - {"all"}), sorted(set(frame["cluster"]) - {"all"})
    at = {(r.district, r.cluster): i for i, r in enumerate(frame.itertuples())}
    shown = {i: None if pd.isna(v) else int(v) for i, v in enumerate(frame["students_count"])}
    inner = [at[d, c] for d in districts for c in clusters]
    free = [i for i in inner if shown[i] is None]
    found: dict[int, set[int]] = {i: set() for i, v in shown.items() if v is None}
    for values in itertools.product(range(most + 1), repeat=len(free)):
        value = dict(shown) | dict(zip(free, values, strict=True))
        for d in districts:
            value |= _sum(value, shown, at[d, "all"], [at[d, c] for c in clusters])
        for c in clusters:
            value |= _sum(value, shown, at["all", c], [at[d, c] for d in districts])
        value |= _sum(value, shown, at["all", "all"], [at[d, "all"] for d in districts])
        sums = [(at[d, "all"], [at[d, c] for c in clusters]) for d in districts]
        sums += [(at["all", c], [at[d, c] for d in districts]) for c in clusters]
        sums += [
            (at["all", "all"], [at[d, "all"] for d in districts]),
            (at["all", "all"], [at["all", c] for c in clusters]),
        ]
        if all(value[total] == sum(value[p] for p in parts) for total, parts in sums):
            for i in found:
                found[i].add(value[i])
    return found


def _sum(value: dict, shown: dict, total: int, parts: list[int]) -> dict:
    return {total: sum(value[p] for p in parts)} if shown[total] is None else {}


def proof(frame: pd.DataFrame, published: pd.DataFrame, threshold: int) -> None:
    """What must hold of every published table."""
    counts, shown = frame["students_count"], published["students_count"]
    assert list(published.index) == list(frame.index)
    assert (shown.dropna() == counts[shown.notna()]).all(), "what is shown is what the file says"
    assert not ((shown > 0) & (shown < threshold)).any(), "no small cell is shown"
    assert (published["is_suppressed"] == shown.isna()).all()
    assert exposed_cells(published, threshold) == []


@settings(max_examples=30)
@given(
    st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=5),
    st.integers(3, 12),
)
def test_no_total_of_a_state_gives_a_district_away(counts: list[list[int]], threshold: int) -> None:
    frame = table(np.array(counts)[:, :, None])
    proof(frame, suppress(frame, threshold), threshold)


@settings(max_examples=10)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25)), min_size=3, max_size=3), min_size=1, max_size=3
    )
)
def test_nor_do_men_and_women(counts: list[list[tuple[int, int]]]) -> None:
    frame = table(with_everyone(np.array(counts)), ("Male", "Female", "all"))
    proof(frame, suppress(frame), 10)


@settings(max_examples=10)
@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=3), st.integers(0, 8))
def test_cells_that_the_file_masks_are_protected_too(counts: list[list[int]], which: int) -> None:
    array = np.array(counts)[:, :, None]
    frame = table(array, masked={(which % array.shape[0], which % 3, 0)})
    published = suppress(frame)
    assert published["is_suppressed"][frame["is_masked"]].all()
    assert exposed_cells(published) == []


@settings(max_examples=8)
@given(st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2), min_size=2, max_size=2), st.integers(2, 4))
def test_trying_every_whole_number_tells_no_small_cell(counts: list[list[int]], threshold: int) -> None:
    """The attack without any theory: all tables that fit what is published."""
    frame = table(np.array(counts)[:, :, None])
    published = suppress(frame, threshold)
    small = published.index[published["why"] == "small"]
    possible = solutions(published, most=14)
    for cell in small:
        assert {0, threshold - 1} <= possible[cell], f"cell {cell} is one of {sorted(possible[cell])}"
    for cell in possible:
        assert max(possible[cell]) - min(possible[cell]) >= threshold - 1


def test_the_attack_finds_what_is_not_protected() -> None:
    """The check can fail: only the small cell is withheld, and its row's total gives it away."""
    frame = table(np.array([[4, 50, 60], [70, 80, 90]])[:, :, None])
    naive = frame.drop(columns="is_masked").assign(why=np.where(frame["students_count"] == 4, "small", ""))
    naive["students_count"] = naive["students_count"].mask(naive["why"] == "small")
    assert exposed_cells(naive) == [0]


def test_totals_of_the_state_stay() -> None:
    frame = table(np.array([[4, 50, 60], [70, 80, 90], [31, 9, 45]])[:, :, None])
    published = suppress(frame)
    kept = published[(published["district"] == "all") | (published["cluster"] == "all")]
    assert not kept["is_suppressed"].any()
    assert 2 <= (published["why"] == "would give a small one away").sum() <= 4


def test_parts_that_fall_short_of_their_total_bound_them_too() -> None:
    """The rest is nobody's cell, but a total of 12 whose other part is 11 leaves the small one at most 1."""
    rows = [KEYS | {"district": "all", "population": "all", "cluster": c, "students_count": n, "is_masked": False}
            for c, n in (("all", 14), ("C0", 11), ("C1", 2))]  # fmt: skip
    published = suppress(pd.DataFrame(rows))
    assert exposed_cells(published) == []
    assert published["is_suppressed"].tolist() != [False, False, True]


def test_a_blank_is_not_reported_and_nought_is_nobody() -> None:
    frame = table(np.array([[0, 50, 60], [70, 80, 90]])[:, :, None])
    frame.loc[1, "students_count"] = pd.NA
    published = suppress(frame)
    assert published["why"].tolist()[:2] == ["", "not reported"]
    assert published["students_count"][0] == 0


def test_the_same_rows_give_the_same_answer_in_any_order() -> None:
    frame = table(np.random.default_rng(1).integers(0, 60, (6, 5))[:, :, None])
    key = [*GROUP, *CELL]
    once = suppress(frame).sort_values(key).reset_index(drop=True)
    shown = once["students_count"].isna().sum()
    again = suppress(frame.sample(frac=1, random_state=2)).sort_values(key)
    assert abs(again["students_count"].isna().sum() - shown) <= 3, "as many cells, but for ties"


def test_wrong_use_is_said() -> None:
    frame = table(np.array([[4, 50], [70, 80]])[:, :, None])
    with pytest.raises(AtlasError, match="threshold"):
        suppress(frame, 0)
    with pytest.raises(AtlasError, match="same cell"):
        suppress(pd.concat([frame, frame]))
