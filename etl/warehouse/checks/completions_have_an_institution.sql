-- at least 99 percent of each year's awards are at an institution of that year's directory
SELECT award_year, sum(awards_count) AS awards, sum(awards_count) FILTER (i.unit_id IS NULL) AS without
FROM completion LEFT JOIN institution i USING (award_year, unit_id)
GROUP BY award_year
HAVING sum(awards_count) FILTER (i.unit_id IS NULL) > 0.01 * sum(awards_count)
