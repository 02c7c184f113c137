"""``python -m charts``: the list, saved pages and tables, and how it ends when it cannot save."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from datetime import date
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import pytest
from typer.testing import CliRunner, Result

from charts import anatomy, style
from charts.__main__ import app
from charts.chart import Chart, all_charts, chart_by_id
from charts.export import save
from charts.export_stamp import csv_text
from charts.scope import Scope
from etl.settings import ROOT, Settings
from etl.warehouse.read import Citation, Reader

CHARTS = list(all_charts().values())
STRANGE = "<script>alert('x')</script> & \"co\""
each_chart = pytest.mark.parametrize("chart", CHARTS, ids=[c.id for c in CHARTS])


@pytest.fixture
def charts(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command line, serving the tests' warehouse as an environment would name it."""
    monkeypatch.setenv("TALENTGAP_DATA", str(warehouse.data_dir))
    return CliRunner()


def ends(result: Result, code: int, *said: str) -> None:
    """It ended with this code, and with one sentence on standard error."""
    assert result.exit_code == code, result.output
    message = result.stderr.strip()
    assert message.startswith("error: ")
    assert message.endswith(".")
    assert "Traceback" not in message
    assert len(message.splitlines()) == 1
    for words in said:
        assert words in message


def closed_up(text: str) -> str:
    """Text without its spaces: where a line breaks in a picture does not matter."""
    return re.sub(r"\s+", "", text)


