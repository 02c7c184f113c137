-- codes keep their leading zeros: SOC 11-1011, CIP 01.0101, FIPS 01, industry 000000
SELECT * FROM (
    SELECT DISTINCT 'completion.cip_code' AS field, cip_code AS value FROM completion
    WHERE NOT regexp_full_match(cip_code, '\d{2}\.\d{4}')
    UNION ALL SELECT DISTINCT 'program.cip_code', cip_code FROM program WHERE NOT regexp_full_match(cip_code, '\d{2}\.\d{4}')
    UNION ALL SELECT DISTINCT 'program_cluster.cip_code', cip_code FROM program_cluster
    WHERE NOT regexp_full_match(cip_code, '\d{2}\.\d{4}')
    UNION ALL SELECT DISTINCT 'program_occupation.soc_code', soc_code FROM program_occupation
    WHERE NOT regexp_full_match(soc_code, '\d{2}-\d{4}')
    UNION ALL SELECT DISTINCT 'occupation_employment.soc_code', soc_code FROM occupation_employment
    WHERE NOT regexp_full_match(soc_code, '\d{2}-\d{4}')
    UNION ALL SELECT DISTINCT 'occupation_cluster.soc_code', soc_code FROM occupation_cluster
    WHERE NOT regexp_full_match(soc_code, '\d{2}-\d{4}')
    UNION ALL SELECT DISTINCT 'projection_state.soc_code', soc_code FROM projection_state
    WHERE NOT regexp_full_match(soc_code, '\d{2}-\d{4}')
    UNION ALL SELECT DISTINCT 'turnover_monthly.industry_code', industry_code FROM turnover_monthly
    WHERE NOT regexp_full_match(industry_code, '\d{6}')
    UNION ALL SELECT DISTINCT 'institution.state_fips', state_fips FROM institution
    WHERE NOT regexp_full_match(state_fips, '\d{2}')
    UNION ALL SELECT DISTINCT 'institution.congressional_district', congressional_district FROM institution
    WHERE NOT regexp_full_match(congressional_district, '\d{4}')
)
