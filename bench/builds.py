"""The build from the snapshot, and refreshes from a folder that mirrors the publishers."""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import python_calamine

from bench.row import Row, interleaved, seconds_of
from etl.refresh import refresh
from etl.settings import ROOT, Settings
from etl.warehouse.build import build as build_warehouse
from etl.warehouse.export import write_snapshot
from etl.warehouse.schema import tables

#: Where a mirror of the publishers lies; ``TALENTGAP_MIRROR`` says another place.
MIRROR = ROOT.parent / "shared" / "mirror"


def build(settings: Settings, *, derive: bool = True) -> Iterator[Row]:
    """The build from the snapshot, beside DuckDB merely reading the same Parquet files into tables."""
    with TemporaryDirectory() as name:
        here = Path(name)
        derived = Settings(data_dir=here / "derived", snapshot_dir=here / "base")
        derived.snapshot_dir.mkdir()
        for table in ("source_file", *(t.name for t in tables("base"))):
            (derived.snapshot_dir / f"{table}.parquet").symlink_to(
                (settings.snapshot_dir / f"{table}.parquet").resolve()
            )
        if derive:
            floor = seconds_of(lambda: _read_parquet(derived.snapshot_dir, here / "floor.duckdb"), times=3)
            took = seconds_of(lambda: build_warehouse(derived, carry_over=False))
            yield Row("build, every mart derived", took, "reading the base tables' Parquet", floor, at_most=120)
            # A snapshot by today's code, so that its marts are taken as they are.
            settings = Settings(data_dir=here / "derived", snapshot_dir=here / "whole")
            write_snapshot(settings)
        first_visit = Settings(data_dir=here / "visit", snapshot_dir=settings.snapshot_dir)
        took, floor = interleaved(
            lambda: build_warehouse(first_visit, carry_over=False),
            lambda: _read_parquet(first_visit.snapshot_dir, here / "floor.duckdb"),
            times=3,
        )
        yield Row("build, marts from the snapshot", took, "reading all of its Parquet", floor, at_most=2)


def _read_parquet(folder: Path, into: Path) -> None:
    into.unlink(missing_ok=True)
    with duckdb.connect(str(into)) as con:
        con.execute("SET enable_progress_bar = false")
        for path in sorted(folder.glob("*.parquet")):
            con.execute(f"CREATE TABLE {path.stem} AS SELECT * FROM read_parquet(?)", [str(path)])


def refreshes(mirror: str = "", names: Sequence[str] = ()) -> Iterator[Row]:
    """A full refresh from a mirror, beside merely reading the same files; and the same refresh with nothing changed."""
    mirror = mirror or os.environ.get("TALENTGAP_MIRROR", "") or (str(MIRROR) if MIRROR.is_dir() else "")
    if not mirror:
        why = "there is no mirror; TALENTGAP_MIRROR names one"
        yield Row("refresh, everything", None, "reading the same files", note=why)
        yield Row("refresh, nothing changed", None, "refresh, everything", note=why)
        return
    with TemporaryDirectory() as name:
        settings = replace(Settings(data_dir=Path(name)), mirror=mirror)
        full = seconds_of(lambda: refresh(settings, names))
        floor = seconds_of(lambda: _read_files(settings))
        again = seconds_of(lambda: refresh(settings, names), times=2)
    yield Row("refresh, everything", full, "reading the same files", floor, at_most=1.5)
    yield Row("refresh, nothing changed", again, "refresh, everything", full, at_most=0.03)


def _read_files(settings: Settings) -> None:
    """Read every file of the archive once, with what reads its kind: calamine for workbooks, DuckDB for text. Nothing is kept."""
    for path in sorted(p for p in settings.archive_dir.rglob("*") if p.is_file()):
        _read(path.read_bytes(), path.name)


def _read(content: bytes, name: str) -> None:
    if name.endswith((".json", ".html", ".pdf")):
        return
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            inner = packed.namelist()
            if "[Content_Types].xml" not in inner:
                for one in inner:
                    _read(packed.read(one), one)
                return
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0":
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in book.sheet_names:
            book.get_sheet_by_name(sheet).to_python()
        return
    if not content.strip() or b"\0" in content[:1000]:
        return
    try:
        content.decode()
    except UnicodeDecodeError:  # DuckDB reads UTF-8
        content = content.decode("cp1252", "replace").encode()
    with tempfile.NamedTemporaryFile(suffix=".csv") as file, duckdb.connect() as con:
        file.write(content)
        file.flush()
        con.execute(
            "CREATE TABLE t AS SELECT * FROM read_csv(?, all_varchar = true, ignore_errors = true, null_padding = true, "
            "strict_mode = false)",
            [file.name],
        )
