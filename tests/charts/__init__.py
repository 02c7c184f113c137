"""Charts: what they say, how they look, what they refuse, and what they save."""
