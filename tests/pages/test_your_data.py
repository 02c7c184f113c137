"""The page Your data with a file: understood, asked about, shown without small cells, and held in one session alone."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from charts import own_file
from etl.imports.answers import Answers
from etl.settings import Settings
from tests.etl.import_files import LONG, csv_bytes
from tests.pages.test_pages import findings, html_of, page, served  # noqa: F401

ANSWERS = {"own-state": "OH", "own-school_year": "2022-23", "own-education_level": "secondary"}
ATTACKS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "=HYPERLINK(\"http://x\",\"y\")", "+1+1", "@SUM(A1)",
    "'; DROP TABLE cte_enrollment; --", "\" OR 1=1 --", "{{7*7}}", "${7*7}", "%00", "../../etc/passwd", "\\x00", "</p><h1>x</h1>",
    "javascript:alert(1)", "a" * 1500, "<b>bold", "&lt;i&gt;", "\u202eevil", "🜁", "-2+3+cmd|' /C calc'!A0",
]  # fmt: skip


def with_file(data: bytes, name: str = "districts.csv") -> AppTest:
    app = page("your_data").run()
    app.file_uploader(key="own-file").set_value((name, data, "text/csv")).run()
    return app


def answered(app: AppTest) -> AppTest:
    for _ in range(4):
        for box in [*app.selectbox, *app.text_input]:
            key = (box.key or "").rsplit("-", 1)[0]
            if key in ANSWERS and box.value != ANSWERS[key]:
                box.set_value(ANSWERS[key])
        app.run()
        if "The rows as they may be shown" in " ".join(e.label for e in app.expander):
            break
    return app


def test_a_file_is_asked_about_and_then_drawn(served: Settings) -> None:  # noqa: F811
    app = with_file(csv_bytes(LONG))
    assert not app.exception
    assert "The file does not say" in html_of(app)
    app = answered(app)
    assert not app.exception
    assert not app.error
    said = " ".join(findings(app))
    assert "secondary concentrators in" in said
    assert "8 counts of schools" in html_of(app)
    assert any("python -m etl import districts.csv --map map.toml" in block.value for block in app.get("code"))
    assert [b.label for b in app.get("download_button")][:1] == ["Save this reading as a map (TOML)"]


def test_a_file_stays_in_its_session(served: Settings) -> None:  # noqa: F811
    before = sorted(p.name for p in served.data_dir.rglob("*"))
    app = answered(with_file(csv_bytes(LONG)))
    assert "Alpha County" in str(next(e for e in app.selectbox if e.key == "own-place").options)
    other = page("your_data").run()
    assert "Alpha County" not in html_of(other)
    assert sorted(p.name for p in served.data_dir.rglob("*")) == before, "nothing was written"
    app.file_uploader(key="own-file").set_value(None).run()
    assert "own-file-kept" not in app.session_state


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"PK\x03\x04broken", b"%PDF-1.7", b"a,b\n1,2\n"])
def test_what_cannot_be_read_is_one_sentence(data: bytes, served: Settings) -> None:  # noqa: F811
    app = with_file(data or b" ")
    assert not app.exception
    [error] = app.error
    assert error.value.endswith(".")


def test_attacks_in_cells_stay_text(served: Settings) -> None:  # noqa: F811
    rows = [["District", "Cluster", "Concentrators", "State", "Year", "Level"]]
    for text in ATTACKS:
        for cluster, count in (("Health Science", "40"), ("Human Services", "50"), ("Information Technology", "3")):
            rows.append([text, cluster, count, "OH", "2022-23", "secondary"])
    app = with_file(csv_bytes([*rows, [ATTACKS[0], "<script>alert(2)</script>", "60", "OH", "2022-23", "secondary"]]))
    assert not app.exception
    assert "<script>" not in html_of(app)
    app = with_file(csv_bytes(rows), "<img src=x>.csv")
    assert not app.exception
    assert not app.error, app.error
    text = html_of(app)
    for tag in ("<script>", "<img", "<b>bold", "</p><h1>"):
        assert tag not in text
    for chart in app.get("plotly_chart"):
        assert "<script>" not in chart.proto.spec
        assert "<img" not in chart.proto.spec


def test_gaps_are_to_a_region_and_shares_to_a_state(reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """The district table of the methods against a region's openings, synthetic as if they were loaded."""
    import pandas as pd

    from etl.codes import FRAMEWORK_2002
    from etl.imports.publish import publishable
    from etl.imports.understand import understand
    from tests.etl.test_import import DISTRICT, FIGURES

    names = [["District", "Cluster", "Enrolled"], *(["Alpha", k, str(v[0])] for k, v in FIGURES.items())]
    rows = publishable(understand(csv_bytes(names), "d.csv", DISTRICT))
    state = own_file.clusters(reader, rows)
    assert state["gap_count"].isna().all()
    assert state["openings_annual_count"].isna().all()
    wanted = [["Cluster", "Annual openings"], *([k, str(v[1])] for k, v in FIGURES.items())]
    answers = Answers(kind="openings", state="WV", region="Kanawha", period="2022-2032")
    openings = (
        understand(csv_bytes(wanted), "o.csv", answers)
        .rows.set_index("cluster")["openings_annual_count"]
        .astype("int64")
    )
    monkeypatch.setattr(own_file, "regions", lambda reader, state: ["Kanawha"])
    monkeypatch.setattr(own_file, "openings", lambda *args: own_file.Openings(openings, None, "Kanawha"))
    [mix] = own_file.mixes(reader, rows).to_dict("records")
    assert mix["misalignment_pct"] == pytest.approx(48.73, abs=0.005)
    assert (mix["region"], mix["framework"]) == ("Kanawha", FRAMEWORK_2002)
    clusters = own_file.clusters(reader, rows).set_index("cluster")
    assert clusters.loc["Hospitality & Tourism", "gap_count"] == 2_982
    assert pd.isna(mix["misalignment_growth_and_exits_pct"])
