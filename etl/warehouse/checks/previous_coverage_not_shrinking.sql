-- no table has lost more than a tenth of the rows that a publisher's source had in the build before (imported files may go)
SELECT t.table_name, t.source_id, p.row_count AS before, t.row_count AS now
FROM table_source t JOIN previous.table_source p USING (table_name, source_id)
WHERE t.row_count < 0.9 * p.row_count AND t.source_id <> 'imported'
