"""BLS Local Area Unemployment Statistics: seasonally adjusted unemployment of the 50 states and DC.

What to know before using it:

* A series id is ``LASST`` (seasonally adjusted, state), the state's FIPS code, eleven zeros and the
  measure: 03 the rate, 04 the unemployed, 06 the labour force (05, the employed, is their difference and
  not kept). Counts are persons.
* The file also holds Puerto Rico (72), which is not one of our states: those rows are left out.
* Nothing was collected for October 2025. That month is absent, or marked ``-``; either way it has no row
  here, never a 0.
* ``la.series`` is not needed: the id says everything.
"""

from __future__ import annotations

from etl.bls_flat import read_series
from etl.codes import STATES, need_states
from etl.errors import AtlasError
from etl.source import Frames, RawFiles, Remote, Source
from etl.tabular import AGAIN

DATA = "la.data.3.AllStatesS"

_MEASURES = {"03": "rate_pct", "04": "unemployed_count", "06": "labour_force_count"}


def parse(raws: RawFiles) -> Frames:
    """One row per month and state: the rate, the unemployed and the labour force, as far as published."""
    raw = raws[DATA]
    states, measures = "|".join(STATES.values()), "|".join(_MEASURES)
    values = read_series(raw, f"LASST({states})0{{11}}({measures})")
    values["state_fips"] = values["series_id"].str[5:7]
    values["measure"] = values["series_id"].str[-2:].map(_MEASURES)
    table = values.pivot(index=["month", "state_fips"], columns="measure", values="value")
    table = table.reindex(columns=list(_MEASURES.values())).rename_axis(columns=None).reset_index()

    need_states(table.loc[table["rate_pct"].notna(), "state_fips"], raw.name)
    # A rate that is not the quotient of its own counts means that a measure was taken for another.
    quotient = 100 * table["unemployed_count"] / table["labour_force_count"]
    wrong = ~table["rate_pct"].dropna().between(0, 100).reindex(table.index, fill_value=True)
    wrong |= (table["rate_pct"] - quotient).abs() > 0.1
    if wrong.any():
        first = table[wrong].iloc[0]
        raise AtlasError(
            f"{raw.name} gives state {first['state_fips']} a rate of {first['rate_pct']} in "
            f"{first['month']:%B %Y}, which its counts do not bear out; {AGAIN}."
        )
    counts = ["unemployed_count", "labour_force_count"]
    table[counts] = table[counts].round().astype("Int64")
    table = table.assign(source_id=SOURCE.source_id, industry_code="000000", is_seasonally_adjusted=True)
    columns = [
        "source_id",
        "month",
        "state_fips",
        "industry_code",
        *counts,
        "rate_pct",
        "is_seasonally_adjusted",
    ]
    return {"unemployment_monthly": table[columns]}


SOURCE = Source(
    source_id="bls_laus",
    title="Local Area Unemployment Statistics, states, seasonally adjusted",
    short_title="BLS LAUS",
    publisher="U.S. Bureau of Labor Statistics",
    licence="US federal government work, public domain",
    landing_url="https://www.bls.gov/lau/",
    cadence="monthly",
    citation=(
        "U.S. Bureau of Labor Statistics. Local Area Unemployment Statistics: statewide data, seasonally "
        "adjusted (la.data.3.AllStatesS). https://download.bls.gov/pub/time.series/la/"
    ),
    tables=("unemployment_monthly",),
    parse=parse,
    remotes=(Remote(f"https://download.bls.gov/pub/time.series/la/{DATA}", "tsv"),),
    suppression="Nothing is withheld; a month that was not collected (October 2025) has no row.",
)
