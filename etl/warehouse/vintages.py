"""Turnover as it was served on a day of the past or in a build, so that a figure quoted then can be shown again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pandas as pd

from etl.errors import AtlasError, UsageError
from etl.warehouse.read import Reader


@dataclass(frozen=True)
class Served:
    """A build of the past, and what this warehouse said then."""

    build_id: str
    built_at: datetime
    rows: pd.DataFrame


def turnover(
    reader: Reader,
    as_of: str = "",
    *,
    state: str = "US",
    industry_code: str = "000000",
    element: str = "JO",
    is_seasonally_adjusted: bool = True,
    today: date | None = None,
) -> Served:
    """Turnover as the warehouse served it at the end of a day (YYYY-MM-DD, in UTC) or in a build (its id); now, for "".

    Columns: month, state_abbr, industry_code, element, is_seasonally_adjusted, level_thousands, rate_pct, ratio,
    is_preliminary, vintage and level_vintage (the release that a value comes from; where later releases left it as it
    was, the last of them), now_level_thousands, now_rate_pct and now_ratio (what is served today) and replaced_on (NULL
    where the value still stands). Raises ``UsageError`` for a day to come, a build or a place that is not known, and
    ``AtlasError`` for a day before the record begins.
    """
    number, build_id, built_at = _build_at(reader, as_of, today)
    if not reader.rows("SELECT 1 FROM state WHERE state_abbr = ?", [state]):
        raise UsageError(f"There is no state {state!r}; name one by its postal abbreviation, or US for the nation.")
    rows = reader.frame(
        """
        WITH replaced AS (
            SELECT month, state_fips, industry_code, element, is_seasonally_adjusted,
                   min_by(v, v.replaced_in) AS then_served
            FROM turnover_vintage v WHERE replaced_in > $number GROUP BY ALL
        )
        SELECT month, state_abbr, industry_code, element, is_seasonally_adjusted,
               if(then_served IS NULL, n.level_thousands, then_served.level_thousands) AS level_thousands,
               if(then_served IS NULL, n.rate_pct, then_served.rate_pct) AS rate_pct,
               if(then_served IS NULL, n.ratio, then_served.ratio) AS ratio,
               if(then_served IS NULL, n.is_preliminary, then_served.is_preliminary) AS is_preliminary,
               if(then_served IS NULL, n.vintage, then_served.vintage) AS vintage,
               if(then_served IS NULL, n.level_vintage, then_served.level_vintage) AS level_vintage,
               n.level_thousands AS now_level_thousands, n.rate_pct AS now_rate_pct, n.ratio AS now_ratio,
               b.built_at::DATE AS replaced_on
        FROM turnover_monthly n
        FULL JOIN replaced USING (month, state_fips, industry_code, element, is_seasonally_adjusted)
        JOIN state USING (state_fips)
        LEFT JOIN build_log b ON b.build_number = then_served.replaced_in
        WHERE state_abbr = $state AND industry_code = $industry AND element = $element
          AND is_seasonally_adjusted = $adjusted AND coalesce(then_served.was_served, true)
        ORDER BY month
        """,
        {
            "number": number,
            "state": state,
            "industry": industry_code,
            "element": element,
            "adjusted": is_seasonally_adjusted,
        },
    )
    if rows.empty:
        raise UsageError(
            f"Build {build_id} had no turnover of {state}, industry {industry_code}, element {element}, "
            f"{'' if is_seasonally_adjusted else 'not '}seasonally adjusted; states have only industry 000000, and "
            '`python -m etl sql "SELECT * FROM industry"` lists the industries.'
        )
    return Served(build_id, built_at, rows)


def _build_at(reader: Reader, as_of: str, today: date | None) -> tuple[int, str, datetime]:
    """The number, id and time of the build that served at the end of a day, or that has an id; the newest for ""."""
    log: list[tuple[int, str, datetime]] = reader.rows(
        "SELECT build_number, build_id, built_at FROM build_log ORDER BY build_number"
    )
    if not as_of:
        return log[-1]
    if re.fullmatch(r"[0-9a-f]{12}", as_of):
        named = [build for build in log if build[1] == as_of]
        if not named:
            raise UsageError(
                f"The record has no build {as_of}; `python -m etl sql 'SELECT * FROM build_log'` lists them."
            )
        return named[-1]
    try:
        day = date.fromisoformat(as_of)
    except ValueError as error:
        raise UsageError(
            f"{as_of!r} is neither a day like 2026-10-31 nor a build's id; write one of the two."
        ) from error
    if day > (today or datetime.now(UTC).date()):
        raise UsageError(f"{as_of} is still to come; name a day that has been.")
    until = [build for build in log if build[2].date() <= day]
    if not until:
        raise AtlasError(
            f"The record begins on {log[0][2]:%Y-%m-%d} with build {log[0][1]}, so what was served on {as_of} is not "
            "known; name that day or a later one."
        )
    return until[-1]
