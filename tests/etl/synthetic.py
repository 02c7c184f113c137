"""A synthetic warehouse of four tiny sources, so that a whole refresh takes a fraction of a second.

The code under test is the real one: fetch, parse, build, check and swap. Only what it works on is put in the place of
the project's own: the list of sources, the schema's base tables, and the rules about them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from etl.settings import Settings
from etl.source import Frames, RawFiles, Remote, Source
from etl.tabular import numbers, open_member, open_workbook, read_delimited, read_sheet
from etl.warehouse import checks, schema
from etl.warehouse.schema import TABLES, Table, count, key
from tests.etl.helpers import workbook, zipped

HOST = "https://publisher.example"
COLUMNS = ["code", "value_count"]
LETTERS = "code,value_count\n01,1\n02,2\n03,3\n"


def _table(name: str, source_id: str) -> Table:
    fields = (key("code", "Synthetic code"), count("value_count", "Synthetic value"))
    return Table(name, "base", f"Synthetic table of {source_id}", ("code",), fields, (source_id,))


BASE = (_table("letter", "alpha"), _table("digit", "beta"), _table("word", "gamma"), _table("note", "delta"))


def _numbered(frame: pd.DataFrame, where: str) -> pd.DataFrame:
    values, _ = numbers(frame["value_count"], where=where, integer=True)
    return frame.assign(value_count=values)


def _letters(raws: RawFiles) -> Frames:
    file = raws["letter.csv"]
    return {"letter": _numbered(read_delimited(file, columns=COLUMNS), file.name)}


def _digits(raws: RawFiles) -> Frames:
    file = raws["digit.zip"]
    member, content = open_member(file, ".csv")
    where = f"{member} in {file.name}"
    return {"digit": _numbered(read_delimited(content, where=where, columns=COLUMNS), where)}


def _words(raws: RawFiles) -> Frames:
    file = raws["word.xlsx"]
    sheet = read_sheet(open_workbook(file), "Data", where=file.name, columns=COLUMNS)
    return {"word": _numbered(sheet, file.name)}


def _notes(raws: RawFiles) -> Frames:
    frames = [read_delimited(raw, columns=COLUMNS) for raw in raws.values()]
    return {"note": _numbered(pd.concat(frames, ignore_index=True), "the notes")}


@dataclass
class Synthetic:
    """The settings, the folder that stands for the publishers, and how often each parser ran."""

    settings: Settings
    publishers: Path
    parsed: list[str] = field(default_factory=list)

    def publish(self, name: str, content: bytes | str) -> Path:
        path = self.publishers / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def publish_all(self, remote: str = LETTERS) -> None:
        """The three files of the publishers, and the one that a person brings."""
        self.publish("letter.csv", remote)
        self.publish("digit.zip", zipped(digit=LETTERS))
        self.publish("word.xlsx", workbook(tuple(COLUMNS), ("01", 1), ("02", 2), ("03", 3)))
        folder = self.settings.inbox_dir / "delta"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "brought.csv").write_text(LETTERS, encoding="utf-8")

    def source(self, source_id: str, table: str, parse: Callable[[RawFiles], Frames], *remotes: Remote) -> Source:
        def counted(raws: RawFiles) -> Frames:
            self.parsed.append(source_id)
            return parse(raws)

        words: dict[str, Any] = dict.fromkeys(
            ("title", "short_title", "publisher", "licence", "landing_url", "citation"),
            f"Synthetic {source_id}",
        )
        how = "" if remotes else f"put a file into data/inbox/{source_id}/."
        return Source(
            source_id,
            cadence="yearly",
            tables=(table,),
            parse=counted,
            remotes=remotes,
            how_to_get=how,
            **words,
        )


#: The project's own tables of turnover and of states, from a synthetic source, for tests of what is kept of them.
TURNOVER = (
    replace(TABLES["industry"], sources=("epsilon",)),
    replace(TABLES["turnover_monthly"], sources=("epsilon",)),
)
TURNOVER_COLUMNS = list(TABLES["turnover_monthly"].column_names)


def _turnover(raws: RawFiles) -> Frames:
    frame = read_delimited(raws["turnover.csv"], columns=TURNOVER_COLUMNS)
    industry = pd.DataFrame({"industry_code": ["000000"], "title": ["Total nonfarm"], "display_level": [0]})
    return {"industry": industry, "turnover_monthly": frame}


def install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, with_turnover: bool = False) -> Synthetic:
    """Put the synthetic sources, tables and rules in place for one test."""
    host = tmp_path / "mirror" / "publisher.example"
    host.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        data_dir=tmp_path / "data",
        snapshot_dir=tmp_path / "snapshot",
        mirror=str(tmp_path / "mirror"),
        retry_seconds=0.001,
    )
    synthetic = Synthetic(settings, host)
    sources: tuple[Source, ...] = (
        synthetic.source("alpha", "letter", _letters, Remote(f"{HOST}/letter.csv", "csv", "2026")),
        synthetic.source("beta", "digit", _digits, Remote(f"{HOST}/digit.zip", "zip")),
        synthetic.source("gamma", "word", _words, Remote(f"{HOST}/word.xlsx", "xlsx")),
        synthetic.source("delta", "note", _notes),
    )
    base, reference = BASE, schema.tables("reference")[:0]
    if with_turnover:
        turnover = synthetic.source("epsilon", "turnover_monthly", _turnover, Remote(f"{HOST}/turnover.csv", "csv"))
        sources += (replace(turnover, tables=("industry", "turnover_monthly")),)
        base, reference = (*BASE, *TURNOVER), (TABLES["state"],)
    by_id = {source.source_id: source for source in sources}
    ledger = schema.tables("ledger", "history")
    project_rules = checks.all_rules

    def rules() -> list[checks.Rule]:
        general = ("key_", "previous_", "rows_have_a_source")
        return [rule for rule in project_rules() if rule.name.startswith(general)]

    monkeypatch.setattr("etl.sources.all_sources", lambda: by_id)
    monkeypatch.setattr("etl.__main__.all_sources", lambda: by_id)
    monkeypatch.setattr(checks, "all_rules", rules)
    monkeypatch.setattr(schema, "_TABLES", (*ledger, *reference, *base))
    for name in set(TABLES) - {table.name for table in (*ledger, *reference)}:
        monkeypatch.delitem(TABLES, name)
    for table in base:
        monkeypatch.setitem(TABLES, table.name, table)
    return synthetic
