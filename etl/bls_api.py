"""The interface of the Bureau of Labor Statistics (version 2), for the few series of a file that is too long to fetch whole.

Its traps:

* ``REQUEST_SUCCEEDED`` does not mean that everything came: a ``message`` may say that the newest years were cut, or that a
  series is not known. Only the message that a year has no data (yet) is harmless.
* A value of ``-`` is no value.
* Without a registration key a day has 25 requests, of 25 series and 10 years each; with one 500, of 50 series and 20 years.
  When they are used up nothing more is asked that day; the ledger remembers it.
* The key stands in the body of a request and nowhere else, and an answer may quote it: messages are shown without it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from etl.errors import AtlasError, UnavailableError
from etl.source import Asking, RawFile
from etl.tabular import AGAIN

ADDRESS = "https://api.bls.gov/publicAPI/v2/timeseries/data/"
_NO_DATA_YET = re.compile(r"no data available for series\b.*", re.IGNORECASE)
_UNKNOWN_SERIES = re.compile(r"series does not exist for series (\S+)", re.IGNORECASE)


@dataclass(frozen=True)
class Limits:
    """What one request may ask for."""

    series: int
    years: int


WITHOUT_KEY, WITH_KEY = Limits(25, 10), Limits(50, 20)


def route(series: Sequence[str], first_year: int, address: str = ADDRESS) -> Callable[[Asking], bytes]:
    """A ``Remote.gather`` that asks for every value of these series since ``first_year``.

    Gives ``{"series": [{"id", "data": [[year, period, value, is_preliminary], ...]}, ...]}``, sorted, so that the same figures
    are the same bytes. Raises ``UnavailableError`` when the day's requests are used up (then the flat file serves), and
    ``AtlasError`` for a key or a series that the Bureau does not know, and for an answer that is not whole.
    """

    def gather(asking: Asking) -> bytes:
        limits, key = (WITH_KEY if asking.bls_key else WITHOUT_KEY), asking.bls_key
        quota = f"BLS interface, {'with' if key else 'without'} a registration key"
        if asking.refused_today(quota):
            raise UnavailableError(f"{_spent(key)} earlier today and is not asked again before tomorrow; {_REMEDY}.")
        found: dict[str, list[list[object]]] = {name: [] for name in series}
        wanted = sorted(series)
        for names in (wanted[i : i + limits.series] for i in range(0, len(wanted), limits.series)):
            for first, last in _spans(first_year, datetime.now(UTC).year, limits.years):
                body: dict[str, Any] = {"seriesid": list(names), "startyear": str(first), "endyear": str(last)}
                if key:
                    body["registrationkey"] = key
                try:
                    answer = read_answer(asking.post(address, body), names, key)
                except _QuotaSpentError:
                    asking.refuse_today(quota)
                    raise
                for name, rows in answer.items():
                    found[name] += [row for row in rows if first <= int(str(row[0])) <= last]
        whole = [{"id": name, "data": sorted(rows, key=str)} for name, rows in sorted(found.items())]
        return json.dumps({"series": whole}, indent=0).encode()

    return gather


_REMEDY = "try again tomorrow, or set TALENTGAP_BLS_KEY to a registration key of yours"


class _QuotaSpentError(UnavailableError):
    """The day's requests are used up."""


def _spent(key: str) -> str:
    return f"the BLS interface ({ADDRESS}) said that today's requests {'with this' if key else 'without a'} key are used up"


def _spans(first: int, last: int, years: int) -> Iterator[tuple[int, int]]:
    """Spans of at most so many years that cover ``first`` to ``last``.

    >>> list(_spans(2000, 2026, 10))
    [(2000, 2009), (2010, 2019), (2020, 2026)]
    """
    for start in range(first, last + 1, years):
        yield start, min(start + years - 1, last)


