"""Numbers and names as a reader says them. One rounding rule for headlines, labels and text alternatives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd


class Term(NamedTuple):
    """A word that a reader may not know, and what it means here."""

    name: str
    meaning: str


#: What the words on the charts mean; a chart lists those it uses.
TERMS = {
    "vacancy": Term(
        "Vacancy",
        "a job that is open at the end of the month and could start within 30 days (JOLTS job openings). A stock: the "
        "same vacancy may be counted in several months.",
    ),
    "vacancy rate": Term("Vacancy rate", "vacancies as a percent of jobs and vacancies together."),
    "hire": Term("Hire", "anyone added to the payroll during the month, recalls included."),
    "unemployed": Term(
        "Unemployed",
        "without a job, available, and looking in the past four weeks; counted under the industry of the last job.",
    ),
    "yearly opening": Term(
        "Yearly opening",
        "a job that a newcomer to the occupation could take, as a yearly average over ten years: growth, people leaving "
        "the labour force, and people changing occupation.",
    ),
    "growth and exits": Term(
        "Growth and exits",
        "yearly openings without those that people leave for another occupation; many of those are filled by other "
        "changers.",
    ),
    "award": Term("Award", "a certificate or degree given in a year. Awards are not people: one person can earn two."),
    "career-training job": Term(
        "Career-training job",
        "people usually enter with a certificate, some college or an associate degree, or with high school and an "
        "apprenticeship, long or moderate training on the job; and registered nurses.",
    ),
    "pathway": Term(
        "Pathway",
        "one of the 14 clusters of the National Career Clusters® Framework of Advance CTE (2024). An occupation may be "
        "in several, so rows overlap and are never added up.",
    ),
    "could fill": Term(
        "Could fill",
        "the most openings that the year’s awards could fill, each award used once, by the federal list of which "
        "program leads to which occupation.",
    ),
    "at least": Term(
        "At least, at most",
        "at most is what awards could fill of these openings if other jobs wanted nobody; at least is what they fill in every "
        "way of placing as many awards as possible.",
    ),
    "in words": Term(
        "In words",
        "more openings: at least 5 of every 100 openings are left in the best case. Mismatch: that, and at least 5 of every 100 "
        "awards find no opening in their field. More awards: only the latter. Either way: it depends on where awards go. Too "
        "small: under 100 openings or 10 awards.",
    ),
    "importance": Term(
        "Importance",
        "how much a skill matters in an occupation, from 1 (not) to 5 (extremely), as O*NET’s raters judge it.",
    ),
    "mostly online": Term(
        "Mostly-online college",
        "one with over 80 of every 100 students enrolled wholly in distance courses. Its awards count in the state of its "
        "office; its students live anywhere.",
    ),
    "institution": Term(
        "Institution",
        "a college or career school in federal student aid (Title IV); schools outside it are not in the record.",
    ),
    "field": Term(
        "Field", "programs that share the first four digits of their CIP code, as all of precision metal working do."
    ),
    "upper-quarter pay": Term(
        "Upper-quarter pay",
        "what a quarter of an occupation’s workers exceed (the 75th percentile). A pathway’s is the mean of its "
        "occupations’, weighted by yearly openings.",
    ),
    "CTE teacher": Term(
        "CTE teacher",
        "a teacher of career or technical subjects: in high schools SOC 25-2032, in colleges 25-1194 (middle schools are "
        "left out).",
    ),
    "teacher shortage area": Term(
        "Teacher shortage area",
        "a subject in which a state reports to the U.S. Department of Education that it lacks teachers.",
    ),
    "SOC": Term("SOC", "the federal code list of occupations."),
    "CIP": Term("CIP", "the federal code list of programs of study."),
    "concentrator": Term(
        "Concentrator",
        "a student who has taken at least two CTE courses in one program (secondary), or 12 credits (postsecondary).",
    ),
}


def each(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a frame, a value by its column's name: ``row.title``."""
    return iter(frame.itertuples(index=False))


