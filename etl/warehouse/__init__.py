"""The DuckDB warehouse: described once in ``schema``, built whole by ``build``, read through ``read``."""
