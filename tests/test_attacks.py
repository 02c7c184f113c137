"""Text from outside stays text: in addresses, in files that leave, in settings; and secrets stay where they were set.

The query console has its own attacks in ``tests/etl/test_console.py``; what a script would do in a browser is tried in
``tests/e2e/test_browser.py``.
"""

from __future__ import annotations

import ast
import csv
import io
import os
import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from hypothesis import given, settings
from hypothesis import strategies as some
from streamlit import config as streamlit_config
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from charts import words
from charts.scope import Scope
from etl.__main__ import app as etl_app
from etl.refresh import refresh
from etl.settings import ROOT, Settings
from etl.warehouse.csv_text import FORMULA, csv_text
from pages.parts.scope_bar import PARTS
from tests.etl.helpers import Answer, assert_one_sentence, publisher
from tests.etl.synthetic import install
from tests.pages.test_pages import PAGES, html_of, inner, page

#: Every string in every parameter of every page (280 runs), and not only in every parameter of some page (20 runs).
FULL = bool(os.environ.get("FULL_ATTACKS"))

# ------------------------------------------------------------------ addresses

HOSTILE = (
    "'; DROP TABLE state; --",
    "TX' OR '1'='1",
    "x' UNION SELECT content FROM read_text('/etc/passwd') --",
    "<script>window.__pwned=1</script>",
    "<img src=x onerror='window.__pwned=1'>",
    '"><svg onload=window.__pwned=1>',
    "javascript:window.__pwned=1",
    "![x](//127.0.0.1:9/x.png)",
    "[click](http://127.0.0.1:9/) :red[x] $$x$$",
    "../../../../etc/passwd",
    "..\\..\\windows\\system32",
    "%2e%2e%2f%00<b>",
    "TX\x00",
    "TX\r\nSet-Cookie: a=b",
    "\x1b[31mTX\x07",
    "Ｔｅｘａｓ＜script＞",
    "\u202eSAXET\u200b\ufeff",
    "{{7*7}} ${7*7} %s%n {0.__class__}",
    '=HYPERLINK("http://127.0.0.1:9","x")',
    "A" * 10_000,
)
PARAMETERS = (*PARTS, "view")
NAMES = sorted(PAGES)


def runs() -> list[tuple[str, int]]:
    """Pages, and by how much their strings are shifted against the parameters: in run r, parameter i gets string r + i.

    Twenty runs put each of the twenty strings into each of the ten parameters exactly once, on the pages in turn.
    """
    shifts = range(len(HOSTILE))
    return [(name, r) for name in NAMES for r in shifts] if FULL else [(NAMES[r % len(NAMES)], r) for r in shifts]


def test_the_runs_cover_every_parameter_with_every_string() -> None:
    met = {(parameter, (r + i) % len(HOSTILE)) for _, r in runs() for i, parameter in enumerate(PARAMETERS)}
    assert len(met) == len(PARAMETERS) * len(HOSTILE) == 200
    assert {name for name, _ in runs()} == set(NAMES)


@pytest.mark.parametrize(("name", "shift"), runs())
def test_a_hostile_address_is_named_and_the_default_shown(
    name: str, shift: int, warehouse: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TALENTGAP_DATA", str(warehouse.data_dir))
    asked = {parameter: HOSTILE[(shift + i) % len(HOSTILE)] for i, parameter in enumerate(PARAMETERS)}
    app = page(name)
    for parameter, text in asked.items():
        app.query_params[parameter] = text
    app.run()
    assert not app.exception
    assert not app.error
    shown = html_of(app)
    assert inner("h1", shown) == [PAGES[name][0]]
    assert [w.value for w in app.warning] == [
        words.unmarked(f"There is no {part} “{asked[part].strip()[:40]}” here; the view shows the default instead.")
        for part in PARTS
    ]
    for text in asked.values():
        assert text not in shown, "nothing of it is in the page's HTML"
        assert not any(text in element.value for element in (*app.markdown, *app.caption, *app.info))
    assert {part: app.session_state[part] for part in ("state", "industry", "pathway")} == {
        "state": Scope().state, "industry": Scope().industry, "pathway": Scope().pathway,
    }  # fmt: skip
    assert not set(app.query_params) & set(PARTS), "and the address no longer asks for it"


@settings(max_examples=40)
@given(some.text(max_size=60))
def test_what_is_unmarked_has_no_markup_and_nothing_unseen(text: str) -> None:
    said = words.unmarked(text)
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]<>!$:~#|&]", said)
    assert said.replace("\N{WORD JOINER}", "").isprintable()
    assert not re.search(r"https?://|www\\?\.|\w@", said, re.IGNORECASE)


# ------------------------------------------------------------------ files that leave

CELLS = some.one_of(
    some.none(),
    some.text(max_size=8),
    some.builds(lambda start, rest: start + rest, some.sampled_from(FORMULA), some.text(max_size=8)),
)


@settings(max_examples=40)
@given(some.lists(some.tuples(CELLS, some.integers(-(10**6), 10**6)), min_size=1, max_size=5))
def test_no_text_in_a_csv_starts_a_formula_and_numbers_stay_numbers(rows: Sequence[tuple[str | None, int]]) -> None:
    frame = pd.DataFrame({"=text": pd.Series([t for t, _ in rows], dtype=object), "number": [n for _, n in rows]})
    heading, *body = list(csv.reader(io.StringIO(csv_text(frame), newline="")))
    assert heading == ["'=text", "number"]
    assert [int(number) for _, number in body] == [n for _, n in rows]
    for text, _ in body:
        assert not text.startswith(FORMULA)
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)


