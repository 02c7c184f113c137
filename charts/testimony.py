"""What a person can say before a committee, and prove: a script of two minutes, answers to what will be asked, and a zip.

A person's own words are text that stands apart: nothing here lets them change a headline, a figure or a source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import pandas as pd

from charts import (
    anatomy,
    brief,
    could_fill,
    export,
    export_cite,
    export_stamp,
    secondary_mix,
    stability,
    ways_in,
    words,
)
from charts.actions import PRINCIPLES
from charts.brief import Brief
from charts.chart import Chart, all_charts
from charts.export_stamp import Stamp
from charts.scope import AWARD_LABELS, DEMAND_LABELS, Scope
from etl.errors import AtlasError
from etl.warehouse.read import Reader
from measures.scopes import AWARD_SCOPES, demand_scope_column

#: How the stamp of a script begins; the principle of its action follows.
STAMPED = "testimony-"
#: A script has fewer words than this: two minutes at an unhurried pace.
WORDS = 250
#: Characters and lines of a person's own words.
OWN_CHARACTERS, OWN_LINES = 1000, 14
OWN_WORDS = "In the words of whoever presents this"
OWN_WORDS_NOTE = "Not computed and not checked by this dashboard."
APPRENTICESHIP = ways_in.ON_THE_JOB[0]
#: The tables behind the answers.
TABLES = ("gap_by_cluster", "gap_by_state", "gap_by_way_in", "cte_enrollment")


@dataclass(frozen=True)
class Script:
    """A short statement. ``paragraphs`` are to be spoken in order; ``source`` is the line under them; ``about`` is the figure
    that ties the action to the place, for whoever is asked about it."""

    paragraphs: tuple[str, ...]
    source: str
    about: str
    stamp: Stamp

    def text(self) -> str:
        """All of it as plain text, its last paragraph the build and hash."""
        return "\n\n".join((*self.paragraphs, self.source, f"{anatomy.mark_text(self.stamp)}."))

    def file(self) -> str:
        """The text as a file, its last line the stamp that ``verify`` reads."""
        return f"{self.text()}\n\n{export_stamp.text_line(self.stamp)}\n"


@dataclass(frozen=True)
class Answer:
    """A question that will be asked, and two or three sentences of answer."""

    question: str
    text: str


# ------------------------------------------------------------------ two minutes


def script(reader: Reader, scope: Scope, principle: int = 1) -> Script:
    """The statement for a place, or a pathway there, closing with the first action of a principle.

    Raises ``AtlasError`` where there are no figures.
    """
    return of_brief(brief.brief(reader, scope), reader, scope, principle)


def of_brief(made: Brief, reader: Reader, scope: Scope, principle: int = 1) -> Script:
    """The statement that says what a brief says."""
    rows = could_fill.frame(reader, scope)
    own = rows[rows["cluster"] == (scope.cluster or "all")].iloc[0]
    what, about = made.asked[list(PRINCIPLES).index(principle)]
    said = (
        f"Thank you for the time to speak about {_jobs(scope)} in {words.the(made.place)}.",
        _figures(own, scope, made),
        _held(made, scope),
        f"What is not counted: {anatomy.left_out(scope)}. People also move and study on. So this is not by "
        "itself a count of missing workers.",
        f"There is one thing that industry can do. {what}",
    )
    data = export_stamp.data_hash("\n\n".join((*said, made.source)))
    stamp = Stamp(f"{STAMPED}{principle}", urlencode(scope.query()), reader.build_id, data)
    return Script(said, made.source, about, stamp)


def _jobs(scope: Scope) -> str:
    return f"jobs in {scope.cluster}" if scope.cluster else DEMAND_LABELS[scope.demand]


def _figures(own: pd.Series, scope: Scope, made: Brief) -> str:
    """Openings and what awards could fill of them, both variants."""
    total, without = float(own["openings_annual_count"] or 0), float(own["openings_growth_and_exits_count"] or 0)
    if not total:
        return f"{made.headline}."
    base, year = int(own["base_year"]), int(own["award_year"])
    estimated = "" if scope.state == "US" else ", estimated for the state from national projections"
    opening = "opening" if round(total) == 1 else "openings"
    return (
        f"A year brings about {words.short_count(total)} {opening} here, {words.short_count(without)} if people changing "
        f"occupation are left out: yearly averages for {base}–{(base + 10) % 100}{estimated}. {made.headline}. The awards "
        f"are those of {year - 1}–{year % 100}, and none is used twice."
    )


def _held(made: Brief, scope: Scope) -> str:
    """The findings that hold under every set of assumptions, each with its badge; that there is none, else."""
    if made.findings_note == stability.NOT_TRIED:
        return "Whether this holds under other assumptions has not been tried for this choice of awards and jobs."
    if not made.findings:
        return f"No finding about {scope.cluster or 'this place'} holds under all assumptions tried, so I state the figures alone."
    return f"What holds under every set of assumptions tried: {' '.join(made.findings)}"


def hash_of(text: str) -> str:
    """The hash of a script's words, read back from its file: all but the two last paragraphs, which name build and hash."""
    return export_stamp.data_hash("\n\n".join(text.replace("\r\n", "\n").strip().split("\n\n")[:-2]))


