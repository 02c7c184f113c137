-- every award level is described
SELECT DISTINCT award_level FROM completion ANTI JOIN award_level USING (award_level)
