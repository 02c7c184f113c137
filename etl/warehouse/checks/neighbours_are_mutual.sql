-- Whoever has a neighbour is that neighbour's neighbour, and both are states.
SELECT n.state_fips, n.neighbour_fips
FROM state_neighbour n
LEFT JOIN state_neighbour m ON m.state_fips = n.neighbour_fips AND m.neighbour_fips = n.state_fips
LEFT JOIN state s ON s.state_fips = n.neighbour_fips
WHERE m.state_fips IS NULL OR s.state_fips IS NULL OR n.state_fips IN ('00', n.neighbour_fips)
