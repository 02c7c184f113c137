"""From programs through occupations to industries: where awards go if they spread in proportion to openings."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import FRAMEWORK, Scope
from charts.ways_in import assumed
from etl.warehouse.read import Reader

#: How many nodes of each column have a name of their own; the rest are gathered.
FAMILIES, OCCUPATIONS, SECTORS = 6, 8, 6
REST = "rest"
#: Families of programs (CIP) and sectors (NAICS) in the few words that fit on a phone.
FAMILY_NAMES = {
    "01": "Agriculture", "03": "Natural resources", "09": "Communication", "10": "Media technology", "11": "Computing",
    "12": "Culinary, personal services", "13": "Education", "14": "Engineering", "15": "Engineering technology",
    "19": "Family sciences", "22": "Legal studies", "30": "Interdisciplinary", "31": "Fitness, recreation",
    "41": "Science technology", "43": "Law enforcement, fire", "44": "Public, social services", "46": "Construction trades",
    "47": "Mechanics, repair", "48": "Precision production", "49": "Transportation", "50": "Arts", "51": "Health professions",
    "52": "Business",
}  # fmt: skip
SECTOR_NAMES = {
    "11": "Agriculture", "21": "Mining, oil, gas", "22": "Utilities", "23": "Construction", "31-33": "Manufacturing",
    "42": "Wholesale trade", "44-45": "Retail trade", "48-49": "Transportation", "51": "Information", "52": "Finance",
    "53": "Real estate", "54": "Professional services", "55": "Company management", "56": "Business support",
    "61": "Education", "62": "Health care", "71": "Arts, recreation", "72": "Hotels, food", "81": "Other services",
    "99": "Government",
}  # fmt: skip
STEPS = ("program to occupation", "occupation to industry")

#: How high all awards together are drawn, the room above a node for two lines of label, and the least between nodes.
FLOW_PX, LABEL_PX, BETWEEN_PX = 300, 30, 8
NODE_WIDTH = 0.025
LABEL_CHARACTERS = 17


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per flow of at least one award: from a family of programs to an occupation, then from an occupation to a sector.

    ``awards_count`` a year, placed in proportion to openings (an estimate), largest first. Occupations are ranked by the
    awards placed in them; the second step gathers those that are not among the largest. ``total_count`` and those of the
    largest family and occupation are the same in every row.
    """
    rows = reader.frame(
        """
        WITH placed AS (
            SELECT f.award_year, f.base_year, f.family_code, f.soc_code, f.awards_placed_count,
                   sum(awards_placed_count) OVER () AS total_count,
                   sum(awards_placed_count) OVER (PARTITION BY soc_code) AS occupation_count,
                   sum(awards_placed_count) OVER (PARTITION BY family_code) AS family_count
            FROM gap_flow f
            WHERE f.state_fips = $state_fips AND ($pathway = '' OR soc_code IN (
                SELECT soc_code FROM occupation_pathway WHERE framework = $framework AND cluster = $pathway
                AND ($part = '' OR subcluster = $part)))
        ), area AS (
            SELECT any_value(award_year) AS award_year, any_value(base_year) AS base_year, $state_name AS state_name,
                   any_value(total_count) AS total_count, max(occupation_count) AS first_occupation_count,
                   max(family_count) AS first_family_count
            FROM placed
        ), taken AS (
            SELECT soc_code, title, occupation_count,
                   row_number() OVER (ORDER BY occupation_count DESC, soc_code) <= $shown AS is_named
            FROM (SELECT DISTINCT soc_code, occupation_count FROM placed) JOIN occupation USING (soc_code)
        ), flow AS (
            SELECT $first AS step, family_code AS from_code, family_title AS from_title, soc_code AS to_code, title AS to_title,
                   is_named, awards_placed_count AS awards_count
            FROM placed JOIN taken USING (soc_code)
            JOIN (SELECT DISTINCT family_code, family_title FROM program) USING (family_code)
            UNION ALL
            SELECT $second, if(is_named, soc_code, $rest), if(is_named, title, 'All other occupations'), naics_sector, NULL,
                   is_named, sum(occupation_count * share_pct / 100) AS moved
            FROM taken JOIN occupation_sector USING (soc_code) GROUP BY ALL HAVING moved >= 1
        )
        SELECT * FROM flow, area ORDER BY step DESC, awards_count DESC, from_code, to_code
        """,
        {
            **reader.place(scope.state),
            "pathway": scope.cluster,
            "part": scope.subcluster,
            "framework": FRAMEWORK,
            "shown": OCCUPATIONS,
            "first": STEPS[0],
            "second": STEPS[1],
            "rest": REST,
        },
    )
    return rows.assign(to_title=rows["to_title"].fillna(rows["to_code"].map(SECTOR_NAMES)))


