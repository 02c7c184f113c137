"""Whether a saved file shows the figures of the current warehouse, or which build it came from.

A CSV is judged by its own content: it is made again, for the view that its name tells and then for every view of its chart,
until one is the same. Every other file is judged by the stamp that it carries.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from charts import export_cite, export_stamp
from charts.chart import Chart, all_charts
from charts.export_stamp import Stamp
from charts.scope import AWARD_LABELS, DEMAND_LABELS, Choices, Scope, parse
from etl.errors import AtlasError, UsageError
from etl.warehouse.read import Reader

KINDS = (".png", ".svg", ".pdf", ".html", ".csv", ".txt", ".zip", ".xlsx", ".pptx")


@dataclass(frozen=True)
class Verdict:
    """Whether every figure in the file is the current one, and a sentence for each part of it."""

    is_current: bool
    sentences: tuple[str, ...]


def verify(reader: Reader, path: Path) -> Verdict:
    """Judge a saved file. Raises ``UsageError`` for a file that is not one of ours, ``AtlasError`` where it cannot be read."""
    suffix = path.suffix.lower()
    if suffix not in KINDS:
        raise UsageError(f"{path.name} is none of the kinds that the dashboard saves ({', '.join(KINDS)}).")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AtlasError(f"{path} cannot be read ({error.strerror}); is the path right?") from error
    if suffix == ".csv":
        return _judge_csv(reader, path.stem, data)
    judged = [_judge(reader, stamp) for stamp in _stamps(path.name, data, suffix)]
    return Verdict(all(current for current, _ in judged), tuple(dict.fromkeys(text for _, text in judged)))


def _stamps(name: str, data: bytes, suffix: str) -> list[Stamp]:
    if suffix == ".zip":
        return _zip_stamps(name, data)
    if suffix == ".xlsx":
        from charts import workbook

        return workbook.stamps(data)
    if suffix == ".pptx":
        from charts import slides

        return slides.stamps(data)
    if suffix == ".txt":
        return [_script_stamp(data)]
    return [export_stamp.stamp_in(data, suffix)]


def _zip_stamps(name: str, data: bytes) -> list[Stamp]:
    """The stamps of a zip: of its chart, or of each chart and the script that it collects, once every table is the one that
    its stamp is of."""
    stamps = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for path in (n for n in archive.namelist() if n.endswith("datapackage.json")):
                package = json.loads(archive.read(path))
                stamp = Stamp.read(package["stamp"])
                table = archive.read(path.replace("datapackage.json", package["resources"][0]["path"]))
                if export_stamp.data_hash(table.decode("utf-8", "replace")) != stamp.data:
                    raise AtlasError(f"The table in {name} was changed after it was saved; save it again.")
                stamps.append(stamp)
            stamps += [_script_stamp(archive.read(n)) for n in archive.namelist() if n == "script.txt"]
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise UsageError(f"{name} is not a zip of this dashboard; save it again.") from error
    if not stamps:
        raise UsageError(f"{name} is not a zip of this dashboard; save it again.")
    return stamps


def _script_stamp(data: bytes) -> Stamp:
    """The stamp of a script, once its words are those that the stamp is of."""
    from charts import testimony

    stamp = export_stamp.stamp_in(data, ".txt")
    if testimony.hash_of(data.decode("utf-8", "replace")) != stamp.data:
        raise AtlasError("The script was changed after it was saved; save it again.")
    return stamp


def _judge(reader: Reader, stamp: Stamp) -> tuple[bool, str]:
    """Whether a stamp's figures are the current ones, and the sentence that says so."""
    name = f"{stamp.what} ({stamp.scope or 'United States'})"
    now = data_now(reader, stamp)
    if now == stamp.data:
        other = "" if stamp.build == reader.build_id else f"; the file was made from build {stamp.build}"
        return True, f"{name}: the figures are those of the current warehouse, build {reader.build_id}{other}."
    if stamp.build == reader.build_id:
        return (
            False,
            f"{name}: the file names the current build {stamp.build}, but this code gives other figures for it.",
        )
    return (
        False,
        f"{name}: the figures came from build {stamp.build} and differ from the current build {reader.build_id}.",
    )


def data_now(reader: Reader, stamp: Stamp) -> str:
    """The hash of what the stamp names, from the current warehouse; empty where that is not to be had."""
    scope, notices = parse(dict(parse_qsl(stamp.scope)), Choices.of(reader))
    chart = all_charts().get(stamp.what)
    if notices:
        return ""
    if stamp.what == "brief":
        from charts import brief

        return brief.facts_hash(brief.brief(reader, scope))
    if chart is None:
        from charts import testimony

        return testimony.hash_now(reader, scope, stamp.what)
    frame = chart.frame(reader, scope)
    return "" if frame.empty else export_stamp.data_hash(export_stamp.csv_text(chart.table(frame)))


# ------------------------------------------------------------------ CSV


def _judge_csv(reader: Reader, stem: str, data: bytes) -> Verdict:
    """A bare CSV has no room for a stamp: it is current where some view of its chart gives just this table."""
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise UsageError(f"{stem}.csv is not UTF-8 text, as the dashboard saves it.") from error
    heading = next(csv.reader(io.StringIO(text)), [])
    shown = [c for c in all_charts().values() if [export_stamp.defused(h) for h in c.columns.values()] == heading]
    if not shown:
        raise UsageError(f"{stem}.csv has the columns of no chart, so it is no table of this dashboard.")
    for chart in sorted(shown, key=lambda c: not stem.startswith(c.id)):
        for scope in _views(reader, chart, stem):
            frame = chart.frame(reader, scope)
            if not frame.empty and export_stamp.csv_text(chart.table(frame)) == text:
                view = export_cite.address(export_cite.page_of(chart.id), scope, Choices.of(reader))
                return Verdict(
                    True,
                    (f"{chart.id} ({view}): the figures are those of the current warehouse, build {reader.build_id}.",),
                )
    return Verdict(
        False,
        (
            f"No view of {shown[0].id} in the current build {reader.build_id} has these figures: another build, or changed.",
        ),
    )


def _views(reader: Reader, chart: Chart, stem: str) -> Iterator[Scope]:
    """The views that may have made a table: those that the file's name fits, then each place, then each pathway and industry
    of the place that the name tells. Trying all of them together would take minutes."""
    choices = Choices.of(reader)
    places = [Scope(state=state) for state in (("US",) if chart.nation_only else choices.states)]
    named = [v for v in places if stem.startswith(export_cite.file_stem(chart.id, v))] or places[:1]
    parts = [v.but(pathway=p) for v in named for p in choices.pathways]
    parts += [v.but(industry=i) for v in named for i in choices.industries]
    assumptions = [(a, d) for a in AWARD_LABELS for d in DEMAND_LABELS if a in stem or d in stem]
    near = [v for v in (*places, *parts) if stem.startswith(export_cite.file_stem(chart.id, v))]
    yield from (v.but(awards=a, demand=d) for v in near for a, d in assumptions)
    yield from sorted(near, key=lambda v: -len(export_cite.file_stem(chart.id, v)))
    yield from places
    yield from parts
