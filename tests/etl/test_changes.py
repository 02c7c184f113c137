"""What a refresh changed, and turnover as it was served before: recorded by the real code on a synthetic warehouse."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from etl.__main__ import app
from etl.refresh import rebuild, refresh
from etl.settings import Settings
from etl.warehouse import schema, vintages
from etl.warehouse.changes import HEADLINES, VINTAGES, TableChange, _values
from etl.warehouse.read import open_reader
from etl.warehouse.schema import TABLES
from tests.etl.helpers import assert_one_sentence
from tests.etl.synthetic import LETTERS, TURNOVER_COLUMNS, Synthetic, install

#: Synthetic vacancy rates of the nation and of Texas by month, as five refreshes of as many days find them.
RELEASES: dict[str, dict[tuple[str, str], str]] = {
    "2026-09-05": {("00", "2026-06"): "4.1", ("48", "2026-06"): "5.0"},
    "2026-10-05": {("00", "2026-06"): "4.2", ("00", "2026-07"): "4.4", ("48", "2026-06"): "5.0"},
    "2026-11-05": {("00", "2026-06"): "4.2", ("00", "2026-07"): "4.4", ("48", "2026-06"): "5.0"},
    "2026-11-20": {("00", "2026-06"): "4.1", ("48", "2026-06"): "5.3"},
    "2026-11-24": {("00", "2026-06"): "4.0", ("00", "2026-07"): "4.5", ("48", "2026-06"): "5.3"},
}
TODAY = datetime(2026, 11, 25, 12, tzinfo=UTC)


def release(day: str) -> str:
    """The synthetic file of a day: each value stands with that day's release."""
    lines = [",".join(TURNOVER_COLUMNS)]
    for (state, month), rate in RELEASES[day].items():
        lines.append(f"{month}-01,{state},000000,JO,100,{rate},,true,false,{day},{day}")
    return "\n".join(lines) + "\n"


def prepared(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Synthetic:
    found = install(monkeypatch, folder, with_turnover=True)
    found.publish_all()
    monkeypatch.setattr(Settings, "from_environment", classmethod(lambda cls: found.settings))
    monkeypatch.setattr("etl.warehouse.checks.all_rules", list)  # a row is withdrawn here, which no rule allows
    return found


@pytest.fixture
def synthetic(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Synthetic:
    """The sources and their files, and no warehouse yet."""
    return prepared(monkeypatch, tmp_path)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Synthetic, dict[str, str]]]:
    """A warehouse after all five releases, with each day's build; tests read it and leave it as it is."""
    with pytest.MonkeyPatch.context() as patch:
        found = prepared(patch, tmp_path_factory.mktemp("history"))
        yield found, load(found, patch, *RELEASES)


def load(synthetic: Synthetic, monkeypatch: pytest.MonkeyPatch, *days: str) -> dict[str, str]:
    """Refresh on each of these days; gives the id of each day's build."""
    builds = {}
    for day in days:
        moment = datetime.fromisoformat(f"{day}T09:00:00")
        monkeypatch.setattr("etl.warehouse.build._now", lambda moment=moment: moment)
        synthetic.publish("turnover.csv", release(day))
        report = refresh(synthetic.settings).build
        assert report
        builds[day] = report.build_id
    return builds