class Page(HTMLParser):
    """What a saved page loads, shows and says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.tags: list[str] = []
        self.label = ""
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "src" or (name == "href" and tag == "link"):
                self.loads.append(value or "")
            if tag == "figure" and name == "aria-label":
                self.label = value or ""

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] not in {"script", "style"}:
            self.text.append(data)


# ------------------------------------------------------------------ list


def test_the_list_has_every_chart(charts: CliRunner) -> None:
    result = charts.invoke(app, ["list"])
    assert result.exit_code == 0
    for chart in CHARTS:
        assert chart.id in result.output
        assert chart.question.split()[-1] in result.output
    assert "gap_by_cluster" in result.output


def test_it_runs_as_a_module(warehouse: Settings, tmp_path: Path) -> None:
    def run(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "charts", *words], cwd=ROOT, env={"TALENTGAP_DATA": str(data), "PATH": ""},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    listed = run("list", data=tmp_path)
    assert listed.returncode == 0
    assert "could-fill" in listed.stdout
    assert "streamlit" not in listed.stderr.casefold()
    out = tmp_path / "nowhere.csv"
    failed = run("save", "could-fill", "--out", str(out), data=tmp_path)
    assert failed.returncode == 1
    assert failed.stderr.startswith("error: There is no warehouse")
    assert len(failed.stderr.splitlines()) == 1
    assert not out.exists()


@pytest.mark.parametrize("command", ["list", "save"])
def test_help_says_something_to_a_stranger(command: str, charts: CliRunner) -> None:
    result = charts.invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert len(result.output) > 150


# ------------------------------------------------------------------ saved pages


@each_chart
def test_a_saved_page_has_all_that_a_chart_needs(
    chart: Chart, charts: CliRunner, reader: Reader, tmp_path: Path
) -> None:
    out, scope = tmp_path / "chart.html", Scope(state="TX")
    frame = chart.frame(reader, scope)
    result = charts.invoke(app, ["save", chart.id, "--state", "tx", "--out", str(out)])
    if frame.empty:
        ends(result, 1, chart.nothing(scope))
        return
    assert result.exit_code == 0, result.output
    assert result.output.strip() == str(out)
    text = out.read_text(encoding="utf-8")
    page = Page(text)
    said = " ".join(page.text)
    finding = chart.finding(frame, scope)
    assert page.loads == [], "nothing is fetched: neither a script nor a picture"
    assert "Plotly.newPlot" in text
    assert len(text) > 1_000_000, "Plotly's own script is inside"
    assert finding in said
    assert page.label == chart.alt(frame, scope)
    assert chart.means in said
    assert chart.means_not in said
    for heading in chart.columns.values():
        assert heading in said
    assert {"h1", "figure", "table", "th"} <= set(page.tags)
    for citation in reader.citations(chart.tables):
        assert citation.citation in said
        assert f"Retrieved {citation.retrieved_on.isoformat()}" in said
    assert f"Build {reader.build_id}" in said
    # "None" is the publisher's own word in one column: no training on the job.
    assert not re.search(r">\s*(nan|NaN|NaT|&lt;NA&gt;)\s*<", text)
    assert text.count(">None<") == sum((frame[c] == "None").sum() for c in chart.columns)


@each_chart
def test_headline_subtitle_and_source_stand_inside_the_picture(chart: Chart, reader: Reader) -> None:
    for scope in (Scope(), Scope(state="DC", industry="230000", pathway="Construction")):
        frame = chart.frame(reader, scope)
        if frame.empty:
            continue
        texts = anatomy.around(chart, reader, frame, scope)
        assert texts.finding == chart.finding(frame, scope)
        assert texts.subtitle == chart.subtitle(frame, scope)
        assert texts.source == anatomy.source_text(reader.citations(chart.tables))
        assert texts.firm == chart.badge(reader, scope)
        assert reader.build_id in texts.mark
        for size in anatomy.SIZES.values():
            fig = anatomy.picture(chart, frame, scope, texts, size)
            said = [closed_up(unescape(re.sub(r"</?b>|<br>", "", a.text))) for a in fig.layout.annotations]
            for text in (texts.finding, texts.subtitle, texts.firm, texts.source):
                assert closed_up(text) in said
            assert closed_up(texts.address) in "".join(said[-2:])
            assert said[-1].endswith(closed_up(texts.mark))
            again = anatomy.picture(chart, frame, scope, texts, size)
            assert fig.to_json() == again.to_json(), "the same picture twice"


@each_chart
def test_on_a_page_the_source_stands_inside_the_picture(chart: Chart, reader: Reader) -> None:
    citations = reader.citations(chart.tables)
    fig = chart.figure(chart.frame(reader, Scope()), Scope())
    height = fig.layout.height
    shown = anatomy.on_screen(fig, citations)
    line = shown.layout.annotations[-1].text
    assert line.startswith("Source: ")
    assert citations[0].short_title.split()[0] in line
    assert shown.layout.height > height
    assert max(len(part) for part in unescape(line).split("<br>")) <= anatomy.SCREEN_CHARACTERS


# ------------------------------------------------------------------ saved tables


@each_chart
def test_a_saved_table_is_the_frames(chart: Chart, charts: CliRunner, reader: Reader, tmp_path: Path) -> None:
    out = tmp_path / "chart.csv"
    result = charts.invoke(app, ["save", chart.id, "--state", "CA", "--pathway", "construction", "--out", str(out)])
    scope = Scope(state="CA", pathway="Construction")
    frame = chart.frame(reader, scope)
    if frame.empty:
        ends(result, 1, chart.nothing(scope))
        return
    assert result.exit_code == 0, result.output
    table = chart.table(frame)
    assert out.read_text(encoding="utf-8") == csv_text(table)
    codes = pd.read_csv(out, dtype=str, keep_default_na=False)
    assert list(codes.columns) == list(chart.columns.values())
    assert len(codes) == len(table)
    if "SOC" in codes:
        assert codes["SOC"].str.fullmatch(r"\d\d-\d{4}").all()


# ------------------------------------------------------------------ how it ends


def test_an_unknown_chart_ends_with_one(charts: CliRunner, tmp_path: Path) -> None:
    ends(charts.invoke(app, ["save", "no-such-chart", "--out", str(tmp_path / "x.html")]), 1, "no-such-chart", "list")


@pytest.mark.parametrize("option", ["state", "industry", "pathway", "awards", "demand"])
def test_an_unknown_value_ends_with_two(option: str, charts: CliRunner, tmp_path: Path) -> None:
    out = tmp_path / "x.html"
    ends(charts.invoke(app, ["save", "could-fill", f"--{option}", "zz", "--out", str(out)]), 2, option, "zz")
    assert not out.exists()


@pytest.mark.parametrize("name", ["x.gif", "x", "x.html.gz", ".csv/"])
def test_a_wrong_ending_ends_with_two(name: str, charts: CliRunner, tmp_path: Path) -> None:
    ends(charts.invoke(app, ["save", "could-fill", "--out", str(tmp_path / name)]), 2, ".html", ".csv")


def test_a_folder_that_is_not_there_ends_with_one(charts: CliRunner, tmp_path: Path) -> None:
    out = tmp_path / "not" / "there" / "x.csv"
    ends(charts.invoke(app, ["save", "could-fill", "--out", str(out)]), 1, "x.csv", "choose another folder")


def test_nothing_to_draw_ends_with_one(charts: CliRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chart = strange_chart(pd.DataFrame({"name": [], "value": []}))
    monkeypatch.setattr("charts.__main__.chart_by_id", lambda _: chart)
    ends(charts.invoke(app, ["save", "strange", "--out", str(tmp_path / "x.html")]), 1, "United States")


# ------------------------------------------------------------------ strange text stays text


def strange_chart(frame: pd.DataFrame) -> Chart:
    return Chart(
        id="strange",
        question=f"Is {STRANGE} text?",
        tables=("gap_by_cluster",),
        frame=lambda reader, scope: frame,
        figure=lambda rows, scope: style.base(300).add_trace(go.Bar(x=rows["value"], y=rows["name"])),
        finding=lambda rows, scope: f"{STRANGE} 1",
        subtitle=lambda rows, scope: STRANGE,
        alt=lambda rows, scope: f"Bar chart. {STRANGE} 1",
        columns={"name": "<b>Name</b>", "value": "Value"},
        means=STRANGE,
        means_not=STRANGE,
    )


def test_strange_text_stays_text_in_a_saved_page(reader: Reader, tmp_path: Path) -> None:
    chart = strange_chart(pd.DataFrame({"name": [STRANGE, None], "value": [1.0, None]}))
    out = tmp_path / "strange.html"
    save(chart, reader, Scope(), out)
    text = out.read_text(encoding="utf-8")
    page = Page(text)
    plain = Page(anatomy.page(chart_by_id("could-fill"), reader, Scope()))
    assert page.tags.count("script") == plain.tags.count("script"), "no script but Plotly's"
    assert "alert('x')</script>" not in text
    assert page.tags.count("b") == 0
    assert page.label == chart.alt(chart.frame(reader, Scope()), Scope())
    assert STRANGE in " ".join(page.text)
    assert "not available" in text
    saved = tmp_path / "strange.csv"
    save(chart, reader, Scope(), saved)
    assert pd.read_csv(io.StringIO(saved.read_text(encoding="utf-8")))["<b>Name</b>"][0] == STRANGE


def test_strange_text_stays_text_in_a_picture() -> None:
    cited = Citation(
        "s", STRANGE, STRANGE, STRANGE, "https://example.org", STRANGE, STRANGE, date(2026, 11, 3), "direct"
    )
    frame = pd.DataFrame({"name": ["a"], "value": [1.0]})
    chart = strange_chart(frame)
    texts = anatomy.Around(*[STRANGE] * 7)
    figures = [anatomy.picture(chart, frame, Scope(), texts, size) for size in anatomy.SIZES.values()]
    for fig in (anatomy.on_screen(style.base(300), [cited]), *figures):
        for annotation in fig.layout.annotations:
            assert "<script" not in annotation.text
            assert not set(re.findall(r"<(\w+)", annotation.text)) - {"b", "br"}
