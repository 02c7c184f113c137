"""The testimony: short, true to the warehouse, only with findings that hold throughout; own words stay text and apart."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from charts import anatomy, brief, slides, testimony, words
from charts.actions import PRINCIPLES
from charts.chart import chart_by_id
from charts.scope import Choices, Scope
from charts.testimony import OWN_CHARACTERS, OWN_LINES, OWN_WORDS, Script
from charts.verify import verify
from etl.errors import AtlasError
from etl.warehouse.read import Reader

PATHWAYS = ("", "Agriculture", "Construction", "Hospitality, Events, & Tourism")
PLACES = [
    "US", "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME",
    "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC",
    "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY",
]  # fmt: skip
HOSTILE = (
    '=HYPERLINK("http://x") <script>alert(1)</script> **b** \u202egnirts\x00 '
    + "W" * 400
    + "\r\n\n\n\n"
    + "line\n" * 300
)
CHARTS = [chart_by_id("ways-in"), chart_by_id("could-fill")]
TEXAS = Scope(state="TX", pathway="Construction")
needs_slides = pytest.mark.skipif(
    bool(slides.why_not()), reason=slides.why_not() or "python-pptx and a browser are here"
)


def gap(reader: Reader, scope: Scope, variant: str) -> tuple[int, int]:
    """Openings of a place or pathway, and the most that awards could fill of them, straight from the marts."""
    table, most = ("gap_by_cluster", "at_most_count") if scope.pathway else ("gap_by_state", "could_fill_count")
    part = "AND cluster = ? AND subcluster IS NULL AND framework = '14 clusters (2024)'" if scope.pathway else ""
    found: tuple[int, int] = reader.rows(
        f"""SELECT openings_annual_count, {most} FROM {table} JOIN state USING (state_fips) WHERE state_abbr = ?
        AND awards = 'sub-baccalaureate' AND demand = 'career-prep' AND demand_variant = ? {part}""",
        [scope.state, variant, *([scope.pathway] if scope.pathway else [])],
    )[0]
    return found


def held(reader: Reader, scope: Scope) -> set[str]:
    """The sentences of what holds under every set of assumptions here."""
    rows = reader.rows(
        """SELECT f.sentence || ' (holds under ' || holds_count || ' of ' || tried_count || ').'
        FROM gap_stability JOIN stability_finding f USING (finding) JOIN state USING (state_fips)
        WHERE state_abbr = ? AND coalesce(cluster, '') = ? AND holds_count = tried_count""",
        [scope.state, scope.pathway],
    )
    return {sentence for (sentence,) in rows}


# ------------------------------------------------------------------ two minutes


def test_the_places_are_those_of_the_warehouse(reader: Reader) -> None:
    assert set(Choices.of(reader).states) == set(PLACES)
    assert len(PLACES) == 52


@pytest.mark.parametrize("state", PLACES)
def test_a_script_is_short_and_says_what_the_warehouse_says(state: str, reader: Reader) -> None:
    # Each place as a whole and in one pathway; the nation, a large state and a small one in all four.
    own = PATHWAYS[1 + PLACES.index(state) % (len(PATHWAYS) - 1)]
    for pathway in PATHWAYS if state in {"US", "TX", "WY"} else ("", own):
        scope = Scope(state=state, pathway=pathway)
        made = brief.brief(reader, scope)
        said = testimony.of_brief(made, reader, scope)
        longest = max(len(what.split()) for what, _ in made.asked) - len(made.asked[0][0].split())
        assert len(said.text().split()) + longest < testimony.WORDS, "whichever action is chosen"
        text = " ".join(said.paragraphs)
        assert not re.search(r"\b(nan|None|NaT|inf)\b|%|\.\.", text)
        (total, most), (without, most_without) = (gap(reader, scope, v) for v in ("openings", "growth_and_exits"))
        if total:
            for number in (total, without):
                assert re.search(rf"(?<![\d,.]){words.short_count(number)} ", text), (scope, number)
            assert f"at most {100 * most / total:.0f} of every 100" in text
            if without:
                assert f"{100 * most_without / without:.0f} if people changing occupation are left out" in text
        stated = re.findall(r"[A-Z][^.]*? \(holds under \d+ of \d+\)\.", text.partition("tried: ")[2])
        assert set(stated) <= held(reader, scope)
        assert len(stated) == text.count("(holds under") == min(len(made.findings), 2)
        assert made.source in said.text()
        assert reader.build_id in said.text()
        for answer in testimony.answers(reader, scope):
            assert answer.text.endswith(".")
            assert not re.search(r"\b(nan|None|NaT|inf)\b|%|\.\.|  ", answer.text), answer
            assert 2 <= len(re.findall(r"[.?] (?=[A-Z])", answer.text.replace("D.C. ", ""))) + 1 <= 4


def test_each_principle_gives_its_own_action(reader: Reader) -> None:
    scope = Scope(state="OH")
    made = brief.brief(reader, scope)
    for number, (what, figure) in zip(PRINCIPLES, made.asked, strict=True):
        said = testimony.script(reader, scope, number)
        assert said.paragraphs[-1].endswith(what)
        assert said.about == figure


def test_other_assumptions_state_no_finding(reader: Reader) -> None:
    said = testimony.script(reader, Scope(awards="associate"))
    assert "has not been tried" in said.text()
    assert "(holds under" not in said.text()


def test_no_script_where_there_are_no_figures(reader: Reader) -> None:
    for made in (testimony.script, testimony.answers):
        with pytest.raises(AtlasError):
            made(reader, Scope(state="ZZ"))  # type: ignore[operator]


def test_a_script_is_verified_and_a_changed_one_is_not(reader: Reader, tmp_path: Path) -> None:
    said, out = testimony.script(reader, TEXAS, 4), tmp_path / "x.txt"
    out.write_text(said.file(), encoding="utf-8")
    assert verify(reader, out).is_current
    out.write_text(said.file().replace("at most", "at least"), encoding="utf-8")
    with pytest.raises(AtlasError, match="changed"):
        verify(reader, out)


# ------------------------------------------------------------------ they will ask


@pytest.mark.parametrize("state", ["US", "TX", "WY"])
def test_answers_say_what_the_marts_say(state: str, reader: Reader) -> None:
    changers, noncredit, apprentices, school, crosswalk, age = testimony.answers(reader, Scope(state=state))
    (total, _), (without, _) = (gap(reader, Scope(state=state), v) for v in ("openings", "growth_and_exits"))
    assert f"of {total:,} yearly openings" in changers.text
    assert f"{total - without:,} ({100 * (total - without) / total:.0f} of every 100)" in changers.text
    route = dict(
        reader.rows(
            """SELECT demand_variant, {'openings': openings_annual_count, 'most': at_most_count} FROM gap_by_way_in
            JOIN state USING (state_fips) WHERE state_abbr = ? AND way_in LIKE 'Apprenticeship%'""",
            [state],
        )
    )
    assert f"{route['openings']['openings']:,} yearly openings" in apprentices.text
    assert f"({route['growth_and_exits']['openings']:,} without" in apprentices.text
    assert f"at most {route['openings']['most']:,} of these" in apprentices.text
    (elsewhere,) = reader.rows(
        """SELECT sum(openings_annual_count) FROM gap_by_occupation JOIN state USING (state_fips)
        WHERE state_abbr = ? AND demand_variant = 'openings' AND soc_code IN (SELECT soc_code FROM trained_outside_record)""",
        [state],
    )[0]
    assert f"{int(elsewhere):,} yearly openings" in noncredit.text
    assert "loaded for" in school.text
    network = reader.network("career-prep")
    assert f"links {len(network.programs):,} programs to {len(network.occupations):,} occupations" in crosswalk.text
    for cited in reader.citations(testimony.TABLES):
        assert cited.period_label in age.text


def test_the_high_schools_of_a_loaded_state_are_counted(reader: Reader) -> None:
    assert "North Carolina reported 54,075" in testimony.answers(reader, Scope(state="NC"))[3].text


# ------------------------------------------------------------------ own words, slides, zip


def test_own_words_become_plain_short_text() -> None:
    note = testimony.own_words(HOSTILE)
    assert len(note) <= OWN_CHARACTERS
    assert note.count("\n") < OWN_LINES
    assert all(c.isprintable() or c == "\n" for c in note)
    assert note.startswith('=HYPERLINK("http://x") <script>')
    assert testimony.own_words(note) == note, "nothing more is taken away the second time"
    assert testimony.own_words(" \n\t\n ") == ""
    assert testimony.own_words("a\u00a0b") == "a b"


def read_zip(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_zip_holds_charts_in_order_and_own_words_apart(reader: Reader, tmp_path: Path) -> None:
    said: Script = testimony.script(reader, TEXAS)
    data = testimony.archive(reader, TEXAS, CHARTS, HOSTILE, said)
    files = read_zip(data)
    assert data == testimony.archive(reader, TEXAS, CHARTS, HOSTILE, said), "the same to the byte"
    folders = list(dict.fromkeys(name.split("/")[0] for name in files if "/" in name))
    assert folders == ["01-ways-in", "02-could-fill"]
    plain = read_zip(testimony.archive(reader, TEXAS, CHARTS, "", said))
    assert set(files) - set(plain) == {"own-words.txt"}
    changed = {name for name in plain if plain[name] != files[name]}
    assert changed == {"README.md"}, "own words alter nothing else"
    assert files["own-words.txt"].decode().startswith(OWN_WORDS)
    assert testimony.own_words(HOSTILE) in files["own-words.txt"].decode()
    for chart in CHARTS:
        assert chart.finding(chart.frame(reader, TEXAS), TEXAS) in files["README.md"].decode()
    (tmp_path / "x.zip").write_bytes(data)
    verdict = verify(reader, tmp_path / "x.zip")
    assert verdict.is_current
    assert len(verdict.sentences) == 3, "two charts and the script"


def test_a_zip_with_a_changed_table_is_found(reader: Reader, tmp_path: Path) -> None:
    from charts import export

    files = read_zip(testimony.archive(reader, TEXAS, CHARTS, "", None))
    table = next(name for name in files if name.startswith("02") and name.endswith(".csv"))
    files[table] = files[table].replace(b"1", b"2")
    (tmp_path / "x.zip").write_bytes(export.zipped(files))
    with pytest.raises(AtlasError, match="changed"):
        verify(reader, tmp_path / "x.zip")


@needs_slides
def test_own_words_stand_on_a_slide_of_their_own(reader: Reader, tmp_path: Path) -> None:
    from pptx import Presentation

    def texts(slide: object) -> list[str]:
        return [s.text_frame.text for s in slide.shapes if s.has_text_frame]  # type: ignore[attr-defined]

    out = tmp_path / "x.pptx"
    out.write_bytes(slides.slides(reader, TEXAS, CHARTS, HOSTILE))
    with_note = Presentation(str(out))
    without = Presentation(io.BytesIO(slides.slides(reader, TEXAS, CHARTS)))
    assert len(with_note.slides) == len(without.slides) + 1 == 5
    for a, b in zip(with_note.slides, without.slides, strict=False):
        assert texts(a) == texts(b)
        assert a.notes_slide.notes_text_frame.text == b.notes_slide.notes_text_frame.text
    last = with_note.slides[4]
    assert last.shapes.title.text_frame.text == OWN_WORDS
    box = next(s for s in last.shapes if s.name == "own-words")
    note = testimony.own_words(HOSTILE)
    assert box.text_frame.text.startswith(note)
    size = box.text_frame.paragraphs[0].font.size.pt
    tall = slides._lines(note, size, (box.width - slides.INCH // 5) / slides.POINT) * size * anatomy.LEADING
    assert tall <= box.height / slides.POINT, "all of it is on the slide"
    assert verify(reader, out).is_current
