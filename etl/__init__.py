"""Pulls labour-market and program data from its publishers into one DuckDB warehouse."""
