"""Where a saved file came from: the build and a short hash of its figures, written into every kind of file and read back.

A stamp is one line of JSON. It says what the file shows (``what``), of which view (``scope``, as in an address), from which
build, and the first digits of the SHA-256 of its table as CSV: the same table has the same hash in every kind of file.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, fields

from charts import export_extra
from etl.errors import AtlasError, UsageError
from etl.warehouse.csv_text import csv_text as csv_text
from etl.warehouse.csv_text import defused as defused

#: The stamp's name in every kind of file.
KEY = "talent-gap-atlas"
HASH_DIGITS = 12
_PNG_START = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Stamp:
    """``what`` is a chart's id, or 'brief', 'workbook', 'slides' or 'testimony-' and a principle; ``scope`` the view's query
    with codes; ``data`` the hash."""

    what: str
    scope: str
    build: str
    data: str

    def text(self) -> str:
        """The stamp as one line of ASCII."""
        return json.dumps({f.name: getattr(self, f.name) for f in fields(self)}, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> Stamp:
        """The stamp that a line stands for. Raises ``UsageError`` where it is none."""
        try:
            values = json.loads(text)
            return cls(**{f.name: str(values[f.name]) for f in fields(cls)})
        except (ValueError, TypeError, KeyError):
            raise UsageError("The file carries a stamp that cannot be read; save it again.") from None


def data_hash(text: str) -> str:
    """The first digits of the SHA-256 of a table's CSV, or of any text."""
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_DIGITS]


# ------------------------------------------------------------------ PNG


def into_png(png: bytes, texts: Mapping[str, str]) -> bytes:
    """The picture with a text chunk per key right after its header: plain where it is ASCII, else UTF-8 (iTXt)."""
    if not png.startswith(_PNG_START):
        raise ValueError("not a PNG")
    header_end = len(_PNG_START) + 25
    chunks = b"".join(_text_chunk(key, text) for key, text in texts.items())
    return png[:header_end] + chunks + png[header_end:]


def _text_chunk(key: str, text: str) -> bytes:
    if text.isascii():
        kind, body = b"tEXt", key.encode("latin-1") + b"\0" + text.encode("ascii")
    else:
        kind, body = b"iTXt", key.encode("latin-1") + b"\0\0\0\0\0" + text.encode()
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png_stamp(data: bytes) -> str:
    at = len(_PNG_START)
    while at + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        key, _, text = data[at + 8 : at + 8 + size].partition(b"\0")
        if kind == b"tEXt" and key == KEY.encode():
            return text.decode("latin-1")
        at += size + 12
    return ""


# ------------------------------------------------------------------ SVG, HTML, PDF, text


def into_svg(svg: str, title: str, description: str, stamp: Stamp) -> str:
    """The drawing with a title and description for those who hear it, and the stamp as metadata."""
    said = "".join(
        f"<{tag}>{html.escape(text, quote=False)}</{tag}>"
        for tag, text in (("title", title), ("desc", description), ("metadata", f"{KEY} {stamp.text()}"))
    )
    return re.sub(r"(<svg\b[^>]*>)", lambda found: found[1] + said, svg, count=1)


def html_meta(stamp: Stamp) -> str:
    """The stamp as a meta element of a page's head."""
    return f'<meta name="{KEY}" content="{html.escape(stamp.text())}">'


def into_pdf(pdf: bytes, title: str, subject: str, stamp: Stamp) -> bytes:
    """The document with title, subject and stamp among its properties, and without the time at which it was made."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DictionaryObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer._info = DictionaryObject()
    writer.add_metadata(
        {"/Title": title, "/Subject": subject, "/Creator": "Talent Gap Atlas", "/Keywords": _pdf_text(stamp)}
    )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _pdf_text(stamp: Stamp) -> str:
    return f"{KEY} {stamp.text()}"


def _pdf_stamp(data: bytes) -> str:
    lacking = export_extra.lacking("PDF files", "pypdf")
    if lacking:
        raise AtlasError(lacking)
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        properties = PdfReader(io.BytesIO(data)).metadata
    except PyPdfError as error:
        raise UsageError(f"The PDF cannot be read ({error}); is it whole?") from error
    keywords = str(properties.get("/Keywords", "")) if properties else ""
    return keywords.removeprefix(f"{KEY} ") if keywords.startswith(KEY) else ""


def _svg_stamp(data: bytes) -> str:
    found = re.search(rf"<metadata>{KEY} (.*?)</metadata>", data.decode("utf-8", "replace"), re.DOTALL)
    return html.unescape(found[1]) if found else ""


def _html_stamp(data: bytes) -> str:
    found = re.search(rf'<meta name="{KEY}" content="([^"]*)">', data.decode("utf-8", "replace"))
    return html.unescape(found[1]) if found else ""


def text_line(stamp: Stamp) -> str:
    """The stamp as the last line of a plain text."""
    return f"{KEY} {stamp.text()}"


def _text_stamp(data: bytes) -> str:
    last = data.decode("utf-8", "replace").rstrip().rpartition("\n")[2]
    return last.removeprefix(f"{KEY} ") if last.startswith(KEY) else ""


_READERS = {".txt": _text_stamp, ".png": _png_stamp, ".svg": _svg_stamp, ".html": _html_stamp, ".pdf": _pdf_stamp}


def text_in(data: bytes, suffix: str) -> str:
    """The text of the stamp in a PNG, SVG, HTML, PDF or text; empty where it has none."""
    return _READERS[suffix](data)


def stamp_in(data: bytes, suffix: str) -> Stamp:
    """The stamp in a PNG, SVG, HTML, PDF or text. Raises ``UsageError`` where it has none."""
    text = text_in(data, suffix)
    if not text:
        raise UsageError("The file carries no stamp of this dashboard, so its figures cannot be traced to a build.")
    return Stamp.read(text)
