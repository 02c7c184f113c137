"""What a one-page brief of a place says: sentences and figures, computed, each with both variants of demand.

:mod:`charts.brief_page` sets it in type.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from charts import actions, anatomy, could_fill, export_cite, export_stamp, stability, words
from charts.export_stamp import Stamp
from charts.scope import AWARD_LABELS, DEMAND_LABELS, Choices, Scope
from etl.errors import AtlasError
from etl.warehouse.read import Reader
from measures.definitions import MEASURES

TABLES = ("gap_by_cluster", "gap_by_state", "gap_check", "gap_stability")
#: Pathways in the table of "at least" and "at most".
SHOWN_PATHWAYS = 6
#: The findings that a brief may state, the most telling first, and what each makes superfluous.
FINDINGS = {
    "fills under a quarter": ("fills under half", "openings left"),
    "fills half or more": (),
    "fills under half": ("openings left",),
    "more awards than openings": ("awards without a place",),
    "openings left": (),
    "awards without a place": (),
    "fewer awards than openings": (),
    "most openings left": (),
    "smallest part filled": (),
}
#: The measures that the page of methods explains.
METHODS = (
    "Award and demand scopes",
    "Growth and exits",
    "Estimated openings of a state",
    "Could fill",
    "At least and at most",
    "Check it yourself",
    "Holds under N of M",
)


@dataclass(frozen=True)
class Figure:
    """A figure with its label and the other variant of demand."""

    value: str
    label: str
    note: str


@dataclass(frozen=True)
class Row:
    """A pathway's openings and what awards could fill of them, as text, first with and then without occupation changers."""

    pathway: str
    openings: str
    fill: str
    openings_without: str
    fill_without: str
    is_chosen: bool


@dataclass(frozen=True)
class Brief:
    """All that the page says. ``numbers`` are the counts behind it, from which its hash is made."""

    place: str
    pathway: str
    headline: str
    subtitle: str
    firm: str
    figures: tuple[Figure, ...]
    rows: tuple[Row, ...]
    findings: tuple[str, ...]
    findings_note: str
    check: tuple[str, ...]
    asked: tuple[tuple[str, str], ...]
    not_counted: str
    source: str
    address: str
    stamp: Stamp
    numbers: tuple[float, ...]

    def as_json(self, **more: Any) -> str:
        """The texts as JSON, for the typesetter."""
        return json.dumps({**asdict(self), "mark": anatomy.mark_text(self.stamp), **more}, ensure_ascii=False)


def brief(reader: Reader, scope: Scope) -> Brief:
    """The brief of a place, or of a pathway there. Raises ``AtlasError`` where there are no figures."""
    rows = could_fill.frame(reader, scope)
    if rows.empty or scope.cluster not in {"", *rows["cluster"]}:
        raise AtlasError(could_fill.CHART.nothing(scope))
    own = rows[rows["cluster"] == (scope.cluster or "all")].iloc[0]
    held = _findings(reader, scope)
    sums = [_sums(reader, scope, variant) for variant in ("openings", "growth_and_exits")]
    numbers = _numbers(rows, sums)
    data = export_stamp.data_hash(json.dumps(numbers))
    return Brief(
        place=str(own["state_name"]),
        pathway=scope.cluster,
        headline=could_fill.finding(rows, scope),
        subtitle=could_fill.subtitle(rows, scope).replace(
            " Ordered by openings that pay at least the median wage.", ""
        ),
        firm=could_fill.badge(reader, scope),
        figures=_figures(own, scope),
        rows=_rows(rows, scope),
        findings=tuple(held[:2]),
        findings_note=_findings_note(len(held), scope),
        check=_check(sums, scope),
        asked=_asked(reader, scope),
        not_counted=_not_counted(own, scope),
        source=anatomy.source_text(reader.citations((*TABLES, *could_fill.CHART.tables))),
        address=export_cite.address(export_cite.page_of("could-fill"), scope, Choices.of(reader)),
        stamp=Stamp("brief", urlencode(scope.query()), reader.build_id, data),
        numbers=numbers,
    )


