-- the nation, the 50 states and DC each have every indicator that is worked out for all
WITH everywhere AS (
    SELECT indicator FROM principle_measure
    WHERE NOT (starts_with(indicator, 'concentrators_') OR starts_with(indicator, 'cte_shortage_'))
)
SELECT e.indicator, s.state_fips FROM everywhere e CROSS JOIN state s
WHERE NOT (s.state_fips = '00' AND starts_with(e.indicator, 'record_'))
  AND NOT EXISTS (SELECT 1 FROM principle_indicator p WHERE p.indicator = e.indicator AND p.state_fips = s.state_fips)
ORDER BY ALL
