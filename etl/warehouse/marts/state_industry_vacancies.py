"""Vacancies by state and industry, which nobody publishes: modelled from what is published of each."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from measures.industry import fill_withheld, rake

#: All public jobs, whatever their sector; the other industries are private.
GOVERNMENT = "900000"
#: What is left when industries without a level of their own that month are taken together.
REST = "rest"


def rows(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The newest month with every state's total, and the newest in which every main industry has a level too.

    In the former, main industries without a level are taken together: total less the others.
    """
    vacancies = con.execute(
        """
        SELECT month, state_fips, industry_code, level_thousands * 1000 AS vacancies_count FROM turnover_monthly
        WHERE element = 'JO' AND is_seasonally_adjusted AND level_thousands IS NOT NULL
          AND month IN (SELECT DISTINCT month FROM turnover_monthly
                        WHERE state_fips <> '00' AND element = 'JO' AND level_thousands IS NOT NULL)
        """
    ).df()
    main = con.execute(
        "SELECT industry_code, title FROM industry WHERE display_level = 2 AND industry_code NOT LIKE '9%' ORDER BY 1"
    ).df()
    titles = dict(zip(main["industry_code"], main["title"], strict=True)) | {GOVERNMENT: "Government"}
    employment, filled = _employment(con, list(main["industry_code"]))
    is_nation = vacancies["state_fips"] == "00"
    states = vacancies[~is_nation].pivot(index="month", columns="state_fips", values="vacancies_count")
    states = states.reindex(columns=employment.index).dropna()
    nation = vacancies[is_nation].pivot(index="month", columns="industry_code", values="vacancies_count")
    nation = nation.reindex(index=states.index, columns=["000000", *titles])
    nation = nation.dropna(subset=["000000", GOVERNMENT])
    complete = nation.dropna().index
    months = sorted({*nation.index[-1:], *complete[-1:]})
    return pd.concat([_month(m, nation.loc[m], states.loc[m], employment, filled, titles) for m in months])


def _month(
    month: pd.Timestamp,
    nation: pd.Series,
    states: pd.Series,
    employment: pd.DataFrame,
    filled: pd.DataFrame,
    titles: dict[str, str],
) -> pd.DataFrame:
    levels = nation.drop("000000")
    alone, missing = list(levels.dropna().index), list(levels.index[levels.isna()])
    margin, seed, were_filled = levels[alone], employment[alone], filled[alone]
    named = {code: titles[code] for code in alone}
    if missing:
        margin = pd.concat([margin, pd.Series({REST: nation["000000"] - margin.sum()})])
        seed = seed.assign(**{REST: employment[missing].sum(axis=1)})
        were_filled = were_filled.assign(**{REST: filled[missing].max(axis=1)})
        named[REST] = "The rest: " + ", ".join(titles[code] for code in missing)
    # Industries of one release need not add up to the total of another, nor states to the nation: both are brought
    # to the nation's published total.
    total = float(nation["000000"])
    rows, columns = states * total / states.sum(), margin * total / margin.sum()
    table = pd.DataFrame(
        rake(seed.to_numpy(dtype=float), rows.to_numpy(dtype=float), columns.to_numpy(dtype=float)),
        index=seed.index,
        columns=seed.columns,
    )
    long = table.rename_axis("state_fips").reset_index()
    result = long.melt("state_fips", var_name="industry_code", value_name="vacancies_count")
    jobs = seed.to_numpy(dtype=float).T.ravel()  # as melted: industry by industry
    result["month"] = month
    result["industry_title"] = result["industry_code"].map(named)
    result["employment_count"] = np.floor(jobs + 0.5).astype(np.int64)
    was_filled = were_filled.to_numpy(dtype=float).T.ravel() > 0
    scaled = 100 * total / float(states.sum())
    modelled = f"modelled, not published; the states' totals are taken at {scaled:.1f} percent to meet the nation's"
    result["note"] = np.where(
        was_filled,
        modelled + "; employment here is withheld in part and estimated from the state's remainder",
        modelled,
    )
    return result


def _employment(con: duckdb.DuckDBPyConnection, main: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """[state, industry] covered employment of the newest quarter, and where cells had to be estimated.

    A sector withheld in a state gets its part of what the state's private total leaves over, in proportion to the
    nation's employment in the sectors withheld there.
    """
    sectors = con.execute(
        """
        SELECT state_fips, naics_code, employment_count FROM industry_employment
        WHERE own_code = '5' AND quarter = (SELECT max(quarter) FROM industry_employment)
          AND (regexp_full_match(naics_code, '[1-9][1-9]|\\d\\d-\\d\\d') OR naics_code = '10')
        """
    ).df()
    government = con.execute(
        """
        SELECT state_fips, sum(employment_count)::DOUBLE AS jobs FROM industry_employment
        WHERE own_code IN ('1', '2', '3') AND naics_code = '10' AND state_fips <> '00'
          AND quarter = (SELECT max(quarter) FROM industry_employment)
        GROUP BY ALL
        """
    ).df()
    of_industry = con.execute("SELECT industry_code, naics_sector FROM industry_sector ORDER BY ALL").df()
    wide = sectors.pivot(index="state_fips", columns="naics_code", values="employment_count").astype("float64")
    totals, wide = wide["10"], wide.drop(columns="10")
    # An absent row is a sector that a state does not have (or does not show at all): withheld too.
    nation, states = wide.loc["00"].fillna(0.0), wide.drop(index="00")
    cells, withheld = fill_withheld(states.to_numpy(), totals.drop(index="00").to_numpy(dtype=float), nation.to_numpy())
    known = pd.DataFrame(cells, index=states.index, columns=states.columns)
    was_withheld = pd.DataFrame(withheld, index=states.index, columns=states.columns)
    by_industry, filled = {}, {}
    for code in main:
        parts = of_industry.loc[of_industry["industry_code"] == code, "naics_sector"]
        by_industry[code] = known[list(parts)].sum(axis=1)
        filled[code] = was_withheld[list(parts)].max(axis=1)
    by_industry[GOVERNMENT] = government.set_index("state_fips")["jobs"].reindex(known.index)
    filled[GOVERNMENT] = pd.Series(0.0, index=known.index)
    return pd.DataFrame(by_industry), pd.DataFrame(filled)
