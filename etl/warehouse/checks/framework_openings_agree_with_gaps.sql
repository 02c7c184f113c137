-- each framework's openings by cluster are complete, and those of the 2024 framework are those of the gap tables
SELECT g.state_fips, g.demand_variant, g.cluster, g.openings_annual_count AS in_gaps, f.openings_annual_count AS here
FROM gap_by_cluster g LEFT JOIN framework_openings f USING (state_fips, demand, demand_variant, framework, cluster)
WHERE g.awards = 'sub-baccalaureate' AND g.demand = 'career-prep' AND g.subcluster IS NULL
  AND (g.openings_annual_count, g.openings_split_count)
      IS DISTINCT FROM (f.openings_annual_count, f.openings_split_count)
UNION ALL
SELECT state_fips, demand_variant, framework, count(*), NULL FROM framework_openings
GROUP BY state_fips, demand, demand_variant, framework
HAVING count(*) <> CASE framework WHEN '14 clusters (2024)' THEN 14 WHEN '16 clusters (2002)' THEN 16 END
UNION ALL
SELECT state_fips, demand_variant, cluster, openings_split_count, openings_annual_count FROM framework_openings
WHERE openings_split_count > openings_annual_count OR openings_split_count < 0