def test_every_csv_is_written_by_the_one_writer() -> None:
    """``stock.py`` writes with apostrophes that its own reader takes off again, and has tests of its own."""
    own = {"etl/warehouse/csv_text.py"}
    for path in (p for part in ("etl", "charts", "pages") for p in ROOT.glob(f"{part}/**/*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "to_csv" in text else ():
            writes = isinstance(node, ast.Attribute) and node.attr == "to_csv"
            of_stock = writes and isinstance(node.value, ast.Name) and node.value.id == "stock"
            where = path.relative_to(ROOT).as_posix()
            assert not writes or of_stock or where in own, f"{where}:{node.lineno} writes CSV by itself; use csv_text"


def test_an_export_of_the_warehouse_has_no_formula(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    synthetic = install(monkeypatch, tmp_path)
    synthetic.publish_all("code,value_count\n=1+1,1\n@SUM(A1),2\n-2,3\n02,4\n")
    monkeypatch.setattr(Settings, "from_environment", classmethod(lambda cls: synthetic.settings))
    refresh(synthetic.settings)
    assert CliRunner().invoke(etl_app, ["export", str(tmp_path / "out"), "--format", "csv"]).exit_code == 0
    with (tmp_path / "out" / "letter.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["code", "value_count"], ["'-2", "3"], ["02", "4"], ["'=1+1", "1"], ["'@SUM(A1)", "2"],
        ]  # fmt: skip
    assert "apostrophe" in (tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8")


# ------------------------------------------------------------------ secrets

SECRET = "MARKED-2c9e41"


def key_variables() -> set[str]:
    """Every variable of the environment with KEY, TOKEN or SECRET in its name that our code mentions, and some that a host may
    have set for others."""
    code = "".join(
        p.read_text(encoding="utf-8") for part in ("etl", "charts", "pages") for p in ROOT.glob(f"{part}/**/*.py")
    )
    named = set(re.findall(r"\b[A-Z][A-Z0-9_]*_(?:KEY|TOKEN|SECRET)[A-Z0-9_]*\b", code))
    return named | {"TALENTGAP_BLS_KEY", "AWS_SECRET_ACCESS_KEY", "SOME_API_KEY", "GITHUB_TOKEN"}


@pytest.mark.parametrize("fault", [Answer(b"no", 500), Answer(b"<html>moved</html>"), Answer(b"code,wrong\n01,1\n")])
def test_no_key_is_written_or_said_after_a_failed_refresh(
    fault: Answer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    synthetic = install(monkeypatch, tmp_path)
    synthetic.publish_all()
    for name in key_variables():
        monkeypatch.setenv(name, SECRET)
    as_set = Settings.from_environment()  # with whatever keys the settings know
    its = replace(as_set, data_dir=synthetic.settings.data_dir, snapshot_dir=tmp_path / "none", retry_seconds=0.001)
    with publisher() as site:
        for name in ("letter.csv", "digit.zip", "word.xlsx"):
            site.says(f"/publisher.example/{name}", Answer((synthetic.publishers / name).read_bytes()), fault)
        its = replace(its, mirror=site.address)
        monkeypatch.setattr(Settings, "from_environment", classmethod(lambda cls: its))
        with caplog.at_level("DEBUG"):
            done = [CliRunner().invoke(etl_app, ["refresh"]) for _ in range(2)]
            status = CliRunner().invoke(etl_app, ["status", "--json"])
    assert [d.exit_code for d in done] == [0, 1], [d.output for d in done]
    assert_one_sentence(done[1].stderr.splitlines()[-1].removeprefix("error: "))
    assert SECRET not in "".join(d.output for d in (*done, status)) + caplog.text
    for path in (p for p in its.data_dir.rglob("*") if p.is_file()):
        assert SECRET.encode() not in path.read_bytes(), path.name


# ------------------------------------------------------------------ a public instance

CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("browser", "gatherUsageStats", False),
        ("client", "showErrorDetails", "none"),
        ("client", "showErrorLinks", False),
        ("client", "disableDataExport", True),
        ("server", "enableXsrfProtection", True),
        ("server", "xsrfCookieSameSite", "strict"),
        ("server", "enableCORS", True),
        ("server", "enableStaticServing", False),
        ("server", "fileWatcherType", "none"),
        ("server", "maxUploadSize", 20),
        ("server", "maxMessageSize", 50),
        ("server", "headless", True),
    ],
)
def test_the_settings_are_fit_for_the_public(section: str, name: str, value: object) -> None:
    assert CONFIG[section][name] == value


def test_streamlit_knows_every_setting() -> None:
    options = {name for name, option in streamlit_config._config_options_template.items() if not option.deprecated}
    ours = {
        f"{section}.{name}" for section, body in CONFIG.items() for name in body if not isinstance(body[name], dict)
    }
    assert ours <= options
    assert "server.enableAgentApi" not in ours, "off by default, and it stays off"


def test_a_page_that_fails_says_one_sentence_and_tells_the_log(
    warehouse: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*args: object) -> None:
        raise ValueError(f"{SECRET} at /some/path")

    real = st.get_option
    monkeypatch.setenv("TALENTGAP_DATA", str(warehouse.data_dir))
    monkeypatch.setattr("pages.parts.block.title", fails)
    monkeypatch.setattr(st, "get_option", lambda name: "none" if name == "client.showErrorDetails" else real(name))
    app = page("choice").run()
    assert not app.exception
    assert [len(e.value.splitlines()) for e in app.error] == [1]
    assert SECRET not in app.error[0].value + html_of(app)
    assert SECRET in caplog.text, "the log has all of it"


def test_a_defect_is_seen_by_who_asks_for_details(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setenv("TALENTGAP_DATA", str(warehouse.data_dir))
    monkeypatch.setattr("pages.parts.block.title", fails)
    app: AppTest = page("choice").run()
    assert SECRET in app.exception[0].value
