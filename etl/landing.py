"""Loading rows that were brought: into the inbox in the canonical layout, then through a refresh like any source.

The lock, the archive, the ledger, the checks and the atomic swap are those of every refresh. A load that fails leaves the
inbox as it was, and the old warehouse serving.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from etl import sources
from etl.errors import AtlasError, UsageError
from etl.imports.canonical import rows_to_csv
from etl.imports.suppress import ALL
from etl.progress import Quiet
from etl.refresh import RefreshReport, ensure_warehouse, parse, refresh, writing
from etl.settings import Settings
from etl.source import RawFiles, Source
from etl.warehouse.build import BuildReport, build
from etl.warehouse.read import open_reader
from etl.warehouse.schema import TABLES


def source() -> Source:
    """The source whose files are brought and not published."""
    return next(s for s in sources.all_sources().values() if s.is_optional)


def folder(settings: Settings) -> Path:
    """Where imported files lie."""
    return settings.inbox_dir / source().source_id


def file_name(kind: str, origin: str) -> str:
    """The name under which a file's rows lie in the inbox: the same for the same file and kind, so that it replaces itself."""
    stem = re.sub(r"[^a-z0-9]+", "-", origin.casefold()).strip("-")[:80] or "file"
    return f"{stem}-{kind}.csv"


def imported(settings: Settings) -> list[str]:
    """The names of the imported files that lie in the inbox."""
    here = folder(settings)
    return sorted(p.name for p in here.glob("*.csv")) if here.is_dir() else []


def land(settings: Settings, kind: str, rows: pd.DataFrame, progress: Quiet | None = None) -> RefreshReport:
    """Load rows that may be shown (see ``etl.imports.publish``), all of one ``origin``; a file of that name is replaced.

    Raises ``AtlasError`` where the warehouse has the same figures from elsewhere, or the load fails.
    """
    return land_all(settings, {kind: rows}, progress)


def land_all(settings: Settings, brought: Mapping[str, pd.DataFrame], progress: Quiet | None = None) -> RefreshReport:
    """Load rows of several kinds at once, as :func:`land` those of one: all of them, or none."""
    ensure_warehouse(settings, progress)
    paths = {}
    for kind, rows in brought.items():
        [origin] = rows["origin"].unique()
        _need_new(settings, kind, rows, str(origin))
        paths[kind] = folder(settings) / file_name(kind, str(origin))
    before = {path: path.read_bytes() if path.exists() else None for path in paths.values()}
    try:
        for kind, path in paths.items():
            _write(path, rows_to_csv(kind, brought[kind]))
        report = refresh(settings, [source().source_id], progress)
        if report.failed:
            raise AtlasError(" ".join(report.failed.values()))
        return report
    except AtlasError:
        for path, content in before.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(content)
        raise


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}")
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise AtlasError(
            f"{path.name} cannot be written to data/inbox ({error.strerror}); free some space or choose TALENTGAP_DATA."
        ) from error


def remove(settings: Settings, name: str, progress: Quiet | None = None) -> BuildReport:
    """Take an imported file out of the inbox and of the warehouse. Raises ``UsageError`` for a name that there is not."""
    names = imported(settings)
    if name not in names:
        there = ", ".join(names) or "none"
        raise UsageError(f"No imported file is called {name!r}; there are: {there}.")
    path = folder(settings) / name
    aside = path.with_name(f".{name}.removed")
    path.replace(aside)
    try:
        if len(names) > 1:
            report = refresh(settings, [source().source_id], progress)
            if report.failed or report.build is None:
                raise AtlasError(" ".join(report.failed.values()) or f"{name} was not loaded; nothing was rebuilt.")
            built = report.build
        else:
            with writing(settings):
                nothing = parse(source(), RawFiles(source().source_id, {}))
                built = build(settings, {source().source_id: nothing}, progress=progress)
    except AtlasError:
        aside.replace(path)
        raise
    aside.unlink()
    return built


#: Kind -> table and the columns that say which figures a file holds.
_SAME: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "enrollment": (
        "cte_enrollment",
        ("school_year", "state_fips", "district", "education_level", "measure", "framework"),
    ),
    "awards": ("imported_award", ("school_year", "state_fips", "district", "education_level", "framework")),
    "openings": ("imported_openings", ("state_fips", "region", "projection_year")),
    "earnings": ("cte_earnings", ("school_year", "state_fips", "education_level", "framework", "measure")),
}


def _need_new(settings: Settings, kind: str, rows: pd.DataFrame, origin: str) -> None:
    """Refuse figures that the warehouse has from another file: both would be shown as one."""
    table, key = _SAME[kind]
    own = "origin = ?" + (
        f" AND source_id = '{source().source_id}'" if "source_id" in TABLES[table].column_names else ""
    )
    there = open_reader(settings).frame(
        f"SELECT DISTINCT {', '.join(key)}, origin FROM {table} WHERE NOT ({own})", [origin]
    )
    both = rows[list(key)].drop_duplicates().astype(str).merge(there.astype(str), on=list(key))
    if both.empty:
        return
    first = both.iloc[0]
    what = " ".join(str(first[c]) for c in key if first[c] != ALL)
    names = [
        n for n in imported(settings) if n == file_name(kind, str(first["origin"])) and str(first["origin"]) != origin
    ]
    remedy = (
        f"take it out first with `python -m etl import --remove {names[0]}`" if names else "nothing needs to be loaded"
    )
    raise AtlasError(
        f"The warehouse has these figures already ({what}, from {first['origin']}), "
        f"and loaded twice they would be doubled; {remedy}."
    )
