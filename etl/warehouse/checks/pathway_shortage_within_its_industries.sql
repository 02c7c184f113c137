-- a pathway's industry shortage lies between its industries' lowest and highest, and says why where there is none
WITH span AS (
    SELECT month, indicator, min(value) AS lowest, max(value) AS highest FROM industry_shortage GROUP BY ALL
)
SELECT indicator, framework, demand, demand_variant, cluster, value, unmatched_pct, lowest, highest
FROM pathway_industry_shortage LEFT JOIN span USING (month, indicator)
WHERE NOT coalesce(value BETWEEN lowest - 1e-9 AND highest + 1e-9, note IS NOT NULL AND unmatched_pct > 99.9)
   OR unmatched_pct IS NULL OR unmatched_pct NOT BETWEEN 0 AND 100
   OR indicator NOT IN ('index', 'vacancies_per_hire', 'vacancy_rate')
