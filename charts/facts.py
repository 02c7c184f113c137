"""The few figures that open a page, each a sentence with its number, its period and both variants where there are two."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from charts import could_fill, vacancies_per_hire, vacancy_rate_history, words
from charts.scope import AWARD_LABELS, DEMAND_LABELS, Scope
from etl.warehouse.read import Reader


@dataclass(frozen=True)
class Fact:
    """A figure, what it is, and what limits it."""

    value: str
    label: str
    note: str


TABLES = ("turnover_monthly", "industry_shortage", "gap_by_state", "gap_by_cluster")


def overview(reader: Reader, scope: Scope) -> list[Fact]:
    """Four facts: vacancies, vacancies per hire, yearly openings, and what awards could fill."""
    rates, hires, gap = (chart.frame(reader, scope) for chart in (vacancy_rate_history, vacancies_per_hire, could_fill))
    return [*_vacancies(rates, hires, scope), *_openings(gap, scope)]


def _vacancies(rates: pd.DataFrame, hires: pd.DataFrame, scope: Scope) -> list[Fact]:
    code = scope.industry or "000000"
    own, per_hire = rates[rates["industry_code"] == code], hires[hires["industry_code"] == code].iloc[0]
    last = own.iloc[-1]
    who = "all industries" if code == "000000" else words.in_sentence(last["title"])
    usual = f"{per_hire['usual_low']:.2f} to {per_hire['usual_high']:.2f} in the middle half of months since 2001"
    return [
        Fact(
            f"{last['vacancy_rate_pct']:.1f} %",
            f"of jobs in {who} were vacant, {words.month(last['month'])}",
            f"United States. Average 2001–2019: {vacancy_rate_history.average_before_2020(own):.1f} %",
        ),
        Fact(
            f"{per_hire['vacancies_per_hire']:.2f}",
            f"vacancies for every hire, {words.month(per_hire['month'])}",
            f"United States, {who}. {usual[0].upper() + usual[1:]}",
        ),
    ]


def _openings(gap: pd.DataFrame, scope: Scope) -> list[Fact]:
    row = gap[gap["cluster"] == (scope.cluster or "all")].iloc[0]
    where = f"{row['state_name']}, {scope.cluster or DEMAND_LABELS[scope.demand]}"
    if not row["openings_annual_count"]:
        return [Fact("none", "yearly openings have an estimate here", where)]
    year = int(row["award_year"])
    return [
        Fact(
            words.short_count(row["openings_annual_count"]),
            f"openings a year, {row['base_year']}–{(row['base_year'] + 10) % 100}",
            f"{where}. {words.short_count(row['openings_growth_and_exits_count'])} without people changing occupation",
        ),
        Fact(
            f"{row['at_most_pct']:.0f} to {row['at_most_growth_and_exits_pct']:.0f} of 100",
            "openings could be filled by one year’s awards, at most",
            f"{AWARD_LABELS[scope.awards].capitalize()}, {year - 1}–{year % 100}; the second figure without people changing "
            "occupation",
        ),
    ]


#: The industries that the vision named in 2016 -> the JOLTS industries that come closest, the closest first.
NAMED = {
    "information": ("510000",),
    "health care": ("620000", "600000"),
    "manufacturing": ("300000",),
}


@dataclass(frozen=True)
class _Today:
    """An industry's newest vacancy rate and vacancies per hire, of one month."""

    title: str
    month: pd.Timestamp
    vacancy_rate_pct: float
    vacancies_per_hire: float


def vision_today(reader: Reader) -> str:
    """What the vision cited in 2016, and what today's vacancies say of the industries that it named.

    Where the closest industry's series ended over a year before the newest month, the next closest stands in, and the
    sentence says so.
    """
    rows = reader.frame(
        """
        SELECT industry_code, i.title, month, max(value) FILTER (indicator = 'vacancy_rate') AS vacancy_rate_pct,
               max(value) FILTER (indicator = 'vacancies_per_hire') AS vacancies_per_hire
        FROM industry_shortage JOIN industry i USING (industry_code) WHERE list_contains($codes, industry_code)
        GROUP BY industry_code, i.title, month HAVING vacancy_rate_pct IS NOT NULL AND vacancies_per_hire IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY industry_code ORDER BY month DESC) = 1
        """,
        {"codes": [code for codes in NAMED.values() for code in codes]},
    )
    newest = {
        r.industry_code: _Today(r.title, r.month, r.vacancy_rate_pct, r.vacancies_per_hire) for r in words.each(rows)
    }
    oldest = max(today.month for today in newest.values()) - pd.DateOffset(months=12)
    parts = [_named(name, [newest[code] for code in codes], oldest) for name, codes in NAMED.items()]
    return (
        "The vision cited about 40 percent of employers in 2016 who could not find talent, above all in information technology, "
        f"health science and manufacturing; today’s vacancies say: {'; '.join(parts)}."
    )


def _named(name: str, candidates: list[_Today], oldest: pd.Timestamp) -> str:
    closest = candidates[0]
    today = next((t for t in candidates if t.month >= oldest), closest)
    who = name if today is closest else words.in_sentence(today.title)
    old = (
        ""
        if today is closest
        else f" ({words.in_sentence(closest.title)} alone: {_values(closest)}, where its series ends)"
    )
    return f"{who} {_values(today)}{old}"


def _values(today: _Today) -> str:
    return (
        f"{today.vacancy_rate_pct:.1f} percent of jobs vacant, {today.vacancies_per_hire:.1f} vacancies per hire in "
        f"{words.month(today.month)}"
    )
