"""One loaded state or district by cluster: its students beside openings, and the gaps to a region's openings."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import own_file, words
from charts.chart import Chart
from charts.loaded_mix import HOW, firmness
from charts.scope import Scope
from charts.share_dots import share_dots
from etl.warehouse.read import Reader


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """The clusters of a state's newest table (or of its first district's); for the nation, of the newest of any."""
    return own_file.clusters(reader, own_file.of_one_place(own_file.loaded(reader, scope.state)))


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:  # noqa: ARG001
    """From a filled dot (openings) to a hollow one (students), per cluster."""
    whom = "".join(rows["measure"].head(1))
    return share_dots(rows["cluster"].tolist(), rows["openings_share_pct"], rows["students_share_pct"], whom)


def finding(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """The cluster where students fall furthest short of openings, in shares; of a region with the gap in numbers."""
    known = rows.dropna(subset=["students_share_pct"])
    first = known.iloc[
        int((known["openings_share_pct"] - known["students_share_pct"]).astype(float).to_numpy().argmax())
    ]
    gap = ""
    if not words.missing(first["gap_count"]) and first["gap_count"] > 0:
        gap = f", {int(first['gap_count']):,} fewer students than openings a year"
    return (
        f"{first['cluster']} has {first['openings_share_pct']:.0f} of every 100 yearly openings in {own_file.against(first)} and "
        f"{first['students_share_pct']:.0f} of every 100 {first['education_level']} {first['measure']} of {_place(first)} in "
        f"{first['school_year']}{gap}"
    )


def _place(row: pd.Series) -> str:
    return words.the(str(row["place"])) if row["place"] == row["state_name"] else str(row["place"])


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, place, framework."""
    first = rows.iloc[0]
    counted = "" if first["region"] else " Against a whole state only shares are compared."
    where = first["state_name"] if first["place"] == first["state_name"] else f"{first['place']}, {first['state_name']}"
    among = ", the newest of the tables that are loaded in the United States" if scope.state == "US" else ""
    return (
        f"Shares of {first['education_level']} {first['measure']}, and of yearly openings in all occupations with a program. "
        f"{where}{among}. In the {first['framework']} of the table.{counted}"
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Both shares of every cluster."""
    listed = "; ".join(
        f"{r.cluster} {r.openings_share_pct:.0f} of openings, "
        + (
            "students not reported"
            if words.missing(r.students_share_pct)
            else f"{r.students_share_pct:.0f} of students"
        )
        for r in words.each(rows)
    )
    return f"Dot plot of each career cluster’s share of openings and of students. {finding(rows, scope)}. Of 100: {listed}."


def badge(reader: Reader, scope: Scope) -> str:
    """Whether the whole mix stays apart."""
    return firmness(frame(reader, scope).head(1))


def nothing(scope: Scope) -> str:  # noqa: ARG001
    """Load a table, or look at what is loaded."""
    return (
        f"No table of this state’s students is loaded; {HOW}. The view of the United States shows the newest that is."
    )


CHART = Chart(
    id="loaded-clusters",
    question="In which clusters do the students in a loaded table fall short of openings?",
    tables=("cte_enrollment", "framework_openings", "region_openings"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    nothing=nothing,
    columns={
        "cluster": "Career cluster",
        "students_count": "Students",
        "students_share_pct": "Of 100 students",
        "openings_share_pct": "Of 100 yearly openings",
        "openings_annual_count": "Yearly openings of the region",
        "gap_count": "Openings less students",
        "school_year": "School year",
    },
    means="Clusters whose filled dot is far right of the hollow one have a larger share of the openings than of the students.",
    means_not="A table counts students over all grades, which overstates what a year brings, and many study on; so "
    "gaps to a region’s "
    "openings understate, and against a whole state only shares are compared.",
    terms=("concentrator", "yearly opening"),
)
