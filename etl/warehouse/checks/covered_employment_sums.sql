-- private, federal, state and local employment add up to at least 95 and at most 100.5 percent of each area's total
SELECT state_fips, quarter, sum(employment_count) FILTER (own_code = '0' AND naics_code = '10') AS total,
       sum(employment_count) FILTER (own_code IN ('1', '2', '3', '5') AND naics_code = '10') AS parts
FROM industry_employment GROUP BY ALL
HAVING total IS NULL OR parts / total NOT BETWEEN 0.95 AND 1.005