def command(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def rates(synthetic: Synthetic, as_of: str, state: str = "US") -> dict[str, float]:
    rows = vintages.turnover(open_reader(synthetic.settings), as_of, state=state, today=TODAY.date()).rows
    return {f"{month:%Y-%m}": rate for month, rate in zip(rows["month"], rows["rate_pct"], strict=True)}


def test_headlines_and_vintages_are_of_tables_and_columns_that_there_are() -> None:
    for headline in HEADLINES:
        assert headline.columns, headline
        assert not headline.code or headline.code in TABLES[headline.table].column_names
        assert not headline.titles or {headline.code, "title"} <= set(TABLES[headline.titles].column_names)
    assert len({headline.series for headline in HEADLINES}) == len(HEADLINES)
    for table, kept in VINTAGES.items():
        assert {*TABLES[table].column_names, "replaced_in", "was_served"} == set(TABLES[kept].column_names)
        assert set(_values(TABLES[table])) == {"level_thousands", "rate_pct", "ratio"}


def test_every_release_can_be_shown_again_by_day_and_by_build(history: tuple[Synthetic, dict[str, str]]) -> None:
    synthetic, builds = history
    for day, build_id in builds.items():
        for state, abbr in (("00", "US"), ("48", "TX")):
            said = {month: float(rate) for (fips, month), rate in RELEASES[day].items() if fips == state}
            assert rates(synthetic, day, abbr) == said, (day, abbr)
            assert rates(synthetic, build_id, abbr) == said, (build_id, abbr)
    assert rates(synthetic, "2026-10-31") == rates(synthetic, "2026-10-05")
    assert rates(synthetic, "") == rates(synthetic, "2026-11-25") == {"2026-06": 4.0, "2026-07": 4.5}


def test_a_value_that_stays_is_not_kept_again(synthetic: Synthetic, monkeypatch: pytest.MonkeyPatch) -> None:
    load(synthetic, monkeypatch, "2026-10-05", "2026-11-05")
    reader = open_reader(synthetic.settings)
    assert reader.rows("SELECT count(*) FROM turnover_vintage") == [(0,)]
    assert reader.last_changes() is None
    load(synthetic, monkeypatch, "2026-11-20")
    kept = open_reader(synthetic.settings).rows(
        "SELECT state_fips, month::TEXT, rate_pct, vintage, was_served FROM turnover_vintage ORDER BY ALL"
    )
    assert kept == [
        ("00", "2026-06-01", 4.2, "2026-11-05", True),
        ("00", "2026-07-01", 4.4, "2026-11-05", True),
        ("48", "2026-06-01", 5.0, "2026-11-05", True),
    ]


def test_the_record_outlives_a_rebuild(synthetic: Synthetic, monkeypatch: pytest.MonkeyPatch) -> None:
    days = ("2026-09-05", "2026-10-05")
    load(synthetic, monkeypatch, *days)
    rebuild(synthetic.settings, "archive")
    assert rates(synthetic, "2026-09-05") == {"2026-06": 4.1}
    ((builds, newest),) = open_reader(synthetic.settings).rows(
        "SELECT count(*), max_by(build_id, build_number) FROM build_log"
    )
    assert (builds, newest) == (3, open_reader(synthetic.settings).build_id)


def test_a_refresh_says_what_it_changed(synthetic: Synthetic, monkeypatch: pytest.MonkeyPatch) -> None:
    load(synthetic, monkeypatch, "2026-10-05")
    assert "No build has changed a figure" in command("changes").stdout
    assert json.loads(command("changes", "--json").stdout) is None
    synthetic.publish("turnover.csv", release("2026-11-20"))
    synthetic.publish("letter.csv", LETTERS.replace("03,3", "03,30") + "04,4\n")
    done = command("refresh")
    said = [
        "rows       letter: 1 added, 1 revised, 0 dropped",
        "rows       turnover_monthly: 0 added, 2 revised, 1 dropped",
        "revised    vacancy rate, %: United States, Total nonfarm, July 2026: 4.4 -> withdrawn",
        "revised    vacancy rate, %: Texas, Total nonfarm, June 2026: 5 -> 5.3",
        "revised    vacancy rate, %: United States, Total nonfarm, June 2026: 4.2 -> 4.1",
    ]
    for line in said:
        assert line in done.stdout.splitlines()
    later = command("changes", "--limit", "1").stdout
    assert all(line in later.splitlines() for line in said[:3])
    assert "and 2 more; `python -m etl changes --json` has them all" in later
    found = json.loads(command("changes", "--json").stdout)
    assert found["tables"][0] == {
        "table_name": "letter", "added_count": 1, "revised_count": 1, "dropped_count": 0,
    }  # fmt: skip
    assert {"series": "vacancies, thousands", "what": "United States, Total nonfarm, July 2026", "old_value": 100.0,
            "new_value": None} in found["headlines"]  # fmt: skip
    assert found["build_id"] == open_reader(synthetic.settings).build_id


def test_a_table_of_other_columns_is_not_compared_and_says_so(
    synthetic: Synthetic, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(synthetic, monkeypatch, "2026-10-05")
    letter = TABLES["letter"]
    wider = replace(letter, fields=(*letter.fields, schema.text("synthetic_note", "Synthetic")))
    monkeypatch.setitem(TABLES, "letter", wider)
    monkeypatch.setattr(schema, "_TABLES", tuple(wider if t is letter else t for t in schema._TABLES))
    report = rebuild(synthetic.settings, "archive")
    assert report.changes
    assert report.changes.tables == (TableChange("letter", None, None, None),)
    assert "so its rows were not compared" in command("changes").stdout


def test_turnover_on_the_command_line(history: tuple[Synthetic, dict[str, str]]) -> None:
    _, builds = history
    done = command("turnover", "--as-of", "2026-10-31", "--format", "csv")
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(r["month"], float(r["rate_pct"]), float(r["now_rate_pct"]), r["replaced_on"][:10]) for r in rows] == [
        ("2026-06", 4.2, 4.0, "2026-11-20"),
        ("2026-07", 4.4, 4.5, "2026-11-20"),
    ]
    assert (
        f"As build {builds['2026-10-05']} of 2026-10-05 served it; 2 of 2 months have other values now." in done.stderr
    )
    assert "5.3" in command("turnover", "--as-of", builds["2026-09-05"], "--state", "TX").stdout
    assert len(json.loads(command("turnover", "--format", "json").stdout)) == 2


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--as-of", "2026-08-31"), 1, "The record begins on 2026-09-05 with build"),
        (("--as-of", "2999-01-01"), 2, "is still to come"),
        (("--as-of", "last month"), 2, "is neither a day like 2026-10-31 nor a build's id"),
        (("--as-of", "0123456789ab"), 2, "The record has no build 0123456789ab"),
        (("--state", "ZZ"), 2, "There is no state 'ZZ'"),
        (("--state", "TX", "--industry", "230000"), 2, "states have only industry 000000"),
    ],
)
def test_what_is_not_known_is_said(
    history: tuple[Synthetic, dict[str, str]], words: tuple[str, ...], code: int, says: str
) -> None:
    done = command("turnover", *words)
    assert done.exit_code == code, done.output
    assert_one_sentence(done.stderr.strip(), says)
