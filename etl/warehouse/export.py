"""Writing tables out of the warehouse: the committed snapshot, and everything for whoever asks."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import duckdb

from etl import sources
from etl.errors import AtlasError
from etl.settings import Settings
from etl.warehouse import package
from etl.warehouse.read import open_reader
from etl.warehouse.schema import TABLES, Table, tables
from etl.warehouse.sql import literal

Format = Literal["parquet", "csv"]


def write_snapshot(settings: Settings) -> dict[str, int]:
    """Rewrite ``data/snapshot`` from the warehouse; gives the size in bytes of each file.

    It holds what publishers' files were parsed into, where those came from, and the marts, which follow from these but
    take long to derive. Written twice from the same warehouse, it is the same to the byte: rows are sorted by key and
    one thread writes them.
    """
    reader = open_reader(settings)
    own = [s.source_id for s in sources.all_sources().values() if s.is_optional]
    if reader.rows("SELECT 1 FROM source_file WHERE list_contains($own, source_id) LIMIT 1", {"own": own}):
        raise AtlasError(
            "The warehouse holds files that were imported, and the snapshot is for everyone; take them out with "
            "`python -m etl import --remove NAME`, or set TALENTGAP_DATA to a folder without them."
        )
    _make(settings.snapshot_dir)
    held = [TABLES["source_file"], *tables("base", "mart")]
    for stale in set(settings.snapshot_dir.glob("*.parquet")) - {
        settings.snapshot_dir / f"{t.name}.parquet" for t in held
    }:
        stale.unlink()
    sizes = _write(reader.path, settings.snapshot_dir, held, "parquet")
    package.write(
        settings.snapshot_dir,
        held,
        _sources_of(settings),
        "parquet",
        "talent-gap-atlas-snapshot",
        "Talent Gap Atlas snapshot",
        "Figures parsed from the publishers' files named in source_file, and what follows from them.",
        reader.build_id,
    )
    return sizes


def export_all(settings: Settings, folder: Path, file_format: Format) -> dict[str, int]:
    """Write every table with ``datapackage.json`` and CITATIONS.md into ``folder``; gives each file's size."""
    reader = open_reader(settings)
    _make(folder)
    everything = tables("ledger", "reference", "base", "mart")
    sizes = _write(reader.path, folder, everything, file_format)
    package.write(
        folder,
        everything,
        _sources_of(settings),
        file_format,
        "talent-gap-atlas",
        "Talent Gap Atlas warehouse",
        f"Build {reader.build_id} of {reader.finished_at:%Y-%m-%d}. Suppressed values are missing, with a note.",
        reader.build_id,
    )
    lines = [f"# Citations\n\nBuild {reader.build_id}, {reader.finished_at:%Y-%m-%d}.\n"]
    for table in everything:
        for c in reader.citations([table.name]):
            period = f" ({c.period_label})" if c.period_label else ""
            lines.append(f"- `{table.name}`{period}: {c.citation} {c.licence}. Retrieved {c.retrieved_on}.")
    (folder / "CITATIONS.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return sizes


def _sources_of(settings: Settings) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, source_id in open_reader(settings).rows("SELECT table_name, source_id FROM table_source ORDER BY ALL"):
        found.setdefault(name, []).append(source_id)
    return found


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AtlasError(f"{folder} cannot be made a folder ({error.strerror}); name another.") from error


def _write(
    warehouse: Path, folder: Path, table_list: list[Table] | tuple[Table, ...], file_format: Format
) -> dict[str, int]:
    options = {
        "parquet": "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 12",
        "csv": "FORMAT csv, HEADER",
    }
    con = duckdb.connect(config={"threads": 1})  # one thread: the same rows give the same bytes
    sizes = {}
    try:
        con.execute(f"ATTACH {literal(warehouse)} AS w (READ_ONLY)")
        con.execute("USE w")
        for table in table_list:
            path = folder / f"{table.name}.{file_format}"
            partial = path.with_suffix(".partial")
            order = ", ".join(table.key)
            con.execute(
                f"COPY (SELECT * FROM {table.name} ORDER BY {order}) TO {literal(partial)} ({options[file_format]})"
            )
            partial.replace(path)
            sizes[path.name] = path.stat().st_size
    except (duckdb.Error, OSError) as error:
        raise AtlasError(
            f"The tables could not be written to {folder} ({str(error).splitlines()[0]}); is it writable?"
        ) from error
    finally:
        con.close()
    return sizes
