"""The meeting sheet: one page to take to a first talk with an institution or a state: three figures, three questions, one offer.

All of it is computed from the scope's figures; the page stands alone, prints on Letter, and asks for nothing from outside.
"""

from __future__ import annotations

import html
from dataclasses import dataclass

import pandas as pd

from charts import could_fill, partners, words
from charts.actions import Action, actions
from charts.facts import Fact
from charts.scope import AWARD_LABELS, DEMAND_LABELS, FRAMEWORK, Scope
from etl.warehouse.read import Reader
from measures.scopes import AWARD_SCOPES

TABLES = ("completion", "institution", "gap_by_cluster")


def offers(reader: Reader, scope: Scope) -> list[Action]:
    """What industry can do under any of the five principles, the fourth first: an instructor is what a college asks for most."""
    return [action for principle in (4, 1, 2, 3, 5) for action in actions(reader, scope, principle)]


@dataclass(frozen=True)
class Sheet:
    """What stands on the page. ``who`` is the institution or the place, ``about`` its place and the pathway."""

    who: str
    about: str
    figures: tuple[Fact, ...]
    questions: tuple[str, ...]
    offer: Action
    sources: tuple[str, ...]
    build_id: str


def sheet(reader: Reader, scope: Scope, unit_id: str = "", offer: int = 0) -> Sheet:
    """The sheet for an institution, or for the whole place where ``unit_id`` is '' or has no awards in the scope.

    ``offer`` is the place of an action in the list of offers; beyond the list, the last.
    """
    programs = _programs(reader, scope, unit_id)
    whole = programs["is_place"].all()
    gap = could_fill.frame(reader, scope)
    gap = gap[gap["cluster"] == (scope.cluster or "all")]
    state = reader.rows("SELECT state_name FROM state WHERE state_abbr = ?", [scope.state])[0][0]
    jobs = scope.subcluster or scope.cluster or DEMAND_LABELS[scope.demand]
    offered = offers(reader, scope)
    where = "" if whole else f"{programs['city'].iloc[0]}, {programs['district'].iloc[0]} · "
    return Sheet(
        who=str(state if whole else programs["name"].iloc[0]),
        about=f"{where}{jobs}",
        figures=(*_openings(gap, scope), _awards(programs, scope, jobs)),
        questions=_questions(programs, gap, bool(whole)),
        offer=offered[min(offer, len(offered) - 1)],
        sources=tuple(f"{c.citation} Retrieved {words.day(c.retrieved_on)}." for c in reader.citations(TABLES)),
        build_id=reader.build_id,
    )


def _programs(reader: Reader, scope: Scope, unit_id: str) -> pd.DataFrame:
    """One row per program of the institution, or of the place (``is_place``), that leads to the scope's jobs, largest first.

    Awards of three years in the scope's levels; in ``certificate_cells_count`` pairs of institution and field (four-digit CIP)
    a certificate was given in the newest year, in ``both_cells_count`` of them an associate degree too.
    """
    newest = partners.newest_year(reader)
    rows = reader.frame(
        f"""
        WITH cips AS ({partners.PROGRAMS}), known AS ({partners.INSTITUTIONS}),
        here AS (SELECT * FROM known WHERE CASE WHEN $unit_id <> '' THEN unit_id = $unit_id ELSE $state IN ('US', state_abbr) END),
        given AS (
            SELECT c.*, v.award_group FROM completion c JOIN award_level v USING (award_level)
            WHERE award_year BETWEEN $newest - 2 AND $newest AND cip_code IN (SELECT cip_code FROM cips)
              AND unit_id IN (SELECT unit_id FROM here)
        ),
        cell AS (
            SELECT unit_id, left(cip_code, 5) AS field,
                   sum(awards_count) FILTER (award_group = 'certificate') > 0 AS has_certificate,
                   sum(awards_count) FILTER (award_group = 'associate') > 0 AS has_associate
            FROM given WHERE award_year = $newest GROUP BY ALL
        )
        SELECT g.cip_code, p.title,
               coalesce(sum(awards_count) FILTER (award_year = $newest), 0)::BIGINT AS awards_count,
               coalesce(sum(awards_count) FILTER (award_year = $newest - 1), 0)::BIGINT AS awards_1_before_count,
               coalesce(sum(awards_count) FILTER (award_year = $newest - 2), 0)::BIGINT AS awards_2_before_count,
               (SELECT count(*) FROM cell WHERE has_certificate) AS certificate_cells_count,
               (SELECT count(*) FROM cell WHERE has_certificate AND has_associate) AS both_cells_count,
               (SELECT any_value(name) FROM here) AS name, (SELECT any_value(city) FROM here) AS city,
               (SELECT any_value(district) FROM here) AS district, $newest AS award_year, $unit_id = '' AS is_place
        FROM given g JOIN program p USING (cip_code)
        WHERE list_contains($levels, g.award_level)
        GROUP BY g.cip_code, p.title ORDER BY awards_count DESC, g.cip_code
        """,
        {
            "unit_id": unit_id,
            "state": scope.state,
            "newest": newest,
            "levels": list(AWARD_SCOPES.get(scope.awards, ())),
            "soc_code": "",
            "demand": scope.demand,
            "pathway": scope.cluster,
            "part": scope.subcluster,
            "framework": FRAMEWORK,
        },
    )
    return _programs(reader, scope, "") if rows.empty and unit_id else rows