@dataclass
class _Node:
    """A node of a column: its name, its awards, and from where to where it is drawn (pixels from the top)."""

    code: str
    name: str
    awards: float
    top: float = 0.0
    left_at: float = 0.0
    """Where the next band that leaves on the right begins."""
    right_at: float = 0.0
    """Where the next band that arrives from the left begins."""


def _nodes(codes: pd.Series, awards: pd.Series, names: dict[str, str], most: int, rest: str) -> list[_Node]:
    """A column's nodes, the largest first, those beyond ``most`` gathered at the end."""
    sums = awards.groupby(codes).sum().reset_index().set_axis(["code", "awards"], axis=1)
    gathered = sums[sums["code"] == REST]
    named = sums[sums["code"] != REST].sort_values(["awards", "code"], ascending=[False, True])
    nodes = [_Node(r.code, names[r.code], r.awards) for r in words.each(named.head(most))]
    others = float(named["awards"].iloc[most:].sum() + gathered["awards"].sum())
    return [*nodes, _Node(REST, rest, others)] if others > 0 else nodes


def _columns(rows: pd.DataFrame) -> tuple[list[list[_Node]], list[pd.DataFrame]]:
    """The three columns of nodes, and the flows between them: ``start``, ``end`` (codes of nodes), ``awards_count``."""
    first, second = (rows[rows["step"] == step] for step in STEPS)
    occupation_names = dict(zip(first["to_code"], first["to_title"], strict=True))
    named = first["to_code"].where(first["is_named"], REST)
    families = _nodes(
        first["from_code"],
        first["awards_count"],
        {r.from_code: FAMILY_NAMES.get(r.from_code, r.from_title) for r in words.each(first)},
        FAMILIES,
        "All other programs",
    )
    occupations = _nodes(named, first["awards_count"], occupation_names, OCCUPATIONS, "All other occupations")
    sectors = _nodes(second["to_code"], second["awards_count"], SECTOR_NAMES, SECTORS, "All other industries")
    flows = [
        _gathered(families, occupations, first.assign(to_code=named)),
        _gathered(occupations, sectors, second),
    ]
    return [families, occupations, sectors], flows


def _gathered(starts: list[_Node], ends: list[_Node], flows: pd.DataFrame) -> pd.DataFrame:
    """The flows between two columns of nodes: ``start``, ``end`` (codes of nodes), ``awards_count``."""
    between = pd.DataFrame(
        {
            "start": flows["from_code"].where(flows["from_code"].isin([n.code for n in starts]), REST),
            "end": flows["to_code"].where(flows["to_code"].isin([n.code for n in ends]), REST),
            "awards_count": flows["awards_count"],
        }
    )
    return between.groupby(["start", "end"])["awards_count"].sum().reset_index()


def _place(columns: Sequence[list[_Node]], scale: float) -> float:
    """Give every node its place, columns spread over one height; gives the height in pixels."""
    tall = [sum(n.awards * scale for n in column) + LABEL_PX * len(column) for column in columns]
    height = max(t + BETWEEN_PX * (len(c) - 1) for t, c in zip(tall, columns, strict=True))
    for column, taken in zip(columns, tall, strict=True):
        gap = (height - taken) / max(1, len(column) - 1)
        at = 0.0
        for node in column:
            node.top = node.left_at = node.right_at = at + LABEL_PX
            at += LABEL_PX + node.awards * scale + gap
    return height


