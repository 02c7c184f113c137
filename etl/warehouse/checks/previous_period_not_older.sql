-- no table ends earlier than it did in the build before (imported files may go)
SELECT t.table_name, t.source_id, p.last_period AS before, t.last_period AS now
FROM table_source t JOIN previous.table_source p USING (table_name, source_id)
WHERE t.last_period < p.last_period AND t.source_id <> 'imported'
