-- every area code is one of the table state (institutions may also lie in the territories)
SELECT table_name, state_fips FROM (
    SELECT DISTINCT 'turnover_monthly' AS table_name, state_fips FROM turnover_monthly
    UNION SELECT DISTINCT 'unemployment_monthly', state_fips FROM unemployment_monthly
    UNION SELECT DISTINCT 'postings_index', state_fips FROM postings_index
    UNION SELECT DISTINCT 'industry_employment', state_fips FROM industry_employment
    UNION SELECT DISTINCT 'occupation_employment', state_fips FROM occupation_employment
    UNION SELECT DISTINCT 'projection_state', state_fips FROM projection_state
    UNION SELECT DISTINCT 'occupation_projection', state_fips FROM occupation_projection
    UNION SELECT DISTINCT 'cte_enrollment', state_fips FROM cte_enrollment
    UNION SELECT DISTINCT 'teacher_shortage_area', state_fips FROM teacher_shortage_area
) ANTI JOIN state USING (state_fips)
