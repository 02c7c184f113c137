-- an in-demand rule is undecided where, and only where, the reason says that it cannot be worked out
SELECT rule, state_fips, soc_code, is_in_demand, reason FROM in_demand
WHERE (is_in_demand IS NULL) <> starts_with(reason, 'cannot be worked out: ')