def facts_hash(made: Brief) -> str:
    """The hash of a brief's figures."""
    return made.stamp.data


def _numbers(rows: pd.DataFrame, sums: Sequence[Sums]) -> tuple[float, ...]:
    columns = [c for c in rows.columns if c.endswith("_count") and "median" not in c]
    counts = rows[columns].astype(float).fillna(-1).round(3).to_numpy().ravel().tolist()
    return (*counts, *(float(n) for s in sums for n in (s.openings, s.awards)))


# ------------------------------------------------------------------ figures


def _figures(own: pd.Series, scope: Scope) -> tuple[Figure, ...]:
    total, without = float(own["openings_annual_count"] or 0), float(own["openings_growth_and_exits_count"] or 0)
    if not total:
        return (Figure("none", "yearly openings have an estimate here", "choose the whole state or the nation"),)
    most, most_without = float(own["at_most_count"]), float(own["at_most_growth_and_exits_count"])
    base = int(own["base_year"])
    return (
        Figure(
            words.short_count(total),
            f"yearly openings in {scope.cluster or DEMAND_LABELS[scope.demand]}, {base}–{(base + 10) % 100}",
            f"{words.short_count(without)} if people changing occupation are left out",
        ),
        Figure(
            f"{_of_100(most, total)} to {_of_100(most_without, without)} of 100",
            f"of these could be filled by one year’s {AWARD_LABELS[scope.awards]}, at most",
            f"{words.count(most)} of {words.count(total)}; without people changing occupation {words.count(most_without)} of "
            f"{words.count(without)}",
        ),
        Figure(
            words.short_count(total - most),
            "openings are left even then, at least",
            f"{words.short_count(without - most_without)} if people changing occupation are left out; they need other ways in",
        ),
    )


def _of_100(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f}" if whole else "0"


def _rows(rows: pd.DataFrame, scope: Scope) -> tuple[Row, ...]:
    """The chosen pathway, then those with the most openings that pay at least the median wage."""
    shown = rows[(rows["cluster"] != "all") & (rows["openings_annual_count"] > 0)]
    chosen = shown["cluster"] == scope.cluster
    picked = pd.concat([shown[chosen], shown[~chosen]]).head(SHOWN_PATHWAYS)
    return tuple(
        Row(
            pathway=r.cluster,
            openings=words.count(r.openings_annual_count),
            fill=_interval(r.at_least_count, r.at_most_count),
            openings_without=words.count(r.openings_growth_and_exits_count),
            fill_without=_interval(r.at_least_growth_and_exits_count, r.at_most_growth_and_exits_count),
            is_chosen=r.cluster == scope.cluster,
        )
        for r in words.each(picked)
    )


def _interval(low: float, high: float) -> str:
    """From at least to at most; one number where they meet."""
    return words.count(low) if round(low) == round(high) else f"{words.count(low)} to {words.count(high)}"


def _not_counted(own: pd.Series, scope: Scope) -> str:
    said = anatomy.not_counted(TABLES, scope)
    more = (
        " People also change occupation, move to another state or study on. Fewer awards than openings is not by itself a count of "
        "missing workers."
    )
    estimated = "" if scope.state == "US" else " The state’s openings are estimated from the nation’s by employment"
    note = "" if words.missing(own["note"]) or not estimated else f"; {own['note']}"
    return f"{said}{more}{estimated}{note}{'.' if estimated else ''}"


# ------------------------------------------------------------------ what holds


def _findings(reader: Reader, scope: Scope) -> list[str]:
    """The findings that hold under every set of assumptions, the most telling first; none that another one implies."""
    if scope.awards != "sub-baccalaureate" or scope.demand not in ("career-prep", "middle-skills"):
        return []
    rows = reader.rows(
        """
        SELECT g.finding, f.sentence, g.holds_count, g.tried_count
        FROM gap_stability g JOIN stability_finding f USING (finding) JOIN state s USING (state_fips)
        WHERE s.state_abbr = $state AND coalesce(g.cluster, '') = $pathway AND g.holds_count = g.tried_count
        """,
        {"state": scope.state, "pathway": scope.cluster},
    )
    held = {finding: (sentence, holds, tried) for finding, sentence, holds, tried in rows}
    implied = {name for finding in held for name in FINDINGS.get(finding, ())}
    return [
        f"{sentence} (holds under {holds} of {tried})."
        for sentence, holds, tried in (held[f] for f in FINDINGS if f in held and f not in implied)
    ]


