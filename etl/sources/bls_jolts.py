"""BLS Job Openings and Labor Turnover Survey: vacancies, hires and separations by industry or by state,
monthly.

What to know before using it:

* There are no industry-by-state figures: an industry row is the nation, and a state row is total nonfarm.
* Size class 00 (all) and area 00000 only, since the other size classes repeat every key. The annual means
  (M13) are left out, and so are the four census regions (MW, NE, SO, WE), which are not states.
* Levels are in thousands and rates in percent; element UO is a ratio. A level and its rate are one row
  here.
* Footnote P marks a preliminary figure. Five years are revised every January or February, so each figure
  keeps the release it comes from. The live file is one release, its date the file's Last-Modified. A stored
  copy may mix several: ``VINTAGES.csv`` beside it then says which months of a series are from which
  release, and the level and the rate of one month need not agree. Where that file leaves two releases
  possible, the vintage reads "2025-09 or 2026-04".
* State series are annual since 2026 and end in the December before: an empty current year is normal.
* Mining and logging (110099) covers logging (NAICS 1133) beside sector 21; other services (810000) leave
  out private households (NAICS 814); durable and nondurable goods are parts of sector 31-33. None of these
  is whole sectors.
"""

from __future__ import annotations

import duckdb
import pandas as pd

from etl.bls_flat import read_series
from etl.codes import need_states
from etl.errors import AtlasError
from etl.settings import Settings
from etl.source import Frames, RawFile, RawFiles, Remote, Source
from etl.tabular import AGAIN, numbers, read_delimited

DATA = "jt.data.1.AllItems"
VINTAGES = "VINTAGES.csv"
_ADDRESS = "https://download.bls.gov/pub/time.series/jt"

_SERIES_COLUMNS = (
    "series_id",
    "seasonal",
    "industry_code",
    "state_code",
    "area_code",
    "sizeclass_code",
    "dataelement_code",
    "ratelevel_code",
)

# A month is certainly of a release whose range has no holes, or begins or ends with that month. Where none is
# certain, the vintage names every release that it may be from.
_TURNOVER = """
    WITH claim AS (
        SELECT value.*, range.release,
               range.months = date_diff('month', range.first_month, range.last_month) + 1
               OR value.month IN (range.first_month, range.last_month) AS is_certain
        FROM value LEFT JOIN range
          ON value.series_id = range.series_id AND value.month BETWEEN range.first_month AND range.last_month
    ), released AS (
        SELECT series_id, month, any_value(value) AS value, any_value(is_preliminary) AS is_preliminary,
               coalesce(list(release) FILTER (is_certain), list(release)) AS releases,
               nullif(array_to_string(list_sort(list_distinct(releases)), ' or '), '') AS release
        FROM claim GROUP BY series_id, month
    )
    SELECT month, state_code AS state_fips, industry_code, dataelement_code AS element,
           max(value) FILTER (ratelevel_code = 'L') AS level_thousands,
           max(value) FILTER (ratelevel_code = 'R' AND dataelement_code <> 'UO') AS rate_pct,
           max(value) FILTER (ratelevel_code = 'R' AND dataelement_code = 'UO') AS ratio,
           seasonal = 'S' AS is_seasonally_adjusted,
           bool_or(is_preliminary) AS is_preliminary,
           max(release) FILTER (ratelevel_code = 'R') AS vintage,
           max(release) FILTER (ratelevel_code = 'L') AS level_vintage
    FROM released JOIN series USING (series_id)
    GROUP BY ALL
    ORDER BY state_fips, industry_code, element, is_seasonally_adjusted, month
"""


def _industries(raw: RawFile) -> pd.DataFrame:
    listed = read_delimited(raw, sep="\t", columns=("industry_code", "industry_text", "display_level"))
    level, _ = numbers(listed["display_level"], where=f"display_level of {raw.name}", integer=True)
    sectors = pd.read_csv(Settings().reference_dir / "industry_sector.csv", dtype=str)
    joined = sectors.groupby("industry_code")["naics_sector"].agg(",".join)
    return pd.DataFrame(
        {
            "industry_code": listed["industry_code"],
            "title": listed["industry_text"],
            "naics_sectors": listed["industry_code"].map(joined),
            "display_level": level,
        }
    )


def _series(raws: RawFiles) -> pd.DataFrame:
    """The series that are kept, with what their ids mean; every code must be in the publisher's own lists."""
    raw = raws["jt.series"]
    series = read_delimited(raw, sep="\t", columns=_SERIES_COLUMNS)
    wanted = (
        (series["sizeclass_code"] == "00")
        & (series["area_code"] == "00000")
        & series["state_code"].str.fullmatch(r"\d\d")
    )
    series = series[wanted]
    for name, column in (
        ("industry", "industry_code"),
        ("state", "state_code"),
        ("dataelement", "dataelement_code"),
    ):
        listed = read_delimited(raws[f"jt.{name}"], sep="\t", columns=(f"{name}_code",))[f"{name}_code"]
        unknown = sorted(set(series[column].fillna("")) - set(listed))
        if unknown:
            raise AtlasError(f"{raw.name} has the {name} {unknown[0]!r}, which jt.{name} does not list; {AGAIN}.")
    return series


