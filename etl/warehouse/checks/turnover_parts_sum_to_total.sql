-- private and government vacancies add up to total nonfarm within 3 percent, wherever all three are of one release
SELECT t.month, t.level_thousands AS total_thousands, p.level_thousands + g.level_thousands AS parts_thousands
FROM turnover_monthly t
JOIN turnover_monthly p USING (month, state_fips, element, is_seasonally_adjusted, level_vintage)
JOIN turnover_monthly g USING (month, state_fips, element, is_seasonally_adjusted, level_vintage)
WHERE t.industry_code = '000000' AND p.industry_code = '100000' AND g.industry_code = '900000'
  AND t.element = 'JO' AND t.state_fips = '00'
  AND abs(t.level_thousands - p.level_thousands - g.level_thousands) > 0.03 * t.level_thousands
