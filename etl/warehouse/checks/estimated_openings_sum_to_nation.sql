-- the states' estimated openings add up to the nation's for every occupation that is shared out
SELECT e.soc_code, sum(e.openings_annual_count) AS states_sum, any_value(n.openings_annual_count) AS nation
FROM occupation_projection e
JOIN occupation_projection n ON n.soc_code = e.soc_code AND n.demand_basis = 'bls'
WHERE e.demand_basis = 'estimated' AND e.openings_annual_count IS NOT NULL
GROUP BY e.soc_code
HAVING abs(sum(e.openings_annual_count) - any_value(n.openings_annual_count)) > 0.5
