"""One module, one publisher's dataset: its addresses, its parser, and what must be true of its rows.

A source is found by being a module here that defines ``SOURCE``; nothing else lists them.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from etl.source import Source


@cache
def all_sources() -> dict[str, Source]:
    """Every source by its id, sorted by id."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        source: Source = importlib.import_module(f"{__name__}.{module.name}").SOURCE
        found[source.source_id] = source
    return dict(sorted(found.items()))
