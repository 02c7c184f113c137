-- a missing employment figure or wage says why it is missing
SELECT reference_year, state_fips, soc_code, 'employment' AS what FROM occupation_employment
WHERE employment_count IS NULL AND employment_note IS NULL
UNION ALL
SELECT reference_year, state_fips, soc_code, 'median wage' FROM occupation_employment
WHERE wage_median_usd IS NULL AND wage_note IS NULL
UNION ALL
SELECT reference_year, naics_sector, soc_code, 'sector employment' FROM industry_occupation_employment
WHERE employment_count IS NULL AND employment_note IS NULL
UNION ALL
SELECT NULL, state_fips, naics_code, 'covered employment' FROM industry_employment
WHERE employment_count IS NULL AND employment_note IS NULL
UNION ALL
SELECT NULL, state_fips, soc_code, 'openings' FROM occupation_projection
WHERE openings_annual_count IS NULL AND note IS NULL
