"""Headings, cluster names, years, levels and marks as people write them, read into the warehouse's own.

Cluster names are matched word by word: an abbreviation is a beginning of its word or stands in a short list, a typing
error is a word that is nearly the same. A name that fits two clusters about as well fits neither: a person is asked.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from etl.codes import FRAMEWORK_2002, FRAMEWORK_2024, STATES

OTHER = "Other"
#: The clusters of each framework, as the warehouse names them.
CLUSTERS: Mapping[str, tuple[str, ...]] = {
    FRAMEWORK_2002: (
        "Agriculture, Food & Natural Resources",
        "Architecture & Construction",
        "Arts, Audio/Video Technology & Communications",
        "Business Management & Administration",
        "Education & Training",
        "Finance",
        "Government & Public Administration",
        "Health Science",
        "Hospitality & Tourism",
        "Human Services",
        "Information Technology",
        "Law, Public Safety, Corrections & Security",
        "Manufacturing",
        "Marketing",
        "Science, Technology, Engineering & Mathematics",
        "Transportation, Distribution & Logistics",
    ),
    FRAMEWORK_2024: (
        "Advanced Manufacturing",
        "Agriculture",
        "Arts, Entertainment, & Design",
        "Construction",
        "Digital Technology",
        "Education",
        "Energy & Natural Resources",
        "Financial Services",
        "Healthcare & Human Services",
        "Hospitality, Events, & Tourism",
        "Management & Entrepreneurship",
        "Marketing & Sales",
        "Public Service & Safety",
        "Supply Chain & Transportation",
    ),
}
#: What stands for several words, or begins otherwise than its word.
ABBREVIATIONS = {
    "ag": "agriculture", "av": "audio video", "adv": "advanced", "bus": "business", "ed": "education",
    "eng": "engineering", "engr": "engineering", "ent": "entertainment", "entmt": "entertainment", "fin": "finance",
    "gov": "government", "govt": "government", "hlth": "health", "hosp": "hospitality", "info": "information",
    "it": "information technology", "math": "mathematics", "maths": "mathematics", "mfg": "manufacturing",
    "mgmt": "management", "mgt": "management", "mktg": "marketing", "mkt": "marketing", "nat": "natural", "sci": "science",
    "stem": "science technology engineering mathematics", "svc": "services", "svcs": "services", "svs": "services",
    "tech": "technology", "tdl": "transportation distribution logistics", "trans": "transportation",
}  # fmt: skip
_FILLERS = frozenset({"and", "the", "of", "career", "cluster", "pathway", "pathways", "clusters", "program", "cte"})
_VAGUE = frozenset(
    [
        "services",
        "service",
        "training",
        "management",
        "administration",
        "communications",
        "resources",
        "advanced",
        "public",
    ]
)
#: A name is taken for a cluster from this likeness on, when no other cluster comes within :data:`LEAD`.
LIKENESS, LEAD = 0.75, 0.08
_SAME_WORD = 0.8


class Match(NamedTuple):
    """What a name may mean: the likeliest cluster of a framework and its likeness, 0 to 1; '' where none is likely enough
    or two are about as likely, which ``candidates`` then names."""

    cluster: str
    likeness: float
    candidates: tuple[str, ...]


def letters(text: str) -> str:
    """Letters and digits only, without accents, so that points and blanks do not make another heading of one."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z0-9]", "", plain)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("a/v", "av"))
    found = []
    for word in re.findall(r"[a-z]+|\d+", plain):
        found += ABBREVIATIONS.get(word, word).split()
    return [w for w in found if w not in _FILLERS]


@cache
def _same(word: str, other: str) -> float:
    """How alike two words are: 1 for the same word or a beginning of it of three letters or more."""
    if word == other or (len(word) >= 3 and other.startswith(word)):
        return 1.0
    if len(word) < 4:
        return 0.0
    ratio = difflib.SequenceMatcher(None, word, other).ratio()
    return ratio if ratio >= _SAME_WORD and word[0] == other[0] else 0.0


@cache
def _in_clusters(word: str, framework: str) -> int:
    """In how many clusters' names a word stands."""
    return sum(any(_same(word, w) for w in _words(c)) for c in CLUSTERS[framework])


