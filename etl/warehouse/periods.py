"""Periods as the warehouse's tables date them: what a reader calls one, its last day, and the one that follows.

``field`` is the column that dates a table's rows (``Table.period``), ``value`` its content as text.
"""

from __future__ import annotations

from datetime import date, timedelta


def period_label(field: str, value: str) -> str:
    """A period as a reader would say it, by the column that dates the rows.

    >>> period_label("award_year", "2024"), period_label("month", "2026-08-01"), period_label("projection_year", "2034")
    ('2023–24', 'to August 2026', '2024–34')
    """
    match field:
        case "award_year":
            return f"{int(value) - 1}–{value[2:]}"
        case "projection_year":  # projections span ten years
            return f"{int(value) - 10}–{value[2:]}"
        case "reference_year":
            return f"May {value}"
        case "fall_year":
            return f"fall {value}"
        case "month":
            return f"to {date.fromisoformat(value):%B %Y}"
        case "date":
            day = date.fromisoformat(value)
            return f"to {day.day} {day:%B %Y}"
        case "quarter":
            return f"{value[:4]}, quarter {value[-1]}"
    return value


def period_end(field: str, value: str) -> date:
    """The last day that a period covers; of a projection, the last day of its base year. Raises ``ValueError`` for a column
    that dates nothing.

    >>> period_end("quarter", "2024Q4"), period_end("month", "2026-08-01"), period_end("projection_year", "2034")
    (datetime.date(2024, 12, 31), datetime.date(2026, 8, 31), datetime.date(2024, 12, 31))
    """
    match field:
        case "award_year":
            return date(int(value), 6, 30)
        case "school_year":
            return date(int(value[:4]) + 1, 6, 30)
        case "projection_year":
            return date(int(value) - 10, 12, 31)
        case "reference_year":
            return date(int(value), 5, 31)
        case "fall_year":
            return date(int(value), 12, 31)
        case "date":
            return date.fromisoformat(value)
        case "month":
            return _month_end(date.fromisoformat(value))
        case "quarter":
            return _month_end(date(int(value[:4]), 3 * int(value[-1]), 1))
    raise ValueError(f"the column {field!r} dates no rows")


def period_after(field: str, value: str, step_years: int = 1) -> str:
    """The period that follows; ``step_years`` later for those that are years.

    >>> period_after("quarter", "2024Q4"), period_after("month", "2026-12-01"), period_after("school_year", "2020-21")
    ('2025Q1', '2027-01-01', '2021-22')
    """
    match field:
        case "date":
            return (date.fromisoformat(value) + timedelta(days=1)).isoformat()
        case "month":
            return (_month_end(date.fromisoformat(value)) + timedelta(days=1)).isoformat()
        case "quarter":
            year, quarter = int(value[:4]), int(value[-1])
            return f"{year + 1}Q1" if quarter == 4 else f"{year}Q{quarter + 1}"
        case "school_year":
            first = int(value[:4]) + step_years
            return f"{first}-{(first + 1) % 100:02d}"
    return str(int(value) + step_years)


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
