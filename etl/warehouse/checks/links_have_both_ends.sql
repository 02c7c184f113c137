-- every link of the crosswalk has its program and its occupation
SELECT l.cip_code, l.soc_code FROM program_occupation l
LEFT JOIN program p USING (cip_code) LEFT JOIN occupation_title t USING (soc_code)
WHERE p.cip_code IS NULL OR t.soc_code IS NULL
