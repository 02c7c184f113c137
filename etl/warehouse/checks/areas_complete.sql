-- the nation, the 50 states and DC are all in each table that should have them, and in its newest year where it has years
WITH wanted AS (
    SELECT table_name, state_fips FROM state
    CROSS JOIN (VALUES ('turnover_monthly'), ('occupation_employment'), ('industry_employment'), ('program_award')) t (table_name)
), found AS (
    SELECT DISTINCT 'turnover_monthly' AS table_name, state_fips FROM turnover_monthly
    UNION SELECT DISTINCT 'occupation_employment', state_fips FROM occupation_employment
          WHERE reference_year = (SELECT max(reference_year) FROM occupation_employment)
    UNION SELECT DISTINCT 'industry_employment', state_fips FROM industry_employment
          WHERE quarter = (SELECT max(quarter) FROM industry_employment)
    UNION SELECT DISTINCT 'program_award', state_fips FROM program_award
          WHERE award_year = (SELECT max(award_year) FROM program_award)
)
SELECT table_name, state_fips FROM wanted ANTI JOIN found USING (table_name, state_fips) ORDER BY ALL
