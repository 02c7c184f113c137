"""SQL text where DuckDB allows no parameter: ATTACH, COPY and COMMENT."""

from __future__ import annotations


def literal(value: object) -> str:
    """A value's text between quotes, as SQL writes it.

    >>> literal("the publisher's")
    "'the publisher''s'"
    """
    return "'" + str(value).replace("'", "''") + "'"
