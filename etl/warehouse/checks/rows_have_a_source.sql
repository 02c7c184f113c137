-- every table of figures names its source, and every source the files it came from
SELECT t.table_name, t.source_id, t.row_count FROM table_source t
LEFT JOIN source s USING (source_id)
LEFT JOIN (SELECT DISTINCT source_id FROM source_file) f USING (source_id)
WHERE s.source_id IS NULL OR f.source_id IS NULL OR t.row_count = 0
