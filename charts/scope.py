"""What a view is about: the place, industry, pathway and assumptions that its address carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from etl.warehouse.read import Reader

FRAMEWORK = "14 clusters (2024)"

AWARD_LABELS = {
    "sub-baccalaureate": "certificates and associate degrees",
    "certificates": "certificates",
    "associate": "associate degrees",
    "bachelor": "bachelor’s degrees",
    "all": "all awards",
}
DEMAND_LABELS = {
    "career-prep": "career-training jobs",
    "middle-skills": "middle-skill jobs",
    "bachelor": "bachelor’s-level jobs",
    "all": "all occupations with a program",
}
ONLINE_LABELS = {
    "": "counted",
    "left-out": "left out",
}
WINDOW_LABELS = {
    "": "since 2021",
    "2001": "since 2001",
}
INDICATOR_LABELS = {
    "": "vacancies per hire",
    "vacancy_rate": "vacancy rate",
    "index": "index of up to five indicators",
}
#: Between a pathway and its part, in the scope's value and in what a person reads.
PART_MARK = ": "


@dataclass(frozen=True)
class Scope:
    """The shared scope. ``state`` is a postal abbreviation ('US' is the nation), ``compare`` a second one ('' for none),
    ``industry`` a JOLTS code ('' for all), ``pathway`` a career cluster, or "cluster: sub-cluster" ('' for all), ``year``
    the year an award year ends in (0 for the newest).

    Three parts belong to some charts alone: ``online`` (awards of mostly-online colleges), ``window`` (of percentiles) and
    ``indicator`` (of an industry's shortage).
    """

    state: str = "US"
    compare: str = ""
    industry: str = ""
    pathway: str = ""
    awards: str = "sub-baccalaureate"
    demand: str = "career-prep"
    year: int = 0
    online: str = ""
    window: str = ""
    indicator: str = ""

    @property
    def cluster(self) -> str:
        """The career cluster that ``pathway`` is, or is a part of; '' for all."""
        return self.pathway.split(PART_MARK, 1)[0]

    @property
    def subcluster(self) -> str:
        """The sub-cluster that ``pathway`` is; '' where it is a whole cluster or all."""
        return self.pathway.partition(PART_MARK)[2]

    def query(self) -> dict[str, str]:
        """The parts of an address that open this view again; what is default is left out."""
        return {f.name: str(getattr(self, f.name)) for f in fields(self) if getattr(self, f.name) != f.default}

    def but(self, **changes: str | int) -> Scope:
        """This scope with some parts changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Choices:
    """What each part of a scope may be: value -> label, in the order to offer it."""

    states: Mapping[str, str]
    industries: Mapping[str, str]
    pathways: Mapping[str, str]
    years: tuple[int, ...]
    neighbours: Mapping[str, tuple[str, ...]]
    """State -> the states that touch it, by postal abbreviation."""

    @classmethod
    def of(cls, reader: Reader) -> Choices:
        """The choices that the warehouse has data for."""
        states = reader.rows("SELECT state_abbr, state_name FROM state ORDER BY state_fips <> '00', state_name")
        industries = reader.rows(
            "SELECT industry_code, title FROM industry WHERE display_level = 2 AND industry_code NOT LIKE '9%' "
            "OR industry_code = '900000' ORDER BY industry_code"
        )
        pathways = reader.rows(
            "SELECT DISTINCT cluster, subcluster FROM occupation_pathway WHERE framework = ? ORDER BY 1, 2 NULLS FIRST",
            [FRAMEWORK],
        )
        years = reader.rows("SELECT DISTINCT award_year FROM program_award ORDER BY 1 DESC")
        neighbours = reader.rows(
            "SELECT s.state_abbr, list(n.state_abbr ORDER BY n.state_name) FROM state_neighbour JOIN state s USING (state_fips) "
            "JOIN state n ON n.state_fips = neighbour_fips GROUP BY 1 ORDER BY 1"
        )
        return cls(
            states=dict(states),
            industries={"": "All industries", **dict(industries)},
            pathways={"": "All pathways", **{name: name for name in _with_parts(pathways)}},
            years=tuple(y for (y,) in years),
            neighbours={state: tuple(beside) for state, beside in neighbours},
        )

    def options(self) -> dict[str, Mapping[str, str]]:
        """Value -> label of every part, as text."""
        return {
            "state": self.states,
            "compare": {"": "No comparison", **{k: v for k, v in self.states.items() if k != "US"}},
            "industry": self.industries,
            "pathway": self.pathways,
            "awards": AWARD_LABELS,
            "demand": DEMAND_LABELS,
            "year": {"0": "newest", **{str(y): f"{y - 1}–{y % 100:02d}" for y in self.years}},
            "online": ONLINE_LABELS,
            "window": WINDOW_LABELS,
            "indicator": INDICATOR_LABELS,
        }


def _with_parts(rows: Sequence[tuple[str, str | None]]) -> Iterator[str]:
    """Each cluster, followed by its sub-clusters."""
    last = ""
    for cluster, subcluster in rows:
        if cluster != last:
            yield cluster
        if subcluster:
            yield f"{cluster}{PART_MARK}{subcluster}"
        last = cluster


def parse(values: Mapping[str, str], choices: Choices) -> tuple[Scope, list[str]]:
    """The scope that an address or a command line asks for, and a sentence for each value that is not known.

    An unknown value falls back to the default. Values are only ever compared with what is offered: none of them becomes
    part of a query's text.
    """
    notices, known = [], {}
    options = choices.options()
    for name, value in values.items():
        if name not in options:
            continue
        match = next((o for o in options[name] if o.casefold() == value.strip().casefold()), None)
        if match is None:
            shown = value.strip()[:40]
            notices.append(f"There is no {name} “{shown}” here; the view shows the default instead.")
        else:
            known[name] = int(match) if name == "year" else match
    return Scope(**known), notices  # type: ignore[arg-type]