def read_answer(data: bytes, names: Sequence[str], key: str = "") -> dict[str, list[list[object]]]:
    """The values of each series in one answer: year, period, value as published, and whether it is preliminary."""
    where = f"the answer of the BLS interface ({ADDRESS})"
    try:
        answer = json.loads(data)
        status, messages = str(answer["status"]), [" ".join(str(m).split()) for m in answer["message"]]
        series = {str(s["seriesID"]): s.get("data", []) for s in (answer["Results"] or {}).get("series", [])}
        values = {
            name: [
                [
                    str(v["year"]),
                    str(v["period"]),
                    str(v["value"]),
                    any(f.get("code") == "P" for f in v["footnotes"] if f),
                ]
                for v in data
            ]
            for name, data in series.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AtlasError(f"{where} has not the form that its documentation describes; {AGAIN}.") from error
    for message in messages:
        unknown = _UNKNOWN_SERIES.search(message)
        if "daily threshold" in message:
            raise _QuotaSpentError(f"{_spent(key)}; {_REMEDY}.")
        if re.match(r"the key\b.*\binvalid", message, re.IGNORECASE):
            raise AtlasError(
                f"{where} says that the registration key is invalid; correct TALENTGAP_BLS_KEY or leave it out."
            )
        if unknown:
            raise AtlasError(
                f"{where} says that there is no series {_plain(unknown[1], key)}; correct the list of series."
            )
        if "year range has been reduced" in message.lower():
            raise AtlasError(
                f"{where} leaves out the newest years, because more were asked for than one request may have; {AGAIN}."
            )
        if not _NO_DATA_YET.fullmatch(message):
            raise AtlasError(f"{where} may not be whole, it says {_plain(message, key)!r}; {AGAIN}.")
    if status != "REQUEST_SUCCEEDED":
        raise AtlasError(f"{where} has the status {_plain(status, key)}; {AGAIN}.")
    missing = sorted(set(names) - set(values))
    if missing:
        raise AtlasError(f"{where} lacks the series {', '.join(missing[:5])}; {AGAIN}.")
    return {name: values[name] for name in names}


def _plain(text: str, key: str) -> str:
    """A text of the Bureau's, short and without the key and without full stops that would end a sentence."""
    without = text.replace(key, "(the key)") if key else text
    return re.sub(r"\.(?=\s|$)", ",", without)[:200].rstrip(" ,")


def read_series(raw: RawFile) -> pd.DataFrame:
    """The monthly values in a file that :func:`route` gathered, as ``bls_flat.read_series`` gives them."""
    try:
        series = json.loads(raw.path.read_bytes())["series"]
        rows = [(s["id"], year, period, value, mark) for s in series for year, period, value, mark in s["data"]]
    except (ValueError, KeyError, TypeError) as error:
        raise AtlasError(f"{raw.name} is not what the BLS interface's answers are kept as; {AGAIN}.") from error
    found = pd.DataFrame(rows, columns=["series_id", "year", "period", "value", "is_preliminary"])
    found = found[found["period"].str.fullmatch(r"M(0[1-9]|1[0-2])") & (found["value"] != "-")].reset_index(drop=True)
    if found.empty:
        raise AtlasError(f"{raw.name} holds no monthly value of the series that are needed; {AGAIN}.")
    value = pd.to_numeric(found["value"], errors="coerce")
    month = pd.to_datetime(found["year"] + found["period"].str[1:], format="%Y%m", errors="coerce")
    if value.isna().any() or month.isna().any():
        odd = found[value.isna() | month.isna()].iloc[0]
        raise AtlasError(f"{raw.name} gives {odd['series_id']} the value {odd['value']!r} in {odd['year']}; {AGAIN}.")
    found = found.assign(value=value, month=month)[["series_id", "month", "value", "is_preliminary"]]
    if found.duplicated(["series_id", "month"]).any():
        raise AtlasError(f"{raw.name} gives a month of a series twice; {AGAIN}.")
    return found
