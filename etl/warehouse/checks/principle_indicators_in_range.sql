-- no indicator is negative, percents are at most 100, yes or no is 1 or 0, and an interval has two ends in order
SELECT indicator, state_fips, cluster, value, value_low, value_high FROM principle_indicator
WHERE value < 0 OR isnan(value)
   OR (unit IN ('percent', 'awards of every 100') AND value > 100 + 1e-9)
   OR (unit = '1 or 0' AND value NOT IN (0, 1))
   OR (value_low IS NULL) <> (value_high IS NULL) OR value_low > value_high
