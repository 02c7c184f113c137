-- at least 99 percent of openings in linked career-training jobs are in a cluster of the 2024 framework
WITH linked AS (
    SELECT p.soc_code, p.openings_annual_count AS openings, c.soc_code IS NOT NULL AS has_cluster
    FROM occupation_projection p
    JOIN occupation o USING (soc_code)
    LEFT JOIN (SELECT DISTINCT soc_code FROM occupation_pathway WHERE framework LIKE '14%') c USING (soc_code)
    WHERE p.demand_basis = 'bls' AND o.is_career_prep AND o.has_program
)
SELECT sum(openings) AS openings, sum(openings) FILTER (NOT has_cluster) AS without FROM linked
HAVING sum(openings) FILTER (NOT has_cluster) > 0.01 * sum(openings)
