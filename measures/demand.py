"""Yearly openings by state: the nation's shared out by employment, and the states' own where they are fit for use.

METHODS section 1. Yearly openings are a flow; vacancies (JOLTS) are a stock: never on one axis.
"""

from __future__ import annotations

import pandas as pd

#: An occupation whose published state cells hold less of its employment than this is not shared out.
LEAST_COVERAGE_PCT = 75.0
#: A state's own projections are offered only if their detail holds this much of the state's total employment ...
LEAST_DETAIL_PCT = 90.0
#: ... and their openings are within these multiples of what national rates imply.
OPENINGS_RATIO_RANGE = (0.5, 1.5)

FLOWS = (
    "employment_base_count",
    "employment_projected_count",
    "growth_annual_count",
    "exits_annual_count",
    "transfers_annual_count",
    "openings_annual_count",
    "growth_and_exits_annual_count",
)


def growth_and_exits(growth_annual: pd.Series, exits_annual: pd.Series) -> pd.Series:
    """The conservative variant of demand: growth plus labour-force exits a year, never under zero.

    It leaves out people who change occupation, because many of those openings are filled by other changers.
    """
    return (growth_annual + exits_annual).clip(lower=0)


def estimated_openings(national: pd.DataFrame, employment: pd.DataFrame) -> pd.DataFrame:
    """The nation's yearly openings shared out to the states by their share of each occupation's employment.

    ``national``: one row per occupation, ``soc_code`` and the columns of :data:`FLOWS`. ``employment``: ``state_fips``,
    ``soc_code``, ``employment_count`` (missing where withheld), with the nation as ``'00'``. The share is taken over
    the published cells; ``coverage_pct`` is those cells' sum as a percent of the nation's employment. Under
    :data:`LEAST_COVERAGE_PCT`, where the state's own cell is withheld, or where the occupation is not surveyed, the
    flows are missing and ``note`` says why. Gives one row per occupation and state.
    """
    states = employment[employment["state_fips"] != "00"]
    nation = employment[employment["state_fips"] == "00"].set_index("soc_code")["employment_count"]
    published = states.dropna(subset=["employment_count"]).groupby("soc_code")["employment_count"].sum()
    every_state = states[["state_fips"]].drop_duplicates().sort_values("state_fips")
    rows = national[["soc_code", *FLOWS]].merge(every_state, how="cross")
    rows = rows.merge(
        states[["state_fips", "soc_code", "employment_count"]],
        on=["state_fips", "soc_code"],
        how="left",
        indicator=True,
    )
    total = rows["soc_code"].map(published.to_dict()).astype("Float64")
    # Rounding makes the published cells of a few occupations add up to slightly more than the nation's figure.
    rows["coverage_pct"] = (100 * total / rows["soc_code"].map(nation.to_dict()).astype("Float64")).clip(upper=100)
    share = rows["employment_count"].astype("Float64") / total
    surveyed = rows["soc_code"].isin(nation.index)
    enough = rows["coverage_pct"].ge(LEAST_COVERAGE_PCT).fillna(False).astype(bool)
    rows["note"] = None
    rows.loc[rows["employment_count"].isna(), "note"] = "the state's employment in this occupation is withheld or nil"
    rows.loc[~enough, "note"] = (
        f"published state employment covers under {LEAST_COVERAGE_PCT:.0f} percent of this occupation"
    )
    rows.loc[~surveyed, "note"] = "the occupation is not in the employer survey that the estimate rests on"
    for flow in FLOWS:
        rows[flow] = (rows[flow].astype("Float64") * share).where(rows["note"].isna())
    return rows[["state_fips", "soc_code", *FLOWS, "coverage_pct", "note"]]


