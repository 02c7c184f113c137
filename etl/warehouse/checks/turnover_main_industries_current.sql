-- every main industry has a vacancy rate within two years of the newest month of all
SELECT i.industry_code, i.title, max(t.month) AS newest
FROM industry i LEFT JOIN turnover_monthly t
  ON t.industry_code = i.industry_code AND t.state_fips = '00' AND t.element = 'JO' AND t.is_seasonally_adjusted
 AND t.rate_pct IS NOT NULL
WHERE i.display_level <= 1 OR (i.display_level = 2 AND i.industry_code NOT LIKE '9%')
GROUP BY ALL
HAVING coalesce(max(t.month), DATE '1900-01-01') < (SELECT max(month) FROM turnover_monthly) - INTERVAL 2 YEAR
