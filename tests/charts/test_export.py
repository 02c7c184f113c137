"""Saved pictures, tables and zips, opened by readers that know nothing of this project; and where they say they came from."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import frictionless
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from typer.testing import CliRunner

from charts import anatomy, export, export_browser, export_cite, export_extra, export_page, export_stamp, style
from charts.__main__ import app
from charts.chart import Chart, all_charts, chart_by_id
from charts.export_stamp import Stamp
from charts.scope import Choices, Scope
from charts.text_width import text_px
from charts.verify import verify
from etl.errors import AtlasError, UsageError
from etl.settings import ROOT, Settings
from etl.warehouse.read import Reader

CHARTS = list(all_charts().values())
each_chart = pytest.mark.parametrize("chart", CHARTS, ids=[c.id for c in CHARTS])
NO_BROWSER = export_browser.why_not()
needs_browser = pytest.mark.skipif(bool(NO_BROWSER), reason=NO_BROWSER or "there is a browser")
TEXAS = Scope(state="TX", pathway="Construction")
STAMP = Stamp("could-fill", "state=TX", "abc", "0123456789ab")
HOSTILE = '=HYPERLINK("http://x","</script><script>alert(\'x\')</script>") & ' + "very long name " * 12


@pytest.fixture
def charts(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("TALENTGAP_DATA", str(warehouse.data_dir))
    monkeypatch.delenv("TALENTGAP_ADDRESS", raising=False)
    return CliRunner()


def rows(chart: Chart, reader: Reader, scope: Scope) -> pd.DataFrame:
    """A chart's rows for a view; the test is skipped where it has none."""
    frame = chart.frame(reader, scope)
    if frame.empty:
        pytest.skip(f"{chart.id} has no figures for {scope}")
    return frame


def hostile_chart() -> Chart:
    """A chart all of whose texts and cells are strange."""
    frame = pd.DataFrame({"name": [HOSTILE, "-1+1", "@x", "plain", None], "value": [-1.5, 2.0, 3.0, 4.0, np.nan]})
    return Chart(
        id="hostile", question=HOSTILE, tables=("gap_by_cluster",), frame=lambda reader, scope: frame,
        figure=lambda frame, scope: style.base(300).add_trace(go.Bar(x=frame["value"], y=[0, 1, 2, 3, 4], orientation="h")),
        finding=lambda rows, scope: HOSTILE, subtitle=lambda rows, scope: HOSTILE, alt=lambda rows, scope: HOSTILE,
        columns={"name": "+Name", "value": "Value"}, means=HOSTILE, means_not=HOSTILE,
    )  # fmt: skip


# ------------------------------------------------------------------ the picture's layout


@each_chart
def test_a_picture_has_the_size_asked_for_and_legible_type(chart: Chart, reader: Reader) -> None:
    for scope in (Scope(), TEXAS):
        frame = chart.frame(reader, scope)
        if frame.empty:
            continue
        texts = anatomy.around(chart, reader, frame, scope)
        for size in anatomy.SIZES.values():
            fig = anatomy.picture(chart, frame, scope, texts, size)
            assert fig.layout.width * size.height == fig.layout.height * size.width, "just that shape"
            assert fig.layout.width <= size.width, "type of 11 px or more is never drawn smaller than that"
            assert min(a.font.size or 13 for a in fig.layout.annotations) >= 11
            room = fig.layout.height - fig.layout.margin.t - fig.layout.margin.b
            assert room > 0.35 * fig.layout.height, "marks get their share"


@each_chart
def test_no_text_of_the_frame_around_runs_out_of_the_picture(chart: Chart, reader: Reader) -> None:
    frame = rows(chart, reader, Scope())
    texts = anatomy.around(chart, reader, frame, Scope())
    for size in anatomy.SIZES.values():
        fig = anatomy.picture(chart, frame, Scope(), texts, size)
        for annotation in (a for a in fig.layout.annotations if a.borderpad == 0):
            bold = annotation.text.startswith("<b>")
            for line in unescape(re.sub(r"</?b>", "", annotation.text)).split("<br>"):
                assert text_px(line, annotation.font.size, bold=bold) <= fig.layout.width - 2 * anatomy.PAD_PX


