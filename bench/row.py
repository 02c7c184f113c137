"""A measured figure beside its floor, and how figures are measured and shown."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
import plotly
import scipy
import streamlit

#: What a figure is counted in -> decimals it is shown with.
DECIMALS = {"s": 3, "ms": 1, "kB": 0, "MB": 2, "GB": 2, "count": 0}


@dataclass(frozen=True)
class Row:
    """One figure beside its floor, both in ``unit``; no floor where the figure itself has a target.

    A target is the ratio's most (``at_most``) or least (``at_least``), the figure's own most (``most``), or neither. A row that
    could not be measured here has no value and says why in ``note``: it misses no target and meets none.
    """

    figure: str
    value: float | None
    floor: str = ""
    floor_value: float | None = None
    at_most: float | None = None
    at_least: float | None = None
    most: float | None = None
    unit: str = "s"
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor_value if self.value is not None and self.floor_value else None

    @property
    def target(self) -> str:
        parts = []
        if self.at_most is not None:
            parts.append(f"ratio at most {self.at_most:g}")
        if self.at_least is not None:
            parts.append(f"ratio at least {self.at_least:g}")
        if self.most is not None:
            parts.append(f"at most {self.most:g} {self.unit}".replace(" count", ""))
        return ", ".join(parts)

    @property
    def is_met(self) -> bool:
        if self.value is None:
            return True
        return not (
            (self.at_most is not None and self.ratio is not None and self.ratio > self.at_most)
            or (self.at_least is not None and self.ratio is not None and self.ratio < self.at_least)
            or (self.most is not None and self.value > self.most)
        )

    @property
    def verdict(self) -> str:
        if self.value is None:
            return f"not measured: {self.note}"
        said = "" if not self.target else "met" if self.is_met else "missed"
        return "; ".join(filter(None, [said, self.note]))


def seconds_of(work: Callable[[], object], times: int = 1) -> float:
    """The shortest of so many runs: what else the machine does only ever adds to it."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def interleaved(work: Callable[[], object], floor: Callable[[], object], times: int) -> tuple[float, float]:
    """The shortest of so many runs of each, in turns: an hour in which the machine is busy falls on both."""
    pairs = [(seconds_of(work), seconds_of(floor)) for _ in range(times)]
    return min(a for a, _ in pairs), min(b for _, b in pairs)


def p50(values: Sequence[float]) -> float:
    """The middle value."""
    return float(np.percentile(values, 50))


def p95(values: Sequence[float]) -> float:
    """The value that one in twenty exceeds."""
    return float(np.percentile(values, 95))


def shown(value: float | None, unit: str) -> str:
    """A value with its unit; a dash where there is none."""
    return "-" if value is None else f"{value:,.{DECIMALS[unit]}f}{'' if unit == 'count' else f' {unit}'}"


def as_table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table, which also reads well on a terminal."""
    cells = [["figure", "value", "floor", "its value", "ratio", "target", ""]]
    cells += [
        [
            row.figure,
            shown(row.value, row.unit),
            row.floor,
            shown(row.floor_value, row.unit) if row.floor else "",
            "" if row.ratio is None else f"{row.ratio:.2f}",
            row.target,
            row.verdict,
        ]
        for row in rows
    ]
    widths = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
    lines = ["| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |" for line in cells]
    lines.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    return "\n".join(lines)


def as_json(rows: Sequence[Row]) -> str:
    return json.dumps(
        [
            {
                "figure": row.figure,
                "value": row.value,
                "unit": row.unit,
                "floor": row.floor,
                "floor_value": row.floor_value,
                "ratio": row.ratio,
                "target": row.target,
                "is_met": row.is_met,
                "note": row.note,
            }
            for row in rows
        ],
        indent=1,
    )


def machine() -> str:
    """What was measured with, on what, and how busy it was."""
    return (
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, pandas {pd.__version__}, NumPy {np.__version__}, "
        f"SciPy {scipy.__version__}, Streamlit {streamlit.__version__}, plotly {plotly.__version__}; {os.cpu_count()} cores, "
        f"load of the last five minutes {os.getloadavg()[1]:.1f}"
    )
