-- a cluster's openings by industry add up to its openings, less at most what no published sector stands behind
SELECT i.demand, i.demand_variant, i.cluster, sum(i.openings_annual_count) AS by_industry,
       any_value(g.openings_annual_count) AS openings, any_value(i.coverage_pct) AS coverage_pct, sum(i.share_pct) AS share_sum
FROM industry_cluster_openings i LEFT JOIN gap_by_cluster g
  ON g.state_fips = '00' AND g.awards = 'sub-baccalaureate' AND g.demand = i.demand
 AND g.demand_variant = i.demand_variant AND g.cluster = i.cluster AND g.subcluster IS NULL
WHERE i.framework = '14 clusters (2024)'
GROUP BY i.demand, i.demand_variant, i.cluster
HAVING NOT coalesce(by_industry BETWEEN (coverage_pct - 1) / 100 * openings AND 1.005 * openings, FALSE)
    OR abs(share_sum - 100) > 0.001
UNION ALL
SELECT demand, demand_variant, cluster, openings_annual_count, NULL, coverage_pct, share_pct FROM industry_cluster_openings
WHERE openings_annual_count < 0 OR coverage_pct NOT BETWEEN 0 AND 100 OR share_pct NOT BETWEEN 0 AND 100
   OR is_listed_sector IS NULL AND framework = '14 clusters (2024)'