def _bands(
    columns: Sequence[list[_Node]], flows: Sequence[pd.DataFrame], scale: float
) -> Iterator[tuple[int, _Node, _Node, float, float, float]]:
    """Each flow as a band: its step, the two nodes, where it begins and ends (pixels), and how high it is."""
    for step, flow in enumerate(flows):
        starts, ends = ({n.code: n for n in column} for column in columns[step : step + 2])
        order = {code: i for i, code in enumerate([*starts])}, {code: i for i, code in enumerate([*ends])}
        table = flow.assign(a=flow["start"].map(order[0]), b=flow["end"].map(order[1])).sort_values(["a", "b"])
        for row in words.each(table):
            start, end, px = starts[row.start], ends[row.end], row.awards_count * scale
            yield step, start, end, start.left_at, end.right_at, px
            start.left_at += px
            end.right_at += px


def _centre(column: int) -> float:
    """Where a column's nodes stand, as a share of the width."""
    return (NODE_WIDTH / 2, 0.5, 1 - NODE_WIDTH / 2)[column]


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:  # noqa: ARG001
    """Three columns of nodes with their names above, bands between them; the largest occupation's are in the accent."""
    columns, flows = _columns(rows)
    scale = FLOW_PX / max(float(rows["total_count"].iloc[0]), 1.0)
    height = _place(columns, scale)
    fig = style.base(int(height) + 46, top_px=34, right_px=4)
    fig.update_layout(margin_b=12)
    leading = columns[1][0].code
    shapes = [
        {
            "type": "path", "path": _path(_centre(step) + NODE_WIDTH / 2, y0, _centre(step + 1) - NODE_WIDTH / 2, y1, max(px, 0.5)),
            "fillcolor": style.ACCENT if (leads := leading in (start.code, end.code)) else style.MARK, "line": {"width": 0},
            "opacity": 0.5 if leads else 0.3,
            "layer": "below",
        }
        for step, start, end, y0, y1, px in _bands(columns, flows, scale)
    ]  # fmt: skip
    shapes += [
        {
            "type": "rect", "x0": _centre(i) - NODE_WIDTH / 2, "x1": _centre(i) + NODE_WIDTH / 2, "y0": node.top,
            "y1": node.top + max(node.awards * scale, 1.0), "line": {"width": 0},
            "fillcolor": style.ACCENT if node.code == leading and i == 1 else style.INK,
        }
        for i, column in enumerate(columns)
        for node in column
    ]  # fmt: skip
    notes = [_label(i, node) for i, column in enumerate(columns) for node in column]
    heads = [
        {
            "x": x, "y": 1, "xref": "paper", "yref": "paper", "xanchor": side, "yanchor": "bottom", "yshift": 10,
            "text": f"<b>{text}</b>", "showarrow": False, "font": {"size": 12, "color": style.QUIET},
        }
        for x, side, text in ((0, "left", "Programs"), (0.5, "center", "Occupations"), (1, "right", "Industries"))
    ]  # fmt: skip
    style.add(fig, shapes=shapes, annotations=[*notes, *heads])
    points = [(_centre(i), n.top + n.awards * scale / 2, n) for i, column in enumerate(columns) for n in column]
    fig.add_trace(
        go.Scatter(
            x=[x for x, _, _ in points], y=[y for _, y, _ in points], mode="markers", marker={"size": 22, "opacity": 0},
            customdata=[[f"{n.name}: about {words.count(n.awards)} awards a year"] for _, _, n in points],
            hovertemplate="%{customdata[0]}<extra></extra>",
        )
    )  # fmt: skip
    fig.update_xaxes(visible=False, range=[0, 1])
    fig.update_yaxes(visible=False, range=[height, 0])
    return fig


def _path(x0: float, y0: float, x1: float, y1: float, px: float) -> str:
    """A band of even height between two columns, as an SVG path."""
    middle = (x0 + x1) / 2
    return (
        f"M {x0:.4f} {y0:.2f} C {middle:.4f} {y0:.2f} {middle:.4f} {y1:.2f} {x1:.4f} {y1:.2f} L {x1:.4f} {y1 + px:.2f} "
        f"C {middle:.4f} {y1 + px:.2f} {middle:.4f} {y0 + px:.2f} {x0:.4f} {y0 + px:.2f} Z"
    )


