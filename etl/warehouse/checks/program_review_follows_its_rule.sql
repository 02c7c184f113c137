-- a program's review is one of five words, and the one that its room, its wage ratio and its awards give
SELECT award_year, state_fips, cip_code, awards_mean_count, has_room, wage_ratio, review FROM program_review
WHERE review NOT IN ('candidate to scale', 'sustain', 'candidate to transform', 'examine', 'not reviewed')
   OR review IS DISTINCT FROM CASE
          WHEN awards_mean_count < 10 OR cip_code LIKE '24.%' OR has_room IS NULL OR wage_ratio IS NULL THEN 'not reviewed'
          WHEN has_room THEN if(wage_ratio >= 1, 'candidate to scale', 'candidate to transform')
          ELSE if(wage_ratio >= 1, 'sustain', 'examine')
      END
