"""What several pages are made of: the scope bar, the chart block, the facts row, the foot of a page."""
