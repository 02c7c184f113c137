-- the misalignment is half the sum of the differences between the pathways' shares of awards and of openings
WITH mix AS (
    SELECT reference_year, state_fips, demand_variant, cluster,
           max(value) FILTER (indicator = 'awards_share_pct') AS awards, max(value) FILTER (indicator = 'openings_share_pct') AS openings
    FROM principle_indicator WHERE framework = '14 clusters (2024)' GROUP BY ALL
)
SELECT state_fips, demand_variant, any_value(p.value) AS misalignment, sum(abs(m.awards - m.openings)) / 2 AS from_mixes
FROM principle_indicator p JOIN mix m USING (reference_year, state_fips, demand_variant)
WHERE p.indicator = 'misalignment_pct' AND m.awards IS NOT NULL
GROUP BY ALL HAVING abs(misalignment - from_mixes) > 0.001
