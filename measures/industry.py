"""Which industries a pathway's openings are in, how hard these find it to hire, and vacancies by state and industry.

METHODS section 5. Sources: Bureau of Labor Statistics, Occupational Employment and Wage Statistics by sector (all
ownerships; self-employed left out), Employment Projections, Job Openings and Labor Turnover Survey, and the Quarterly
Census of Employment and Wages. Yearly openings here only weigh industries; they are never added to vacancies.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from measures.matching import FloatArray

#: How near the fitted table must come to each margin, as a share of it.
TOLERANCE = 1e-6
MOST_ROUNDS = 1_000


def sector_shares(employment: pd.DataFrame) -> pd.DataFrame:
    """How each occupation's jobs are spread over the industry sectors.

    ``employment``: ``soc_code``, ``naics_sector``, ``employment_count`` (jobs; missing where withheld). Gives
    ``soc_code``, ``naics_sector``, ``share`` of the published cells, adding up to 1 per occupation. An occupation
    without any published job has no row.
    """
    known = employment[employment["employment_count"].fillna(0) > 0]
    total = known.groupby("soc_code")["employment_count"].transform("sum")
    share = known["employment_count"].astype("float64") / total.astype("float64")
    return known[["soc_code", "naics_sector"]].assign(share=share).reset_index(drop=True)


def sector_coverage(employment: pd.DataFrame, total: pd.Series) -> pd.Series:
    """Which share of each occupation's jobs the published sectors hold, 0 to 1, on the index of ``total``.

    ``total`` is the occupation's employment in all sectors, by ``soc_code``. 0 where nothing is published or the
    total is missing; never above 1, though rounding may bring the sectors' sum above the total.
    """
    held = employment.groupby("soc_code")["employment_count"].sum().reindex(total.index).astype("float64")
    whole = total.astype("float64")
    return (held / whole.where(whole > 0)).clip(0, 1).fillna(0.0)


def cluster_openings_by_sector(shares: pd.DataFrame, openings: pd.Series, pathways: pd.DataFrame) -> pd.DataFrame:
    """Yearly openings of each pathway in each sector: the sum of share times openings over the pathway's occupations.

    ``shares`` as :func:`sector_shares` gives; ``openings`` a year by ``soc_code``; ``pathways``: distinct
    ``soc_code``, ``cluster``. Gives ``naics_sector``, ``cluster``, ``openings_annual_count``. An occupation counts
    whole in each of its clusters, so clusters overlap and are never added up.
    """
    parts = shares.merge(pathways, on="soc_code")
    parts["openings_annual_count"] = parts["share"] * parts["soc_code"].map(openings).astype("float64")
    known = parts.dropna(subset=["openings_annual_count"])
    return known.groupby(["naics_sector", "cluster"])["openings_annual_count"].sum().reset_index()


def cluster_coverage_pct(coverage: pd.Series, openings: pd.Series, pathways: pd.DataFrame) -> pd.Series:
    """Percent of each cluster's openings that published sector cells stand behind, by ``cluster``.

    An occupation whose published cells hold 60 percent of its jobs counts with 60 percent of its openings. Clusters
    without openings have no row.
    """
    of_cluster = pathways.assign(
        openings=pathways["soc_code"].map(openings).astype("float64").fillna(0.0),
        covered=pathways["soc_code"].map(coverage).astype("float64").fillna(0.0),
    )
    of_cluster["covered"] *= of_cluster["openings"]
    sums = of_cluster.groupby("cluster")[["openings", "covered"]].sum()
    sums = sums[sums["openings"] > 0]
    return (100 * sums["covered"] / sums["openings"]).rename("coverage_pct")


def closest_industry(industry_sectors: pd.DataFrame, published: Collection[str]) -> dict[str, str]:
    """The published industry that comes closest to each sector: the one of the fewest sectors that contains it.

    ``industry_sectors``: ``industry_code``, ``naics_sector``, ``display_level`` (depth in the publisher's tree);
    ``published``: the codes that have a figure. Among industries of equally many sectors the one higher in the tree
    counts: all of manufacturing, not its durable half. A sector without any has no entry.
    """
    known = industry_sectors[industry_sectors["industry_code"].isin(list(published))]
    breadth = known.groupby("industry_code")["naics_sector"].transform("size")
    ordered = known.assign(breadth=breadth).sort_values(["naics_sector", "breadth", "display_level", "industry_code"])
    first = ordered.drop_duplicates("naics_sector")
    return dict(zip(first["naics_sector"], first["industry_code"], strict=True))


def pathway_indicator(
    openings: pd.DataFrame,
    industry_of: Mapping[str, str],
    values: Mapping[str, float],
    comparable: Mapping[str, float],
) -> pd.DataFrame:
    """Each pathway's mean of its industries' indicator, weighted by its openings in each.

    ``openings``: ``cluster``, ``naics_sector``, ``openings_annual_count``; ``industry_of`` as
    :func:`closest_industry` gives; ``values`` by industry code; ``comparable`` the share (0 to 1) of a sector's
    jobs that its industry can stand for, where that is not all of them (private schools among all schools). Gives
    per ``cluster`` ``value`` and ``unmatched_pct``, the percent of its openings that no industry stands for: these
    carry no weight. ``value`` is missing where none is left.
    """
    rows = openings.copy()
    rows["industry_value"] = rows["naics_sector"].map(industry_of).map(values).astype("float64")
    part = rows["naics_sector"].map(comparable).astype("float64").fillna(1.0)
    rows["weight"] = (rows["openings_annual_count"] * part).where(rows["industry_value"].notna(), 0.0)
    rows["weighted"] = rows["weight"] * rows["industry_value"].fillna(0.0)
    sums = rows.groupby("cluster")[["openings_annual_count", "weight", "weighted"]].sum()
    return pd.DataFrame(
        {
            "value": sums["weighted"] / sums["weight"].where(sums["weight"] > 0),
            "unmatched_pct": (
                100 * (1 - sums["weight"] / sums["openings_annual_count"].where(sums["openings_annual_count"] > 0))
            ).clip(0, 100),
        }
    ).reset_index()


def fill_withheld(cells: FloatArray, totals: FloatArray, elsewhere: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Fill an employment table's withheld cells from what its rows leave over.

    ``cells`` [g, i] jobs, NaN where withheld; ``totals`` [g] each row's published total; ``elsewhere`` [i] the same
    columns where nothing is withheld (the nation). What a row's total exceeds its published cells by is shared out
    over the row's withheld cells in proportion to ``elsewhere``; where nothing is over, they are 0. Gives the
    filled table and [g, i] 1.0 where a cell was filled.
    """
    withheld = np.isnan(cells)
    left = np.maximum(totals - np.where(withheld, 0.0, cells).sum(axis=1), 0.0)
    wanted = np.where(withheld, elsewhere, 0.0)
    sums = wanted.sum(axis=1)
    part = np.divide(left, sums, out=np.zeros_like(left), where=sums > 0)
    return np.where(withheld, wanted * part[:, np.newaxis], cells), withheld.astype(np.float64)


def rake(seed: FloatArray, rows: FloatArray, columns: FloatArray) -> FloatArray:
    """The table nearest to ``seed`` in proportions whose rows and columns add up to the given totals.

    Iterative proportional fitting (Deming and Stephan 1940): rows and columns are scaled in turns. ``seed`` [g, i] not
    negative; ``rows`` [g] and ``columns`` [i] totals with one grand total. A zero in ``seed`` stays zero. Raises
    ``ValueError`` when shapes or totals do not fit, when a row or column that should hold something has nothing in
    ``seed``, or when :data:`MOST_ROUNDS` turns do not come within :data:`TOLERANCE` of every total (zeros can make the
    totals impossible).
    """
    table = np.array(seed, dtype=np.float64)
    rows, columns = np.asarray(rows, dtype=np.float64), np.asarray(columns, dtype=np.float64)
    if table.ndim != 2 or table.shape != (rows.size, columns.size):
        raise ValueError(f"a table of shape {table.shape} has no {rows.size} row and {columns.size} column totals")
    if not all((np.isfinite(part) & (part >= 0)).all() for part in (table, rows, columns)):
        raise ValueError("the table and its totals must be finite and not negative")
    if abs(rows.sum() - columns.sum()) > TOLERANCE * max(rows.sum(), columns.sum()):
        raise ValueError(f"rows add up to {rows.sum():g} and columns to {columns.sum():g}")
    if ((table.sum(axis=1) == 0) & (rows > 0)).any() or ((table.sum(axis=0) == 0) & (columns > 0)).any():
        raise ValueError("a row or column that should hold something is empty")
    for _ in range(MOST_ROUNDS):
        have = table.sum(axis=1)
        if (np.abs(have - rows) <= TOLERANCE * rows).all() and (
            np.abs(table.sum(axis=0) - columns) <= TOLERANCE * columns
        ).all():
            return table
        table *= np.divide(rows, have, out=np.zeros_like(rows), where=have > 0)[:, np.newaxis]
        have = table.sum(axis=0)
        table *= np.divide(columns, have, out=np.zeros_like(columns), where=have > 0)
    raise ValueError(f"the totals cannot be met within {MOST_ROUNDS} turns: the table has zeros in the wrong places")
