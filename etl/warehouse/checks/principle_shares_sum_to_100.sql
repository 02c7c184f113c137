-- shares of pathways, and award lengths within a pathway, add up to 100 percent
SELECT indicator, state_fips, NULL AS cluster, demand, demand_variant, sum(value) AS total FROM principle_indicator
WHERE indicator IN ('openings_share_pct', 'awards_share_pct', 'awards_per_100_women', 'awards_per_100_men',
                    'concentrators_share_pct')
GROUP BY indicator, reference_year, state_fips, framework, demand, demand_variant
HAVING abs(sum(value) - 100) > 0.001
UNION ALL
SELECT 'length', state_fips, cluster, demand, demand_variant, sum(value) FROM principle_indicator
WHERE starts_with(indicator, 'length_')
GROUP BY reference_year, state_fips, framework, cluster, demand, demand_variant
HAVING abs(sum(value) - 100) > 0.001 OR count(*) <> 5
