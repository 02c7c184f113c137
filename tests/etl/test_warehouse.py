"""The warehouse built from the committed snapshot: as described, without duplicates, under rules that can fail."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from etl.errors import AtlasError
from etl.settings import Settings
from etl.warehouse import checks
from etl.warehouse.checks import all_rules, broken, offence
from etl.warehouse.read import Reader, open_reader
from etl.warehouse.schema import TABLES
from etl.warehouse.sql import literal
from tests.etl.helpers import assert_one_sentence

RULES = {rule.name: rule for rule in all_rules()}

#: How each rule can come to be broken.
CORRUPTION = {
    "areas_complete": "DELETE FROM turnover_monthly WHERE state_fips = '48'",
    "areas_known": "UPDATE teacher_shortage_area SET state_fips = '99' WHERE state_fips = '48'",
    "award_levels_known": "UPDATE completion SET award_level = '99' WHERE cip_code = '51.3801'",
    "award_years_are_alike": "UPDATE program_award SET awards_count = 2 * awards_count WHERE award_year = 2022",
    "awards_are_men_and_women": "UPDATE completion SET awards_men_count = awards_men_count + 1",
    "awards_nation_is_sum_of_states": "DELETE FROM program_award WHERE state_fips = '48' AND award_year = 2024",
    "build_log_ends_with_this_build": "UPDATE build_log SET build_number = build_number + 1",
    "career_training_jobs_have_a_cluster": "DELETE FROM occupation_pathway WHERE soc_code < '40'",
    "codes_have_their_form": "UPDATE program SET cip_code = ltrim(cip_code, '0')",
    "completions_have_an_institution": "DELETE FROM institution WHERE state_fips = '06'",
    "covered_employment_sums": "DELETE FROM industry_employment WHERE own_code = '5' AND naics_code = '10'",
    "estimated_openings_sum_to_nation": "DELETE FROM occupation_projection WHERE state_fips = '06'",
    "framework_openings_agree_with_gaps": "DELETE FROM framework_openings WHERE state_fips = '48'",
    "gap_stability_is_complete": "DELETE FROM gap_stability WHERE state_fips = '48'",
    "gap_stability_verdicts_exclude_each_other": "UPDATE gap_stability SET holds_count = tried_count",
    "in_demand_has_every_rule": "DELETE FROM in_demand WHERE state_fips = '48'",
    "in_demand_rules_have_a_source": "UPDATE in_demand_rule SET source_url = 'somewhere'",
    "in_demand_undecided_says_so": "UPDATE in_demand SET is_in_demand = NULL",
    "industry_openings_sum_to_clusters": "UPDATE industry_cluster_openings SET share_pct = share_pct / 2",
    "links_have_both_ends": "DELETE FROM program WHERE cip_code = '51.3801'",
    "neighbours_are_mutual": "DELETE FROM state_neighbour WHERE state_fips = '23'",
    "openings_are_their_parts": "UPDATE occupation_projection SET exits_annual_count = exits_annual_count + 1000",
    "pathway_shortage_within_its_industries": "UPDATE pathway_industry_shortage SET unmatched_pct = 101",
    "previous_coverage_not_shrinking": "UPDATE table_source SET row_count = row_count // 2",
    "previous_period_not_older": "UPDATE table_source SET last_period = '1999'",
    "principle_indicators_everywhere": "DELETE FROM principle_indicator WHERE state_fips = '48'",
    "principle_indicators_in_range": "UPDATE principle_indicator SET value = -1",
    "principle_indicators_known": "UPDATE principle_indicator SET unit = 'some'",
    "principle_misalignment_is_its_mixes": "UPDATE principle_indicator SET value = value + 1 "
    "WHERE indicator = 'misalignment_pct'",
    "principle_shares_sum_to_100": "UPDATE principle_indicator SET value = value / 2 "
    "WHERE indicator = 'openings_share_pct'",
    "program_review_follows_its_rule": "UPDATE program_review SET review = 'close'",
    "program_review_has_every_program": "DELETE FROM program_review WHERE state_fips = '48'",
    "projections_sum_to_total": "DELETE FROM projection_national WHERE soc_code = '29-1141'",
    "rows_have_a_source": "DELETE FROM source_file WHERE source_id = 'onet'",
    "state_industry_vacancies_meet_their_margins": "DELETE FROM state_industry_vacancies WHERE state_fips = '48'",
    "turnover_main_industries_current": "DELETE FROM turnover_monthly WHERE industry_code = '230000' "
    "AND month > DATE '2015-01-01'",
    "turnover_parts_sum_to_total": "UPDATE turnover_monthly SET level_thousands = 2 * level_thousands "
    "WHERE industry_code = '100000'",
    "turnover_values_in_range": "UPDATE turnover_monthly SET rate_pct = 101 WHERE rate_pct IS NOT NULL",
    "vintages_were_served": "INSERT INTO turnover_vintage SELECT month, state_fips, industry_code, element, "
    "is_seasonally_adjusted, 2, true, level_thousands, rate_pct, ratio, is_preliminary, vintage, level_vintage "
    "FROM turnover_monthly LIMIT 1",
    "withheld_values_have_a_note": "UPDATE occupation_employment SET employment_note = NULL",
}


@pytest.fixture(scope="module")
def spoilable(warehouse: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the warehouse that can be written, with the true one attached as ``previous``."""
    copy = tmp_path_factory.mktemp("copy") / "warehouse.duckdb"
    shutil.copyfile(warehouse.warehouse_path, copy)
    con = duckdb.connect()
    con.execute(f"ATTACH {literal(copy)} AS w")
    con.execute(f"ATTACH {literal(warehouse.warehouse_path)} AS previous (READ_ONLY)")
    con.execute("USE w")
    yield con
    con.close()


