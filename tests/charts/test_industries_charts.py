"""The Industries and Overview pages' charts against figures recomputed here, by other means than the charts' own."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from charts import (
    beveridge,
    facts,
    industry_pathway_matrix,
    postings_by_sector,
    postings_index,
    principles_glance,
    shortage_heatmap,
    state_industry_vacancies,
    style,
)
from charts.scope import FRAMEWORK, Choices, Scope
from etl.settings import ROOT
from etl.warehouse.read import Reader
from measures.shortage import REVERSED, midrank_percentile

INDUSTRIES = ("230000", "400000", "600000")


# ------------------------------------------------------------------ Beveridge curve


@pytest.mark.parametrize("code", INDUSTRIES)
def test_a_year_of_the_beveridge_curve_is_the_mean_of_its_months(code: str, reader: Reader) -> None:
    unemployed = dict(
        reader.rows(
            "SELECT month, unemployed_count FROM unemployment_monthly WHERE state_fips = '00' AND industry_code = ? "
            "AND unemployed_count IS NOT NULL",
            [code],
        )
    )
    rates = dict(
        reader.rows(
            "SELECT month, rate_pct FROM turnover_monthly WHERE state_fips = '00' AND industry_code = ? AND element = 'JO' "
            "AND is_seasonally_adjusted",
            [code],
        )
    )
    rows = beveridge.CHART.frame(reader, Scope(industry=code))
    assert rows["month"].is_monotonic_increasing
    for row in (rows.iloc[0], rows.iloc[9], rows.iloc[-1]):
        months = [m.date() for m in pd.date_range(end=row["month"], periods=12, freq="MS")]
        both = [m for m in months if m in unemployed and m in rates]
        assert row["months_count"] == len(both) >= 11
        assert row["unemployed_count"] == pytest.approx(sum(unemployed[m] for m in both) / len(both))
        assert row["vacancy_rate_pct"] == pytest.approx(sum(rates[m] for m in both) / len(both))


@pytest.mark.parametrize("code", ["", "810000", "900000"])
def test_without_unemployed_of_its_own_the_private_industries_stand_in_and_the_headline_says_so(
    code: str, reader: Reader
) -> None:
    scope = Scope(industry=code)
    rows = beveridge.CHART.frame(reader, scope)
    parts = pd.concat(
        beveridge.CHART.frame(reader, Scope(industry=c)).query("is_own").iloc[-1:]
        for c in Choices.of(reader).industries
        if c
    )
    assert not rows["is_own"].any()
    assert rows["unemployed_count"].iloc[-1] == pytest.approx(parts["unemployed_count"].sum())
    assert len(parts) == rows["industries_count"].iloc[-1]
    finding = beveridge.CHART.finding(rows, scope)
    assert finding.startswith("Private industries together")
    assert ("alone: not published" in finding) == bool(code)


# ------------------------------------------------------------------ percentiles


@pytest.mark.parametrize(("window", "start"), [("", "2021-01-01"), ("2001", "2001-01-01")])
@pytest.mark.parametrize("indicator", ["vacancy_rate", "layoffs_rate", "vacancies_per_hire"])
def test_a_darker_cell_is_always_harder_to_fill(indicator: str, window: str, start: str, reader: Reader) -> None:
    rows = shortage_heatmap.CHART.frame(reader, Scope(window=window))
    history = reader.frame(
        "SELECT month, value FROM industry_shortage WHERE industry_code = '300000' AND indicator = ? AND month >= ?::DATE "
        "ORDER BY month",
        [indicator, start],
    )
    percentile = midrank_percentile(history["value"]).iloc[-1]
    cell = rows[(rows["industry_code"] == "300000") & (rows["indicator"] == indicator)].iloc[0]
    assert cell["harder_pct"] == pytest.approx(100 - percentile if indicator in REVERSED else percentile)
    assert cell["value"] == history["value"].iloc[-1]


@pytest.mark.parametrize("window", ["", "2001"])
def test_the_index_is_the_mean_of_the_parts_that_all_have(window: str, reader: Reader) -> None:
    rows = shortage_heatmap.CHART.frame(reader, Scope(window=window))
    wide = rows.pivot(index="industry_code", columns="indicator", values="harder_pct").dropna(subset=["index"])
    newest = rows[rows["month"] == rows["month"].max()].groupby("indicator")["industry_code"].nunique()
    parts = [c for c in newest.index if c != "index" and newest[c] >= len(wide)]
    assert rows["parts_count"].eq(len(parts)).all()
    pd.testing.assert_series_equal(wide[parts].mean(axis=1), wide["index"], check_names=False)


def test_an_ended_series_is_missing_in_the_matrix_and_says_when_it_ended(reader: Reader) -> None:
    rows = shortage_heatmap.CHART.frame(reader, Scope())
    old = rows[rows["month"] < rows["month"].max() - pd.DateOffset(months=12)]
    assert old["harder_pct"].isna().all()
    assert old["note"].str.startswith("the series ended in ").all()
    assert rows[rows["harder_pct"].isna()]["note"].notna().all()
    texts = [a.text for a in shortage_heatmap.CHART.figure(rows, Scope()).layout.annotations]
    assert texts.count("n/a") == rows["harder_pct"].isna().sum()


# ------------------------------------------------------------------ industry by pathway


@pytest.mark.parametrize(("cluster", "sectors", "code"), [
    ("Construction", ("23",), "230000"),
    ("Healthcare & Human Services", ("61", "62"), "600000"),
    ("Public Service & Safety", ("99",), "900000"),
    ("Agriculture", ("11",), ""),
])  # fmt: skip
def test_a_cell_is_the_openings_of_its_sectors(
    cluster: str, sectors: tuple[str, ...], code: str, reader: Reader
) -> None:
    rows = industry_pathway_matrix.CHART.frame(reader, Scope())
    cell = rows[(rows["cluster"] == cluster) & (rows["column_code"] == code)].iloc[0]
    for column, variant in (
        ("openings_annual_count", "openings"),
        ("openings_growth_and_exits_count", "growth_and_exits"),
    ):
        wanted = reader.rows(
            "SELECT sum(openings_annual_count) FROM industry_cluster_openings WHERE framework = ? AND demand = 'career-prep' "
            "AND demand_variant = ? AND cluster = ? AND list_contains(?, naics_sector)",
            [FRAMEWORK, variant, cluster, list(sectors)],
        )[0][0]
        assert cell[column] == pytest.approx(wanted)


def test_the_matrix_holds_every_sector_and_pathway(reader: Reader) -> None:
    rows = industry_pathway_matrix.CHART.frame(reader, Scope())
    assert rows["cluster"].nunique() == 14
    assert set(rows["column_code"]) == set(industry_pathway_matrix.INDUSTRIES)
    assert not rows.duplicated(["cluster", "column_code"]).any()
    whole = rows.groupby("cluster")[["share_pct"]].sum()["share_pct"]
    assert whole.between(99.9, 100.1).all()


@pytest.mark.parametrize("demand", ["bachelor", "all"])
def test_jobs_without_openings_by_industry_say_what_to_choose(demand: str, reader: Reader) -> None:
    scope = Scope(demand=demand)
    assert industry_pathway_matrix.CHART.frame(reader, scope).empty
    assert "under Assumptions" in industry_pathway_matrix.CHART.nothing(scope)


@pytest.mark.parametrize(
    "pathway", ["", "Construction", "Hospitality, Events, & Tourism", "Agriculture: Animal Systems"]
)
@pytest.mark.parametrize("industry", ["", "110099", "600000", "900000"])
@pytest.mark.parametrize("demand", ["career-prep", "middle-skills"])
def test_the_matrix_headline_has_both_variants(pathway: str, industry: str, demand: str, reader: Reader) -> None:
    scope = Scope(pathway=pathway, industry=industry, demand=demand)
    rows = industry_pathway_matrix.CHART.frame(reader, scope)
    finding = industry_pathway_matrix.CHART.finding(rows, scope)
    assert scope.cluster in finding
    assert len(finding) < 260
    if finding.startswith("There are no "):
        cell = (rows["cluster"] == scope.cluster) & (rows["column_code"] == industry)
        assert not cell.any()
        return
    assert re.search(
        r"at most \d+ of every 100 in the pathway, \d+ if people changing occupation are left out", finding
    )


def test_the_matrix_fits_a_phone(reader: Reader) -> None:
    """The cells' figures within their cells, and the headings within the plot: Arial's widest digit is 0.56 of its size."""
    scope = Scope(industry="600000")
    rows = industry_pathway_matrix.CHART.frame(reader, scope)
    figure = industry_pathway_matrix.CHART.figure(rows, scope)
    cell_px = (style.NARROW_PX - 8) / len(industry_pathway_matrix.INDUSTRIES)
    longest = max(len(industry_pathway_matrix._thousands(n)) for n in rows["openings_annual_count"])
    assert longest <= 4
    assert longest * 0.56 * 11 <= cell_px
    headings = [
        (a.x, a.text) for a in figure.layout.annotations if a.text in industry_pathway_matrix.INDUSTRIES.values()
    ]
    for x, text in headings:
        assert x * cell_px + 3 + 0.5 * 11 * len(text) <= style.NARROW_PX + 10, text


# ------------------------------------------------------------------ postings, state vacancies


def test_postings_by_sector_are_the_days_values(reader: Reader) -> None:
    rows = postings_by_sector.CHART.frame(reader, Scope())
    for row in (rows.iloc[0], rows.iloc[20], rows.iloc[-1]):
        values = reader.rows(
            "SELECT postings_index FROM postings_index WHERE sector = ? AND variable = 'total postings' AND is_seasonally_adjusted "
            "AND state_fips = '00' AND date IN (?, ?) ORDER BY date",
            [row["sector"], row["day"].date(), (row["day"] - pd.DateOffset(years=1)).date()],
        )
        assert [v for (v,) in values] == [row["postings_index_year_before"], row["postings_index"]]
    assert len(rows) > 2 * postings_by_sector.SHOWN
    between = len(rows) - 2 * postings_by_sector.SHOWN
    texts = [a.text for a in postings_by_sector.CHART.figure(rows, Scope()).layout.annotations]
    assert any(f"{between} sectors between" in text for text in texts)


def test_a_month_of_postings_is_the_mean_of_its_days(reader: Reader) -> None:
    rows = postings_index.CHART.frame(reader, Scope(state="TX"))
    assert set(rows["state_abbr"]) == {"TX", "US"}
    last = rows[rows["state_abbr"] == "TX"].iloc[-1]
    days = reader.rows(
        "SELECT postings_index FROM postings_index WHERE state_fips = '48' AND date >= ? AND is_seasonally_adjusted",
        [last["month"].date()],
    )
    assert last["days_count"] == len(days)
    assert last["postings_index"] == pytest.approx(sum(v for (v,) in days) / len(days))


@pytest.mark.parametrize("state", ["TX", "WY", "DC"])
def test_a_states_modelled_vacancies_add_up_to_its_published_total(state: str, reader: Reader) -> None:
    scope = Scope(state=state)
    rows = state_industry_vacancies.CHART.frame(reader, scope)
    month = rows["month"].iloc[0]
    published, states, nation = reader.rows(
        """
        SELECT any_value(level_thousands) FILTER (state_abbr = $state), sum(level_thousands) FILTER (state_fips <> '00'),
               any_value(level_thousands) FILTER (state_fips = '00')
        FROM turnover_monthly JOIN state USING (state_fips)
        WHERE element = 'JO' AND industry_code = '000000' AND is_seasonally_adjusted AND month = $month
        """,
        {"state": state, "month": month.date()},
    )[0]
    assert rows["vacancies_count"].sum() == pytest.approx(1000 * published * nation / states, rel=1e-4)
    finding = state_industry_vacancies.CHART.finding(rows, scope)
    assert finding.startswith("Modelled, not published: ")
    assert "modelled" in state_industry_vacancies.CHART.subtitle(rows, scope)


def test_the_nations_vacancies_add_up_to_the_published_total(reader: Reader) -> None:
    rows = state_industry_vacancies.CHART.frame(reader, Scope())
    total = reader.rows(
        "SELECT level_thousands FROM turnover_monthly WHERE element = 'JO' AND industry_code = '000000' AND state_fips = '00' "
        "AND is_seasonally_adjusted AND month = ?",
        [rows["month"].iloc[0].date()],
    )[0][0]
    assert rows["vacancies_count"].sum() == pytest.approx(1000 * total, rel=1e-4)


# ------------------------------------------------------------------ the Overview


@pytest.mark.parametrize("state", ["US", "TX", "HI"])
def test_the_principles_at_a_glance_are_the_marts_values(state: str, reader: Reader) -> None:
    rows = principles_glance.glance(reader, Scope(state=state))
    assert [row.principle for row in rows] == [1, 2, 3, 4, 5]
    values = dict(
        reader.rows(
            """
            SELECT indicator || coalesce('/' || demand_variant, ''), arg_max_null(value, reference_year)
            FROM principle_indicator JOIN state USING (state_fips)
            WHERE state_abbr = ? AND cluster IS NULL AND coalesce(demand, 'career-prep') = 'career-prep' GROUP BY ALL
            """,
            [state],
        )
    )
    served, choice, stackable, teachers, mix = rows
    for row, indicator in ((served, "served_openings_pct"), (mix, "misalignment_pct")):
        assert row.value == f"{values[f'{indicator}/openings']:.0f} of 100"
        assert f"{values[f'{indicator}/growth_and_exits']:.0f} if people changing occupation are left out" in row.label
    assert (
        choice.value == f"{values['choice_near_home_count']:.0f} of {values['choice_near_home_considered_count']:.0f}"
    )
    assert stackable.value == f"{values['stackable_pct']:.0f} of 100"
    assert teachers.value.endswith(f"beside ${round(values['practitioner_p75_usd/openings'], -2):,.0f}")


def test_every_place_has_its_five_rows_and_what_is_missing_says_so(reader: Reader) -> None:
    for state in Choices.of(reader).states:
        for row in principles_glance.glance(reader, Scope(state=state)):
            said = " ".join((row.value, row.label, row.when, row.caveat))
            assert not re.search(r"\b(nan|None)\b|%", said), said
            assert row.caveat.startswith("Proxy: ")
            assert re.search(r"\d{4}", row.when)
    assert "not published beside" in principles_glance.glance(reader, Scope(state="HI"))[3].value
    assert principles_glance.glance(reader, Scope(state="ZZ")) == []


def test_the_visions_line_names_each_industry_with_its_month(reader: Reader) -> None:
    said = facts.vision_today(reader)
    for code in ("510000", "600000", "620000", "300000"):
        rate, month = reader.rows(
            "SELECT value, month FROM industry_shortage WHERE industry_code = ? AND indicator = 'vacancy_rate' "
            "ORDER BY month DESC LIMIT 1",
            [code],
        )[0]
        assert f"{rate:.1f} percent of jobs vacant" in said
        assert f"{pd.Timestamp(month):%B %Y}" in said
    assert "about 40 percent of employers in 2016" in said
    assert "health care and social assistance alone" in said, "the stand-in says for what"


def test_the_overview_links_only_to_pages_that_are_there() -> None:
    source = (ROOT / "pages" / "parts" / "doors.py").read_text(encoding="utf-8")
    named = re.findall(r'Link\("(pages/\w+\.py)"', source)
    assert {"pages/industries.py", "pages/pathways.py"} <= set(named)
    assert all(Path(name).parent == Path("pages") for name in named)


def test_a_click_in_the_matrices_names_what_it_selects(reader: Reader) -> None:
    figure = industry_pathway_matrix.CHART.figure(industry_pathway_matrix.CHART.frame(reader, Scope()), Scope())
    trace = json.loads(figure.to_json())["data"][0]
    assert {row[-1] for row in trace["customdata"]} <= set(Choices.of(reader).pathways)
