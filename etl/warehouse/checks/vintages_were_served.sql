-- a superseded turnover value was replaced by a build of the record, and a row that was not served has no values
SELECT v.month, v.state_fips, v.industry_code, v.element, v.replaced_in
FROM turnover_vintage v LEFT JOIN build_log l ON l.build_number = v.replaced_in
WHERE l.build_number IS NULL OR v.replaced_in = 1
   OR v.was_served = (v.level_thousands IS NULL AND v.rate_pct IS NULL AND v.ratio IS NULL)
