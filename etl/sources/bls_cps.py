"""BLS Current Population Survey: the nation's unemployed, by the industry of their last job.

What to know before using it:

* Labels of these series in public code are often shifted by one. The ids below follow the publisher's own
  titles ("Unemployment Level - Construction Industry, Private Wage And Salary Workers"), with one id to an
  industry: the level is ``LNU03`` and the rate ``LNU04`` before the same six digits. Rates of other ids are
  left out, whatever they look like.
* These are private wage and salary workers by the industry of their last job, not seasonally adjusted;
  JOLTS counts establishments' vacancies. Mining here is without logging, and government is all government
  workers.
* Trade and transportation are two series that JOLTS has as one industry: 400000 is their sum, and has no
  rate, because the publisher gives none for the two together.
* The nation's total (``LNS``) is seasonally adjusted and covers all persons, those who never worked
  included. It is the only one with a published labour force; for industries the labour force is NULL.
* Levels are published in thousands and kept as persons. Levels and rates may cover different months.
  Nothing was collected for October 2025: that month has no row.
* The live file is 390 MB with some 60,000 series, and 48 are needed: the Bureau's interface gives these in 2
  requests of the 500 a day that a registration key allows, or 6 of the 25 without one. So the interface is
  asked first. Where it cannot be had (nobody answers, the day's requests are used up) and wherever a mirror is
  set, the flat file is read, filtered while it is read. Both give the same rows.
"""

from __future__ import annotations

import pandas as pd

from etl import bls_api, bls_flat
from etl.errors import AtlasError
from etl.source import Frames, RawFiles, Remote, Source
from etl.tabular import AGAIN

DATA = "ln.data.1.AllData"
API = "ln.api.json"
#: The industries' series begin then.
FIRST_YEAR = 2000

#: The last six digits of a level's (LNU03) and its rate's (LNU04) id, and the JOLTS industry they describe.
INDUSTRY_SERIES: dict[str, str] = {
    "032229": "100000",  # nonagriculture, private wage and salary workers
    "032230": "110099",  # mining, quarrying, and oil and gas extraction
    "032231": "230000",  # construction
    "032232": "300000",  # manufacturing
    "032233": "320000",  # durable goods
    "032234": "340000",  # nondurable goods
    "034154": "420000",  # wholesale trade
    "034163": "440000",  # retail trade
    "032236": "480099",  # transportation and utilities
    "032237": "510000",  # information
    "032238": "510099",  # financial activities
    "034199": "520000",  # finance and insurance
    "034208": "530000",  # real estate and rental and leasing
    "032239": "540099",  # professional and business services
    "032240": "600000",  # education and health services
    "034236": "610000",  # educational services
    "034239": "620000",  # health care and social assistance
    "032241": "700000",  # leisure and hospitality
    "034253": "710000",  # arts, entertainment, and recreation
    "034256": "720000",  # accommodation and food services
    "032242": "810000",  # other services
    "032243": "900000",  # government wage and salary workers
}

#: Wholesale and retail trade; transportation and utilities. Their levels add up to JOLTS 400000.
TRADE_AND_TRANSPORT = ("LNU03032235", "LNU03032236")

#: The nation, seasonally adjusted: unemployed, labour force, rate.
NATION_SERIES: dict[str, str] = {
    "LNS13000000": "unemployed_count",
    "LNS11000000": "labour_force_count",
    "LNS14000000": "rate_pct",
}

#: Without one of these main industries there is nothing to compare; the others may be missing.
MAIN_INDUSTRIES = (
    "110099",
    "230000",
    "300000",
    "400000",
    "510000",
    "510099",
    "540099",
    "600000",
    "700000",
)

_MEASURES = ["unemployed_count", "labour_force_count", "rate_pct"]


