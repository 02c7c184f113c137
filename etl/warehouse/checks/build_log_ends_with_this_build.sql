-- the record of builds counts from 1 without a gap, and its last build is this one
SELECT coalesce(l.build_number, 0) AS build_number, coalesce(l.build_id, b.build_id) AS build_id
FROM (SELECT *, row_number() OVER (ORDER BY build_number) AS place, max(build_number) OVER () AS newest FROM build_log) l
FULL JOIN build b ON l.build_number = l.newest AND l.build_id = b.build_id
WHERE l.build_number IS NULL OR l.build_number <> l.place OR (b.build_id IS NULL AND l.build_number = l.newest)