def test_rows_of_a_slide_have_their_labels_beside_them(reader: Reader) -> None:
    chart = chart_by_id("could-fill")
    frame = chart.frame(reader, Scope())
    texts = anatomy.around(chart, reader, frame, Scope())
    wide = anatomy.picture(chart, frame, Scope(), texts, anatomy.SLIDE)
    tall = anatomy.picture(chart, frame, Scope(), texts, anatomy.SOCIAL)
    labels = [a for a in wide.layout.annotations if a.xanchor == "right" and a.xref == "paper"]
    assert len(labels) == 14
    assert {a.y for a in labels} == {t for trace in wide.data for t in trace.y}, "each beside its marks"
    assert not [a for a in tall.layout.annotations if a.xanchor == "right"]


def test_what_is_not_counted_stands_where_awards_meet_openings(reader: Reader) -> None:
    for chart in CHARTS:
        said = anatomy.not_counted(chart.tables, Scope())
        assert bool(said) == bool(anatomy.GAP_TABLES & set(chart.tables))
    assert "bachelor" in anatomy.not_counted(("gap_by_state",), Scope())
    assert "bachelor" not in anatomy.not_counted(("gap_by_state",), Scope(awards="all"))


def test_too_much_for_a_size_is_taller_and_never_smaller(reader: Reader) -> None:
    many = [f"Row number {i}" for i in range(60)]
    chart = Chart(**{**vars(hostile_chart()), "figure": lambda rows, scope: style.rows(many)})
    fig = anatomy.picture(
        chart, pd.DataFrame(), Scope(), anatomy.Around("a", "b", "c", "d", "e", "f", "g"), anatomy.SLIDE
    )
    assert fig.layout.width == anatomy.SLIDE.width
    assert fig.layout.height > anatomy.SLIDE.height
    assert (fig.layout.height - fig.layout.margin.t - fig.layout.margin.b) / 60 >= 25


# ------------------------------------------------------------------ files


@needs_browser
@pytest.mark.parametrize("size", anatomy.SIZES.values(), ids=anatomy.SIZES)
def test_a_png_is_whole(size: anatomy.Size, reader: Reader, tmp_path: Path) -> None:
    from PIL import Image

    for chart_id in ("could-fill", "state-vacancy-rate"):
        out = tmp_path / f"{chart_id}.png"
        export.save(chart_by_id(chart_id), reader, Scope(state="TX"), out, size.name)
        with Image.open(out) as image:
            assert image.size == (2 * size.width, 2 * size.height)
            pixels = np.asarray(image.convert("L"))
            stamp = Stamp.read(image.text[export_stamp.KEY])
        assert pixels.std() > 15, "not blank"
        ink = pixels < 200
        edge = 20  # what is cut off would touch the edge
        assert not ink[:edge].any()
        assert not ink[-edge:].any()
        assert not ink[:, :edge].any()
        assert not ink[:, -edge:].any()
        assert (stamp.what, stamp.scope, stamp.build) == (chart_id, "state=TX", reader.build_id)
        assert verify(reader, out).is_current


@needs_browser
def test_an_svg_says_its_headline(reader: Reader, tmp_path: Path) -> None:
    chart, out = chart_by_id("could-fill"), tmp_path / "x.svg"
    export.save(chart, reader, Scope(state="TX"), out)
    root = ET.parse(out).getroot()
    frame = chart.frame(reader, Scope(state="TX"))
    finding = chart.finding(frame, Scope(state="TX"))
    named = {child.tag.rpartition("}")[2]: child.text for child in root}
    assert named["title"] == finding
    assert named["desc"] == chart.alt(frame, Scope(state="TX"))
    drawn = "".join("".join(e.itertext()) for e in root.iter() if e.tag.endswith("}text"))
    assert finding.replace(" ", "") in drawn.replace(" ", "")
    assert verify(reader, out).is_current


