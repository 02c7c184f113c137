-- every in-demand rule says where it can be read, and its year or that it is not confirmed; dollars always have a year
SELECT rule, source_url, as_of FROM in_demand_rule
WHERE NOT coalesce(source_url SIMILAR TO 'https?://.+', false)
   OR (as_of IS NULL AND (is_dollar_threshold OR NOT coalesce(note ILIKE '%not confirmed%', false)))
