"""Pictures without a screen: one Chromium, kept running, that draws figures as PNG, SVG or PDF through kaleido.

Needs the extra ``export`` and a Chrome or Chromium, such as Debian's. Where either is missing, :func:`why_not` says so in one
sentence, and everything that needs no browser still works.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from functools import cache
from typing import Any, Literal

import plotly.graph_objects as go

from charts import export_extra
from etl.errors import AtlasError

Format = Literal["png", "svg", "pdf"]
#: How long a picture may take; the first one starts the browser.
PATIENCE_SECONDS = 90


def why_not() -> str:
    """Why no picture can be drawn here, as a sentence; empty where one can."""
    lacking = export_extra.lacking("Pictures", "kaleido", "pypdf")
    if lacking:
        return lacking
    if not _browser_path():
        return (
            "No Chrome or Chromium was found to draw pictures with; install one (Debian: `apt-get install chromium`) or name it in "
            "BROWSER_PATH, or save as .html, whose buttons save PNG and SVG in your own browser."
        )
    return ""


def _browser_path() -> str:
    """The browser that would be used: the one that BROWSER_PATH names, else the first that kaleido's own search finds."""
    from choreographer.browsers.chromium import Chromium

    named = os.environ.get("BROWSER_PATH", "")
    return named if os.path.isfile(named) else "" if named else Chromium.find_browser(skip_local=False) or ""


def draw(fig: go.Figure, file_format: Format, scale: float = 1) -> bytes:
    """A figure as a file of its layout's size times ``scale``. Raises ``AtlasError`` where it cannot be drawn."""
    reason = why_not()
    if reason:
        raise AtlasError(reason)
    size = {"width": int(fig.layout.width), "height": int(fig.layout.height)}
    return _kept_browser().draw(fig, {"format": file_format, "scale": scale, **size})


class _Browser:
    """A browser in a loop of its own, to which any thread may hand figures."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="picture-browser", daemon=True).start()
        self._kaleido = self._run(self._open())
        atexit.register(self.close)

    @staticmethod
    async def _open() -> Any:
        import kaleido

        # Without MathJax, which kaleido would fetch from the network; Debian's Chromium refuses its sandbox to root.
        made = kaleido.Kaleido(mathjax=False, path=_browser_path(), enable_sandbox=False)
        await made.open()
        return made

    def _run(self, work: Any) -> Any:
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_SECONDS)
        except Exception as error:
            text = str(error).splitlines()[0] if str(error) else type(error).__name__
            _browser.cache_clear()  # the next picture starts another one
            raise AtlasError(
                f"The browser could not draw the picture ({text}); try again, or save as .html."
            ) from error

    def draw(self, fig: go.Figure, options: dict[str, Any]) -> bytes:
        drawn: bytes = self._run(self._kaleido.calc_fig(fig.to_dict(), opts=options))
        return drawn

    def close(self) -> None:
        """End the browser; at the end of the program."""
        asyncio.run_coroutine_threadsafe(self._kaleido.close(), self._loop).result(PATIENCE_SECONDS)


_starting = threading.Lock()


@cache
def _browser() -> _Browser:
    return _Browser()


def _kept_browser() -> _Browser:
    with _starting:
        return _browser()