def projection_fitness(state: pd.DataFrame, national: pd.DataFrame) -> pd.DataFrame:
    """Whether each state's own projections are fit to be offered, and the reason in words.

    ``state``: ``state_fips``, ``soc_code`` (with the total row ``00-0000``), ``employment_base_count``,
    ``openings_annual_count``. ``national``: ``soc_code``, ``employment_base_count``, ``openings_annual_count`` of line
    items. A state is fit when its detail holds at least :data:`LEAST_DETAIL_PCT` of its total row's employment and its
    openings are within :data:`OPENINGS_RATIO_RANGE` times what national rates imply for its employment.
    """
    detail = state[(state["soc_code"] != "00-0000") & ~state["soc_code"].str.endswith("0000")]
    total = state[state["soc_code"] == "00-0000"].set_index("state_fips")["employment_base_count"].astype("Float64")
    total = total.where(total > 0)
    held = detail.groupby("state_fips")["employment_base_count"].sum().astype("Float64")
    held = held.reindex(total.index, fill_value=0.0)  # a total row alone: its detail holds nothing
    jobs = national[national["employment_base_count"] > 0].set_index("soc_code")
    rate = jobs["openings_annual_count"] / jobs["employment_base_count"]
    both = detail["employment_base_count"].notna() & detail["openings_annual_count"].notna()
    known = detail[detail["soc_code"].isin(rate.index) & both]
    implied = known["employment_base_count"].astype("Float64") * known["soc_code"].map(rate.to_dict()).astype("Float64")
    sums = pd.DataFrame(
        {
            "own": known["openings_annual_count"].astype("Float64"),
            "implied": implied,
            "state_fips": known["state_fips"],
        }
    )
    by_state = sums.groupby("state_fips")[["own", "implied"]].sum()
    result = pd.DataFrame(index=sorted(state["state_fips"].unique()))
    result["detail_coverage_pct"] = (100 * held / total).reindex(result.index)
    implied_in_state = by_state["implied"].where(by_state["implied"] > 0)
    result["openings_ratio"] = (by_state["own"] / implied_in_state).reindex(result.index)
    reasons = [
        _fitness_reason(coverage, ratio)
        for coverage, ratio in zip(result["detail_coverage_pct"], result["openings_ratio"], strict=True)
    ]
    result["is_offered"] = [not reason for reason in reasons]
    result["reason"] = [reason or "the state's own projections pass both tests" for reason in reasons]
    return result.rename_axis("state_fips").reset_index()


def _fitness_reason(coverage: float, ratio: float) -> str:
    """Why a state's projections are withheld; empty where they are fit."""
    low, high = OPENINGS_RATIO_RANGE
    if pd.isna(coverage):
        return "withheld: the state's file has no total row to test its detail against"
    if coverage < LEAST_DETAIL_PCT:
        return f"withheld: the occupations listed hold {coverage:.0f} percent of the state's employment"
    if pd.isna(ratio):
        return "withheld: the state's file has no occupation with openings at national rates to compare with"
    if not low <= ratio <= high:
        return f"withheld: its openings are {ratio:.2f} times what national rates imply, so they may be net growth only"
    return ""


def projected_openings(state: pd.DataFrame, national: pd.DataFrame) -> pd.DataFrame:
    """A state's own yearly openings, with the conservative variant borrowed from the nation's ratio.

    States publish openings without exits and transfers: growth and exits are the state's openings times the nation's
    ratio for that occupation, and ``note`` says so. ``state`` holds offered states' occupations only.
    """
    ratio = (national["growth_and_exits_annual_count"] / national["openings_annual_count"]).where(
        national["openings_annual_count"] > 0
    )
    known = dict(zip(national["soc_code"], ratio, strict=True))
    rows = state[["base_year", "projection_year", "state_fips", "soc_code"]].copy()
    for column in ("employment_base_count", "employment_projected_count", "openings_annual_count"):
        rows[column] = state[column].astype("Float64")
    years = (state["projection_year"] - state["base_year"]).astype("Float64")
    rows["growth_annual_count"] = (rows["employment_projected_count"] - rows["employment_base_count"]) / years
    rows["growth_and_exits_annual_count"] = rows["openings_annual_count"] * rows["soc_code"].map(known).astype(
        "Float64"
    )
    rows["note"] = "growth and exits: the state's openings times the nation's ratio for this occupation"
    rows.loc[rows["growth_and_exits_annual_count"].isna(), "note"] = (
        "growth and exits are missing: the nation has no openings for this occupation code"
    )
    rows.loc[rows["openings_annual_count"].isna(), "note"] = "the state gives no openings for this occupation"
    return rows
