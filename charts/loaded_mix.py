"""How far the students of each loaded state or district are from the mix of openings."""

from __future__ import annotations

import html

import pandas as pd
import plotly.graph_objects as go

from charts import own_file, style, words
from charts.chart import Chart
from charts.scope import Scope
from etl.warehouse.read import Reader

#: More bars than this are no picture; the table has them all.
MOST_BARS = 40
HOW = "load a table of students by career cluster on the page Your data, or with “python -m etl import FILE”"


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per loaded place, year, level and measure; see :func:`charts.own_file.mixes`."""
    return own_file.mixes(reader, own_file.loaded(reader, scope.state))


def _label(row: pd.Series) -> str:
    return html.escape(f"{row['place']}, {row['school_year']}, {row['education_level']} {row['measure']}", quote=False)


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:  # noqa: ARG001
    """A bar per place."""
    shown = rows.head(MOST_BARS)
    fig = style.rows([_label(row) for _, row in shown.iterrows()], top_px=34, right_px=20)
    fig.add_annotation(
        text="of 100 students, would need to be in another cluster", x=0, y=1, xref="paper", yref="paper", xanchor="left",
        yanchor="bottom", yshift=10, showarrow=False, font={"size": 12, "color": style.TEXT},
    )  # fmt: skip
    y = [i + style.MARK_DY for i in range(len(shown))]
    fig.add_trace(
        go.Bar(
            x=shown["misalignment_pct"].astype(float), y=y, orientation="h", width=0.34, marker={"color": style.ACCENT},
            customdata=[[_label(row)] for _, row in shown.iterrows()],
            hovertemplate="%{customdata[0]}: %{x:.0f} of every 100<extra></extra>",
        )
    )  # fmt: skip
    style.add(
        fig,
        annotations=[
            style.value_label(float(v), at, f"<b>{v:.0f}</b> of 100")
            for at, v in zip(y, shown["misalignment_pct"], strict=True)
        ],
    )
    fig.update_xaxes(range=[0, 100], tickvals=[0, 25, 50, 75, 100], showgrid=True, gridcolor=style.GRID)
    return fig


def finding(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """The furthest place, under both variants."""
    first = rows.iloc[0]
    place = words.the(first["place"]) if first["district"] == "all" else first["place"]
    lead = "" if len(rows) == 1 else f"Of {len(rows)} loaded tables the furthest from the openings: "
    return (
        f"{lead}{first['misalignment_pct']:.0f} of every 100 {first['education_level']} {first['measure']} in {place} in "
        f"{first['school_year']} would need to be in another career cluster to match the mix of openings in "
        f"{own_file.against(first)}{own_file.also(first)}"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, places, frameworks."""
    whole = "Tables of the United States that are loaded: " if scope.state == "US" else ""
    places = words.listed(list(dict.fromkeys(rows["place"]))[:4])
    more = "" if rows["place"].nunique() <= 4 else " and others"
    return (
        f"Of 100 students, how many would need to be in another career cluster to match the mix of yearly openings in all "
        f"occupations with a program. {whole}{places}{more}. Each in the framework of its file: "
        f"{words.listed(sorted(set(rows['framework'])))}."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Every bar."""
    listed = "; ".join(
        f"{r.place}, {r.school_year}, {r.education_level} {r.measure} {r.misalignment_pct:.0f} of 100"
        for r in words.each(rows.head(MOST_BARS))
    )
    return f"Bar chart by place. {finding(rows, scope)}. {listed}."


def badge(reader: Reader, scope: Scope) -> str:
    """Whether it holds under both variants."""
    return firmness(frame(reader, scope))


def firmness(rows: pd.DataFrame) -> str:
    """The same of any rows."""
    if rows.empty:
        return "Not tried: no table is loaded."
    both = rows[["misalignment_pct", "misalignment_growth_and_exits_pct"]].to_numpy().ravel()
    values = [float(v) for v in both if not words.missing(v)]
    held = sum(v >= 20 for v in values)
    return (
        f"“At least 20 of every 100 would need to be in another cluster” holds under {held} of {len(values)}"
        f"{'' if held in (0, len(values)) else ' (changes with assumptions)'}; the figure runs from {min(values):.0f} to "
        f"{max(values):.0f}. Varied: the tables, and with and without people changing occupation."
    )


def nothing(scope: Scope) -> str:  # noqa: ARG001
    """How to load a table."""
    return f"No table of this state’s students is loaded; {HOW}. The view of the United States lists what is loaded."


CHART = Chart(
    id="loaded-mix",
    question="How far are the students in loaded tables from where openings are?",
    tables=("cte_enrollment", "framework_openings", "region_openings"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    nothing=nothing,
    columns={
        "place": "State or district",
        "school_year": "School year",
        "education_level": "Level",
        "measure": "Whom it counts",
        "framework": "Clusters",
        "students_count": "Students",
        "misalignment_pct": "Of 100, to be elsewhere",
        "misalignment_growth_and_exits_pct": "The same, growth and exits",
        "withheld_count": "Clusters withheld or not reported",
    },
    means="It sets the mix of students that a state or district counts beside the mix of openings, in the clusters of "
    "its own table.",
    means_not="Tables count students over all grades, many study on, and withheld clusters are left out; a mix that differs is no "
    "fault of pupils or schools, and figures of the two frameworks are not to be compared with each other.",
    terms=("concentrator", "yearly opening", "growth and exits"),
)
