"""The charts of the first principle: figures recomputed by other queries, or by hand."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from charts import axis, in_demand, own_rule, program_review, served_openings, shortage_and_quality, style
from charts.actions import actions
from charts.chart import chart_by_id
from charts.quality_questions import QUESTIONS
from charts.scope import FRAMEWORK, Choices, Scope
from charts.text_width import text_px
from etl.warehouse.read import Reader

HEALTH = "Healthcare & Human Services"


def reviewed(reader: Reader, state: str) -> pd.DataFrame:
    return reader.frame(
        "SELECT r.* FROM program_review r JOIN state s USING (state_fips) WHERE s.state_abbr = ? AND r.review <> 'not reviewed'",
        [state],
    )


def leading_to(reader: Reader, cluster: str) -> set[str]:
    return {
        code
        for (code,) in reader.rows(
            """
            SELECT cip_code FROM occupation_link l WHERE EXISTS (
                SELECT 1 FROM occupation_pathway p WHERE p.soc_code = l.soc_code AND p.cluster = ? AND p.framework = ?)
            """,
            [cluster, FRAMEWORK],
        )
    }


# ------------------------------------------------------------------ program review


@pytest.mark.parametrize(("state", "cluster"), [("US", ""), ("TX", HEALTH), ("WY", "Construction")])
def test_the_groups_are_counted_as_the_mart_has_them(state: str, cluster: str, reader: Reader) -> None:
    scope = Scope(state=state, pathway=cluster)
    rows = program_review.frame(reader, scope)
    wanted = reviewed(reader, state)
    if cluster:
        wanted = wanted[wanted["cip_code"].isin(leading_to(reader, cluster))]
    assert sorted(rows["cip_code"]) == sorted(wanted["cip_code"])
    counts = wanted["review"].value_counts()
    for column, review in (
        ("scale_count", "candidate to scale"),
        ("sustain_count", "sustain"),
        ("transform_count", "candidate to transform"),
        ("examine_count", "examine"),
    ):
        assert rows[column].eq(counts.get(review, 0)).all()
    said = [int(n) for n in re.findall(r"\d+", program_review.finding(rows, scope))]
    assert said[0] == len(wanted)
    assert counts.get("candidate to transform", 0) in said


def test_a_program_stands_in_the_band_and_on_the_side_of_its_group(reader: Reader) -> None:
    rows = program_review.frame(reader, Scope(state="TX"))
    fig = program_review.figure(rows, Scope(state="TX"))
    x, y = np.array(fig.data[0].x, dtype=float), np.array(fig.data[0].y, dtype=float)
    shown = rows.head(program_review.DRAWN)
    edge = 1 - program_review.ROOM_SHARE
    assert len(x) == program_review.DRAWN
    assert ((y > edge) == shown["has_room"].to_numpy(dtype=bool)).all()
    below = shown["review"].isin(["candidate to transform", "examine"]).to_numpy()
    assert ((x < 1) == below).all()
    hollow = np.array([c == style.WHITE for c in fig.data[0].marker.color])
    assert (hollow == ~shown["has_room"].to_numpy(dtype=bool)).all(), (
        "room is told by the fill too, not by colour alone"
    )


def test_names_of_programs_are_never_on_one_another(reader: Reader) -> None:
    """On a phone, where they are closest."""
    for scope in (Scope(), Scope(state="TX"), Scope(state="WY"), Scope(state="CA", pathway=HEALTH)):
        rows = program_review.frame(reader, scope)
        fig = program_review.figure(rows, scope)
        x0, x1 = fig.layout.xaxis.range
        width, height = style.NARROW_PX - 12, program_review.PLOT_PX
        boxes = []
        for note in fig.layout.annotations:
            if note.xref == "paper":
                continue
            shift = np.sign(note.xshift) * min(abs(note.xshift), 10)
            anchor = style.Anchor(shift, -note.yshift, note.xanchor)
            place = ((note.x - x0) / (x1 - x0) * width, (1 - note.y) * height)
            boxes.append(anchor.box(*place, text_px(note.text, style.LABEL_PX)))
        assert len(boxes) >= 3, scope
        for i, one in enumerate(boxes):
            for other in boxes[:i]:
                assert not (one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3])


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Welding Technology/Welder", "Welding Technology"),
        ("Medical/Clinical Assistant", "Medical/Clinical Assistant"),
        ("Cosmetology/Cosmetologist, General", "Cosmetology"),
        ("Registered Nursing/Registered Nurse", "Registered Nursing"),
        ("Business Administration and Management, General", "Business Administration …"),
    ],
)
def test_a_short_title_still_names_the_program(title: str, short: str) -> None:
    assert program_review.short_title(title) == short


# ------------------------------------------------------------------ the axis


@pytest.mark.parametrize(("state", "cluster"), [("US", HEALTH), ("TX", "Agriculture"), ("DC", "Education")])
def test_the_proxy_is_the_share_of_awards_in_programs_that_pay(state: str, cluster: str, reader: Reader) -> None:
    here = reviewed(reader, state)
    mine = here[here["cip_code"].isin(leading_to(reader, cluster))]
    wanted = 100 * mine.loc[mine["wage_ratio"] >= 1, "awards_mean_count"].sum() / mine["awards_mean_count"].sum()
    rows = shortage_and_quality.CHART.frame(reader, Scope(state=state))
    got = rows.loc[rows["cluster"] == cluster, "proxy_value"].iloc[0]
    assert got == pytest.approx(wanted, abs=1e-5)


def test_a_pathway_without_a_proxy_is_named_and_not_drawn(reader: Reader) -> None:
    chart = axis.axis_chart(
        id="trial", question="?", tables=(), axis="trial", column="Trial", means=".", means_not=".", line=(0, "even"),
        proxy=lambda reader, scope: pd.DataFrame({"cluster": ["Construction", "Education"], "proxy_value": [1.0, 2.0]}),
        says=lambda row: f"{row.proxy_value:.0f} things",
    )  # fmt: skip
    scope = Scope(state="TX", pathway="Agriculture")
    rows = chart.frame(reader, scope)
    assert len(rows) == 14
    assert chart.finding(rows, scope).endswith("; its proxy is not available in Texas")
    assert "no proxy" in chart.alt(rows, scope)
    fig = chart.figure(rows, scope)
    assert sorted(row[-1] for row in fig.data[0].customdata) == ["Construction", "Education"]
    assert any("No value here: " in a.text and "Agriculture" in a.text for a in fig.layout.annotations)
    assert any("even" in a.text for a in fig.layout.annotations)


# ------------------------------------------------------------------ in demand


@pytest.mark.parametrize(
    ("state", "cluster", "demand"),
    [("US", "", "career-prep"), ("TX", "Construction", "career-prep"), ("WY", "", "all")],
)
def test_rules_are_counted_as_the_mart_has_them(state: str, cluster: str, demand: str, reader: Reader) -> None:
    scope = Scope(state=state, pathway=cluster, demand=demand)
    rows = in_demand.frame(reader, scope)
    long = reader.frame(
        """
        SELECT d.soc_code, d.rule, d.is_in_demand
        FROM in_demand d JOIN in_demand_rule r USING (rule) JOIN state s USING (state_fips)
        WHERE s.state_abbr = ? AND NOT r.is_dollar_threshold
        """,
        [state],
    )
    long = long[long["soc_code"].isin(rows["soc_code"])]
    agree = long[long["is_in_demand"].eq(True)].groupby("soc_code").size().reindex(rows["soc_code"], fill_value=0)
    assert (agree.to_numpy() == rows["agree_count"].to_numpy()).all()
    by_rule = long[long["is_in_demand"].eq(True)].groupby("rule").size()
    assert rows["widest_count"].iloc[0] == by_rule.max()
    assert rows["narrowest_count"].iloc[0] == by_rule.reindex(long["rule"].unique(), fill_value=0).min()
    assert "ohio" not in by_rule, "a dollar threshold is not counted"
    assert "as published 2017" in in_demand.subtitle(rows, scope)


def test_served_openings_are_the_marts(reader: Reader) -> None:
    rows = served_openings.frame(reader, Scope(pathway="Construction")).set_index("state_abbr")
    for state in ("TX", "VT"):
        ((value,),) = reader.rows(
            """
            SELECT i.value FROM principle_indicator i JOIN state s USING (state_fips)
            WHERE s.state_abbr = ? AND i.cluster = 'Construction' AND i.indicator = 'served_openings_pct'
              AND i.demand_variant = 'openings'
            """,
            [state],
        )
        assert rows.at[state, "served_openings_pct"] == value
    assert len(rows) == 51


# ------------------------------------------------------------------ own rule, questions, actions


@pytest.mark.parametrize(
    "scope", [Scope(), Scope(state="TX", pathway="Construction"), Scope(state="WY", demand="bachelor")]
)
def test_an_own_rule_keeps_what_meets_every_threshold(scope: Scope, reader: Reader) -> None:
    found = own_rule.own_rule(reader, scope, {"wage": 55_000, "openings": 50, "education": "postsecondary_award"})
    rows = own_rule.occupations(reader, scope)
    levels = ["Postsecondary nondegree award", "Associate's degree", "Bachelor's degree", "Master's degree"]
    education = rows["entry_education"].str.replace("’", "'").isin(levels) | rows["entry_education"].str.startswith(
        "Doctoral"
    )
    pays = rows["wage_median_usd"].fillna(rows["wage_floor_usd"]) >= 55_000
    wanted = rows[pays & (rows["openings_annual_count"] >= 50) & education]
    assert found.occupations["soc_code"].tolist() == wanted["soc_code"].tolist()
    assert found.considered_count == len(rows)
    half = wanted[(wanted["decided_count"] > 0) & (wanted["agree_count"] / wanted["decided_count"] >= 0.5)]
    assert f"{len(wanted)} of {len(rows)} occupations" in found.sentence
    assert f"{len(half)} of them are in demand" in found.sentence
    assert list(found.table().columns) == list(own_rule.COLUMNS.values())


def test_no_threshold_asks_for_nothing_and_a_wrong_one_is_refused(reader: Reader) -> None:
    everything = own_rule.own_rule(reader, Scope(state="TX"), {})
    assert len(everything.occupations) == everything.considered_count
    assert everything.undecided_count == 0
    with pytest.raises(ValueError, match="an own rule sets"):
        own_rule.own_rule(reader, Scope(), {"distance": 3})
    nothing = own_rule.own_rule(reader, Scope(state="ZZ"), {"wage": 1})
    assert nothing.occupations.empty
    assert "United States" in nothing.sentence


def test_the_questions_are_five_and_each_says_whom_to_ask() -> None:
    assert len(QUESTIONS) == 5
    assert all(q.question.endswith("?") and q.good_answer.endswith(".") and q.ask for q in QUESTIONS)


@pytest.mark.parametrize("principle", [1, 5])
def test_actions_are_tied_to_figures_everywhere(principle: int, reader: Reader) -> None:
    choices = Choices.of(reader)
    scopes = [Scope(state=s) for s in list(choices.states)[::6]]
    scopes += [Scope(state="DC", pathway=p) for p in list(choices.pathways)[::7]]
    scopes += [Scope(state="NC"), Scope(state="WY", demand="bachelor", awards="all")]
    for scope in scopes:
        found = actions(reader, scope, principle)
        assert 3 <= len(found) <= 5
        for action in found:
            assert re.search(r"\d", action.figure), (scope, action)
            assert action.figure.endswith(".")
            assert action.what.endswith(".")
            assert not re.search(r"\b(nan|None|NaT)\b|  |\.\.", action.figure), (scope, action)
            chart_by_id(action.chart_id)