def _findings_note(held: int, scope: Scope) -> str:
    """What was varied; and where fewer than two findings hold throughout, that this is so."""
    if scope.awards != "sub-baccalaureate" or scope.demand not in ("career-prep", "middle-skills"):
        return stability.NOT_TRIED
    few = {
        0: "No finding holds under all assumptions here. ",
        1: "Only this finding holds under all assumptions here. ",
    }
    return f"{few.get(held, '')}Assumptions varied: {stability.VARIED}."


# ------------------------------------------------------------------ check it yourself


@dataclass(frozen=True)
class Sums:
    """The two sums of one variant: how many occupations and programs, their openings and awards, and the largest of each."""

    occupations: int
    openings: int
    programs: int
    awards: int
    largest_occupations: tuple[str, ...]
    largest_programs: tuple[str, ...]


def _sums(reader: Reader, scope: Scope, variant: str) -> Sums:
    rows = reader.frame(
        f"""
        SELECT side, g.count AS number, coalesce(o.title, p.title) AS title
        FROM gap_check g LEFT JOIN occupation o ON side = 'occupation' AND o.soc_code = code
        LEFT JOIN program p ON side = 'program' AND p.cip_code = code
        WHERE {could_fill.KEYS} AND demand_variant = $variant
        ORDER BY number DESC, code
        """,
        {
            "awards": scope.awards,
            "demand": scope.demand,
            "variant": variant,
            "state_fips": reader.place(scope.state)["state_fips"],
        },
    )
    jobs, programs = rows[rows["side"] == "occupation"], rows[rows["side"] == "program"]
    return Sums(
        len(jobs), int(jobs["number"].sum()), len(programs), int(programs["number"].sum()),
        _largest(jobs), _largest(programs),
    )  # fmt: skip


def _largest(rows: pd.DataFrame) -> tuple[str, ...]:
    return tuple(
        f"{words.shortened(r.title.rstrip('.'), 48)} {words.count(r.number)}" for r in words.each(rows.head(2))
    )


def _check(sums: Sequence[Sums], scope: Scope) -> tuple[str, ...]:
    """The two sums of both variants, in sentences that anyone can check with the tables."""
    every, without = sums
    if not every.occupations:
        return ("No set of occupations here has more openings than all programs that lead to them gave awards.",)
    together = "All pathways together: " if scope.pathway else ""
    said = [
        f"{together}{every.occupations} occupations need {words.count(every.openings)} people a year (largest: "
        f"{'; '.join(every.largest_occupations)}). All {every.programs} programs that can lead to any of them gave "
        f"{words.count(every.awards)} awards (largest: {'; '.join(every.largest_programs)}). "
        f"{words.count(every.openings)} less {words.count(every.awards)} is {words.count(every.openings - every.awards)}: so many "
        "are left at least, whoever is placed where."
    ]
    if without.occupations:
        said.append(
            f"Without people changing occupation: {words.count(without.openings)} openings in {without.occupations} occupations, "
            f"{words.count(without.awards)} awards of {without.programs} programs, "
            f"{words.count(without.openings - without.awards)} left."
        )
    return tuple(said)


# ------------------------------------------------------------------ what industry can do


def _asked(reader: Reader, scope: Scope) -> tuple[tuple[str, str], ...]:
    """The first action of each principle, with the figure that ties it to the place."""
    asked = (actions.first(reader, scope, principle) for principle in actions.PRINCIPLES)
    return tuple((action.what, action.figure) for action in asked)


def methods() -> list[dict[str, str]]:
    """The measures behind a brief, for its second page: question, formula and caveat of each."""
    return [
        {"name": m.name, "answers": m.answers, "formula": m.formula, "caveat": m.caveat}
        for m in MEASURES
        if m.name in METHODS
    ]
