"""The brief: figures equal the warehouse's, what holds does hold, the sums add up, and every page is one page."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from typer.testing import CliRunner

from charts import brief as briefs
from charts import brief_page, export_cite, words
from charts.__main__ import app
from charts.brief import Brief
from charts.scope import Choices, Scope
from charts.verify import verify
from etl.errors import AtlasError
from etl.settings import Settings
from etl.warehouse.read import Reader

NO_TYPE = brief_page.why_not()
needs_type = pytest.mark.skipif(bool(NO_TYPE), reason=NO_TYPE or "typst is here")
HOSTILE = (
    '#panic("x") </script> $x$ *b* _i_ \\ "quoted" = heading [box] @ref <label> `raw` // note ' + "very long " * 20
)
SCOPES = (Scope(), Scope(state="TX"), Scope(state="DC"), Scope(state="WY", pathway="Construction"))


@pytest.fixture
def charts(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("TALENTGAP_DATA", str(warehouse.data_dir))
    return CliRunner()


def text_of(pdf: bytes) -> str:
    """All text of a PDF without its spaces: where a line breaks does not matter."""
    from pypdf import PdfReader

    return re.sub(r"[\s­]|(?<=\w)-$", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def pages_of(pdf: bytes) -> int:
    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(pdf)).pages)


def without_spaces(text: str) -> str:
    return re.sub(r"\s", "", text)


# ------------------------------------------------------------------ what it says


@pytest.mark.parametrize("scope", [Scope(), Scope(state="TX"), Scope(state="DC")])
def test_its_figures_are_the_warehouses(scope: Scope, reader: Reader) -> None:
    made = briefs.brief(reader, scope)
    for variant, place in (("openings", 0), ("growth_and_exits", 1)):
        openings, fill, left = reader.rows(
            """SELECT openings_annual_count, could_fill_count, left_count FROM gap_by_state JOIN state USING (state_fips)
            WHERE state_abbr = ? AND awards = 'sub-baccalaureate' AND demand = 'career-prep' AND demand_variant = ?""",
            [scope.state, variant],
        )[0]
        said = [(f.value, f.note)[place] for f in made.figures]
        assert words.short_count(openings) in said[0]
        assert f"{100 * fill / openings:.0f}" in made.figures[1].value
        assert words.count(fill) in made.figures[1].note
        assert words.short_count(left) in said[2]


@pytest.mark.parametrize("scope", SCOPES)
def test_the_two_sums_differ_by_what_is_left(scope: Scope, reader: Reader) -> None:
    """Added up here from the sources' own tables, not from the mart that the brief reads."""
    for variant in ("openings", "growth_and_exits"):
        sums = briefs._sums(reader, scope, variant)
        left = reader.rows(
            """SELECT left_count FROM gap_by_state JOIN state USING (state_fips)
            WHERE state_abbr = ? AND awards = 'sub-baccalaureate' AND demand = 'career-prep' AND demand_variant = ?""",
            [scope.state, variant],
        )[0][0]
        assert sums.openings - sums.awards == left


def test_every_stated_finding_holds_throughout(reader: Reader) -> None:
    choices = Choices.of(reader)
    stated = few = 0
    for state in choices.states:
        for pathway in ("", "Construction", "Agriculture"):
            held = briefs._findings(reader, Scope(state=state, pathway=pathway))
            for sentence in held:
                holds, tried = map(int, re.search(r"holds under (\d+) of (\d+)", sentence).groups())  # type: ignore[union-attr]
                assert holds == tried
            stated += len(held)
            if len(held) < 2:
                few += 1
                assert re.match(r"No finding|Only this", briefs._findings_note(len(held), Scope(state=state)))
    assert stated > 100
    assert few, "and where fewer than two hold, it is said"
    assert briefs._findings(reader, Scope(awards="associate")) == []
    assert "Not tried" in briefs._findings_note(0, Scope(awards="associate"))


def test_no_stated_finding_follows_from_the_other(reader: Reader) -> None:
    known = {f for (f,) in reader.rows("SELECT finding FROM stability_finding")}
    assert set(briefs.FINDINGS) | {"mismatch", "about even", "more openings than awards"} == known
    assert {name for implied in briefs.FINDINGS.values() for name in implied} <= known


def test_nothing_to_say_of_a_pathway_that_is_not_there(reader: Reader) -> None:
    with pytest.raises(AtlasError, match=r"United States|nation"):
        briefs.brief(reader, Scope(state="ZZ"))


# ------------------------------------------------------------------ the page


@needs_type
@pytest.mark.parametrize("scope", SCOPES)
def test_a_page_says_all_of_it(scope: Scope, reader: Reader, tmp_path: Path) -> None:
    made = briefs.brief(reader, scope)
    pdf = brief_page.typeset(made)
    said = text_of(pdf)
    assert pages_of(pdf) == 1
    texts = [made.source, made.firm, made.not_counted, *made.findings, *made.check, *(what for what, _ in made.asked)]
    texts += [f.value for f in made.figures] + [f.note for f in made.figures] + [row.fill for row in made.rows]
    for text in (*texts, reader.build_id, made.stamp.data):
        assert without_spaces(text) in said.replace("‐", "-"), text
    assert pdf == brief_page.typeset(made), "the same to the byte"
    (tmp_path / "x.pdf").write_bytes(pdf)
    assert verify(reader, tmp_path / "x.pdf").is_current