def _openings(gap: pd.DataFrame, scope: Scope) -> tuple[Fact, Fact]:
    """The pathway's openings in both variants, and how many of every 100 awards could fill at most."""
    where = f"{gap['state_name'].iloc[0]}, {scope.cluster or DEMAND_LABELS[scope.demand]}" if len(gap) else "this place"
    if gap.empty or not gap["openings_annual_count"].iloc[0]:
        return (
            Fact("none", "yearly openings have an estimate here", f"{where}."),
            Fact("n/a", "of every 100 openings that awards could fill", "There are no openings to set awards against."),
        )
    row = gap.iloc[0]
    estimated = "" if scope.state == "US" else " Estimated from the nation’s by employment."
    return (
        Fact(
            words.short_count(row["openings_annual_count"]),
            f"openings a year, {row['base_year']}–{(row['base_year'] + 10) % 100}: {where}",
            f"{words.short_count(row['openings_growth_and_exits_count'])} if people changing occupation are left out.{estimated}",
        ),
        Fact(
            f"{row['at_most_pct']:.0f} to {row['at_most_growth_and_exits_pct']:.0f} of 100",
            "of these openings could be filled by one year’s awards, at most",
            f"{AWARD_LABELS[scope.awards].capitalize()} of all colleges there, no award used twice; the second "
            "figure leaves out people "
            "changing occupation.",
        ),
    )


def _awards(programs: pd.DataFrame, scope: Scope, jobs: str) -> Fact:
    """The newest awards, and those of the two years before."""
    if programs.empty:
        return Fact(
            "none", f"awards in programs that lead to {jobs}", "No college in federal student aid here reports any."
        )
    now, one, two = (int(programs[f"awards_{when}count"].sum()) for when in ("", "1_before_", "2_before_"))
    year, given = int(programs["award_year"].iloc[0]), int((programs["awards_count"] > 0).sum())
    return Fact(
        words.short_count(now),
        f"{AWARD_LABELS[scope.awards]} in {_many(given, 'program')} that lead to these jobs, {year - 1}–{year % 100:02d}",
        f"{words.count(two)} two years before, {words.count(one)} one year before. Awards, not people.",
    )


def _questions(programs: pd.DataFrame, gap: pd.DataFrame, whole: bool) -> tuple[str, str, str]:
    """About room, credentials that build on one another, and work-based learning; each with its figure."""
    you = "colleges here" if whole else "you"
    if programs.empty:
        return (
            "No awards for these jobs are reported here: where do people train for them now?",
            "Which college or center nearby could begin a program, and what would it need?",
            "How many learners could work with an employer from the first day?",
        )
    return _room(programs, gap), _stackable(programs, you), _work_based(programs)