def hash_now(reader: Reader, scope: Scope, what: str) -> str:
    """The hash of the script that today's warehouse gives for what a stamp names; empty where that is no script."""
    known = {f"{STAMPED}{principle}": principle for principle in PRINCIPLES}
    return script(reader, scope, known[what]).stamp.data if what in known else ""


# ------------------------------------------------------------------ they will ask


def answers(reader: Reader, scope: Scope) -> tuple[Answer, ...]:
    """Six answers, with figures of the place, and of the pathway, where there are any."""
    rows = could_fill.frame(reader, scope)
    if rows.empty or scope.cluster not in {"", *rows["cluster"]}:
        raise AtlasError(could_fill.CHART.nothing(scope))
    own, jobs = rows[rows["cluster"] == (scope.cluster or "all")].iloc[0], _occupations(reader, scope)
    return (
        Answer("Do people not come to these jobs from other occupations?", _changers(own, scope)),
        Answer("What about noncredit training and training by employers?", _noncredit(jobs, own, scope)),
        Answer("What about apprentices?", _apprentices(reader, jobs, own, scope)),
        Answer("And CTE in high schools?", _high_school(reader, own, scope)),
        Answer("Who says which program leads to which job?", _crosswalk(reader, own, scope)),
        Answer("How old are these figures?", _age(reader)),
    )


def _where(own: pd.Series, scope: Scope) -> str:
    place = f"in {words.the(own['state_name'])}"
    return f"in {scope.cluster} {place}" if scope.cluster else place


def _changers(own: pd.Series, scope: Scope) -> str:
    total, without = own["openings_annual_count"], own["openings_growth_and_exits_count"]
    if words.missing(total) or not total:
        return (
            f"There are no yearly openings {_where(own, scope)} to say it of. Elsewhere both figures are given, with and without "
            "those that people leave for another occupation."
        )
    changers = total - without
    return (
        f"They do, and they also leave: of {words.count(total)} yearly openings {_where(own, scope)}, {words.count(changers)} "
        f"({100 * changers / total:.0f} of every 100) come from people changing occupation. That is why there are two "
        f"figures: awards could fill at most {own['at_most_pct']:.0f} of every 100 of all openings, "
        f"{_or_none(own['at_most_growth_and_exits_pct'])} of every 100 without those. No public figure says how "
        "many openings are filled by people from other occupations."
    )


def _or_none(value: float) -> str:
    return "none" if words.missing(value) else f"{value:.0f}"


