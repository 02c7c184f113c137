"""Files that the person who runs this imported: students or awards by cluster, and a region's yearly openings.

There is nothing to fetch. ``python -m etl import`` reads a file of any layout, withholds its small cells, and puts what is
left into the inbox in one layout of its own; this module loads that. A build goes without it where nothing was imported.
"""

from __future__ import annotations

import pandas as pd

from etl.errors import AtlasError
from etl.imports.canonical import COLUMNS, TABLE_OF, csv_to_rows
from etl.source import Frames, RawFiles, Source
from etl.warehouse.schema import TABLES


def parse(raws: RawFiles) -> Frames:
    """The tables of every imported file; those of no kind that is there are empty."""
    found: dict[str, list[pd.DataFrame]] = {table: [] for table in TABLE_OF.values()}
    for raw in raws.values():
        try:
            text = raw.path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise AtlasError(
                f"{raw.name} is not an imported file; import the original with `python -m etl import`."
            ) from error
        kind, rows = csv_to_rows(text, raw.name)
        found[TABLE_OF[kind]].append(rows)
    frames = {}
    for kind, table in TABLE_OF.items():
        frame = (
            pd.concat(found[table], ignore_index=True) if found[table] else pd.DataFrame(columns=list(COLUMNS[kind]))
        )
        twice = frame[frame.duplicated(list(TABLES[table].key), keep=False)]
        if len(twice):
            raise AtlasError(
                f"{' and '.join(sorted(set(twice['origin'])))} hold the same figures; take one out with "
                "`python -m etl import --remove NAME`."
            )
        frames[table] = frame.assign(source_id=SOURCE.source_id) if "source_id" in TABLES[table].column_names else frame
    return frames


SOURCE = Source(
    source_id="imported",
    title="Files imported on this machine: enrollment and awards by career cluster, openings of regions",
    short_title="Imported file",
    publisher="The state, district or agency whose file was imported",
    licence="As the owner of the file allows",
    landing_url="https://cte.ed.gov/dataexplorer",
    cadence="when revised",
    citation="File imported by the user of this dashboard; its name stands in the column origin.",
    tables=tuple(TABLE_OF.values()),
    parse=parse,
    how_to_get=(
        "load a state’s or district’s table (CSV or XLSX) with `python -m etl import FILE`; the page Your data shows first "
        "what is understood of it."
    ),
    suppression=(
        "Counts under 10 (or another threshold) are withheld before loading, with as many others as it takes that totals do "
        "not give them away; masked cells of the file stay missing."
    ),
    is_optional=True,
)
