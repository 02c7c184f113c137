-- no award year has under 90 or over 110 percent of the awards of the year before
WITH yearly AS (SELECT award_year, sum(awards_count) AS awards FROM program_award WHERE state_fips = '00' GROUP BY ALL)
SELECT award_year, awards, lag(awards) OVER (ORDER BY award_year) AS year_before FROM yearly
QUALIFY awards / year_before NOT BETWEEN 0.9 AND 1.1
