"""What the public record holds of a state, item by item; for the nation, how many states have each."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import PUBLISHED, Chart
from charts.scope import Scope
from etl.warehouse.read import Reader

#: Indicator -> what a reader sees. The rest of the item's words are computed.
ITEMS = {
    "record_openings_coverage_pct": "Yearly openings in occupations with an estimate",
    "record_wages_pct": "Career-training occupations with a published wage",
    "record_teacher_pay_count": "Pay of CTE teachers, secondary and postsecondary",
    "record_own_projections": "Projections of the state’s own, fit to be offered",
    "record_shortage_report": "Teacher shortage areas, newest list",
    "record_concentrators": "Secondary concentrators by career cluster",
}
#: A state "has" the two shares from this percent on, and both figures of teacher pay; the badge tries other lines.
LINE_PCT, LINES_PCT = 90, (80, 90, 95)
OWN_WORK = "completeness of the public record, not of anyone’s work"


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per item. For a state ``held_pct`` is the percent of it on record (yes or no: 100 or 0) and ``value`` the
    figure itself; for the nation ``states_count`` of ``all_count`` states have it, and ``held_pct`` is their percent."""
    return reader.frame(
        """
        WITH items AS (
            SELECT i.indicator, s.state_abbr, i.value, i.unit, i.reference_year,
                   CASE i.unit WHEN 'percent' THEN i.value WHEN 'figures of 2' THEN i.value / 2 * 100 ELSE i.value * 100 END
                       AS held_pct,
                   CASE i.unit WHEN 'percent' THEN $line ELSE 100 END AS least_pct,
                   -- what follows the measure's own words is of this value
                   nullif(trim(replace(i.note, m.note, ''), '; '), '') AS note
            FROM principle_indicator i JOIN state s USING (state_fips) JOIN principle_measure m USING (indicator)
            WHERE list_contains($items, i.indicator)
        ), rows AS (
            SELECT indicator, unit, reference_year, value, held_pct, note, NULL AS states_count, NULL AS all_count
            FROM items WHERE state_abbr = $state
            UNION ALL
            SELECT indicator, any_value(unit), max(reference_year), NULL,
                   100.0 * count(*) FILTER (WHERE held_pct >= least_pct) / count(*),
                   NULL, count(*) FILTER (WHERE held_pct >= least_pct), count(*)
            FROM items WHERE $state = 'US' GROUP BY indicator
        )
        SELECT r.*, count(*) FILTER (WHERE held_pct >= CASE unit WHEN 'percent' THEN $line ELSE 100 END) OVER () AS held_count,
               count(*) OVER () AS items_count, (SELECT state_name FROM state WHERE state_abbr = $state) AS state_name
        FROM rows r ORDER BY list_position($items, indicator)
        """,
        {"state": scope.state, "items": list(ITEMS), "line": LINE_PCT},
    ).assign(item=lambda rows: [_item(row) for row in words.each(rows)])


def _item(row: Any) -> str:
    """An item's name; the list of shortage areas, which has ended, with the year its school year ends in."""
    return ITEMS[row.indicator] + (f", {row.reference_year}" if row.indicator == "record_shortage_report" else "")


def _is_nation(rows: pd.DataFrame) -> bool:
    return bool(rows["states_count"].notna().all())


def said(row: pd.Series) -> str:
    """An item's value in words: '97 of 100', 'yes', '2 of 2 figures', '45 of 51 states'."""
    if not words.missing(row["states_count"]):
        line = f", at least {LINE_PCT} of 100" if row["unit"] == "percent" else ""
        return f"{row['states_count']:.0f} of {row['all_count']:.0f} states{line}"
    if row["unit"] == "percent":
        return f"{row['value']:.0f} of 100"
    if row["unit"] == "1 or 0":
        return "yes" if row["value"] == 1 else "no"
    return f"{row['value']:.0f} of 2 figures"


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:  # noqa: ARG001
    """A bar per item up to what is on record, on a pale bar of the whole; the value in words behind."""
    fig = style.rows(rows["item"].tolist(), right_px=8)
    y = [i + style.MARK_DY for i in range(len(rows))]
    whole = [
        {"type": "rect", "x0": 0, "x1": 100, "y0": at - 0.11, "y1": at + 0.11, "fillcolor": style.GRID, "line": {"width": 0},
         "layer": "below"}
        for at in y
    ]  # fmt: skip
    words_of = [said(row) for _, row in rows.iterrows()]
    fig.add_trace(
        go.Bar(
            x=rows["held_pct"].astype(float), y=y, orientation="h", width=0.22, marker={"color": style.QUIET},
            customdata=[[f"{item}: {text}"] for item, text in zip(rows["item"], words_of, strict=True)],
            hovertemplate="%{customdata[0]}<extra></extra>",
        )
    )  # fmt: skip
    texts = [
        style.value_label(100, at, f"<b>{text.split(',')[0]}</b>", color=style.ACCENT if held <= 0 else style.TEXT)
        for at, text, held in zip(y, words_of, rows["held_pct"], strict=True)
    ]
    style.add(fig, shapes=whole, annotations=texts)
    fig.update_xaxes(range=[0, 150], tickvals=[0, 50, 100])
    return fig


