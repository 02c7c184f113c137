-- the line items' jobs and openings add up to the published total within 0.1 percent
SELECT projection_year, d.jobs, t.employment_base_count AS published_jobs, d.openings,
       t.openings_annual_count AS published_openings
FROM (
    SELECT projection_year, sum(employment_base_count) AS jobs, sum(openings_annual_count) AS openings
    FROM projection_national WHERE occupation_type = 'Line item' GROUP BY ALL
) d
LEFT JOIN (SELECT * FROM projection_national WHERE soc_code = '00-0000') t USING (projection_year)
WHERE t.soc_code IS NULL OR abs(d.jobs / t.employment_base_count - 1) > 0.001
   OR abs(d.openings / t.openings_annual_count - 1) > 0.001