@needs_browser
def test_a_pdf_says_headline_and_source(reader: Reader, tmp_path: Path) -> None:
    from pypdf import PdfReader

    chart, out = chart_by_id("could-fill"), tmp_path / "x.pdf"
    export.save(chart, reader, TEXAS, out)
    document = PdfReader(out)
    assert len(document.pages) == 1
    said = re.sub(r"\s", "", document.pages[0].extract_text())
    texts = anatomy.around(chart, reader, chart.frame(reader, TEXAS), TEXAS)
    for text in (texts.finding, texts.source, texts.firm, texts.not_counted, texts.mark):
        assert re.sub(r"\s", "", text) in said
    assert document.metadata is not None
    assert document.metadata.title == texts.finding
    assert verify(reader, out).is_current


@needs_browser
def test_a_hostile_chart_is_drawn_as_text(reader: Reader, tmp_path: Path) -> None:
    from pypdf import PdfReader

    out = tmp_path / "x.svg"
    export.save(hostile_chart(), reader, Scope(), out)
    root = ET.parse(out).getroot()
    assert not [e for e in root.iter() if e.tag.endswith("}script")]
    assert HOSTILE in next(e.text for e in root if e.tag.endswith("}title"))
    assert len(export.made(hostile_chart(), reader, Scope(), "png")) > 10_000
    pdf = export.made(hostile_chart(), reader, Scope(), "pdf")
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "".join(HOSTILE.split())[:60] in "".join(said.split())
    assert not [key for key in (b"/JavaScript", b"/JS", b"/OpenAction", b"/URI", b"/Launch") if key in pdf]


@needs_browser
def test_one_browser_serves_all_threads(reader: Reader) -> None:
    from concurrent.futures import ThreadPoolExecutor

    fig = style.base(200).update_layout(width=300)
    with ThreadPoolExecutor(3) as pool:
        drawn = list(pool.map(lambda _: export_browser.draw(fig, "png"), range(6)))
    assert len(set(drawn)) == 1, "the same figure is the same picture"
    assert export_browser._browser.cache_info().currsize == 1


def test_without_a_browser_one_sentence_says_what_to_do(
    charts: CliRunner, reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "nowhere"))
    result = charts.invoke(app, ["save", "could-fill", "--out", str(tmp_path / "x.png")])
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert ".html" in result.stderr or "export" in result.stderr
    assert not (tmp_path / "x.png").exists()
    held = zipfile.ZipFile(io.BytesIO(export.made(chart_by_id("could-fill"), reader, TEXAS, "zip")))
    assert [n.rpartition(".")[2] for n in held.namelist()] == ["md", "json", "csv", "html"]


