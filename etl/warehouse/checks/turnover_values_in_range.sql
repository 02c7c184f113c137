-- turnover rates are between 0 and 100 percent, levels and ratios are not negative, and every row has a value
SELECT month, state_fips, industry_code, element, level_thousands, rate_pct, ratio
FROM turnover_monthly
WHERE rate_pct NOT BETWEEN 0 AND 100 OR level_thousands < 0 OR ratio < 0
   OR (level_thousands IS NULL AND rate_pct IS NULL AND ratio IS NULL)