@pytest.fixture
def copy(spoilable: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """That copy within a transaction: what a test does to it is undone."""
    spoilable.begin()
    yield spoilable
    spoilable.rollback()


def test_every_rule_holds(copy: duckdb.DuckDBPyConnection) -> None:
    assert broken(copy, has_previous=True) == []


def test_every_rule_has_a_case_in_which_it_fails() -> None:
    assert set(CORRUPTION) == {name for name in RULES if not name.startswith("key_")}


@pytest.mark.parametrize(
    ("table", "newest"),
    [
        ("turnover_monthly", "true"),
        ("occupation_employment", "reference_year = (SELECT max(reference_year) FROM occupation_employment)"),
        ("industry_employment", "true"),
        ("program_award", "award_year = (SELECT max(award_year) FROM program_award)"),
    ],
)
def test_a_whole_state_that_is_missing_from_the_newest_year_is_found(
    copy: duckdb.DuckDBPyConnection, table: str, newest: str
) -> None:
    copy.execute(f"DELETE FROM {table} WHERE state_fips = '56' AND {newest}")
    sentence = offence(copy, RULES["areas_complete"])
    assert sentence
    assert f"table_name {table}, state_fips 56" in sentence


@pytest.mark.parametrize("name", CORRUPTION)
def test_every_rule_can_fail(copy: duckdb.DuckDBPyConnection, name: str) -> None:
    copy.execute(CORRUPTION[name])
    sentence = offence(copy, RULES[name])
    assert sentence
    assert f"The rule {name} ({RULES[name].says}) is broken by" in sentence


#: Tables that have rows only where somebody brought a file: the snapshot is for everyone.
BROUGHT = {"cte_earnings", "imported_award", "imported_openings", "region_openings"}
#: Tables that are empty until a build replaces another.
EMPTY_AT_FIRST = {t.name for t in TABLES.values() if t.stage == "history"} - {"build_log"}


@pytest.mark.parametrize("table", [name for name in TABLES if name not in EMPTY_AT_FIRST | BROUGHT])
def test_a_row_that_stands_twice_is_found(copy: duckdb.DuckDBPyConnection, table: str) -> None:
    copy.execute(f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1")
    sentence = offence(copy, RULES[f"key_{table}"])
    assert sentence
    assert "is broken by 1 rows" in sentence


def test_all_that_is_broken_is_said_at_once(copy: duckdb.DuckDBPyConnection) -> None:
    for name in ("areas_known", "links_have_both_ends"):
        copy.execute(CORRUPTION[name])
    with pytest.raises(AtlasError, match=r"areas_known .*links_have_both_ends .*The old warehouse keeps serving"):
        checks.run(copy, has_previous=False)


def test_a_rule_must_say_what_must_hold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "synthetic.sql"
    path.write_text("SELECT 1", encoding="utf-8")
    with pytest.raises(AtlasError, match=r"synthetic\.sql must begin with a comment"):
        checks._from_file(path)


# ------------------------------------------------------------------ the schema


def test_the_tables_are_those_described(reader: Reader) -> None:
    built = reader.rows("SELECT table_name, comment FROM duckdb_tables() WHERE database_name = 'w'")
    assert dict(built) == {table.name: table.description for table in TABLES.values()}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_the_columns_are_those_described(reader: Reader, table) -> None:
    built = reader.rows(
        """
        SELECT column_name, replace(data_type, 'VARCHAR', 'TEXT'), comment, NOT is_nullable FROM duckdb_columns()
        WHERE database_name = 'w' AND table_name = $1 ORDER BY column_index
        """,
        [table.name],
    )
    assert built == [(f.name, f.type, f.description, f.required) for f in table.fields]


def test_keys_and_periods_are_columns() -> None:
    for table in TABLES.values():
        assert set(table.key) <= set(table.column_names), table.name
        assert not table.period or table.period in table.column_names, table.name
        assert {name.partition(":")[0] for name in table.inputs} <= set(TABLES), table.name
        assert bool(table.inputs) == (table.stage == "mart"), table.name
        assert len(table.sources) < 2 or "source_id" in table.column_names, table.name


def test_names_end_with_their_unit() -> None:
    for table in TABLES.values():
        for field in table.fields:
            if field.name.startswith("is_") or field.name.startswith("has_"):
                assert field.type == "BOOLEAN", f"{table.name}.{field.name}"
            if field.name.endswith(("_code", "_fips", "_id")):
                assert field.type == "TEXT", f"{table.name}.{field.name}: codes are text"
            if field.name.endswith("_note"):
                assert field.type == "TEXT", f"{table.name}.{field.name}"


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_no_table_is_empty_and_no_key_stands_twice(reader: Reader, table) -> None:
    ((rows, keys),) = reader.rows(
        f"SELECT count(*), (SELECT count(*) FROM (SELECT DISTINCT {', '.join(table.key)} FROM {table.name})) "
        f"FROM {table.name}"
    )
    assert rows == keys
    assert (rows == 0) == (table.name in EMPTY_AT_FIRST | BROUGHT)


# ---------------------------------------------------------------------- values


def test_codes_keep_their_leading_zeros(reader: Reader) -> None:
    for table, column, value in (
        ("program", "cip_code", "01.0000"),
        ("completion", "cip_code", "01.0101"),
        ("state", "state_fips", "01"),
        ("occupation_employment", "state_fips", "01"),
        ("turnover_monthly", "industry_code", "000000"),
    ):
        assert reader.rows(f"SELECT count(*) FROM {table} WHERE {column} = ?", [value])[0][0] > 0, table


@pytest.mark.parametrize(
    ("table", "value", "note"),
    [
        ("occupation_employment", "employment_count", "employment_note"),
        ("occupation_employment", "wage_median_usd", "wage_note"),
        ("industry_occupation_employment", "employment_count", "employment_note"),
        ("industry_employment", "employment_count", "employment_note"),
        ("projection_national", "wage_median_usd", "wage_note"),
    ],
)
def test_what_is_withheld_is_missing_with_a_note_and_never_zero(
    reader: Reader, table: str, value: str, note: str
) -> None:
    ((missing, without_note, zeros_with_note),) = reader.rows(
        f"""
        SELECT count(*) FILTER ({value} IS NULL), count(*) FILTER ({value} IS NULL AND {note} IS NULL),
               count(*) FILTER ({value} = 0 AND {note} IS NOT NULL)
        FROM {table} WHERE {"true" if table != "projection_national" else "occupation_type = 'Line item'"}
        """
    )
    assert missing > 0, "nothing is withheld, so this test tests nothing"
    assert (without_note, zeros_with_note) == (0, 0)


def test_students_that_were_not_reported_are_missing_and_not_zero(reader: Reader) -> None:
    rows = reader.rows("SELECT count(*) FROM cte_enrollment WHERE is_suppressed <> (students_count IS NULL)")
    assert rows == [(0,)]


def test_every_table_can_be_cited(reader: Reader) -> None:
    for table in TABLES.values():
        if table.stage in {"base", "mart"} and table.name not in BROUGHT - {"region_openings"}:
            citations = reader.citations([table.name])
            assert citations, table.name
            assert all(c.citation and c.licence and c.retrieved_on for c in citations), table.name


# --------------------------------------------------------------------- readers


def test_an_older_duckdb_can_open_it(warehouse: Settings) -> None:
    with duckdb.connect() as con:
        con.execute(f"ATTACH {literal(warehouse.warehouse_path)} AS w (READ_ONLY)")
        tags = con.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'w'").fetchone()
    assert tags == ({"storage_version": "v1.0.0+"},)


def test_eight_threads_get_their_own_rows(warehouse: Settings) -> None:
    reader = open_reader(warehouse)
    counts = dict(reader.rows("SELECT state_fips, count(*) FROM occupation_employment GROUP BY ALL"))
    states = sorted(counts) * 4

    def look(state: str) -> tuple[set[str], int]:
        frame = open_reader(warehouse).frame("SELECT * FROM occupation_employment WHERE state_fips = ?", [state])
        return set(frame["state_fips"]), len(frame)

    with ThreadPoolExecutor(8) as pool:
        for state, found in zip(states, pool.map(look, states), strict=True):
            assert found == ({state}, counts[state])


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM state",
        "CREATE TABLE w.added (a INTEGER)",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "COPY state TO '/tmp/synthetic.csv'",
        "ATTACH '/tmp/synthetic.duckdb'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "",
    ],
)
def test_a_reader_reads_the_warehouse_and_nothing_else(reader: Reader, sql: str) -> None:
    with pytest.raises(duckdb.Error):
        reader.frame(sql)


def test_no_warehouse_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AtlasError) as error:
        open_reader(Settings(data_dir=tmp_path))
    assert_one_sentence(str(error.value), "data/warehouse.duckdb", "python -m etl build")
