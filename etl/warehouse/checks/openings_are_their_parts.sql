-- national openings are growth, exits and transfers, within 200 a year of rounding
SELECT soc_code, openings_annual_count, growth_annual_count + exits_annual_count + transfers_annual_count AS parts
FROM occupation_projection
WHERE demand_basis = 'bls' AND growth_annual_count > 0
  AND abs(openings_annual_count - parts) > 200