def assert_words_lie_apart_on_the_page(pdf: Path) -> None:
    """The boxes of a Letter page's words, as poppler measures them: within the margins, and none on another."""
    printed = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, text=True, check=True).stdout
    found = re.findall(r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)"', printed)
    left, top, right, bottom = np.array(found, dtype=float).T
    assert len(found) > 300
    assert left.min() >= 0.7 * 72 - 1
    assert right.max() <= (8.5 - 0.7) * 72 + 1
    assert top.min() >= 0.5 * 72
    assert bottom.max() <= (11 - 0.4) * 72
    one, other = np.triu_indices(len(found), 1)
    across = np.minimum(right[one], right[other]) - np.maximum(left[one], left[other])
    down = np.minimum(bottom[one], bottom[other]) - np.maximum(top[one], top[other])
    height = np.minimum((bottom - top)[one], (bottom - top)[other])
    assert not ((across >= 1) & (down >= 0.4 * height)).any(), f"a word lies on another in {pdf.name}"


@needs_type
def test_all_briefs_are_one_page_each_and_nothing_overflows(charts: CliRunner, tmp_path: Path) -> None:
    result = charts.invoke(app, ["brief", "--all", str(tmp_path / "briefs")])
    assert result.exit_code == 0, result.output
    files = sorted((tmp_path / "briefs").glob("*.pdf"))
    assert len(files) == 51
    assert all(pages_of(f.read_bytes()) == 1 for f in files)
    for file in files if shutil.which("pdftotext") else []:
        assert_words_lie_apart_on_the_page(file)


@needs_type
def test_two_pages_hold_the_methods(reader: Reader) -> None:
    pdf = brief_page.typeset(briefs.brief(reader, Scope(state="OH")), pages=2)
    assert pages_of(pdf) == 2
    held = briefs.methods()
    assert {m["name"] for m in held} == set(briefs.METHODS)
    said = text_of(pdf)
    for method in held:
        assert without_spaces(method["name"]) in said


def hostile(made: Brief) -> Brief:
    """A brief whose texts would be commands in typst's own language, and too long."""
    return replace(
        made, place=HOSTILE[:60], headline=HOSTILE[:150], findings=(HOSTILE, HOSTILE), check=(HOSTILE,), not_counted=HOSTILE,
        asked=tuple((HOSTILE, HOSTILE * 2) for _ in range(5)), address="https://example.org/?q=" + "x" * 200,
    )  # fmt: skip


@needs_type
def test_strange_text_stays_text_and_still_fits(reader: Reader) -> None:
    pdf = brief_page.typeset(hostile(briefs.brief(reader, Scope(state="TX"))))
    assert pages_of(pdf) == 1
    assert without_spaces('#panic("x")</script>$x$*b*_i_\\"quoted"=heading[box]@ref<label>`raw`//note') in text_of(pdf)


@needs_type
def test_what_cannot_fit_is_not_cut_off(reader: Reader) -> None:
    made = briefs.brief(reader, Scope(state="TX"))
    with pytest.raises(AtlasError, match="does not fit"):
        brief_page.typeset(replace(made, check=(HOSTILE,) * 40))


@needs_type
def test_a_code_is_drawn_only_where_there_is_an_address(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TALENTGAP_ADDRESS", raising=False)
    assert brief_page._qr(briefs.brief(reader, Scope()).address) == ""
    monkeypatch.setenv("TALENTGAP_ADDRESS", "https://atlas.example.org")
    made = briefs.brief(reader, Scope(state="TX"))
    assert brief_page._qr(made.address).startswith("<svg")
    assert without_spaces(made.address) in text_of(brief_page.typeset(made))


@needs_type
@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="pdftoppm is not installed (Debian's package poppler-utils)")
def test_the_code_on_the_page_opens_the_view(reader: Reader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Drawn as a printer would, and read as a phone would, by programs that know nothing of this one."""
    import zxingcpp
    from PIL import Image

    monkeypatch.setenv("TALENTGAP_ADDRESS", "https://atlas.example.org")
    scope = Scope(state="DC", pathway="Arts, Entertainment, & Design")
    brief_page.save(reader, scope, tmp_path / "dc.pdf")
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", "dc.pdf", "dc"], cwd=tmp_path, check=True)
    with Image.open(tmp_path / "dc.png") as page:
        codes = zxingcpp.read_barcodes(page)
    assert [code.text for code in codes] == [export_cite.address("pathways", scope, Choices.of(reader))]
    asked = dict(parse_qsl(urlsplit(codes[0].text).query))
    assert asked == {"state": "District of Columbia", "pathway": "Arts, Entertainment, & Design"}


@needs_type
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed (Debian's package poppler-utils)")
@pytest.mark.parametrize(
    "scope", [*SCOPES, Scope(state="NY"), Scope(state="MA", pathway="Management & Entrepreneurship")]
)
def test_no_text_leaves_the_page_or_lies_on_another(scope: Scope, reader: Reader, tmp_path: Path) -> None:
    brief_page.save(reader, scope, tmp_path / "x.pdf")
    assert_words_lie_apart_on_the_page(tmp_path / "x.pdf")


# ------------------------------------------------------------------ how it ends


def test_wrong_usage_ends_with_two(charts: CliRunner, tmp_path: Path) -> None:
    for args in (
        ["TX"],
        ["TX", "--out", "x.doc"],
        ["TX", "--out", "x.pdf", "--all", "y"],
        ["zz", "--out", str(tmp_path / "x.pdf")],
    ):
        result = charts.invoke(app, ["brief", *args])
        assert result.exit_code == 2, result.output
        assert len(result.stderr.strip().splitlines()) == 1


def test_without_the_extra_one_sentence_says_so(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("charts.export_extra.find_spec", lambda _: None)
    with pytest.raises(AtlasError, match="extra"):
        brief_page.typeset(briefs.brief(reader, Scope()))
