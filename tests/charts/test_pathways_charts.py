"""The charts of the Pathways page: their numbers recomputed by other queries, their parts that no general test sees."""

from __future__ import annotations

import json
import re

import pytest

from charts import program_flows
from charts.chart import chart_by_id
from charts.scope import Scope
from etl.warehouse.read import Reader

SCOPES = (Scope(), Scope(state="TX"), Scope(state="WY"))
each_scope = pytest.mark.parametrize("scope", SCOPES, ids=lambda s: s.state)
DEFAULT = "awards = 'sub-baccalaureate' AND demand = 'career-prep'"


def numbers_of(sentence: str) -> list[int]:
    return [int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?![\d.]| million)", sentence)]


@each_scope
def test_ways_in_says_how_much_is_learned_on_the_job(scope: Scope, reader: Reader) -> None:
    [(_, _, without), (share, _, learned)] = reader.rows(
        """
        SELECT 100 * sum(openings_annual_count) FILTER (way_in LIKE '%training') / sum(openings_annual_count), demand_variant,
               100 * sum(at_most_count) FILTER (way_in LIKE '%training')
                   / sum(openings_annual_count) FILTER (way_in LIKE '%training')
        FROM gap_by_way_in JOIN state USING (state_fips) WHERE state_abbr = ? GROUP BY demand_variant ORDER BY demand_variant
        """,
        [scope.state],
    )
    chart = chart_by_id("ways-in")
    said = numbers_of(chart.finding(chart.frame(reader, scope), scope))
    assert said == [round(share), 100, round(learned), 100, round(without)]


def test_ways_in_says_that_its_assumptions_are_the_default(reader: Reader) -> None:
    for chart_id in ("ways-in", "check-it-yourself", "program-flows", "what-jobs-ask"):
        chart = chart_by_id(chart_id)
        frame = chart.frame(reader, Scope())
        assert "default assumptions" not in chart.subtitle(frame, Scope())
        assert "default assumptions" in chart.subtitle(frame, Scope(awards="associate"))


@each_scope
def test_the_interval_of_a_pathway_in_both_variants(scope: Scope, reader: Reader) -> None:
    here = scope.but(pathway="Construction")
    rows = {
        variant: (100 * least / openings, 100 * most / openings)
        for variant, openings, least, most in reader.rows(
            f"""
            SELECT demand_variant, openings_annual_count, at_least_count, at_most_count
            FROM gap_by_cluster JOIN state USING (state_fips)
            WHERE {DEFAULT} AND state_abbr = ? AND cluster = 'Construction' AND subcluster IS NULL
            """,
            [scope.state],
        )
    }
    least, most = (round(v) for v in rows["openings"])
    chart = chart_by_id("at-least-at-most")
    frame = chart.frame(reader, here)
    said = numbers_of(chart.finding(frame, here))
    assert said == [*([least] if least != most else []), most, 100, round(rows["growth_and_exits"][1])]
    assert frame["code"].tolist()[0] == "Construction"
    assert all(code.startswith("Construction: ") for code in frame["code"].tolist()[1:])


def test_an_estimate_lies_within_its_interval(reader: Reader) -> None:
    chart = chart_by_id("at-least-at-most")
    for scope in (*SCOPES, Scope(pathway="Agriculture"), Scope(state="DC")):
        frame = chart.frame(reader, scope)
        for suffix in ("", "_growth_and_exits"):
            told = frame[frame[f"verdict{suffix}"] != "too small"]
            # The estimate is rounded to whole awards.
            slack = 100 / told["openings_annual_count"]
            assert (told[f"estimate{suffix}_pct"] >= told[f"at_least{suffix}_pct"] - 3 * slack).all()
            assert (told[f"estimate{suffix}_pct"] <= told[f"at_most{suffix}_pct"] + 3 * slack).all()


def test_small_pathways_say_that_they_are(reader: Reader) -> None:
    chart = chart_by_id("at-least-at-most")
    said = 0
    for state in ("WY", "DC", "VT", "AK"):
        frame = chart.frame(reader, Scope(state=state))
        small = frame[frame["verdict"] == "too small"]
        said += len(small)
        text = json.dumps(json.loads(chart.figure(frame, Scope(state=state)).to_json())["layout"]["annotations"])
        assert text.count("too small to say") >= len(small[small["openings_annual_count"] > 0])
    assert said > 0


@each_scope
def test_the_two_sums_leave_what_the_gap_table_says(scope: Scope, reader: Reader) -> None:
    chart = chart_by_id("check-it-yourself")
    frame = chart.frame(reader, scope)
    left = dict(
        reader.rows(
            f"SELECT demand_variant, left_count FROM gap_by_state JOIN state USING (state_fips) WHERE {DEFAULT} AND state_abbr = ?",
            [scope.state],
        )
    )
    for variant, rows in frame.groupby("demand_variant"):
        needed = rows.loc[rows["side"] == "occupation", "count"].sum()
        given = rows.loc[rows["side"] == "program", "count"].sum()
        assert needed - given == left[variant] == rows["left_count"].iloc[0]
        assert (rows["occupations_count"] == (rows["side"] == "occupation").sum()).all()
        assert rows["title"].notna().all()
    assert chart.finding(frame, scope).count("without people changing occupation") == 1


