-- modelled vacancies meet the nation's total, and the published industries and states within 5 percent, and say so
WITH nation AS (
    SELECT month, industry_code, 1000 * level_thousands AS published FROM turnover_monthly
    WHERE state_fips = '00' AND element = 'JO' AND is_seasonally_adjusted
), states AS (
    SELECT month, state_fips, 1000 * level_thousands AS published FROM turnover_monthly
    WHERE state_fips <> '00' AND element = 'JO' AND is_seasonally_adjusted
)
SELECT v.month, 'all' AS what, sum(v.vacancies_count) AS modelled, any_value(n.published) AS published
FROM state_industry_vacancies v LEFT JOIN nation n ON n.month = v.month AND n.industry_code = '000000'
GROUP BY v.month
HAVING NOT coalesce(abs(sum(v.vacancies_count) / any_value(n.published) - 1) < 0.0001, FALSE)
UNION ALL
SELECT v.month, v.industry_code, sum(v.vacancies_count), any_value(n.published)
FROM state_industry_vacancies v LEFT JOIN nation n USING (month, industry_code)
WHERE v.industry_code <> 'rest'
GROUP BY v.month, v.industry_code
HAVING NOT coalesce(abs(sum(v.vacancies_count) / any_value(n.published) - 1) < 0.05, FALSE)
UNION ALL
SELECT m.month, s.state_fips, sum(v.vacancies_count), any_value(n.published)
FROM (SELECT DISTINCT month FROM state_industry_vacancies) m CROSS JOIN (SELECT * FROM state WHERE state_fips <> '00') s
LEFT JOIN state_industry_vacancies v USING (month, state_fips)
LEFT JOIN states n USING (month, state_fips)
GROUP BY m.month, s.state_fips
HAVING NOT coalesce(abs(sum(v.vacancies_count) / any_value(n.published) - 1) < 0.05, FALSE)
UNION ALL
SELECT month, state_fips, vacancies_count, NULL FROM state_industry_vacancies
WHERE vacancies_count < 0 OR coalesce(note NOT LIKE 'modelled%', TRUE)
