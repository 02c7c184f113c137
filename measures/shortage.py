"""How hard it is for an industry to hire: the indicators, their place in the industry's own history, and the index.

METHODS section 5. Source of the indicators: Bureau of Labor Statistics, Job Openings and Labor Turnover Survey, and the
Current Population Survey's unemployed by industry of last job. All are stocks and flows of one month; none is to be set
on one axis with yearly openings.
"""

from __future__ import annotations

import pandas as pd

#: Indicator -> what it is, for a reader.
INDICATORS = {
    "vacancy_rate": "Vacancies as a percent of employment and vacancies",
    "vacancies_per_hire": "Vacancies at the month's end for each hire during the month",
    "quits_rate": "Quits during the month as a percent of employment",
    "layoffs_rate": "Layoffs and discharges during the month as a percent of employment",
    "unemployed_per_vacancy": "Unemployed persons whose last job was in the industry, per vacancy (12-month means)",
}
#: More of these means that it is easier to hire.
REVERSED = frozenset({"layoffs_rate", "unemployed_per_vacancy"})
WINDOWS = {"percentile_since_2001": "2001-01-01", "percentile_since_2021": "2021-01-01"}
_ELEMENTS = ["JO", "HI", "QU", "LD"]
LEAST_INDEX_PARTS = 4
#: Months with both figures that a 12-month mean needs: the household survey was not taken in October 2025.
LEAST_MONTHS = 11


def vacancies_per_hire(vacancy_rate_pct: pd.Series, hires_rate_pct: pd.Series) -> pd.Series:
    """Vacancies per hire, from the two rates.

    The vacancy rate is vacancies over employment *and vacancies*, the hires rate is hires over employment, so the
    former is brought to the base of the latter first. Missing where nobody was hired or employed.
    """
    per_job = vacancy_rate_pct / (100 - vacancy_rate_pct).where(vacancy_rate_pct < 100)
    return per_job / (hires_rate_pct / 100).where(hires_rate_pct > 0)


def unemployed_per_vacancy(unemployed_count: pd.Series, vacancies_count: pd.Series) -> pd.Series:
    """Unemployed per vacancy: the ratio of twelve-month means, over months that have both.

    Both series are indexed by month, without gaps in the index. Neither is seasonally adjusted alike, and a year's mean
    needs no adjustment. Missing where fewer than :data:`LEAST_MONTHS` of the twelve months have both figures.
    """
    both = unemployed_count.notna() & vacancies_count.notna()
    unemployed = unemployed_count.where(both).rolling(12, min_periods=LEAST_MONTHS).mean()
    vacancies = vacancies_count.where(both).rolling(12, min_periods=LEAST_MONTHS).mean()
    return (unemployed / vacancies.where(vacancies > 0)).where(both)


def midrank_percentile(values: pd.Series) -> pd.Series:
    """Where each value stands among all of them, in percent: those below it, and half of those equal to it.

    >>> midrank_percentile(pd.Series([3.0, 1.0, 2.0, 2.0])).tolist()
    [87.5, 12.5, 50.0, 50.0]
    """
    return 100 * (values.rank(method="average") - 0.5) / values.count()


def indicators(turnover: pd.DataFrame, unemployed: pd.DataFrame) -> pd.DataFrame:
    """The indicators of every industry and month.

    ``turnover``: ``month``, ``industry_code``, ``element``, ``rate_pct``, ``level_thousands`` (seasonally adjusted,
    nation). ``unemployed``: ``month``, ``industry_code``, ``unemployed_count``. Gives ``month``, ``industry_code``,
    ``indicator``, ``value``; rows without a value are left out.
    """
    key = ["month", "industry_code"]
    rate = turnover.pivot(index=key, columns="element", values="rate_pct").reindex(columns=_ELEMENTS)
    vacancies = turnover[turnover["element"] == "JO"].set_index(key)["level_thousands"] * 1000
    wide = pd.DataFrame(
        {
            "vacancy_rate": rate["JO"],
            "vacancies_per_hire": vacancies_per_hire(rate["JO"], rate["HI"]),
            "quits_rate": rate["QU"],
            "layoffs_rate": rate["LD"],
        }
    )
    counts = pd.concat([vacancies.rename("vacancies"), unemployed.set_index(key)["unemployed_count"]], axis=1)
    ratios = []
    for industry_code, rows in counts.groupby(level="industry_code"):
        series = rows.droplevel("industry_code").astype("float64").sort_index().asfreq("MS")
        ratio = unemployed_per_vacancy(series["unemployed_count"], series["vacancies"]).to_frame(
            "unemployed_per_vacancy"
        )
        ratios.append(ratio.assign(industry_code=str(industry_code)).set_index("industry_code", append=True))
    if ratios:
        wide = wide.join(pd.concat(ratios), how="outer")
    long = wide.astype("float64").reset_index().melt(id_vars=key, var_name="indicator", value_name="value")
    long = long.dropna(subset=["value"])
    return long.sort_values(["industry_code", "indicator", "month"]).reset_index(drop=True)


def with_percentiles(long: pd.DataFrame) -> pd.DataFrame:
    """The same rows with each value's mid-rank percentile in the industry's own history, in both windows."""
    result = long.copy()
    for column, start in WINDOWS.items():
        window = long[long["month"] >= pd.Timestamp(start)]
        ranked = window.groupby(["industry_code", "indicator"])["value"].transform(midrank_percentile)
        result[column] = ranked.reindex(long.index)
    return result


def with_index(ranked: pd.DataFrame, compared: list[str]) -> pd.DataFrame:
    """The same rows, and the index of each compared industry and month.

    The index is the mean of the percentiles, those in :data:`REVERSED` counted from the top. A month's index rests on
    the parts that every compared industry has in that month, so that no industry is judged by other parts than its
    neighbours; under :data:`LEAST_INDEX_PARTS` such parts there is none. ``value`` is the index since 2021, as is
    ``percentile_since_2021``; ``percentile_since_2001`` is the index in the longer window.
    """
    rows = ranked[ranked["industry_code"].isin(compared)]
    in_all = rows.groupby(["month", "indicator"])["industry_code"].transform("nunique") == len(compared)
    rows = rows[in_all]
    parts = rows.groupby(["month", "industry_code"])["indicator"].transform("count")
    rows = rows[parts >= LEAST_INDEX_PARTS].copy()
    reverse = rows["indicator"].isin(REVERSED)
    for column in WINDOWS:
        rows[column] = rows[column].where(~reverse, 100 - rows[column])
    index = rows.groupby(["month", "industry_code"])[list(WINDOWS)].mean(numeric_only=True).reset_index()
    index["indicator"] = "index"
    index["value"] = index["percentile_since_2021"]
    return pd.concat([ranked, index.dropna(subset=["percentile_since_2001"])], ignore_index=True)
