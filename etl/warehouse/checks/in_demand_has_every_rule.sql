-- every rule has been asked of every occupation with an estimate of openings, in every area
SELECT r.rule, p.state_fips, p.soc_code FROM in_demand_rule r
CROSS JOIN (
    SELECT state_fips, soc_code FROM occupation_projection
    WHERE demand_basis IN ('bls', 'estimated') AND openings_annual_count IS NOT NULL
) p
ANTI JOIN in_demand d ON d.rule = r.rule AND d.state_fips = p.state_fips AND d.soc_code = p.soc_code