def _meanings() -> pd.DataFrame:
    """What each series id stands for: industry, measure and whether seasonally adjusted."""
    rows = [(series, "000000", measure, True) for series, measure in NATION_SERIES.items()]
    for digits, industry in INDUSTRY_SERIES.items():
        rows.append((f"LNU03{digits}", industry, "unemployed_count", False))
        rows.append((f"LNU04{digits}", industry, "rate_pct", False))
    return pd.DataFrame(rows, columns=["series_id", "industry_code", "measure", "is_seasonally_adjusted"])


def _trade_and_transport(values: pd.DataFrame) -> pd.DataFrame:
    """The level of JOLTS 400000, for the months in which both of its parts are published."""
    parts = values[values["series_id"].isin(TRADE_AND_TRANSPORT)]
    total = parts.pivot(index="month", columns="series_id", values="value").sum(axis=1, min_count=2)
    return (
        total.dropna()
        .rename("value")
        .reset_index()
        .assign(industry_code="400000", measure="unemployed_count", is_seasonally_adjusted=False)
    )


def parse(raws: RawFiles) -> Frames:
    """One row per month and industry, with the level and the rate as far as each is published."""
    meanings = _meanings()
    # Where both were kept at some time, the one that came last.
    raw = max((raws[name] for name in (API, DATA) if name in raws), key=lambda r: r.retrieved_at, default=None)
    raw = raw or raws[DATA]
    series = [*meanings["series_id"], TRADE_AND_TRANSPORT[0]]
    values = bls_api.read_series(raw) if raw.name == API else bls_flat.read_series(raw, "|".join(series))
    values = values[
        values["month"] >= pd.Timestamp(FIRST_YEAR, 1, 1)
    ]  # the nation's series begin in 1948 in the flat file
    known = pd.concat([values.merge(meanings, on="series_id"), _trade_and_transport(values)])
    table = known.pivot(index=["month", "industry_code", "is_seasonally_adjusted"], columns="measure", values="value")
    table = table.reindex(columns=_MEASURES).rename_axis(columns=None).reset_index()

    have = set(table.loc[table["unemployed_count"].notna(), "industry_code"])
    missing = [industry for industry in MAIN_INDUSTRIES if industry not in have]
    if missing:
        raise AtlasError(f"{raw.name} has no unemployment level for industry {', '.join(missing)}; {AGAIN}.")
    wrong = (table[_MEASURES] < 0).any(axis=1) | (table["rate_pct"] > 100)
    if wrong.any():
        first = table[wrong].iloc[0]
        raise AtlasError(
            f"{raw.name} has an impossible value for industry {first['industry_code']} in "
            f"{first['month']:%B %Y} (level {first['unemployed_count']}, rate {first['rate_pct']}); {AGAIN}."
        )
    counts = ["unemployed_count", "labour_force_count"]
    table[counts] = (table[counts] * 1000).round().astype("Int64")
    table = table.assign(source_id=SOURCE.source_id, state_fips="00")
    columns = ["source_id", "month", "state_fips", "industry_code", *_MEASURES, "is_seasonally_adjusted"]
    return {"unemployment_monthly": table[columns]}


SOURCE = Source(
    source_id="bls_cps",
    title="Current Population Survey: unemployed persons by industry of last job",
    short_title="BLS CPS",
    publisher="U.S. Bureau of Labor Statistics",
    licence="US federal government work, public domain",
    landing_url="https://www.bls.gov/cps/",
    cadence="monthly",
    citation=(
        "U.S. Bureau of Labor Statistics. Labor Force Statistics from the Current Population Survey: "
        "unemployment by industry and class of worker, not seasonally adjusted (ln.data.1.AllData). "
        "https://download.bls.gov/pub/time.series/ln/"
    ),
    tables=("unemployment_monthly",),
    parse=parse,
    remotes=(
        Remote(
            bls_api.ADDRESS,
            "json",
            name=API,
            gather=bls_api.route([*_meanings()["series_id"], TRADE_AND_TRANSPORT[0]], FIRST_YEAR),
            otherwise=(Remote(f"https://download.bls.gov/pub/time.series/ln/{DATA}", "tsv"),),
        ),
    ),
    suppression="Nothing is withheld; a month that was not collected (October 2025) has no row.",
)
