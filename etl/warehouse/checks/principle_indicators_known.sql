-- every indicator is described with its principle and unit, each described one has rows, and a missing value says why
SELECT coalesce(p.indicator, m.indicator) AS indicator, p.state_fips, p.cluster, p.value
FROM principle_indicator p FULL JOIN principle_measure m USING (indicator)
WHERE p.indicator IS NULL OR m.indicator IS NULL OR p.principle <> m.principle OR p.unit <> m.unit
   OR m.principle NOT BETWEEN 1 AND 5 OR NOT starts_with(p.note, m.note)
   OR p.value IS NULL AND p.note = m.note
   OR (p.cluster IS NOT NULL AND p.framework IS NULL)
   OR p.framework NOT IN ('14 clusters (2024)', '16 clusters (2002)')