def finding(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """How many items are on record; for the nation which the fewest states have."""
    first = rows.iloc[0]
    if _is_nation(rows):
        least = rows.sort_values("states_count", kind="stable").iloc[0]
        return (
            f"Of {len(rows)} items of the public record, the scarcest is {words.in_sentence(least['item'])}: "
            f"{least['states_count']:.0f} of {least['all_count']:.0f} states have it"
        )
    missing = [words.in_sentence(item) for item, held in zip(rows["item"], rows["held_pct"], strict=True) if held <= 0]
    lacking = f"; missing: {words.listed(missing)}" if missing else ""
    return (
        f"Of {first['items_count']} items of the public record on {words.the(first['state_name'])}, {first['held_count']} "
        f"{'is' if first['held_count'] == 1 else 'are'} whole{lacking}"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """Measure, place, period."""
    years = f"{rows['reference_year'].min()} to {rows['reference_year'].max()}"
    counted = "States that have" if _is_nation(rows) else "How much there is of"
    return (
        f"{counted} each item in what this dashboard has loaded: {OWN_WORK}. {rows['state_name'].iloc[0]}; the items’ years run "
        f"from {years}. "
        f"A share counts as whole from {LINE_PCT} of 100."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Every item's value."""
    listed = "; ".join(f"{row['item']}: {said(row)}" for _, row in rows.iterrows())
    return f"Checklist of the public record. {finding(rows, scope)}. {listed}."


def badge(reader: Reader, scope: Scope) -> str:
    """Whether no state, or this state not, has every item whole wherever the line for the two shares is set."""
    rows = reader.frame(
        """
        SELECT line, s.state_abbr, bool_and(CASE i.unit WHEN 'percent' THEN i.value >= line WHEN 'figures of 2' THEN i.value = 2
                                            ELSE i.value = 1 END) AS is_whole
        FROM principle_indicator i JOIN state s USING (state_fips) CROSS JOIN unnest($lines) AS l(line)
        WHERE list_contains($items, i.indicator) AND (s.state_abbr = $state OR $state = 'US')
        GROUP BY ALL
        """,
        {"lines": list(LINES_PCT), "items": list(ITEMS), "state": scope.state},
    )
    if rows.empty:
        return PUBLISHED
    held = int((~rows.groupby("line")["is_whole"].mean().eq(1)).sum())
    what = "Not every state has every item whole" if scope.state == "US" else "Some item is not whole here"
    return (
        f"“{what}” holds under {held} of {len(LINES_PCT)}{'' if held in (0, len(LINES_PCT)) else ' (changes with assumptions)'}. "
        f"Assumptions varied: the two shares count as whole from {words.listed([str(n) for n in LINES_PCT])} of 100."
    )


CHART = Chart(
    id="record-completeness",
    question="Can the public see how a state’s systems work together?",
    tables=("principle_indicator", "principle_measure"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    nothing=lambda scope: "There is no record of this place; choose the United States.",  # noqa: ARG005
    columns={
        "item": "Item of the public record",
        "value": "Value (the state)",
        "unit": "Unit",
        "states_count": "States that have it (the nation)",
        "held_pct": "On record, percent",
        "reference_year": "Year",
        "note": "Note",
    },
    means="Where an item is missing, schools, colleges and employers have no common figure to plan with; it is the easiest "
    "thing to ask a state for.",
    means_not="It is completeness of the public record as loaded here, not of anyone’s work: some items are withheld to protect "
    "privacy, and concentrators are there only where someone has fetched the file.",
    terms=("yearly opening", "concentrator", "career-training job"),
)