def test_what_exports_need_is_loaded_only_when_it_is_needed() -> None:
    code = (
        "import sys; from charts.chart import all_charts; all_charts(); import charts.__main__, charts.brief_page, charts.slides, "
        "charts.verify, charts.workbook, pages.parts.save; print(sorted({'kaleido', 'choreographer', 'typst', 'pptx', 'pypdf', "
        "'segno', 'xlsxwriter', 'lxml'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout.strip() == "[]"


# ------------------------------------------------------------------ the zip and its table


@each_chart
def test_a_zip_is_a_data_package(chart: Chart, reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(export, "made", lambda *_: b"the picture is tested elsewhere")
    scope = Scope(state="CA", pathway="Construction")
    frame = rows(chart, reader, scope)
    data = export._zip(chart, reader, frame, scope)
    assert data == export._zip(chart, reader, frame, scope), "the same to the byte"
    (tmp_path / "x.zip").write_bytes(data)
    zipfile.ZipFile(io.BytesIO(data)).extractall(tmp_path)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["title", "note"])
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    texts = anatomy.around(chart, reader, frame, scope)
    for text in (texts.finding, chart.question, texts.subtitle, texts.firm, "California", chart.means, "@misc{"):
        assert text in readme
    for c in reader.citations(chart.tables):
        assert c.citation in readme
        assert c.licence in readme
        assert c.retrieved_on.isoformat() in readme
    if "pathway" in chart.follows:
        assert "- Pathway: Construction" in readme
    assert verify(reader, tmp_path / "x.zip").is_current


def test_a_zip_whose_table_was_changed_is_found_out(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = chart_by_id("could-fill")
    monkeypatch.setattr(export, "made", lambda *_: b"")
    held = zipfile.ZipFile(io.BytesIO(export._zip(chart, reader, chart.frame(reader, TEXAS), TEXAS)))
    files = {name: held.read(name) for name in held.namelist()}
    table = next(name for name in files if name.endswith(".csv"))
    files[table] = files[table].replace(b"Construction", b"Destruction")
    (tmp_path / "x.zip").write_bytes(export.zipped(files))
    with pytest.raises(AtlasError, match="changed"):
        verify(reader, tmp_path / "x.zip")


def test_a_hostile_zip_is_text_throughout(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "made", lambda *_: b"the picture is tested elsewhere")
    chart = hostile_chart()
    held = export.files(chart, reader, chart.frame(reader, Scope()), Scope())
    assert {name.rpartition(".")[2] for name in held} >= {"md", "json", "csv"}
    readme = held["README.md"].decode()
    outside_code = re.sub(r"```.*?```", "", readme, flags=re.DOTALL)
    assert "alert" in outside_code
    assert not re.search(r"(?<!\\)<", outside_code), "what reads Markdown takes none of it for HTML"
    assert json.loads(held["datapackage.json"])["title"] == HOSTILE
    assert "\n=" not in next(data for name, data in held.items() if name.endswith(".csv")).decode()


def test_no_cell_is_run_as_a_formula(reader: Reader) -> None:
    text = export.made(hostile_chart(), reader, Scope(), "csv").decode()
    read = pd.read_csv(io.StringIO(text))
    assert list(read.columns) == ["'+Name", "Value"]
    assert not [c for c in read["'+Name"].dropna() if c.startswith(("=", "+", "-", "@"))]
    assert read["'+Name"][0] == f"'{HOSTILE}"
    assert read["'+Name"][3] == "plain"
    assert read["Value"].tolist()[:2] == [-1.5, 2.0], "numbers stay numbers, below nought too"
    assert "\r" not in text


@each_chart
def test_a_table_reads_back_as_it_was(chart: Chart, reader: Reader) -> None:
    table = chart.table(rows(chart, reader, TEXAS))
    read = pd.read_csv(io.StringIO(export_stamp.csv_text(table)), keep_default_na=False, na_values=[""])
    assert len(read) == len(table)
    for name in table.columns:
        if pd.api.types.is_float_dtype(table[name]):
            np.testing.assert_allclose(read[name].astype(float), table[name].astype(float), rtol=1e-9)


# ------------------------------------------------------------------ the page that saves pictures by itself


def test_a_page_holds_its_pictures_and_its_stamp(reader: Reader) -> None:
    chart = chart_by_id("could-fill")
    page = anatomy.page(chart, reader, TEXAS)
    held = json.loads(re.search(r"id=pictures>(.*?)</script>", page, re.DOTALL)[1])  # type: ignore[index]
    assert set(held["pictures"]) == set(anatomy.SIZES)
    for name, picture in held["pictures"].items():
        layout = picture["figure"]["layout"]
        assert layout["width"] * picture["scale"] == pytest.approx(2 * anatomy.SIZES[name].width)
    stamp = export_stamp.stamp_in(page.encode(), ".html")
    assert stamp == anatomy.stamp_of(chart, reader, chart.frame(reader, TEXAS), TEXAS)
    assert "Save PNG, 1080 × 1350" in page
    assert "Save SVG" in page


def test_no_text_ends_the_pages_script() -> None:
    fig = style.base(100).update_layout(width=100)
    fig.add_annotation(text=HOSTILE)
    made = export_page.buttons({"slide": fig}, anatomy.SIZES, STAMP, "x")
    assert made.count("</script>") == 2
    assert "alert" in made


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    sync_api = pytest.importorskip("playwright.sync_api")
    path = next((p for p in ("/usr/bin/chromium", "/usr/bin/google-chrome") if Path(p).exists()), "")
    if not path:
        pytest.skip("there is no Chromium at its usual place")
    with sync_api.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def test_the_pages_buttons_save_stamped_pictures_offline(chromium: object, reader: Reader, tmp_path: Path) -> None:
    from PIL import Image

    page_file = tmp_path / "page.html"
    export.save(chart_by_id("could-fill"), reader, TEXAS, page_file)
    tab = chromium.new_page()  # type: ignore[attr-defined]
    asked: list[str] = []
    errors: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(page_file.as_uri())
    for label, name, size in (
        ("Save PNG, 1600 × 900", "could-fill-TX-construction.png", (3200, 1800)),
        ("Save PNG, 1080 × 1350", "could-fill-TX-construction-social.png", (2160, 2700)),
        ("Save SVG", "could-fill-TX-construction.svg", None),
    ):
        with tab.expect_download() as waiting:
            tab.get_by_role("button", name=label).click()
        assert waiting.value.suggested_filename == name
        out = tmp_path / name
        waiting.value.save_as(out)
        assert verify(reader, out).is_current
        if size:
            with Image.open(out) as image:
                image.load()
                assert image.size == size
        else:
            assert ET.parse(out).getroot().tag.endswith("svg")
    assert not errors
    assert not [url for url in asked if not url.startswith(("file:", "data:", "blob:"))], "nothing is fetched"
    tab.close()


# ------------------------------------------------------------------ addresses and citations


def test_an_address_opens_the_view(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    choices = Choices.of(reader)
    monkeypatch.delenv("TALENTGAP_ADDRESS", raising=False)
    assert export_cite.page_of("could-fill") == "pathways"
    assert export_cite.page_of("no-such-chart") == ""
    assert export_cite.address("pathways", TEXAS, choices) == "/pathways?state=Texas&pathway=Construction"
    assert export_cite.address("", Scope(), choices) == "/"
    monkeypatch.setenv("TALENTGAP_ADDRESS", "https://atlas.example.org/")
    assert export_cite.address("", Scope(state="TX"), choices) == "https://atlas.example.org/?state=Texas"
    embedded = export_cite.embed_snippet(
        "pathways", Scope(pathway="Marketing & Sales"), choices, "could-fill", 'A "title" <b>'
    )
    assert "&amp;embed=true&amp;chart=could-fill" in embedded
    assert "<b>" not in embedded
    monkeypatch.setenv("TALENTGAP_ADDRESS", "javascript:alert(1)")
    assert export_cite.base_address() == ""


@each_chart
def test_a_citation_names_finding_build_and_sources(chart: Chart, reader: Reader) -> None:
    frame = rows(chart, reader, TEXAS)
    cited = export_cite.cite(chart, frame, reader, TEXAS, Choices.of(reader))
    for text in (cited.plain, cited.apa, cited.bibtex):
        assert reader.build_id in text
        for c in reader.citations(chart.tables):
            assert c.short_title.split()[0] in text
    assert chart.finding(frame, TEXAS) in cited.plain
    assert chart.finding(frame, TEXAS) in cited.apa
    assert cited.bibtex.count("{") == cited.bibtex.count("}")


def test_tex_takes_everything_literally() -> None:
    assert export_cite._tex(r"50% of R&D_{x}~^\#$") == (
        r"50\% of R\&D\_\{x\}\textasciitilde{}\textasciicircum{}\textbackslash{}\#\$"
    )


# ------------------------------------------------------------------ verify


def test_a_stamp_comes_back_from_every_kind() -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\x0dIHDR" + bytes(17) + bytes(12)
    kinds = {
        ".png": export_stamp.into_png(png, {"Title": "–", export_stamp.KEY: STAMP.text()}),
        ".svg": export_stamp.into_svg('<svg class="a"><g/></svg>', HOSTILE, HOSTILE, STAMP).encode(),
        ".html": export_stamp.html_meta(STAMP).encode(),
    }
    for suffix, data in kinds.items():
        assert export_stamp.stamp_in(data, suffix) == STAMP
    for suffix, data in {".png": png, ".svg": b"<svg/>", ".html": b"<html>"}.items():
        with pytest.raises(UsageError, match="no stamp"):
            export_stamp.stamp_in(data, suffix)
    with pytest.raises(UsageError, match="cannot be read"):
        Stamp.read("{}")


def test_a_csv_is_judged_by_its_content(reader: Reader, tmp_path: Path) -> None:
    chart = chart_by_id("could-fill")
    for scope in (Scope(), Scope(state="WY"), Scope(state="TX", awards="associate")):
        out = tmp_path / f"{export_cite.file_stem(chart.id, scope)}.csv"
        export.save(chart, reader, scope, out)
        assert verify(reader, out).is_current, scope
    renamed = tmp_path / "mine.csv"
    export.save(chart, reader, Scope(state="WY"), renamed)
    assert "Wyoming" in verify(reader, renamed).sentences[0]
    renamed.write_text(renamed.read_text(encoding="utf-8").replace(",2", ",3", 1), encoding="utf-8")
    verdict = verify(reader, renamed)
    assert not verdict.is_current
    assert reader.build_id in verdict.sentences[0]


def test_verify_ends_as_it_should(charts: CliRunner, reader: Reader, tmp_path: Path) -> None:
    def verified(name: str, data: bytes) -> tuple[int, str]:
        (tmp_path / name).write_bytes(data)
        result = charts.invoke(app, ["verify", str(tmp_path / name)])
        return result.exit_code, result.output

    chart = chart_by_id("could-fill")
    stamp = anatomy.stamp_of(chart, reader, chart.frame(reader, TEXAS), TEXAS)
    code, said = verified("now.html", export_stamp.html_meta(stamp).encode())
    assert (code, reader.build_id in said) == (0, True)
    again = Stamp(stamp.what, stamp.scope, "0ld", stamp.data)
    code, said = verified("same.html", export_stamp.html_meta(again).encode())
    assert (code, "0ld" in said) == (0, True)
    code, said = verified("old.html", export_stamp.html_meta(Stamp(stamp.what, stamp.scope, "0ld", "0" * 12)).encode())
    assert (code, "build 0ld" in said) == (1, True)
    code, said = verified("gone.html", export_stamp.html_meta(Stamp("gone", "", "0ld", "0" * 12)).encode())
    assert code == 1
    for name, data in {
        "x.txt": b"", "x.html": b"<html>", "x.zip": b"no zip", "x.csv": b"a,b\n1,2\n", "y.csv": b"\xff\xfe", "x.pdf": b"%PDF-",
        "x.png": b"", "x.xlsx": b"", "x.pptx": b"",
    }.items():  # fmt: skip
        code, said = verified(name, data)
        needs = {"x.pdf": "pypdf", "x.pptx": "pptx"}.get(name)
        assert code == (1 if needs and export_extra.lacking("It", needs) else 2), (name, said)
        assert len(said.strip().splitlines()) == 1
    assert charts.invoke(app, ["verify", str(tmp_path / "not-there.png")]).exit_code == 1


@pytest.mark.parametrize("chart_id", [c for c in all_charts() if c.startswith("shortage-and-")])
def test_every_dot_has_its_name_on_a_slide(chart_id: str, reader: Reader) -> None:
    """On a phone some names have no room; a slide that leaves a dot without one would be asked which it is."""
    chart = all_charts()[chart_id]
    for scope in (Scope(), Scope(state="CA"), Scope(state="TX", pathway="Construction")):
        frame = chart.frame(reader, scope)
        fig = anatomy.picture(chart, frame, scope, anatomy.around(chart, reader, frame, scope))
        shown = [a.name for a in fig.layout.annotations if a.visible is not False]
        assert shown.count("in wide pictures") == frame["proxy_value"].notna().sum(), scope
        assert "on screens" not in shown