def test_occupations_trained_elsewhere_are_marked(reader: Reader) -> None:
    chart = chart_by_id("pathway-occupations")
    frame = chart.frame(reader, Scope())
    labels = [a["text"] for a in json.loads(chart.figure(frame, Scope()).to_json())["layout"]["annotations"]]
    assert any(label.startswith("Heavy and tractor-trailer truck drivers") and "†" in label for label in labels)
    assert not any(label.startswith("Registered nurses") and "†" in label for label in labels)
    assert any("† often trained where no award is counted" in label for label in labels)


@each_scope
def test_what_awards_could_fill_of_one_occupation(scope: Scope, reader: Reader) -> None:
    frame = chart_by_id("pathway-occupations").frame(reader, scope).set_index("soc_code")
    stored = reader.rows(
        """
        SELECT soc_code, at_most_count FROM gap_by_occupation JOIN state USING (state_fips)
        WHERE state_abbr = ? AND demand_variant = 'openings' AND openings_annual_count > 0
        """,
        [scope.state],
    )
    assert {code: frame["at_most_count"][code] for code, _ in stored} == dict(stored)


@each_scope
@pytest.mark.parametrize("pathway", ["", "Construction", "Healthcare & Human Services"])
def test_flows_are_kept_whole_when_they_are_gathered(scope: Scope, pathway: str, reader: Reader) -> None:
    here = scope.but(pathway=pathway)
    frame = program_flows.frame(reader, here)
    columns, flows = program_flows._columns(frame)
    total = frame["total_count"].iloc[0]
    assert sum(n.awards for n in columns[0]) == pytest.approx(total)
    assert sum(n.awards for n in columns[1]) == pytest.approx(total)
    # Flows of under one award to an industry are not drawn.
    assert 0.85 * total <= sum(n.awards for n in columns[2]) <= total + 1e-6
    assert [len(c) <= most + 1 for c, most in zip(columns, (6, 8, 6), strict=True)] == [True] * 3
    for flow, starts, ends in zip(flows, columns, columns[1:], strict=False):
        assert set(flow["start"]) <= {n.code for n in starts}
        assert set(flow["end"]) <= {n.code for n in ends}
    [(placed,)] = reader.rows(
        """
        SELECT sum(awards_placed_count) FROM gap_flow JOIN state USING (state_fips)
        WHERE state_abbr = $state AND ($pathway = '' OR soc_code IN (
            SELECT soc_code FROM occupation_pathway WHERE cluster = $pathway AND framework = '14 clusters (2024)'))
        """,
        {"state": scope.state, "pathway": pathway},
    )
    assert total == pytest.approx(placed)


def test_skills_shown_are_the_most_important_of_each_kind(reader: Reader) -> None:
    frame = chart_by_id("what-jobs-ask").frame(reader, Scope(pathway="Construction"))
    assert len(frame) == 35
    shown = frame[frame["is_shown"]]
    assert shown["kind"].value_counts().to_dict() == {"technical": 4, "academic": 4, "employability": 4}
    for _, rows in frame.groupby("kind"):
        assert rows["is_shown"].tolist() == [True] * 4 + [False] * (len(rows) - 4)
        assert rows["importance"].is_monotonic_decreasing
    assert frame["unlike"].sum() == 1
    assert frame.loc[frame["unlike"], "element_name"].iloc[0] == "Repairing"


def test_states_with_and_without_mostly_online_colleges(reader: Reader) -> None:
    chart = chart_by_id("could-fill-by-state")
    counted, left = (chart.frame(reader, Scope(online=online)).set_index("state_abbr") for online in ("", "left-out"))
    assert counted["is_mostly_online"].sum() == (counted["awards_online_pct"] > 10).sum() > 0
    assert counted.loc["NH", "is_mostly_online"]
    assert (left["at_most_count"] <= counted.loc[left.index, "at_most_count"]).all()
    assert left.loc["WV", "at_most_count"] < counted.loc["WV", "at_most_count"]
    assert "left out" in chart.finding(left.reset_index(), Scope(online="left-out"))
    other = Scope(online="left-out", awards="associate")
    assert "cannot be left out" in chart.subtitle(chart.frame(reader, other), other)


def test_states_of_a_pathway(reader: Reader) -> None:
    frame = chart_by_id("could-fill-by-state").frame(reader, Scope(pathway="Construction")).set_index("state_abbr")
    rows = dict(
        reader.rows(
            f"""
            SELECT state_abbr, at_most_count FROM gap_by_cluster JOIN state USING (state_fips)
            WHERE {DEFAULT} AND demand_variant = 'openings' AND cluster = 'Construction' AND subcluster IS NULL
              AND state_abbr <> 'US'
            """
        )
    )
    assert frame["at_most_count"].to_dict() == rows
    assert len(rows) == 51
