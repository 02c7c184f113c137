-- the review has exactly the programs with an award below the bachelor's degree in the newest three award years, with their mean
WITH newest AS (SELECT DISTINCT award_year FROM program_award ORDER BY award_year DESC LIMIT 3), mean AS (
    SELECT state_fips, cip_code, sum(awards_count) / (SELECT count(*) FROM newest) AS awards
    FROM program_award JOIN newest USING (award_year)
    WHERE award_level IN ('20', '21', '2', '4', '3') GROUP BY ALL HAVING sum(awards_count) > 0
)
SELECT state_fips, cip_code, m.awards, r.awards_mean_count FROM mean m
FULL JOIN program_review r USING (state_fips, cip_code)
WHERE m.awards IS NULL OR r.awards_mean_count IS NULL OR abs(m.awards - r.awards_mean_count) > 0.001