def _label(column: int, node: _Node) -> dict[str, Any]:
    """A node's awards and name above it, in at most two lines."""
    side: Literal["left", "center", "right"] = ("left", "center", "right")[column]
    lines = textwrap.wrap(f"{words.label_count(node.awards)} {node.name}", LABEL_CHARACTERS)
    if len(lines) > 2:
        lines[1] = f"{words.shortened(lines[1], LABEL_CHARACTERS - 2).removesuffix(' …').rstrip(',')} …"
    head, _, rest = lines[0].partition(" ")
    return {
        "x": (0, 0.5, 1)[column], "y": node.top, "xanchor": side, "yanchor": "bottom", "align": side, "yshift": -1,
        "text": "<br>".join([f"<b>{head}</b> {rest}".strip(), *lines[1:2]]), "showarrow": False,
        "font": {"size": 11, "color": style.INK},
    }  # fmt: skip


def _first(rows: pd.DataFrame) -> tuple[str, str]:
    """The names of the occupation and the family of programs with the most awards."""
    first = rows[rows["step"] == STEPS[0]]
    names = []
    for end in ("to", "from"):
        sums = first.groupby([f"{end}_code", f"{end}_title"])["awards_count"].sum().reset_index()
        names.append(sums.sort_values(["awards_count", f"{end}_code"], ascending=[False, True])[f"{end}_title"].iloc[0])
    return names[0], names[1]


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """How many awards are placed, and where the most of them come from and go."""
    row = rows.iloc[0]
    occupation, family = _first(rows)
    place = "" if scope.state == "US" else f" in {words.the(row['state_name'])}"
    where = scope.subcluster or scope.cluster or "career-training jobs"
    return (
        f"Shared out in proportion to openings, {words.short_count(row['total_count'])} awards a year would lead to "
        f"{where}{place}: {words.short_count(row['first_occupation_count'])} to {words.shortened(occupation, 60)}, and "
        f"{words.short_count(row['first_family_count'])} come from {words.shortened(family, 60)}"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, place, period; and that it is an estimate."""
    row = rows.iloc[0]
    year = int(row["award_year"])
    return (
        f"An estimate: certificates and associate degrees of {year - 1}–{year % 100} spread over the occupations they can lead "
        f"to by yearly openings {row['base_year']}–{(row['base_year'] + 10) % 100}, and these over industries by the nation’s "
        f"jobs. {row['state_name']}.{assumed(scope)}"
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Every node with its awards."""
    columns, _ = _columns(rows)
    parts = [
        f"{head}: " + ", ".join(f"{n.name} {words.count(n.awards)}" for n in column)
        for head, column in zip(("Programs", "Occupations", "Industries"), columns, strict=True)
    ]
    return f"Flow chart from programs through occupations to industries. {finding(rows, scope)}. {'; '.join(parts)}."


CHART = Chart(
    id="program-flows",
    question="Which programs lead to which occupations and industries?",
    tables=("gap_flow", "occupation_sector"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=lambda reader, scope: (  # noqa: ARG005
        "A map of possible routes and not a finding about people: no record follows graduates from program to job, so awards are "
        "spread by openings; only all openings, people changing occupation among them, are used as weights."
    ),
    shape="flow",
    follows=("pathway",),
    parts=True,
    columns={
        "step": "Step",
        "from_title": "From",
        "to_title": "To",
        "awards_count": "Awards a year (estimate)",
        "from_code": "From: code",
        "to_code": "To: code",
    },
    means="It shows which colleges’ fields and which employers meet in these jobs, and so who has reason to work together.",
    means_not="Nobody counts where graduates go by program: awards are spread over occupations by their openings, no occupation "
    "gets more than it has, and awards without a place are not drawn.",
    terms=("award", "yearly opening", "pathway", "CIP", "SOC"),
    nothing=lambda scope: (
        f"No award given here leads to an occupation of {scope.subcluster or scope.cluster or 'this view'} with openings; choose "
        "the whole pathway, or the United States."
    ),
)
