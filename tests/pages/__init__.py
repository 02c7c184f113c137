"""Pages: they run in every scope, and say in one sentence when they cannot."""
