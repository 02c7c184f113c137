"""The charts of the fifth principle: figures recomputed by other queries, or by hand."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from charts import openings_and_awards_mix, record_completeness, secondary_mix, shortage_and_systems
from charts.scope import Scope
from etl.warehouse.read import Reader


@pytest.mark.parametrize("state", ["US", "TX", "WY"])
def test_the_mix_is_half_the_sum_of_its_differences(state: str, reader: Reader) -> None:
    """Known by hand: D from the shares that are drawn, and the same as in the gap tables."""
    scope = Scope(state=state)
    rows = openings_and_awards_mix.frame(reader, scope)
    assert len(rows) == 14
    for variant in ("", "_growth_and_exits"):
        apart = (rows[f"awards_share{variant}_pct"] - rows[f"openings_share{variant}_pct"]).abs().sum() / 2
        assert rows[f"misalignment{variant}_pct"].iloc[0] == pytest.approx(apart, abs=1e-6)
        assert rows[f"openings_share{variant}_pct"].sum() == pytest.approx(100)
    ((in_gaps,),) = reader.rows(
        """
        SELECT g.misalignment_pct FROM gap_by_state g JOIN state s USING (state_fips)
        WHERE s.state_abbr = ? AND g.awards = 'sub-baccalaureate' AND g.demand = 'career-prep' AND g.demand_variant = 'openings'
          AND g.award_year = (SELECT max(award_year) FROM gap_by_state)
          AND g.demand_basis IN ('bls', 'estimated')
        """,
        [state],
    )
    assert rows["misalignment_pct"].iloc[0] == pytest.approx(in_gaps)
    said = [int(n) for n in re.findall(r"\d+", openings_and_awards_mix.finding(rows, scope))]
    assert said == [round(in_gaps), 100, round(rows["misalignment_growth_and_exits_pct"].iloc[0])]


def test_an_interval_is_said_where_it_rests_on_few_awards(reader: Reader) -> None:
    rows = openings_and_awards_mix.frame(reader, Scope(state="WY")).assign(
        misalignment_low_pct=21.0, misalignment_high_pct=38.0
    )
    assert "(21 to 38, as there are few)" in openings_and_awards_mix.finding(rows, Scope(state="WY"))


@pytest.mark.parametrize("state", ["US", "CA"])
def test_the_axis_has_the_difference_of_the_two_shares(state: str, reader: Reader) -> None:
    mix = openings_and_awards_mix.frame(reader, Scope(state=state)).set_index("cluster")
    rows = shortage_and_systems.CHART.frame(reader, Scope(state=state)).set_index("cluster")
    wanted = (mix["awards_share_pct"] - mix["openings_share_pct"]).rename("proxy_value")
    pd.testing.assert_series_equal(rows["proxy_value"].sort_index(), wanted.sort_index(), check_exact=False)


def test_pupils_are_shares_of_those_with_a_reported_cluster(reader: Reader) -> None:
    rows = secondary_mix.frame(reader, Scope(state="NC"))
    pupils = rows.dropna(subset=["students_count"])
    wanted = 100 * pupils["students_count"].astype(float) / float(pupils["students_count"].sum())
    assert pupils["concentrators_share_pct"].to_numpy() == pytest.approx(wanted.to_numpy())
    openings = dict(
        reader.rows(
            """
            SELECT cluster, openings_split_count FROM framework_openings
            WHERE state_fips = '37' AND demand = 'all' AND demand_variant = 'openings' AND framework LIKE '16%'
            """
        )
    )
    for row in rows.to_dict("records"):
        assert row["openings_share_pct"] == pytest.approx(100 * openings[row["cluster"]] / sum(openings.values()))
    assert "2020-21" in secondary_mix.finding(rows, Scope(state="NC")), "an old year stands in the headline"


def test_a_state_that_is_not_loaded_says_what_to_fetch(reader: Reader) -> None:
    assert secondary_mix.frame(reader, Scope(state="TX")).empty
    said = secondary_mix.nothing(Scope(state="TX"))
    assert "cte.ed.gov/dataexplorer" in said
    assert "python -m etl import" in said
    nation = secondary_mix.frame(reader, Scope())
    assert nation["state_name"].tolist() == ["North Carolina"]
    assert secondary_mix.finding(nation, Scope()).endswith("1 of 51 states: North Carolina")


def test_the_record_is_the_marts(reader: Reader) -> None:
    values = dict(
        reader.rows(
            """
            SELECT indicator, value FROM principle_indicator JOIN state USING (state_fips)
            WHERE state_abbr = 'DC' AND indicator LIKE 'record%'
            """
        )
    )
    rows = record_completeness.frame(reader, Scope(state="DC"))
    assert dict(zip(rows["indicator"], rows["value"], strict=True)) == values
    nation = record_completeness.frame(reader, Scope()).set_index("indicator")
    assert set(nation.index) == set(values), "every item of the record is shown"
    counts = dict(
        reader.rows(
            "SELECT indicator, count(*) FILTER (WHERE value = 1) FROM principle_indicator WHERE unit = '1 or 0' "
            "AND indicator LIKE 'record%' GROUP BY 1"
        )
    )
    for indicator, count in counts.items():
        assert nation.at[indicator, "states_count"] == count
    assert nation["all_count"].eq(51).all()