def _room(programs: pd.DataFrame, gap: pd.DataFrame) -> str:
    now, before = int(programs["awards_count"].sum()), int(programs["awards_2_before_count"].sum())
    went = "rose" if now > before else "fell" if now < before else "stayed"
    course = (
        f"stayed at {words.count(now)}" if now == before else f"{went} from {words.count(before)} to {words.count(now)}"
    )
    share = gap["at_most_pct"].iloc[0] if len(gap) else None
    needed = (
        "is there a way in for everyone who applies, and what limits it: instructors, equipment, placements"
        if share is None or words.missing(share) or share < 50
        else "where do those who finish go, and which of the programs have more applicants than places"
    )
    return f"Awards in these programs {course} in two years: {needed}?"


def _stackable(programs: pd.DataFrame, you: str) -> str:
    fields, both = int(programs["certificate_cells_count"].iloc[0]), int(programs["both_cells_count"].iloc[0])
    if not fields:
        return f"No certificate in these fields was given by {you}: would a shorter first step bring more people in?"
    counted = (
        f"In {words.count(both)} of your {_many(fields, 'field')} with a certificate you also give the associate degree"
        if you == "you"
        else f"Of {_many(fields, 'field')} with a certificate, each at one college, {words.count(both)} also have the associate "
        "degree there"
    )
    return (
        f"{counted}: which credits carry on from the one to the other, and which credentials do employers here ask for?"
    )


def _work_based(programs: pd.DataFrame) -> str:
    first = programs.iloc[0]
    largest = f"{first['title']} is the largest program, with {_many(int(first['awards_count']), 'award')}"
    return (
        f"{largest}: how many of its learners work with an employer before they finish, and how many could come to us?"
    )


def _many(count: int, what: str) -> str:
    return f"{words.count(count)} {what}{'' if count == 1 else 's'}"


def body(shown: Sheet) -> str:
    """The sheet as HTML without a page around it. Whatever comes from data is escaped; no heading outranks those of a page."""
    figures = "".join(
        f"<div class='sheet-figure'><div class='value'>{html.escape(f.value)}</div><div>{html.escape(f.label)}</div>"
        f"<div class='note'>{html.escape(f.note)}</div></div>"
        for f in shown.figures
    )
    questions = "".join(f"<li>{html.escape(q)}</li>" for q in shown.questions)
    return (
        f"<article class='sheet' aria-label='Meeting sheet'><p class='kind'>Meeting sheet</p>"
        f"<p class='who'>{html.escape(shown.who)}</p><p class='about'>{html.escape(shown.about)}</p>"
        f"<p class='part'>Three figures</p><div class='sheet-figures'>{figures}</div>"
        f"<p class='part'>Three questions</p><ol>{questions}</ol>"
        f"<p class='part'>One offer</p><p class='offer'>{html.escape(shown.offer.what)}</p>"
        f"<p class='note'>{html.escape(shown.offer.figure)}</p>"
        "<p class='part note'>Not counted: high school CTE, apprenticeships, noncredit and employer training. Fewer awards than "
        "openings is not by itself a lack of people: they also come from other occupations and places. Matches follow a federal "
        f"list.</p><p class='note'>Sources: {html.escape(' '.join(shown.sources))} Build "
        f"{html.escape(shown.build_id)}.</p></article>"
    )


STYLE = """
@page { size: letter; margin: .6in }
body { font: 14px/1.4 Arial, Helvetica, 'Liberation Sans', sans-serif; color: #1B1F27; max-width: 7.3in; margin: 0 auto }
p { margin: .3em 0 }
ol { padding-left: 1.3em; margin: .4em 0 }
li { margin: .5em 0 }
.kind { color: #8F3213; font-weight: 700; font-size: 12px }
.who { font-size: 25px; font-weight: 700; line-height: 1.15 }
.about { font-size: 15px; color: #3A404B }
.part { font-weight: 700; border-top: 2px solid #1B1F27; padding-top: .4em; margin-top: 1.3em }
.sheet-figures { display: grid; grid-template-columns: repeat(3, 1fr); gap: 0 1.2em }
.value { font-size: 25px; font-weight: 700; color: #C4451C }
.offer { font-size: 16px }
.note { font-size: 11px; color: #3A404B }
"""


def page(shown: Sheet) -> str:
    """The sheet as a page of its own that prints on one Letter page and loads nothing from outside."""
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>Meeting sheet: {html.escape(shown.who)}</title>"
        f"<style>{STYLE}</style>{body(shown)}</html>\n"
    )
