-- every finding is tried for every area and cluster under 24 assumptions and holds under at most as many
WITH place AS (
    SELECT DISTINCT cluster FROM occupation_pathway WHERE framework = '14 clusters (2024)' UNION ALL SELECT NULL
), wanted AS (
    SELECT f.finding, s.state_fips, p.cluster FROM stability_finding f CROSS JOIN state s CROSS JOIN place p
    WHERE NOT (f.compares_pathways AND p.cluster IS NULL)
)
SELECT coalesce(w.finding, g.finding) AS finding, coalesce(w.state_fips, g.state_fips) AS state_fips,
       coalesce(w.cluster, g.cluster) AS cluster, g.holds_count, g.tried_count
FROM wanted w FULL JOIN gap_stability g
  ON g.finding = w.finding AND g.state_fips = w.state_fips AND g.cluster IS NOT DISTINCT FROM w.cluster
WHERE w.finding IS NULL OR g.finding IS NULL OR g.tried_count <> 24 OR g.holds_count NOT BETWEEN 0 AND g.tried_count
   OR (g.note IS NULL) <> (g.holds_count IN (0, g.tried_count))
ORDER BY ALL