def _releases(raws: RawFiles, series: pd.DataFrame) -> pd.DataFrame:
    """Which months of each series come from which release, as ranges that may have holes."""
    data = raws[DATA]
    # A VINTAGES.csv that did not come with this very file (one kept from a mirror, say) does not describe it.
    if VINTAGES not in raws or raws[VINTAGES].via != data.via:
        modified = data.last_modified_on
        first, last = pd.Timestamp("1900-01-01"), pd.Timestamp("2199-12-01")
        return series[["series_id"]].assign(
            release=modified.isoformat() if modified else f"{data.retrieved_at:%Y-%m}",
            first_month=first,
            last_month=last,
            months=12 * 300,
        )
    ranges = read_delimited(raws[VINTAGES], columns=("series_id", "release", "first_month", "last_month", "months"))
    ranges["months"], _ = numbers(ranges["months"], where=f"months of {VINTAGES}", integer=True)
    for edge in ("first_month", "last_month"):
        ranges[edge] = pd.to_datetime(ranges[edge], format="%Y-%m", errors="coerce")
    if ranges.isna().any(axis=None):
        raise AtlasError(f"{VINTAGES} has a row without a series, release, YYYY-MM months or their number; {AGAIN}.")
    return ranges


def _check(turnover: pd.DataFrame, industries: pd.DataFrame) -> None:
    """Raise ``AtlasError`` unless the values are possible, dated by a release, and complete."""
    measures = turnover[["level_thousands", "rate_pct", "ratio"]]
    wrong = turnover[(measures < 0).any(axis=1) | (turnover["rate_pct"] > 100)]
    if len(wrong):
        first = wrong.iloc[0]
        raise AtlasError(
            f"{DATA} has an impossible value of {first['element']} for industry {first['industry_code']}, "
            f"state {first['state_fips']}, {first['month']:%B %Y}; {AGAIN}."
        )
    undated = turnover[
        (turnover["level_thousands"].notna() & turnover["level_vintage"].isna())
        | (measures[["rate_pct", "ratio"]].notna().any(axis=1) & turnover["vintage"].isna())
    ]
    if len(undated):
        first = undated.iloc[0]
        raise AtlasError(
            f"{VINTAGES} names no release for {len(undated):,} rows of {DATA}, the first is "
            f"{first['element']} for industry {first['industry_code']}, state {first['state_fips']}, "
            f"{first['month']:%B %Y}; the two files must come from the same place, so fetch both again."
        )
    vacancies = turnover[
        (turnover["element"] == "JO") & turnover["is_seasonally_adjusted"] & turnover["rate_pct"].notna()
    ]
    main = industries.loc[industries["display_level"] <= 2, "industry_code"]
    missing = sorted(set(main) - set(vacancies.loc[vacancies["state_fips"] == "00", "industry_code"]))
    if missing:
        raise AtlasError(f"{DATA} has no adjusted vacancy rate for industry {', '.join(missing)}; {AGAIN}.")
    need_states(vacancies["state_fips"], DATA)


def parse(raws: RawFiles) -> Frames:
    """The industries, and one row per month, state, industry, element and adjustment."""
    industries = _industries(raws["jt.industry"])
    series = _series(raws)
    values = read_series(raws[DATA], "JT[SU].{18}")
    listed = read_delimited(raws["jt.series"], sep="\t", columns=("series_id",))["series_id"]
    unlisted = sorted(set(values["series_id"].unique()) - set(listed))
    if unlisted:
        raise AtlasError(f"{DATA} has the series {unlisted[0]}, which jt.series does not list; {AGAIN}.")
    with duckdb.connect() as connection:
        connection.register("value", values)
        connection.register("series", series)
        connection.register("range", _releases(raws, series))
        turnover = connection.execute(_TURNOVER).df()
    _check(turnover, industries)
    return {"industry": industries, "turnover_monthly": turnover}


SOURCE = Source(
    source_id="bls_jolts",
    title="Job Openings and Labor Turnover Survey",
    short_title="BLS JOLTS",
    publisher="U.S. Bureau of Labor Statistics",
    licence="US federal government work, public domain",
    landing_url="https://www.bls.gov/jlt/",
    cadence="monthly",
    citation=(
        "U.S. Bureau of Labor Statistics. Job Openings and Labor Turnover Survey (jt.data.1.AllItems). "
        "https://download.bls.gov/pub/time.series/jt/"
    ),
    tables=("industry", "turnover_monthly"),
    parse=parse,
    remotes=(
        *(
            Remote(f"{_ADDRESS}/{name}", "tsv")
            for name in (DATA, "jt.series", "jt.industry", "jt.state", "jt.dataelement")
        ),
        Remote(f"{_ADDRESS}/{VINTAGES}", "csv", optional=True),
    ),
    suppression="Nothing is withheld; a month that was not published (marked -) has no value.",
)