def _likeness(words: list[str], cluster: str, framework: str) -> float:
    """Seven tenths for how many of the name's words are the cluster's, three for how many of the cluster's words it has.

    A single word must be no other cluster's, nor one that says little: "Science" and "Services" alone could be anyone's.
    """
    wanted = _words(cluster)
    best = [max(_same(w, c) for c in wanted) for w in words]
    held = [max(_same(w, c) for w in words) for c in wanted]
    if len(words) == 1 and (words[0] in _VAGUE or _in_clusters(words[0], framework) > 1):
        return 0.0
    return 0.7 * sum(best) / len(best) + 0.3 * sum(held) / len(held)


@cache
def match_cluster(label: str, framework: str) -> Match:
    """The cluster of a framework that a name means."""
    words = _words(label)
    key = letters(label)
    if not words or len(label) > 120:
        return Match("", 0.0, ())
    if key in {"other", "otherspecify", "othercluster", "otherclusters", "notspecified", "unclassified"}:
        return Match(OTHER, 1.0, ())
    for cluster in CLUSTERS[framework]:
        if letters(cluster) == key:
            return Match(cluster, 1.0, ())
    scored = sorted(
        ((_likeness(words, c, framework), c) for c in CLUSTERS[framework]), key=lambda pair: (-pair[0], pair[1])
    )
    (first, cluster), (second, _) = scored[:2]
    likely = tuple(c for score, c in scored if score >= LIKENESS)
    if first >= LIKENESS and first - second >= LEAD:
        return Match(cluster, first, ())
    return Match("", first, likely)


# ------------------------------------------------------------------ headings

#: Role of a column -> headings that name it, letters only.
HEADINGS: Mapping[str, frozenset[str]] = {
    role: frozenset(words.split())
    for role, words in {
        "state": "state statename stateabbr stateabbreviation statefips statecode",
        "school_year": "year schoolyear yearid academicyear sy reportingyear fiscalyear programyear",
        "education_level": "educationtype educationlevel level edlevel localelevel",
        "population": "studentpopulation population subgroup studentgroup group subpopulation demographic reportingcategory",
        "district": "district districtname lea leaname localeducationagency schooldistrict schooldistrictname agency agencyname "
        "localename schoolsystem psuname consortium",
        "school": "school schoolname campus campusname highschool site building",
        "metric": "metric metricmenuname measure indicator studenttype datatype countof statistic",
        "cluster": "cluster careercluster clustername careerclustername ctecluster pathway careerpathway programarea "
        "ctecareercluster industrysector sector",
        "program": "program programcode programid topcode top6 cip cipcode",
        "total": "total totalnumberofstudents totalstudents grandtotal alllearners allclusters allstudents totalenrollment "
        "totalcount overall unduplicatedtotal totalconcentrators totalparticipants totalcompleters totalawards",
        "count": "count students studentcount studentscount numberofstudents enrollment enrolment enrolled value metricvalue "
        "headcount n number participants concentrators completers participantcount concentratorcount completercount "
        "cteparticipants cteconcentrators ctecompleters awards awardscount numberofawards credentials credentialcount "
        "graduates",
        "soc_code": "soccode soc occupationcode socode occcode",
        "soc_title": "occupationaltitle occupationtitle title occupation soctitle",
        "soc_level": "soclevel hierarchy occupationlevel",
        "openings": "totaljobopenings openings totalopenings jobopenings annualopenings averageannualopenings "
        "annualaverageopenings avgannualopenings openingsannualcount totalannualopenings annualjobopenings "
        "averageannualjobopenings",
    }.items()
}
MEASURES = ("participants", "concentrators", "completers")
#: Headings that say whom they count.
_COUNTS_WHOM = {"participant": "participants", "concentrator": "concentrators", "completer": "completers"}


def heading_role(heading: str) -> str:
    """What a column holds by its heading; '' where the heading does not say. Footnote marks such as ``[3]`` are passed over."""
    key = letters(re.sub(r"\[[^\]]*\]|\(\d+\)", "", heading))
    return next((role for role, known in HEADINGS.items() if key in known), "")


def measure_named(text: str) -> str:
    """The one measure that a text names; '' where it names none or several.

    >>> measure_named("CTE Concentrators 2023"), measure_named("students")
    ('concentrators', '')
    """
    named = {measure for word, measure in _COUNTS_WHOM.items() if word in letters(text)}
    return named.pop() if len(named) == 1 else ""


# ------------------------------------------------------------------ values

