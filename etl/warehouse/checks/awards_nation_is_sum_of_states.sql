-- the nation's awards are the sum of the states' for every year, program and level
SELECT award_year, cip_code, award_level,
       sum(awards_count) FILTER (state_fips = '00') AS nation, sum(awards_count) FILTER (state_fips <> '00') AS states_sum
FROM program_award GROUP BY ALL HAVING nation IS DISTINCT FROM states_sum
