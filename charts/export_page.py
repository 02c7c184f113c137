"""The part of a saved page that saves pictures in the reader's own browser: no server, no network."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from charts import export_stamp
from charts.export_stamp import Stamp

STYLE = (
    "body{font:16px/1.5 Arial,Helvetica,'Liberation Sans',sans-serif;max-width:1040px;"
    "margin:2rem auto;padding:0 1rem;color:#1B1F27}"
    "h1{font-size:1.7rem;line-height:1.2}h2{font-size:1.15rem}figure{margin:1rem 0}.table{overflow-x:auto}"
    "table{border-collapse:collapse;font-size:14px}th,td{text-align:left;padding:.25rem .75rem .25rem 0;"
    "border-bottom:1px solid #E8EAED;vertical-align:top}"
    ".save button{font:inherit;padding:.4rem .9rem;margin:0 .5rem .5rem 0;border:1px solid #5A6270;border-radius:4px;"
    "background:#fff;color:#1B1F27;cursor:pointer}.save button:focus-visible{outline:3px solid #C4451C}"
    "@media print{.save{display:none}}"
)

#: Draws a picture off the screen with Plotly, puts the stamp into the file, and hands it to the browser to save.
SCRIPT = """
(function () {
  const data = JSON.parse(document.getElementById('pictures').textContent);
  const said = document.getElementById('saved');
  function crc32(bytes) {
    let crc = ~0;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xEDB88320 & -(crc & 1));
    }
    return ~crc >>> 0;
  }
  // A text chunk right after the picture's header, as the PNG format lays it down: length, name, body, checksum.
  function stampedPng(png) {
    const body = new TextEncoder().encode('tEXt' + data.key + '\\0' + data.stamp);
    const chunk = new Uint8Array(body.length + 8), view = new DataView(chunk.buffer);
    view.setUint32(0, body.length - 4);
    chunk.set(body, 4);
    view.setUint32(body.length + 4, crc32(body));
    return new Blob([png.slice(0, 33), chunk, png.slice(33)], {type: 'image/png'});
  }
  function stampedSvg(svg) {
    const text = new Option(data.key + ' ' + data.stamp).innerHTML;
    return new Blob([svg.replace(/(<svg\\b[^>]*>)/, (start) => start + '<metadata>' + text + '</metadata>')],
                    {type: 'image/svg+xml'});
  }
  async function save(name, format) {
    const picture = data.pictures[name], layout = picture.figure.layout;
    const url = await Plotly.toImage(picture.figure, {format, width: layout.width, height: layout.height,
                                                      scale: format === 'png' ? picture.scale : 1});
    const blob = format === 'png'
      ? stampedPng(Uint8Array.from(atob(url.split(',')[1]), (char) => char.charCodeAt(0)))
      : stampedSvg(decodeURIComponent(url.slice(url.indexOf(',') + 1)));
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = data.stem + (name === 'slide' ? '' : '-' + name) + '.' + format;
    link.click();
    URL.revokeObjectURL(link.href);
    said.textContent = 'Saved ' + link.download + '.';
  }
  for (const button of document.querySelectorAll('.save button')) {
    button.addEventListener('click', () => save(button.dataset.picture, button.dataset.format).catch((error) => {
      said.textContent = 'The picture could not be made (' + error.message + '); try another browser.';
    }));
  }
})();
"""


def buttons(pictures: Mapping[str, go.Figure], sizes: Mapping[str, Any], stamp: Stamp, stem: str) -> str:
    """Buttons that save each picture as PNG, and the first as SVG; ``sizes`` gives each picture's width and height."""
    made = [_button(name, "png", f"Save PNG, {sizes[name].width} × {sizes[name].height}") for name in pictures]
    first = next(iter(pictures))
    held = {
        "key": export_stamp.KEY,
        "stamp": stamp.text(),
        "stem": stem,
        "pictures": {
            name: {"figure": json.loads(fig.to_json()), "scale": 2 * sizes[name].width / fig.layout.width}
            for name, fig in pictures.items()
        },
    }
    # "<" is written so that no text of the figures can end the script.
    text = json.dumps(held, separators=(",", ":")).replace("<", "\\u003c")
    return (
        f"<div class=save>{''.join(made)}{_button(first, 'svg', 'Save SVG')}<span id=saved role=status></span></div>"
        f'<script type="application/json" id=pictures>{text}</script>'
        f"<script>addEventListener('DOMContentLoaded', () => {{{SCRIPT}}})</script>"
    )


def _button(picture: str, file_format: str, label: str) -> str:
    return f"<button type=button data-picture={picture} data-format={file_format}>{html.escape(label)}</button>"
