"""Where figures come from: the sources' ages, the dictionary and tables as files, against SQL written for this test."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from charts import provenance
from charts.scope import Scope
from etl.errors import AtlasError
from etl.warehouse.periods import period_after, period_end, period_label
from etl.warehouse.read import Reader, SourceState
from etl.warehouse.schema import TABLES

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def states(reader: Reader) -> dict[str, SourceState]:
    return {s.source_id: s for s in reader.source_states(TODAY)}


# ------------------------------------------------------------------ periods


@pytest.mark.parametrize(
    ("field", "value", "end", "after"),
    [
        ("month", "2026-02-01", date(2026, 2, 28), "2026-03-01"),
        ("month", "2024-12-01", date(2024, 12, 31), "2025-01-01"),
        ("date", "2026-08-31", date(2026, 8, 31), "2026-09-01"),
        ("quarter", "2025Q1", date(2025, 3, 31), "2025Q2"),
        ("quarter", "2024Q4", date(2024, 12, 31), "2025Q1"),
        ("award_year", "2024", date(2024, 6, 30), "2025"),
        ("reference_year", "2025", date(2025, 5, 31), "2026"),
        ("projection_year", "2034", date(2024, 12, 31), "2035"),
        ("fall_year", "2022", date(2022, 12, 31), "2023"),
        ("school_year", "1999-00", date(2000, 6, 30), "2000-01"),
        ("school_year", "1998-99", date(1999, 6, 30), "1999-00"),
    ],
)
def test_a_period_has_an_end_and_a_next(field: str, value: str, end: date, after: str) -> None:
    assert period_end(field, value) == end
    assert period_after(field, value) == after
    assert period_end(field, after) > end
    assert period_label(field, after)


def test_a_column_that_dates_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="dates no rows"):
        period_end("state_fips", "48")


def test_every_dated_table_has_a_period_that_ends(reader: Reader, states: dict[str, SourceState]) -> None:
    said = {(s.source_id, p.table_name) for s in states.values() for p in s.periods}
    dated = reader.rows(
        "SELECT source_id, table_name FROM table_source WHERE row_count > 0 AND last_period IS NOT NULL"
    )
    assert said == {(s, t) for s, t in dated}
    for state in states.values():
        ends = [p.covered_to for p in state.periods]
        assert ends == sorted(ends, reverse=True)
        assert all(p.next_after > p.covered_to for p in state.periods)


# ------------------------------------------------------------------ sources


def test_the_state_of_a_source_is_what_the_ledger_says(reader: Reader, states: dict[str, SourceState]) -> None:
    assert list(states) == [s for (s,) in reader.rows("SELECT source_id FROM source ORDER BY 1")]
    for source_id, retrieved, files in reader.rows(
        "SELECT source_id, max(retrieved_at)::DATE, count(*) FROM source_file GROUP BY source_id"
    ):
        state = states[source_id]
        assert (state.retrieved_on, state.file_count) == (retrieved, files)
        assert state.age_days == (TODAY - retrieved).days
    total = reader.rows("SELECT sum(row_count) FROM table_source")[0][0]
    assert sum(s.row_count for s in states.values()) == total


def monthly(states: dict[str, SourceState]) -> SourceState:
    return next(s for s in states.values() if s.cadence == "monthly" and s.periods)


def test_a_source_is_due_and_its_period_old_by_its_cadence(reader: Reader, states: dict[str, SourceState]) -> None:
    state = monthly(states)
    assert state.retrieved_on is not None
    end = state.periods[0].covered_to
    for day, is_due, is_old in (
        (state.retrieved_on + timedelta(days=45), False, None),
        (state.retrieved_on + timedelta(days=46), True, None),
        (end + timedelta(days=90), None, False),
        (end + timedelta(days=91), None, True),
    ):
        then = next(s for s in reader.source_states(day) if s.source_id == state.source_id)
        assert is_due is None or then.is_due == is_due
        assert is_old is None or then.periods[0].is_old == is_old
    long_after = reader.source_states(date(2050, 1, 1))
    assert not [s for s in long_after if s.cadence in {"ended", "when revised"} and s.is_due]


def test_what_is_expected_is_the_next_period_and_says_how_sure(states: dict[str, SourceState]) -> None:
    state = monthly(states)
    first = replace(state.periods[0], next_label="to May 2026", next_after=date(2026, 5, 31), is_old=False)

    def said(**changes: object) -> str:
        return provenance.expected(replace(state, periods=(replace(first, **changes),)), TODAY)  # type: ignore[arg-type]

    assert said() == "May 2026; any day"
    assert said(is_old=True) == "May 2026; probably out already"
    assert said(next_after=date(2026, 12, 31)) == "May 2026; after 31 December 2026"
    assert provenance.expected(replace(state, cadence="ended"), TODAY) == "none: the series has ended"
    assert provenance.expected(replace(state, periods=()), TODAY) == "the next edition; its day is not known"
    assert provenance.freshness(replace(state, age_days=None, is_due=False)) == "never fetched"
    assert provenance.freshness(replace(state, age_days=80, is_due=True)) == "3 months ago; due for a new look"


def test_the_table_of_sources_is_whole(states: dict[str, SourceState]) -> None:
    table = provenance.source_table(list(states.values()), TODAY)
    assert len(table) == len(states)
    assert not table.isna().any().any()
    assert (table.astype(str) != "").all().all()


@pytest.mark.parametrize("place", ["US", "TX", "WY", "NC", "DC"])
def test_what_is_missing_is_computed(place: str, reader: Reader, states: dict[str, SourceState]) -> None:
    said = provenance.missing(reader, list(states.values()), Scope(state=place), TODAY)
    assert all(sentence.endswith(".") and "nan" not in sentence and "None" not in sentence for sentence in said)
    old = [p for s in states.values() for p in s.periods if p.is_old]
    assert all(any(p.period_label.removeprefix("to ") in sentence for sentence in said) for p in old)
    jobs, wages = reader.rows(
        "SELECT sum((employment_count IS NULL)::INT), sum((wage_median_usd IS NULL)::INT) FROM occupation_employment o "
        "JOIN state USING (state_fips) WHERE state_abbr = ? AND reference_year = 2025",
        [place],
    )[0]
    assert any(f"{jobs:,} have no published employment and {wages:,} no published median" in s for s in said)
    loaded = reader.rows(
        "SELECT count(DISTINCT state_fips) FROM cte_enrollment JOIN state USING (state_fips) WHERE ? IN ('US', state_abbr)",
        [place],
    )[0][0]
    if place == "US":
        assert any(s.startswith(f"{51 - loaded} of 51 states and DC have no CTE concentrators") for s in said)
    else:
        assert any("no CTE concentrators" in s for s in said) == (not loaded)


# ------------------------------------------------------------------ dictionary and downloads


def test_the_dictionary_is_the_schema(reader: Reader) -> None:
    found = provenance.dictionary(reader)
    said = {(r.table_name, r.column_name): (r.table_says, r.column_says, r.required) for r in found.itertuples()}
    assert said == {
        (t.name, f.name): (t.description, f.description, f.required) for t in TABLES.values() for f in t.fields
    }
    for name, count in provenance.tables(found)[["table_name", "row_count"]].itertuples(index=False):
        assert reader.rows(f"SELECT count(*) FROM {name}") == [(count,)], name
    assert not found.isna().any().any()


def test_search_wants_every_word(reader: Reader) -> None:
    whole = provenance.dictionary(reader)
    assert len(provenance.search(whole, "")) == len(whole)
    found = provenance.search(whole, "MEDIAN  wage")
    assert "wage_median_usd" in set(found["column_name"])
    assert 0 < len(found) < len(whole)
    assert provenance.search(whole, "wage zebra").empty
    assert provenance.search(whole, "[(*").empty, "what is sought is text, not a pattern"


def test_a_table_can_be_saved_whole_or_says_why_not(reader: Reader) -> None:
    rows = reader.frame("SELECT * FROM state ORDER BY state_fips")
    text = provenance.table_file(reader, "state", "csv")
    assert text == provenance.table_file(reader, "state", "csv")
    saved = pd.read_csv(io.BytesIO(text), dtype={"state_fips": str})
    assert saved["state_fips"].tolist() == rows["state_fips"].tolist()
    again = pd.read_parquet(io.BytesIO(provenance.table_file(reader, "state", "parquet")))
    pd.testing.assert_frame_equal(again, rows)
    with pytest.raises(AtlasError, match="python -m etl export"):
        provenance.table_file(reader, "completion", "csv")
    for name in ("nothing", "state; DROP TABLE state", ""):
        with pytest.raises(AtlasError, match="There is no table"):
            provenance.table_file(reader, name, "csv")


def test_every_measure_and_figure_is_shown() -> None:
    methods = provenance.methods()
    assert all(m.answers.endswith("?") and all(text for _, text in m.parts) for m in methods)
    assert len({m.name for m in methods}) == len(methods)
    assert not provenance.reproduced().isna().any().any()
