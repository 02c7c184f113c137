"""One chart as a file: PNG, SVG, PDF, a standalone page, CSV, or a zip with data, picture and README.

Every file carries its build and a hash of its figures; see :mod:`charts.export_stamp`.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from charts import anatomy, export_browser, export_cite, export_stamp, words
from charts.chart import Chart
from charts.export_stamp import Stamp
from charts.scope import Choices, Scope
from etl.errors import AtlasError, UsageError
from etl.warehouse.read import Reader

FORMATS = ("png", "svg", "pdf", "html", "csv", "zip")
#: Formats that a browser on this machine must draw.
DRAWN = frozenset({"png", "svg", "pdf"})


def save(chart: Chart, reader: Reader, scope: Scope, out: Path, size: str = "slide") -> None:
    """Write a chart to a file of the kind that its ending names.

    Raises ``UsageError`` for an ending that there is not, and ``AtlasError`` where there is nothing to draw or the file
    cannot be written.
    """
    file_format = out.suffix.removeprefix(".")
    if file_format not in FORMATS:
        kinds = words.listed([f".{name}" for name in FORMATS]).replace(" and ", " or ")
        raise UsageError(f"A chart can be saved as {kinds}, not as {out.suffix or 'a file without ending'}.")
    write(out, made(chart, reader, scope, file_format, size))


def write(out: Path, data: bytes) -> None:
    """Write a file whole. Raises ``AtlasError`` where that is not possible."""
    try:
        out.write_bytes(data)
    except OSError as error:
        raise AtlasError(f"{out} cannot be written ({error.strerror}); choose another folder.") from error


def made(chart: Chart, reader: Reader, scope: Scope, file_format: str, size: str = "slide") -> bytes:
    """A chart in one of :data:`FORMATS`. Raises ``AtlasError`` where the view has no figures or no browser can draw it."""
    if size not in anatomy.SIZES:
        raise UsageError(f"There is no size {size!r}; choose {' or '.join(anatomy.SIZES)}.")
    frame = chart.frame(reader, scope)
    if frame.empty:
        raise AtlasError(chart.nothing(scope))
    if file_format == "csv":
        return export_stamp.csv_text(chart.table(frame)).encode()
    if file_format == "html":
        return anatomy.page(chart, reader, scope).encode()
    if file_format == "zip":
        return _zip(chart, reader, frame, scope)
    return _drawn(chart, reader, frame, scope, file_format, anatomy.SIZES[size])


def _drawn(
    chart: Chart, reader: Reader, frame: pd.DataFrame, scope: Scope, file_format: str, size: anatomy.Size
) -> bytes:
    """The picture as PNG (two pixels for each of the size's), SVG or PDF, with the stamp in it."""
    texts, stamp = anatomy.around(chart, reader, frame, scope), anatomy.stamp_of(chart, reader, frame, scope)
    fig = anatomy.picture(chart, frame, scope, texts, size)
    if file_format == "png":
        png = export_browser.draw(fig, "png", anatomy.scale(fig, size))
        return export_stamp.into_png(
            png, {"Title": texts.finding, "Source": texts.source, export_stamp.KEY: stamp.text()}
        )
    if file_format == "svg":
        drawing = export_browser.draw(fig, "svg").decode()
        return export_stamp.into_svg(drawing, texts.finding, chart.alt(frame, scope), stamp).encode()
    return export_stamp.into_pdf(export_browser.draw(fig, "pdf"), texts.finding, texts.source, stamp)


# ------------------------------------------------------------------ the zip


def _zip(chart: Chart, reader: Reader, frame: pd.DataFrame, scope: Scope) -> bytes:
    return zipped(files(chart, reader, frame, scope))


def files(chart: Chart, reader: Reader, frame: pd.DataFrame, scope: Scope) -> dict[str, bytes]:
    """What a chart's zip holds, by name: data with its description, picture, and a README; the page in the picture's place
    where no browser can draw it."""
    stem, stamp = export_cite.file_stem(chart.id, scope), anatomy.stamp_of(chart, reader, frame, scope)
    table = chart.table(frame)
    picture = "html" if export_browser.why_not() else "png"
    shown = made(chart, reader, scope, picture)
    return {
        "README.md": readme(chart, reader, frame, scope).encode(),
        "datapackage.json": _package(chart, reader, frame, scope, table, f"{stem}.csv", stamp).encode(),
        f"{stem}.csv": export_stamp.csv_text(table).encode(),
        f"{stem}.{picture}": shown,
    }


def zipped(files: Mapping[str, bytes]) -> bytes:
    """These files as a zip that is the same to the byte each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)  # dated 1980, as the format has it for no date
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, data)
    return out.getvalue()


def filters(scope: Scope, choices: Choices) -> dict[str, str]:
    """What is chosen in this view, by name, as a person reads it: the place, and all that is not the default."""
    names = {
        "state": "Place", "compare": "Compared with", "industry": "Industry", "pathway": "Pathway", "awards": "Awards that count",
        "demand": "Jobs that count", "year": "Award year", "online": "Awards of mostly-online colleges",
        "window": "Percentiles", "indicator": "Indicator",
    }  # fmt: skip
    options = choices.options()
    chosen = {"state": scope.state, **scope.query()}
    always = {"awards": scope.awards, "demand": scope.demand}
    return {names[k]: options[k].get(v, v) for k, v in (chosen | always).items()}


def readme(chart: Chart, reader: Reader, frame: pd.DataFrame, scope: Scope) -> str:
    """What a table and a picture need beside them: title, question, scope, method, citation, licence and dates."""
    choices, texts = Choices.of(reader), anatomy.around(chart, reader, frame, scope)
    cited = export_cite.cite(chart, frame, reader, scope, choices)
    chosen = "\n".join(f"- {name}: {value}" for name, value in filters(scope, choices).items())
    terms = "\n".join(f"- {words.TERMS[t].name}: {words.TERMS[t].meaning}" for t in chart.terms)
    sources = "\n".join(
        f"- {c.citation} Licence: {c.licence}. Retrieved {c.retrieved_on.isoformat()}. {c.landing_url}"
        for c in reader.citations(chart.tables)
    )
    parts = {
        "Question": chart.question,
        "Measure, place and period": texts.subtitle,
        "Active filters": chosen,
        "How firm": texts.firm,
        "Method": f"{chart.means} {chart.means_not} {texts.not_counted}".strip()
        + (f"\n\n{terms}" if terms else "")
        + "\n\nEvery measure with its formula is in docs/METHODS.md of the project.",
        "Cite in a line": cited.plain,
        "APA": cited.apa,
        "BibTeX": f"```bibtex\n{cited.bibtex}\n```",
        "Sources and licences": sources,
        "Check": f"Build {reader.build_id}; the first digits of the table's SHA-256 are in datapackage.json. `python -m charts "
        "verify FILE` says whether the figures are those of the current warehouse. Text that a spreadsheet would run as a "
        "formula is led by an apostrophe.",
    }
    said = {name: text if name == "BibTeX" else _unmarked(text) for name, text in parts.items()}
    return (
        f"# {_unmarked(texts.finding)}\n\n" + "\n\n".join(f"## {name}\n\n{text}" for name, text in said.items()) + "\n"
    )


def _unmarked(text: str) -> str:
    """Text in which a reader of Markdown finds no HTML."""
    return text.replace("<", "\\<")


def _package(
    chart: Chart, reader: Reader, frame: pd.DataFrame, scope: Scope, table: pd.DataFrame, path: str, stamp: Stamp
) -> str:
    """``datapackage.json`` of the zip's one table."""
    sources = reader.citations(chart.tables)
    package: dict[str, Any] = {
        "name": chart.id,
        "title": chart.finding(frame, scope),
        "description": chart.subtitle(frame, scope),
        "stamp": stamp.text(),
        "sources": [{"title": c.citation, "path": c.landing_url} for c in sources],
        "licenses": [{"title": c.licence, "path": c.landing_url} for c in sources],
        "resources": [
            {
                "name": chart.id,
                "path": path,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {"fields": [_field(table, i) for i in range(table.shape[1])]},
            }
        ],
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def _field(table: pd.DataFrame, place: int) -> dict[str, Any]:
    values, name = table.iloc[:, place], str(export_stamp.defused(str(table.columns[place])))
    if pd.api.types.is_bool_dtype(values):
        return {"name": name, "type": "boolean", "trueValues": ["True"], "falseValues": ["False"]}
    if pd.api.types.is_integer_dtype(values):
        return {"name": name, "type": "integer"}
    if pd.api.types.is_numeric_dtype(values):
        return {"name": name, "type": "number"}
    if pd.api.types.is_datetime64_any_dtype(values):
        return {"name": name, "type": "date"}
    return {"name": name, "type": "string"}