_LEVELS = {
    "secondary": "secondary", "highschool": "secondary", "hs": "secondary", "k12": "secondary", "912": "secondary",
    "postsecondary": "postsecondary", "college": "postsecondary", "communitycollege": "postsecondary",
    "technicalcollege": "postsecondary", "cc": "postsecondary",
}  # fmt: skip
_TOTALS = frozenset(
    [
        "total",
        "totals",
        "grandtotal",
        "all",
        "allstudents",
        "statetotal",
        "statewide",
        "state",
        "alldistricts",
        "allclusters",
        "alllearners",
        "overall",
        "subtotal",
        "allschools",
        "districttotal",
        "districtwide",
        "totalstudents",
        "allpopulations",
    ]
)
_SEX = frozenset(["male", "female", "males", "females", "men", "women", "boys", "girls", "m", "f", "nonbinary"])
_RACE_WORDS = (
    "indian",
    "asian",
    "black",
    "hispanic",
    "latino",
    "hawaiian",
    "pacific",
    "white",
    "race",
    "multiracial",
    "unknown",
)


def education_level(text: str) -> str:
    """secondary or postsecondary; '' where a text says neither."""
    return _LEVELS.get(letters(text), "")


def school_year(text: str) -> str:
    """A school year as ``2020-21``; '' for what is none, and for a lone year, of which nobody knows which end it is.

    >>> school_year("2020-2021"), school_year("SY 2020/21"), school_year("2021"), school_year("2020-25")
    ('2020-21', '2020-21', '', '')
    """
    found = re.fullmatch(r"(?:sy|school year)?\s*((?:19|20)\d\d)\s*[-/–—]\s*((?:19|20)?\d\d)", text.strip().casefold())
    if not found:
        return ""
    first, second = int(found[1]), found[2]
    follows = int(second) == first + 1 if len(second) == 4 else int(second) == (first + 1) % 100
    return f"{first}-{(first + 1) % 100:02d}" if follows else ""


def state_fips(text: str, names: Mapping[str, str]) -> str:
    """The code of a state by name (``names``: name -> code), abbreviation or code; '' where there is none."""
    said = text.strip().casefold()
    by_name = {name.casefold(): code for name, code in names.items()} | {a.casefold(): c for a, c in STATES.items()}
    return by_name.get(said, said.zfill(2) if said.isdigit() and said.zfill(2) in STATES.values() else "")


def label(text: str) -> str:
    """A name as it is kept: without what a spreadsheet would run as a formula, in whatever file it ends up.

    >>> label("=HYPERLINK(1)"), label("Wake County")
    ('HYPERLINK(1)', 'Wake County')
    """
    return text.lstrip("=+-@'` ") or "no name"


def is_total(text: str) -> bool:
    """Whether a label names the total of what its column lists."""
    return letters(text) in _TOTALS


def population_kind(text: str) -> str:
    """sex or race where a population's name is of one of these, which each divide all students; else ''."""
    if letters(text) in _SEX:
        return "sex"
    return "race" if any(word in text.casefold() for word in _RACE_WORDS) and "disab" not in text.casefold() else ""


class Value(NamedTuple):
    """A cell that should be a count: ``number`` where it is one; else ``mark`` is 'withheld' (masked in the file), 'not
    reported' (blank), or 'wrong' (neither a count nor a known mark)."""

    number: int | None
    mark: str = ""


_MARK = re.compile(
    r"[*†‡#^]+|-+|[–—]+|n?\s*(<|≤|<=)\s*=?\s*\d{1,3}|(less|fewer) than \d{1,3}|\d{1,2}\s*(-|–|to)\s*\d{1,2}|s|ps|ds|sp|x|xx|"
    r"n/?s|supp(ressed)?\.?|redacted|masked|withheld|privacy ?suppressed|small n|too few",
    re.IGNORECASE,
)
_NOT_REPORTED = frozenset(
    {"", ".", "n/a", "na", "n.a.", "#n/a", "null", "none", "nan", "not reported", "not available", "nr"}
)
_COUNT = re.compile(r"(\d{1,3}(,\d{3})+|\d{1,12})(\.0+)?")
#: More than all pupils and students of the nation.
MOST = 90_000_000


@cache
def value(text: str) -> Value:
    """A cell as a count or a mark.

    >>> value("10,012").number, value("<10").mark, value("").mark, value("12%").mark
    (10012, 'withheld', 'not reported', 'wrong')
    """
    if _COUNT.fullmatch(text) and text.isascii():
        number = int(text.split(".")[0].replace(",", ""))
        return Value(number) if number <= MOST else Value(None, "wrong")
    if text.casefold() in _NOT_REPORTED:
        return Value(None, "not reported")
    return Value(None, "withheld" if _MARK.fullmatch(text) else "wrong")
