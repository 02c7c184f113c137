"""Reading the flat files of BLS time series (``download.bls.gov/pub/time.series``), which several surveys share."""

from __future__ import annotations

import duckdb
import pandas as pd

from etl.errors import AtlasError
from etl.source import RawFile
from etl.tabular import AGAIN, need_columns

_COLUMNS = ("series_id", "year", "period", "value", "footnote_codes")


def read_series(raw: RawFile, keep: str) -> pd.DataFrame:
    """The monthly values in a BLS time-series file of every series whose whole id matches ``keep``.

    Columns ``series_id``, ``month`` (its first day), ``value`` and ``is_preliminary``. Annual means (M13) and
    quarters are left out, and so are values of ``-``, which is how BLS says that there is none. Ids are
    padded with blanks and a file may mix line ends. DuckDB filters while it reads: one file has 390 MB.
    """
    with raw.path.open("rb") as file:
        heading = [name.strip() for name in file.readline(4096).decode("utf-8", "replace").split("\t")]
    need_columns(pd.DataFrame(columns=heading), _COLUMNS, raw.name)
    names = [name if name in _COLUMNS else f"other_{place}" for place, name in enumerate(heading)]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    query = f"""
        SELECT trim(series_id) AS series_id,
               make_date(trim(year)::INTEGER, substr(trim(period), 2)::INTEGER, 1) AS month,
               trim(value)::DOUBLE AS value,
               contains(coalesce(footnote_codes, ''), 'P') AS is_preliminary
        FROM read_csv($path, delim = '\t', header = false, skip = 1, columns = {{{columns}}},
                      auto_detect = false, quote = '', escape = '', strict_mode = false)
        WHERE regexp_full_match(trim(series_id), $keep)
          AND regexp_full_match(trim(period), 'M(0[1-9]|1[0-2])')
          AND trim(value) NOT IN ('', '-')
    """
    try:
        with duckdb.connect() as connection:
            found = connection.execute(query, {"path": str(raw.path), "keep": keep}).df()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise AtlasError(f"{raw.name} cannot be read as a BLS time-series file ({reason}); {AGAIN}.") from error
    if found.empty:
        raise AtlasError(f"{raw.name} holds no monthly value of the series that are needed; {AGAIN}.")
    twice = found.duplicated(["series_id", "month"])
    if twice.any():
        first = found[twice].iloc[0]
        raise AtlasError(f"{raw.name} gives {first['series_id']} twice for {first['month']:%B %Y}; {AGAIN}.")
    return found