def _occupations(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per career-training occupation of the place, or of the pathway there, most openings first: ``title``,
    ``way_in``, yearly openings in both variants, and ``is_elsewhere``, whether its people are mostly trained where no award
    is counted."""
    return reader.frame(
        f"""
        SELECT o.title, o.way_in, t.soc_code IS NOT NULL AS is_elsewhere,
               max(openings_annual_count) FILTER (WHERE demand_variant = 'openings') AS openings_annual_count,
               max(openings_annual_count) FILTER (WHERE demand_variant = 'growth_and_exits') AS openings_growth_and_exits_count
        FROM gap_by_occupation g JOIN occupation o USING (soc_code) JOIN state s USING (state_fips)
        LEFT JOIN trained_outside_record t USING (soc_code)
        WHERE s.state_abbr = $state AND {_IN_PATHWAY}
        GROUP BY ALL ORDER BY openings_annual_count DESC NULLS LAST, o.title
        """,
        {"state": scope.state, "pathway": scope.cluster, "framework": could_fill.FRAMEWORK},
    )


#: Whether the occupation ``o`` is in the pathway asked for; every one is, where none is.
_IN_PATHWAY = """($pathway = '' OR EXISTS (
            SELECT 1 FROM occupation_pathway p
            WHERE p.soc_code = o.soc_code AND p.framework = $framework AND p.cluster = $pathway))"""


def _noncredit(jobs: pd.DataFrame, own: pd.Series, scope: Scope) -> str:
    start = "No public record counts it state by state, so it is not in our figures; whom it trains comes in addition. "
    elsewhere = jobs[jobs["is_elsewhere"] & (jobs["openings_annual_count"] > 0)]
    if elsewhere.empty:
        return (
            f"{start}No occupation that we know to be mostly trained outside that record has an estimate of openings "
            f"{_where(own, scope)}."
        )
    few = len(elsewhere) == 1
    return (
        f"{start}{_opening(_where(own, scope))}, {len(elsewhere)} "
        f"career-training {'occupation that is' if few else 'occupations that are'} mostly trained there, such as "
        f"{words.in_sentence(elsewhere['title'].iloc[0])}, {'has' if few else 'have'} "
        f"{_both(elsewhere)}."
    )


def _opening(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _both(jobs: pd.DataFrame) -> str:
    every, without = jobs["openings_annual_count"].sum(), jobs["openings_growth_and_exits_count"].sum()
    return f"{words.count(every)} yearly openings ({words.count(without)} without people changing occupation)"


def _apprentices(reader: Reader, jobs: pd.DataFrame, own: pd.Series, scope: Scope) -> str:
    start = "They are not among the awards, and our sources do not count them by place. "
    learned = jobs[(jobs["way_in"] == APPRENTICESHIP) & (jobs["openings_annual_count"] > 0)]
    if learned.empty:
        return (
            f"{start}No career-training occupation {_where(own, scope)} that people usually enter by apprenticeship or long "
            "training on the job has yearly openings."
        )
    said = (
        f"{start}Career-training occupations {_where(own, scope)} that people usually enter by apprenticeship or long training "
        f"on the job have {_both(learned)}."
    )
    rows = ways_in.frame(reader, scope)
    route = rows[rows["way_in"] == APPRENTICESHIP]
    if scope.cluster or route.empty:
        return said
    most, most_without = route[["at_most_count", "at_most_growth_and_exits_count"]].iloc[0]
    return (
        f"{said} One year’s certificates and associate degrees could fill at most {words.count(most)} of these "
        f"({words.count(most_without)} without people changing occupation)."
    )


def _high_school(reader: Reader, own: pd.Series, scope: Scope) -> str:
    start = "A high school gives no award that the federal college record counts; those who go to work from it come in addition. "
    loaded = secondary_mix.frame(reader, Scope())
    states = f"Figures are loaded for {len(loaded)} of the 50 states and D.C."
    if scope.state == "US":
        return f"{start}There is no national figure here to set beside openings. {states}"
    here = loaded[loaded["state_name"] == own["state_name"]]
    if here.empty:
        return f"{start}{_opening(words.the(own['state_name']))}’s figures are not loaded here. {states}"
    row = here.iloc[0]
    return (
        f"{start}{own['state_name']} reported {words.count(row['students_count'])} secondary CTE concentrators in "
        f"{row['school_year']}; how many of them took such a job, no public figure says."
    )


def _crosswalk(reader: Reader, own: pd.Series, scope: Scope) -> str:
    """How many programs and occupations the federal list links, and how many of these programs gave an award here."""
    programs, occupations, given = reader.rows(
        f"""
        WITH linked AS (
            SELECT l.cip_code, l.soc_code FROM occupation_link l JOIN occupation o USING (soc_code)
            WHERE o.{demand_scope_column(scope.demand)} AND {_IN_PATHWAY}
        ), given AS (
            SELECT DISTINCT cip_code FROM program_award JOIN state USING (state_fips)
            WHERE ($state = 'US' OR state_abbr = $state) AND award_year = $year AND awards_count > 0
              AND list_contains($levels, award_level)
        )
        SELECT count(DISTINCT cip_code), count(DISTINCT soc_code),
               count(DISTINCT cip_code) FILTER (WHERE cip_code IN (SELECT cip_code FROM given))
        FROM linked
        """,
        {
            "state": scope.state, "pathway": scope.cluster, "framework": could_fill.FRAMEWORK, "year": int(own["award_year"]),
            "levels": list(AWARD_SCOPES[scope.awards]),
        },
    )[0]  # fmt: skip
    what = f"for {scope.cluster} " if scope.cluster else ""
    return (
        f"A federal list, the CIP–SOC crosswalk; it is the judgement of experts, not a count of where people went. "
        f"{_opening(what + 'it')} links {words.count(programs)} programs to {words.count(occupations)} occupations counted here "
        f"({DEMAND_LABELS[scope.demand]}); {words.count(given)} of these programs gave {AWARD_LABELS[scope.awards]} in "
        f"{words.the(own['state_name'])} in {own['award_year'] - 1}–{own['award_year'] % 100}. Each award goes to an occupation "
        "on the list, and is used once."
    )


def _age(reader: Reader) -> str:
    cited = reader.citations(TABLES)
    named = words.listed([f"{c.short_title} ({c.period_label})" if c.period_label else c.short_title for c in cited])
    last = words.day(max(c.retrieved_on for c in cited))
    return (
        f"As old as their sources: {named}. They were last retrieved on {last}. Openings are projections, so they "
        "describe years to come; awards describe a year that is over."
    )


# ------------------------------------------------------------------ a person's own words, and what is collected


def own_words(text: str) -> str:
    """A note as plain text: no characters that print nothing or turn the direction of writing, and not too long.

    >>> own_words("  We hire\\t20 a year.\\x00\\n\\n\\n\\nThank you. ")
    'We hire 20 a year.\\n\\nThank you.'
    """
    lines = [" ".join(line.split()) for line in text.replace("\r\n", "\n").split("\n")]
    kept: list[str] = []
    for line in ("".join(c for c in line if c.isprintable()) for line in lines):
        if line or (kept and kept[-1]):
            kept.append(line)
    short = [*kept[: OWN_LINES - 1], " ".join(" ".join(kept[OWN_LINES - 1 :]).split())]
    return "\n".join(short).strip()[:OWN_CHARACTERS].rstrip()


def available(reader: Reader, scope: Scope) -> tuple[Chart, ...]:
    """The charts that have figures for a view."""
    return tuple(chart for chart in all_charts().values() if not chart.frame(reader, scope).empty)


def archive(reader: Reader, scope: Scope, charts: Sequence[Chart], note: str, said: Script | None) -> bytes:
    """A zip with the script, where there is one, and, in their order, a folder per chart: data, picture and README.

    Own words are a file of their own. Raises ``AtlasError`` where a chart has no figures for the view.
    """
    files = {"script.txt": said.file().encode()} if said else {}
    contents = []
    for number, chart in enumerate(charts, start=1):
        folder = f"{number:02d}-{chart.id}"
        frame = chart.frame(reader, scope)
        if frame.empty:
            raise AtlasError(chart.nothing(scope))
        held = export.files(chart, reader, frame, scope)
        files |= {f"{folder}/{name}": content for name, content in held.items()}
        contents.append(f"{number}. {chart.finding(frame, scope)} ({folder}; {chart.badge(reader, scope)})")
    words_file = (
        {"own-words.txt": f"{OWN_WORDS}\n{OWN_WORDS_NOTE}\n\n{own_words(note)}\n".encode()} if own_words(note) else {}
    )
    about = "own-words.txt holds the words of whoever presents this; they are neither computed nor checked."
    readme = [
        f"# {export_cite.NAME}: testimony",
        "script.txt is the computed statement." if said else "",
        "Each folder holds a chart’s data, picture, method, citation and licence.",
        "\n".join(contents),
        about if words_file else "",
        f"Build {reader.build_id}. `python -m charts verify FILE` says whether the figures are those of the current warehouse.",
    ]
    return export.zipped({"README.md": ("\n\n".join(filter(None, readme)) + "\n").encode(), **files, **words_file})
