"""Which industries each pathway's openings are in, and how hard these industries find it to hire."""

from __future__ import annotations

import duckdb
import pandas as pd

from measures.gaps import FLOW_OF
from measures.industry import (
    closest_industry,
    cluster_coverage_pct,
    cluster_openings_by_sector,
    pathway_indicator,
    sector_coverage,
    sector_shares,
)
from measures.scopes import DEMAND_VARIANTS, demand_scope_column

INDICATORS = ("index", "vacancies_per_hire", "vacancy_rate")
DEMANDS = ("career-prep", "middle-skills")
#: Sectors whose jobs are partly public, while the industry of the turnover survey is private.
MIXED_SECTORS = ("61", "62")


def rows(con: duckdb.DuckDBPyConnection) -> dict[str, pd.DataFrame]:
    """industry_cluster_openings, occupation_sector and pathway_industry_shortage, for the nation."""
    employment = con.execute(
        """
        SELECT reference_year, naics_sector, soc_code, employment_count FROM industry_occupation_employment
        WHERE reference_year = (SELECT max(reference_year) FROM industry_occupation_employment)
        """
    ).df()
    openings = _openings(con, employment)
    return {
        "industry_cluster_openings": openings,
        "occupation_sector": _sectors(employment),
        "pathway_industry_shortage": _shortage(con, openings),
    }


def _sectors(employment: pd.DataFrame) -> pd.DataFrame:
    shares = sector_shares(employment)
    return shares.assign(share_pct=100 * shares.pop("share"), reference_year=int(employment["reference_year"].iloc[0]))


def _openings(con: duckdb.DuckDBPyConnection, employment: pd.DataFrame) -> pd.DataFrame:
    reference_year = int(employment["reference_year"].iloc[0])
    total = con.execute(
        "SELECT soc_code, employment_count FROM occupation_employment WHERE state_fips = '00' AND reference_year = ?",
        [reference_year],
    ).df()
    coverage = sector_coverage(employment, total.set_index("soc_code")["employment_count"])
    shares = sector_shares(employment)
    projections = con.execute(
        """
        SELECT p.*, o.* EXCLUDE (soc_code) FROM occupation_projection p JOIN occupation o USING (soc_code)
        WHERE p.demand_basis = 'bls' AND o.has_program
        """
    ).df()
    pathways = con.execute("SELECT DISTINCT framework, soc_code, cluster FROM occupation_pathway ORDER BY ALL").df()
    listed = con.execute("SELECT DISTINCT framework, naics_sector, cluster FROM cluster_industry").df()
    # Government is sector 99 in these estimates and 92 in Advance CTE's list.
    listed["naics_sector"] = listed["naics_sector"].replace("92", "99")
    pairs = set(listed.itertuples(index=False, name=None))
    frameworks_listed = set(listed["framework"])

    parts = []
    for demand in DEMANDS:
        in_scope = projections[projections[demand_scope_column(demand)]]
        for variant in DEMAND_VARIANTS:
            openings = in_scope.set_index("soc_code")[FLOW_OF[variant]]
            for framework, of_framework in pathways[pathways["soc_code"].isin(openings.index)].groupby("framework"):
                part = cluster_openings_by_sector(shares, openings, of_framework)
                covered = cluster_coverage_pct(coverage, openings, of_framework)
                part["coverage_pct"] = part["cluster"].map(covered)
                in_cluster = part.groupby("cluster")["openings_annual_count"].transform("sum")
                part["share_pct"] = 100 * part["openings_annual_count"] / in_cluster.where(in_cluster > 0)
                part["is_listed_sector"] = [
                    (framework, row.naics_sector, row.cluster) in pairs if framework in frameworks_listed else None
                    for row in part.itertuples()
                ]
                parts.append(part.assign(demand=demand, demand_variant=variant, framework=framework))
    return pd.concat(parts, ignore_index=True).assign(
        base_year=int(projections["base_year"].iloc[0]), reference_year=reference_year
    )


def _shortage(con: duckdb.DuckDBPyConnection, openings: pd.DataFrame) -> pd.DataFrame:
    """Each indicator in the latest month in which every main industry has it."""
    latest = con.execute(
        """
        WITH main AS (SELECT industry_code FROM industry WHERE display_level = 2 AND industry_code NOT LIKE '9%'),
        complete AS (
            SELECT indicator, month FROM industry_shortage JOIN main USING (industry_code)
            WHERE value IS NOT NULL
            GROUP BY ALL HAVING count(*) = (SELECT count(*) FROM main)
        )
        SELECT indicator, s.month, industry_code, s.value
        FROM industry_shortage s JOIN (SELECT indicator, max(month) AS month FROM complete GROUP BY ALL) l
          USING (indicator, month)
        WHERE s.value IS NOT NULL
        """
    ).df()
    sectors = con.execute(
        "SELECT s.industry_code, s.naics_sector, i.display_level FROM industry_sector s "
        "JOIN industry i USING (industry_code)"
    ).df()
    private = con.execute(
        """
        SELECT naics_code, sum(employment_count) FILTER (own_code = '5') / sum(employment_count) AS private_share
        FROM industry_employment
        WHERE state_fips = '00' AND own_code IN ('1', '2', '3', '5') AND list_contains($sectors, naics_code)
          AND quarter = (SELECT max(quarter) FROM industry_employment)
        GROUP BY ALL
        """,
        {"sectors": list(MIXED_SECTORS)},
    ).df()
    comparable = dict(zip(private["naics_code"], private["private_share"].astype(float), strict=True))
    keys = ["framework", "demand", "demand_variant", "base_year", "reference_year"]
    parts = []
    for indicator in INDICATORS:
        rows = latest[latest["indicator"] == indicator]
        if rows.empty:  # no month in which every main industry has it
            continue
        values = dict(zip(rows["industry_code"], rows["value"], strict=True))
        industry_of = closest_industry(sectors, values)
        for _, group in openings.groupby(keys):
            part = pathway_indicator(group, industry_of, values, comparable)
            for key in keys:
                part[key] = group[key].iloc[0]
            parts.append(part.assign(indicator=indicator, month=rows["month"].iloc[0]))
    result = pd.concat(parts, ignore_index=True)
    few = result["unmatched_pct"] > 50
    result["note"] = None
    result.loc[few, "note"] = "over half of the openings are in sectors without a published industry of their own"
    result.loc[result["value"].isna(), "note"] = "no sector of the pathway has a published industry"
    return result