def missing(value: object) -> bool:
    """Whether a scalar is missing, in any of pandas' ways."""
    return bool(pd.isna(value))  # type: ignore[call-overload]


def count(value: float) -> str:
    """A count in full: 1,028,120."""
    return f"{round(value):,}"


def short_count(value: float) -> str:
    """A count for a label or a headline: 81, 4,300, 679,000, 1.03 million. Three figures are kept."""
    if abs(value) >= 999_500:
        return f"{value / 1e6:.3g} million"
    if abs(value) < 999.5:
        return f"{round(value)}"
    digits = 3 - len(str(int(abs(value))))
    return f"{round(value, digits):,.0f}"


def label_count(value: float) -> str:
    """A count for a tight place: 81, 4.3k, 679k, 1.03m."""
    if abs(value) >= 999_500:
        return f"{value / 1e6:.3g}m"
    if abs(value) < 999.5:
        return f"{round(value)}"
    if abs(value) < 9950:
        return f"{value / 1000:.1f}k"
    return f"{value / 1000:,.0f}k"


def dollars(value: float) -> str:
    """A yearly wage: $51,000."""
    return f"${round(value, -2):,.0f}"


def month(value: object) -> str:
    """A month: August 2026."""
    return f"{pd.Timestamp(value):%B %Y}"  # type: ignore[arg-type]


def day(value: date) -> str:
    """A day: 23 November 2026."""
    return f"{value.day} {value:%B %Y}"


#: Columns in which nothing to say is nothing missing.
BLANK_WHEN_MISSING = frozenset({"Note", "Mostly trained elsewhere"})


#: Columns that hold a year, which has no thousands.
YEARS = frozenset({"Fall", "May of", "Year"})


def is_number(values: pd.Series) -> bool:
    """Whether a column holds numbers, which stand at the right of their cells."""
    return bool(pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values))


def cell(value: object, heading: str) -> str:
    """A table's value as a reader reads it; what is missing says so."""
    if missing(value):
        return "" if heading in BLANK_WHEN_MISSING else "not available"
    if isinstance(value, np.generic):  # what a column of integers with missing values is made of
        value = value.item()
    if isinstance(value, pd.Timestamp):
        return month(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and not value.is_integer():
        return f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}"
    if isinstance(value, int | float):
        return f"{value:.0f}" if heading in YEARS else f"{value:,.0f}"
    return str(value)


def shortened(text: str, longest: int) -> str:
    """A text cut at a word so that it has at most ``longest`` characters, the cut marked.

    >>> shortened("Sales representatives of services", 24)
    'Sales representatives …'
    """
    if len(text) <= longest:
        return text
    return f"{text[: longest - 1].rsplit(' ', 1)[0].rstrip(',;')} …"


def short_pathway(name: str) -> str:
    """A pathway's name for a tight place: what stands before the first comma or "&".

    >>> short_pathway("Hospitality, Events, & Tourism")
    'Hospitality'
    """
    return name.split(",")[0].split(" &")[0]


def listed(items: Sequence[str]) -> str:
    """Words in a row: 'a', 'a and b', 'a, b and c'."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def in_sentence(industry: str) -> str:
    """A title as it stands within a sentence: its first letter small."""
    return industry[:1].lower() + industry[1:]


def the(place: str) -> str:
    """A place within a sentence: 'the United States', 'the District of Columbia', 'Texas'."""
    return f"the {place}" if place in {"United States", "District of Columbia"} else place


#: Where Streamlit's Markdown would make a link of an address that stands in plain text, escaped or not.
_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)


def unmarked(text: str) -> str:
    """Markdown that shows a text as it stands: what a person or an address said is never a link, a picture or a colour; what
    cannot be seen is shown as a replacement character. Addresses are broken up by a joiner that nobody sees.

    >>> unmarked("![x](y)")
    '\\\\!\\\\[x\\\\]\\\\(y\\\\)'
    """
    seen = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    broken = _ADDRESS.sub("\N{WORD JOINER}", seen)
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#+-.!|<>~$:&" else c for c in broken)
