-- awards are the sum of those to men and to women
SELECT award_year, unit_id, cip_code, award_level, awards_count, awards_men_count, awards_women_count
FROM completion WHERE awards_count <> awards_men_count + awards_women_count OR awards_count < 0
