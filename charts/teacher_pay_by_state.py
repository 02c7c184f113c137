"""High school CTE teachers' median pay in every state, on a tile grid."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import style, teachers, words
from charts.chart import Chart
from charts.scope import Scope
from etl.warehouse.read import Reader


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:  # noqa: ARG001
    """One row per state, highest pay first, those without a published figure last."""
    return reader.frame(
        """
        SELECT s.state_abbr, s.state_name, s.grid_row, s.grid_column, p.reference_year,
               max(p.value) FILTER (indicator = 'teacher_secondary_median_usd') AS teacher_secondary_median_usd,
               max(p.value) FILTER (indicator = 'teacher_postsecondary_median_usd') AS teacher_postsecondary_median_usd
        FROM principle_indicator p JOIN state s USING (state_fips)
        WHERE s.state_fips <> '00' AND p.indicator IN ('teacher_secondary_median_usd', 'teacher_postsecondary_median_usd')
        GROUP BY ALL ORDER BY teacher_secondary_median_usd DESC NULLS LAST, s.state_name
        """
    )


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """Tiles in one hue, thousands of dollars on each."""
    thousands = [None if words.missing(v) else v / 1000 for v in rows["teacher_secondary_median_usd"]]
    hover = [
        f"{r.state_name}: high school {_said(r.teacher_secondary_median_usd)}, college {_said(r.teacher_postsecondary_median_usd)}"
        for r in words.each(rows)
    ]
    legend = "Median pay a year, thousands of dollars"
    return style.tiles(rows, thousands, hover=hover, chosen={scope.state, scope.compare}, legend=legend)


def _said(value: float) -> str:
    return "not published" if words.missing(value) else f"{teachers.pay(value)} a year"


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """The range, or the chosen state's pay within it."""
    known = rows[rows["teacher_secondary_median_usd"].notna()]
    low, high = (
        teachers.pay(v)
        for v in (known["teacher_secondary_median_usd"].min(), known["teacher_secondary_median_usd"].max())
    )
    year, own = known["reference_year"].max(), rows[rows["state_abbr"] == scope.state]
    across = f"across the states and DC, where published, it ran from {low} to {high}"
    if not len(own):
        return (
            f"High school CTE teachers’ median pay was between {low} and {high} a year across the states and DC, "
            "where published, in "
            f"May {year}"
        )
    row = own.iloc[0]
    place, year = words.the(row["state_name"]), row["reference_year"]
    if words.missing(row["teacher_secondary_median_usd"]):
        return f"High school CTE teachers’ pay in {place} was not published for May {year}; {across}"
    return (
        f"High school CTE teachers in {place} earned {teachers.pay(row['teacher_secondary_median_usd'])} at the "
        f"median in May {year}; "
        f"{across}"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """Measure, place, period."""
    return (
        f"Median pay a year of high school CTE teachers, by state, May {rows['reference_year'].max()}, the newest "
        "estimates that have "
        "every state’s total. Not adjusted for the cost of living; n/a where not published."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """The range and each state's value."""
    listed = ", ".join(f"{r.state_name} {_said(r.teacher_secondary_median_usd)}" for r in words.each(rows))
    return f"Tile map of high school CTE teachers’ median pay. {finding(rows, scope)}. {listed}."


CHART = Chart(
    id="teacher-pay-by-state",
    question="What do high school CTE teachers earn in each state?",
    tables=("occupation_employment", "state"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    columns={
        "state_name": "State",
        "teacher_secondary_median_usd": "High school CTE teachers’ median, dollars a year",
        "teacher_postsecondary_median_usd": "College CTE teachers’ median, dollars a year",
        "reference_year": "May of",
    },
    means="It shows what a skilled person would be offered to teach, state by state.",
    means_not="Prices, hours, benefits and experience differ between states, small states’ estimates rest on few answers, and a "
    "figure can move by a quarter and more from one year to the next.",
    terms=("CTE teacher",),
    shape="tiles",
    selects="state",
)
