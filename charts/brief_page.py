"""A brief set in type with typst: one US Letter page, or two with the methods.

Every text reaches typst as data, never as markup, so that nothing in it is read as a command.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path

from charts import brief as briefs
from charts import export, export_extra, export_stamp
from charts.brief import Brief
from charts.scope import Scope
from etl.errors import AtlasError
from etl.warehouse.read import Reader

#: Sizes of type to try, in points, from the largest: the first with which the page takes everything.
TYPE_PT = (10.8, 10.4, 10.0, 9.6, 9.2, 8.8, 8.4, 8.0)
#: Under this size the figures beside the actions are left out first; the charts that show them stay a click away.
SMALL_PT = 8.8

TEMPLATE = """
#let d = json(bytes(sys.inputs.data))
#let accent = rgb("#C4451C")
#let ink = rgb("#1B1F27")
#let quiet = rgb("#5A6270")
#let rule = line(length: 100%, stroke: 0.6pt + rgb("#D8DCE1"))
#set document(title: d.headline, author: "Talent Gap Atlas", keywords: (sys.inputs.stamp,), date: none)
#set page("us-letter", margin: (x: 0.7in, top: 0.55in, bottom: 0.5in))
#set text(font: ("Liberation Sans", "Arial", "Helvetica"), size: eval(sys.inputs.size) * 1pt, fill: ink, lang: "en", region: "us")
#set par(leading: 0.55em, spacing: 0.7em)
#let small(body) = text(size: 0.84em, fill: quiet, body)
#let heading-of(name) = block(above: 1.15em, below: 0.6em, text(size: 1.08em, weight: "bold", fill: ink, name))

#let place = if d.pathway == "" { d.place } else { d.place + ": " + d.pathway }
#grid(columns: (1fr, auto), text(weight: "bold", fill: accent, place), small[Talent Gap Atlas, brief])
#block(above: 0.9em, below: 0.8em, { set par(leading: 0.5em); text(size: 1.62em, weight: "bold", d.headline) })
#small(d.subtitle)

#block(above: 1.2em, below: 1.1em, grid(columns: (1fr,) * d.figures.len(), gutter: 1.6em, ..d.figures.map(f => [
  #line(length: 100%, stroke: 1.6pt + ink)
  #text(size: 1.85em, weight: "bold", f.value)
  #v(-0.5em)
  #f.label
  #v(-0.25em)
  #small(f.note)
])))

#if d.rows.len() > 0 [
  #heading-of[At least, at most: openings a year, and how many of them awards could fill]
  #let cell(r, body) = if r.is_chosen { text(weight: "bold", body) } else { body }
  #text(size: 0.92em, table(
    columns: (1fr, auto, auto, auto, auto), stroke: none, inset: (x: 0.35em, y: 0.32em), align: (left, right, right, right, right),
    table.header(small[Pathway], small[Openings], small[Awards could fill], small[without changers], small[Awards could fill]),
    table.hline(stroke: 0.6pt + quiet),
    ..d.rows.map(r => (
      cell(r, r.pathway), cell(r, r.openings), cell(r, r.fill), cell(r, r.openings_without), cell(r, r.fill_without),
    )).flatten(),
  ))
  #small[At least: what is filled even where other pathways’ openings are served first. At most: where this pathway’s are. Without
  changers: without openings that people leave for another occupation. Pathways overlap and are never added up.]
]

#block(above: 1.2em, grid(columns: (1fr, 1fr), gutter: 2em,
  [
    #heading-of[What holds under all assumptions]
    #for f in d.findings [#list(marker: text(fill: accent)[■], f)]
    #small(d.findings_note)
    #heading-of[Check it yourself]
    #for c in d.check [#par(c)]
  ],
  [
    #heading-of[What industry can do]
    #enum(tight: false, spacing: 0.7em, ..d.asked.map(a => [#a.at(0) #if sys.inputs.tied == "yes" { small(a.at(1)) }]))
  ],
))

#heading-of[What is not counted]
#small(d.not_counted)

#v(1fr)
#rule
#grid(columns: if sys.inputs.qr != "" { (1fr, auto) } else { (1fr,) }, gutter: 1.2em,
  [
    #small[How firm: #d.firm]\\
    #small(d.source)\\
    #small[#d.address · #d.mark. Our reading of Advance CTE’s vision of 2016, which Advance CTE has not reviewed.]
  ],
  ..if sys.inputs.qr != "" { (image(bytes(sys.inputs.qr), format: "svg", width: 0.8in, alt: "QR code of this view’s address"),) }
)

#if d.methods.len() > 0 [
  #pagebreak()
  #text(size: 1.4em, weight: "bold")[Methods]
  #let half = calc.ceil(d.methods.len() / 2)
  #grid(columns: (1fr, 1fr), gutter: 2em, ..(d.methods.slice(0, half), d.methods.slice(half)).map(side => [
    #for m in side [
      #heading-of(m.name)
      #text(style: "italic", m.answers)

      #m.formula

      #small(m.caveat)
    ]
  ]))
  #v(1em)
  #small[#d.mark. Every measure with its formula is in docs/METHODS.md of the project.]
]
"""


def why_not() -> str:
    """Why no brief can be set here, as a sentence; empty where one can."""
    return export_extra.lacking("Briefs", "typst", "segno", "pypdf")


def typeset(made: Brief, pages: int = 1) -> bytes:
    """The brief as PDF of exactly that many pages: 1, or 2 with the methods.

    The size of type is the largest with which nothing runs over. Raises ``AtlasError`` where even the smallest does not
    do, or the extra is not installed.
    """
    if why_not():
        raise AtlasError(why_not())
    import typst
    from pypdf import PdfReader

    data = made.as_json(methods=briefs.methods() if pages == 2 else [])
    inputs = {"data": data, "stamp": f"{export_stamp.KEY} {made.stamp.text()}", "qr": _qr(made.address)}
    for size, tied in [*((pt, "yes") for pt in TYPE_PT if pt >= SMALL_PT), *((pt, "no") for pt in TYPE_PT)]:
        pdf: bytes = typst.compile(TEMPLATE.encode(), sys_inputs={**inputs, "size": str(size), "tied": tied})
        if len(PdfReader(io.BytesIO(pdf)).pages) == pages:
            return pdf
    raise AtlasError(f"The brief of {made.place} does not fit on {pages} page(s); this is a defect of the dashboard.")


def _qr(address: str) -> str:
    """The address as a QR code in SVG; empty where it is only a path."""
    if not address.startswith("http"):
        return ""
    import segno

    return str(segno.make(address, error="m").svg_inline(border=0, dark="#1B1F27"))


def save(reader: Reader, scope: Scope, out: Path, pages: int = 1) -> None:
    """Write the brief of a place or pathway as PDF."""
    export.write(out, typeset(briefs.brief(reader, scope), pages))


def save_all(
    reader: Reader, scopes: Sequence[Scope], folder: Path, pages: int, step: Callable[[str, int, int], None]
) -> None:
    """Write a brief of each scope into a folder, telling ``step`` after each what was made and how many are done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AtlasError(f"{folder} cannot be made a folder ({error.strerror}); name another.") from error
    # Two at a time: while one is set in type, the other's figures are read.
    with ThreadPoolExecutor(2) as pool:
        files = [folder / f"{scope.state.lower()}.pdf" for scope in scopes]
        made = pool.map(save, repeat(reader), scopes, files, repeat(pages))
        for done, (scope, _) in enumerate(zip(scopes, made, strict=True), start=1):
            step(f"Brief of {scope.state}", done, len(scopes))
