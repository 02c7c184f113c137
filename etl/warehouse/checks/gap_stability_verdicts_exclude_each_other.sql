-- verdicts exclude each other, so the assumptions under which they hold add up to no more than were tried
SELECT state_fips, cluster, sum(holds_count) AS held, any_value(tried_count) AS tried FROM gap_stability
WHERE finding IN ('mismatch', 'more openings than awards', 'more awards than openings', 'about even')
GROUP BY ALL HAVING sum(holds_count) > any_value(tried_count)
UNION ALL
SELECT state_fips, cluster, sum(holds_count), any_value(tried_count) FROM gap_stability
WHERE finding IN ('fills under half', 'fills half or more')
GROUP BY ALL HAVING sum(holds_count) > any_value(tried_count)
UNION ALL
SELECT state_fips, cluster, max(holds_count) FILTER (finding = 'fills under a quarter'),
       max(holds_count) FILTER (finding = 'fills under half')
FROM gap_stability WHERE finding LIKE 'fills under%'
GROUP BY ALL
HAVING max(holds_count) FILTER (finding = 'fills under a quarter') > max(holds_count) FILTER (finding = 'fills under half')
