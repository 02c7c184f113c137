"""Every chart, in every area and pathway: its sentences are whole, its numbers are the frame's, its look is the house's."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import combinations, cycle, pairwise, product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from charts import anatomy, facts, style, words
from charts.chart import Chart, all_charts, chart_by_id
from charts.scope import AWARD_LABELS, DEMAND_LABELS, Choices, Scope
from charts.text_width import text_px
from etl.errors import AtlasError
from etl.warehouse.read import Reader
from etl.warehouse.schema import TABLES

CHARTS = list(all_charts().values())
IDS = [chart.id for chart in CHARTS]
BROKEN = re.compile(r"\b(nan|None|NaT|inf|null)\b|<NA>|\bnan ", re.IGNORECASE)
#: A number as a sentence writes it: 1,060 or 3.4 or 1.03.
NUMBER = re.compile(r"(?<![\w.,-])-?\d+(?:,\d{3})*(?:\.\d+)?")
#: Words that would say more than the figures do, or that mean something else to these readers.
NOT_SAID = re.compile(r"\breach\b|\bbounds?\b|certificate of|\bskills gap\b", re.IGNORECASE)

each_chart = pytest.mark.parametrize("chart", CHARTS, ids=IDS)


@cache
def scopes(reader: Reader) -> dict[str, list[Scope]]:
    """Every area, every pathway, every industry and every pair of assumptions, where a chart follows them; not the full product.

    The lists are by what a chart follows: 'nation' for those that know no place, 'parts' for those that follow a pathway's
    parts too; to the others a part is its pathway, so a few are enough.
    """
    choices = Choices.of(reader)
    areas, industries, everything = list(choices.states), list(choices.industries), list(choices.pathways)
    pathways, parts = [p for p in everything if ": " not in p], [p for p in everything if ": " in p]
    assumptions = [
        Scope(state=area, awards=awards, demand=demand)
        for area, awards, demand in product(("US", "WY"), AWARD_LABELS, DEMAND_LABELS)
    ]
    # Each area meets some pathway and some industry, each pathway and industry some area.
    turns = [
        Scope(state=area, pathway=pathways[i % len(pathways)], industry=industries[i % len(industries)])
        for i, area in enumerate(areas)
    ]
    return {
        "nation": [Scope(industry=i) for i in industries] + [Scope(state="TX", industry=i) for i in industries],
        "place": [
            *(Scope(state=area) for area in areas),
            *turns,
            *(Scope(pathway=p) for p in pathways),
            *(s.but(pathway=p) for s, p in zip(assumptions, cycle(("", "Education", "Construction", "Agriculture")))),
            *(Scope(state="TX", pathway=p) for p in parts[::20]),
        ],
        "parts": [*(Scope(pathway=p) for p in parts), *(Scope(state="WY", pathway=p) for p in parts[::5])],
    }


def scopes_of(chart: Chart, reader: Reader) -> list[Scope]:
    found = scopes(reader)["nation" if chart.nation_only else "place"]
    return [*found, *scopes(reader)["parts"]] if chart.parts else found


@cache
def _rows(chart_id: str, reader: Reader, scope: Scope) -> pd.DataFrame:
    return chart_by_id(chart_id).frame(reader, scope)


def rows(chart: Chart, reader: Reader, scope: Scope) -> pd.DataFrame:
    """A chart's rows, asked for once in all these tests."""
    return _rows(chart.id, reader, scope)


@cache
def _drawn(chart_id: str, reader: Reader, scope: Scope) -> str:
    chart = chart_by_id(chart_id)
    return chart.figure(rows(chart, reader, scope), scope).to_json()


def drawn(chart: Chart, reader: Reader) -> Iterator[tuple[Scope, dict[str, Any]]]:
    """The figures as the browser gets them, each drawn once in all these tests; fewer scopes, for drawing is slow."""
    for scope in scopes_of(chart, reader)[:: 1 if chart.nation_only else 4]:
        if not rows(chart, reader, scope).empty:
            yield scope, json.loads(_drawn(chart.id, reader, scope))


def shown(chart: Chart, reader: Reader) -> Iterator[tuple[Scope, pd.DataFrame]]:
    """Every scope that has something to show, with its rows."""
    for scope in scopes_of(chart, reader):
        frame = rows(chart, reader, scope)
        if not frame.empty:
            yield scope, frame


@cache
def _sentences(chart_id: str, reader: Reader, scope: Scope) -> dict[str, str]:
    chart = chart_by_id(chart_id)
    frame = rows(chart, reader, scope)
    return {part: getattr(chart, part)(frame, scope) for part in ("finding", "subtitle", "alt")}


def sentences(chart: Chart, reader: Reader, scope: Scope) -> dict[str, str]:
    """What a chart says of a scope, computed once in all these tests."""
    return _sentences(chart.id, reader, scope)


def finding_of(chart: Chart, reader: Reader, scope: Scope) -> str:
    return sentences(chart, reader, scope)["finding"]


def texts(figure: dict[str, Any]) -> Iterator[str]:
    """Every text that a figure shows, under the pointer too."""
    yield from (annotation["text"] for annotation in figure["layout"]["annotations"])
    for trace in figure["data"]:
        for row in trace.get("customdata", []):
            yield from (str(cell) for cell in (row if isinstance(row, list) else [row]))


# ------------------------------------------------------------------ sentences


@each_chart
def test_sentences_are_whole(chart: Chart, reader: Reader) -> None:
    for scope, _ in shown(chart, reader):
        for name, text in sentences(chart, reader, scope).items():
            assert text.strip() == text, (name, scope)
            assert text, (name, scope)
            assert not BROKEN.search(text), (name, scope, text)
            assert "  " not in text, (name, scope, text)
            assert "[]" not in text, (name, scope, text)
        finding = finding_of(chart, reader, scope)
        assert re.search(r"\d", finding) or finding.startswith("There are no "), (scope, finding)
        assert not finding.endswith("."), finding
        assert len(finding) < 260, finding
        assert finding in sentences(chart, reader, scope)["alt"], scope


def formatted(values: pd.Series) -> set[str]:
    """A column's values as a sentence may write them."""
    if pd.api.types.is_datetime64_any_dtype(values):
        return {str(pd.Timestamp(v).year) for v in values.unique()}
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return set()
    said: set[str] = set()
    for value in values.dropna().astype(float):
        # short_count separates its word: "1.03 million"
        said |= {
            f"{value:.0f}",
            f"{value:.1f}",
            f"{value:.2f}",
            words.count(value),
            words.short_count(value).split()[0],
        }
    return said


def counts_of(frame: pd.DataFrame) -> set[str]:
    """What a sentence may count: the rows, and how many of them lie on one side of nought or one."""
    said = set()
    numeric = [c for c in frame.columns if pd.api.types.is_float_dtype(frame[c])]
    parts = [frame] + [frame[~frame[c]] for c in frame.columns if pd.api.types.is_bool_dtype(frame[c])]
    for part in parts:
        said.add(str(len(part)))
        said |= {str(int((part[c] > edge).sum())) for c in numeric for edge in (0, 1)}
        said |= {str(int((part[c] < edge).sum())) for c in numeric for edge in (0, 1)}
    return said


@each_chart
def test_numbers_of_the_finding_are_the_frames(chart: Chart, reader: Reader) -> None:
    known = {"2001", "2019", "100"}  # the base period and "of every 100" are the sentences' own words
    for scope, frame in shown(chart, reader):
        finding = finding_of(chart, reader, scope)
        allowed = known | counts_of(frame) | set().union(*(formatted(frame[c]) for c in frame.columns))
        if chart.id == "vacancy-rate-history":
            code = scope.industry or "000000"
            before = frame[(frame["industry_code"] == code) & (frame["month"] < "2020-01-01")]
            allowed.add(f"{before['vacancy_rate_pct'].mean():.1f}")
        said = NUMBER.findall(finding)
        assert set(said) <= allowed, (scope, finding, set(said) - allowed)


def test_the_finding_of_could_fill_says_what_the_frame_says(reader: Reader) -> None:
    """Known by hand: the numbers stand in the right order, each for its own variant."""
    chart = chart_by_id("could-fill")
    for scope in (Scope(), Scope(state="TX"), Scope(state="CA", pathway="Construction"), Scope(awards="associate")):
        frame = chart.frame(reader, scope)
        row = frame[frame["cluster"] == (scope.pathway or "all")].iloc[0]
        wanted = [
            round(100 * row["at_most_count"] / row["openings_annual_count"]),
            round(100 * row["at_most_growth_and_exits_count"] / row["openings_growth_and_exits_count"]),
        ]
        said = [int(n) for n in NUMBER.findall(chart.finding(frame, scope))]
        assert said == [wanted[0], 100, wanted[1]]


@each_chart
def test_the_place_stands_in_the_headline_or_the_subtitle(chart: Chart, reader: Reader) -> None:
    names = Choices.of(reader).states
    for scope, _ in shown(chart, reader):
        said = f"{finding_of(chart, reader, scope)} {sentences(chart, reader, scope)['subtitle']}"
        if chart.nation_only:
            assert "United States" in said, said
        elif chart.shape != "tiles" or scope.state != "US":
            assert names[scope.state] in said, said


@each_chart
def test_a_chosen_industry_or_pathway_is_named(chart: Chart, reader: Reader) -> None:
    industries = Choices.of(reader).industries
    for scope, frame in shown(chart, reader):
        wanted = []
        if "pathway" in chart.follows:
            wanted.append(scope.subcluster if chart.parts and scope.subcluster else scope.cluster)
        if "industry" in chart.follows and (
            "industry_code" not in frame or scope.industry in set(frame["industry_code"])
        ):
            wanted.append(industries[scope.industry] if scope.industry else "")
        for name in wanted:
            assert name.casefold() in finding_of(chart, reader, scope).casefold(), scope


@each_chart
def test_an_old_series_says_its_month_in_the_headline(chart: Chart, reader: Reader) -> None:
    newest = pd.Timestamp(reader.rows("SELECT max(month) FROM turnover_monthly")[0][0])
    for scope, frame in shown(chart, reader):
        if "month" not in frame:
            continue
        own = frame
        if "industry_code" in frame and scope.industry:
            own = frame[frame["industry_code"] == scope.industry]
        last = own["month"].max()
        if pd.notna(last) and last < newest - pd.DateOffset(months=12):
            assert words.month(last) in finding_of(chart, reader, scope), scope


@each_chart
def test_words_that_are_not_said(chart: Chart, reader: Reader) -> None:
    fixed = [chart.question, chart.means, *chart.columns.values()]
    for text in [*fixed, chart.means_not]:
        assert not NOT_SAID.search(text), text
    for scope, _ in shown(chart, reader):
        for text in sentences(chart, reader, scope).values():
            assert not NOT_SAID.search(text), text
            assert "%" not in text, text
        if {"gap_by_cluster", "gap_by_state", "gap_by_occupation", "gap_by_way_in"} & set(chart.tables):
            said = sentences(chart, reader, scope)
            for text in (said["finding"], said["subtitle"], *fixed):
                assert "shortage" not in text.casefold(), text


def test_no_headline_states_coverage_under_one_variant_alone(reader: Reader) -> None:
    both = re.compile(r"at most \d+ of every 100 .+, \d+ if people changing occupation are left out")
    said = 0
    for chart in CHARTS:
        for scope, _ in shown(chart, reader):
            finding = finding_of(chart, reader, scope)
            if "could fill" in finding:
                assert both.search(finding), finding
                said += 1
    for scope in scopes(reader)["place"][40:80]:
        for fact in facts.overview(reader, scope):
            assert not BROKEN.search(f"{fact.value} {fact.label} {fact.note}"), (scope, fact)
            if "filled" in fact.label:
                assert re.fullmatch(r"\d+ to \d+ of 100", fact.value), fact
                assert "without people changing occupation" in fact.note
    assert said > 100


# ------------------------------------------------------------------ nothing to show


@each_chart
def test_an_empty_view_says_why(chart: Chart, reader: Reader) -> None:
    for scope in (Scope(), *scopes_of(chart, reader)):
        sentence = chart.nothing(scope)
        assert sentence.endswith(".")
        assert "United States" in sentence or "nation" in sentence, "it names a scope that has something"
        assert not BROKEN.search(sentence)
    frame = chart.frame(reader, Scope(state="ZZ", pathway="No such pathway"))
    assert frame.empty or chart.finding(frame, Scope())  # those that know no place show the nation


def test_every_empty_frame_is_of_a_small_place(reader: Reader) -> None:
    """The nation has something for every pathway and industry, so the advice to look there is never hollow."""
    for chart in CHARTS:
        for scope in scopes_of(chart, reader):
            if scope.state == "US" and not scope.subcluster:
                assert not rows(chart, reader, scope).empty, (chart.id, scope)


# ------------------------------------------------------------------ what is drawn

#: Every colour of the house.
PALETTE = {
    c.upper()
    for c in (
        style.ACCENT, style.SURPLUS, style.ON_LIGHT, style.ON_DARK,
        style.INK, style.TEXT, style.QUIET, style.MARK, style.BAND, style.GRID, style.WHITE,
        *style.STEPS,
    )
}  # fmt: skip


def colours_in(value: Any) -> Iterator[str]:
    """Every colour that a figure's JSON carries, in attributes and in the text's own markup."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if "color" in key and not isinstance(inner, dict):
                yield from (c.upper() for c in ([inner] if isinstance(inner, str) else inner))
            elif key != "template":
                yield from colours_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from colours_in(inner)
    elif isinstance(value, str):
        yield from (c.upper() for c in re.findall(r"color:\s*(#?\w+)", value))


def numbers(values: Any) -> list[float]:
    """A trace's numbers, which Plotly's JSON may carry in base64."""
    if isinstance(values, dict):
        return np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"]).astype(float).tolist()
    return [float(v) for v in values]


@each_chart
def test_figures_are_of_the_house(chart: Chart, reader: Reader) -> None:
    for scope, figure in drawn(chart, reader):
        layout = figure["layout"]
        assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "#FFFFFF", scope
        assert layout["font"]["family"] == style.FONT
        assert not {"yaxis2", "xaxis2", "uirevision", "datarevision", "title"} & set(layout), scope
        assert all(t.get("yaxis", "y") == "y" and t.get("xaxis", "x") == "x" and "uid" not in t for t in figure["data"])
        if chart.selects:
            marked = [t for t in figure["data"] if t["type"] != "sankey" and t.get("hoverinfo") != "skip"]
            codes = {str(row[-1]) for t in marked for row in t["customdata"]}
            offered = set(Choices.of(reader).options()[chart.selects])
            assert codes <= offered, (scope, codes - offered)
        assert not set(colours_in(figure)) - PALETTE, (scope, set(colours_in(figure)) - PALETTE)
        assert layout["showlegend"] is False
        assert layout["dragmode"] is False
        for text in texts(figure):
            assert not BROKEN.search(text), (scope, text)
        for annotation in layout["annotations"]:
            assert not annotation.get("textangle"), "text is horizontal"
            assert annotation["font"].get("size", 13) >= 11
        assert 100 <= layout["height"] <= 1400, (scope, layout["height"])


@each_chart
def test_the_same_rows_draw_the_same_figure(chart: Chart, reader: Reader) -> None:
    for scope in (Scope(), Scope(state="TX", industry="230000", pathway="Construction")):
        frame = chart.frame(reader, scope)
        before = frame.copy(deep=True)
        assert chart.figure(frame, scope).to_json() == chart.figure(frame.copy(), scope).to_json()
        assert chart.figure(frame, scope).to_json() == chart.figure(chart.frame(reader, scope), scope).to_json()
        pd.testing.assert_frame_equal(frame, before, obj="a figure must leave its frame as it was")


@each_chart
def test_marks_stand_within_their_axes_and_bars_begin_at_zero(chart: Chart, reader: Reader) -> None:
    if chart.shape in {"flow", "matrix"}:
        pytest.skip("its marks stand on no axis")
    for scope, figure in drawn(chart, reader):
        axis = figure["layout"]["xaxis"]
        if chart.shape == "lines":
            assert axis["type"] == "date"
            assert figure["layout"]["yaxis"]["rangemode"] == "tozero"
            continue
        low, high = axis["range"]
        stacked: dict[float, float] = {}
        for trace in figure["data"]:
            values, places = numbers(trace["x"]), numbers(trace["y"])
            assert np.isfinite(values).all(), (scope, trace["type"])
            if trace["type"] == "bar":
                assert low == 0
                assert "base" not in trace
                assert min(values) >= 0, scope
                for place, value in zip(places, values, strict=True):
                    stacked[place] = stacked.get(place, 0) + value
            assert low <= min(values), scope
            assert max(values) <= high, scope
        if chart.shape == "rows":
            assert low == 0
        assert max(stacked.values(), default=0) <= high, scope


def test_blue_stays_for_awards_above_openings(reader: Reader) -> None:
    for chart in CHARTS:
        assert all(style.SURPLUS.upper() not in set(colours_in(figure)) for _, figure in drawn(chart, reader))


@each_chart
def test_how_firm_is_said_of_every_finding(chart: Chart, reader: Reader) -> None:
    for scope in (
        Scope(),
        Scope(state="TX", pathway="Construction"),
        Scope(state="WY", awards="all", demand="bachelor"),
    ):
        said = chart.badge(reader, scope)
        assert said.endswith("."), (scope, said)
        assert not BROKEN.search(said)
        if "holds under" not in said:
            assert re.search("no assumption|Not tried|not a finding", said), said


@pytest.mark.parametrize("control", ["online", "window", "indicator"])
def test_a_charts_own_controls_change_it(control: str, reader: Reader) -> None:
    labels = Choices.of(reader).options()[control]
    for chart in (c for c in CHARTS if control in c.controls):
        drawn_as = {
            chart.figure(chart.frame(reader, scope), scope).to_json()
            for scope in (Scope(state="TX").but(**{control: value}) for value in labels)
        }
        assert len(drawn_as) == len(labels), chart.id


# ------------------------------------------------------------------ the registry


def test_the_registry_is_sorted_and_its_ids_are_file_names() -> None:
    assert sorted(IDS) == IDS
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", chart_id) for chart_id in IDS)
    with pytest.raises(AtlasError, match="python -m charts list"):
        chart_by_id("no-such-chart")


@each_chart
def test_what_a_chart_declares(chart: Chart, reader: Reader) -> None:
    frame = chart.frame(reader, Scope())
    offered = Choices.of(reader).options()
    assert set(chart.follows) <= {"industry", "pathway"}
    assert set(chart.controls) <= set(offered)
    assert not chart.selects or chart.selects in offered
    assert "pathway" in chart.follows or not chart.parts
    assert chart.question.endswith("?")
    for sentence in (chart.means, chart.means_not):
        assert sentence.endswith(".")
        assert sentence[0].isupper()
    assert set(chart.tables) <= set(TABLES)
    assert set(chart.columns) <= set(frame.columns)
    assert len(set(chart.columns.values())) == len(chart.columns), "no heading twice"
    assert list(chart.table(frame).columns) == list(chart.columns.values())
    assert set(chart.terms) <= set(words.TERMS)
    assert not frame.duplicated().any()


@each_chart
def test_every_chart_has_sources(chart: Chart, reader: Reader) -> None:
    cited = reader.citations(chart.tables)
    assert cited
    for citation in cited:
        assert citation.short_title
        assert citation.citation
        assert citation.licence
        assert citation.landing_url.startswith("https://")
        assert isinstance(citation.retrieved_on, date)


# ------------------------------------------------------------------ colours and contrast


def luminance(colour: str) -> float:
    """WCAG 2 relative luminance, on its own so that it checks what the style computes."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", style.STEPS)
def test_text_on_every_step_can_be_read(colour: str) -> None:
    assert contrast(style.ink_on(colour), colour) >= 4.5


@pytest.mark.parametrize("colour", [style.QUIET, style.TEXT, style.INK, style.ACCENT, style.SURPLUS])
def test_text_can_be_read_on_white_and_in_the_dark(colour: str) -> None:
    assert contrast(colour, style.WHITE) >= 4.5
    assert contrast(style.IN_THE_DARK[colour], style.IN_THE_DARK[style.WHITE]) >= 4.5


def test_in_the_dark_every_colour_of_the_house_is_turned_and_tiles_are_kept(reader: Reader) -> None:
    chart = chart_by_id("state-vacancy-rate")
    figure = json.loads(chart.figure(rows(chart, reader, Scope()), Scope()).to_json())
    dark = anatomy.in_the_dark(figure)
    assert dark["layout"]["paper_bgcolor"] == style.IN_THE_DARK[style.WHITE]
    turned, kept = set(colours_in(figure)) & set(style.IN_THE_DARK), set(colours_in(figure)) - set(style.IN_THE_DARK)
    assert not set(colours_in(dark)) & (turned - set(style.IN_THE_DARK.values()))
    assert kept <= set(colours_in(dark))
    assert anatomy.in_the_dark({"text": f"<span style='color:{style.INK}'>a</span>"}) == {
        "text": f"<span style='color:{style.IN_THE_DARK[style.INK]}'>a</span>"
    }


def test_the_steps_run_from_light_to_dark() -> None:
    order = [luminance(c) for c in style.STEPS]
    assert order == sorted(order, reverse=True)
    assert all(a - b > 0.03 for a, b in pairwise(order)), "neighbours differ in greyscale"


hex_colours = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06X}")


@given(hex_colours)
def test_ink_on_takes_the_better_of_two(colour: str) -> None:
    ink = style.ink_on(colour)
    assert ink in {style.ON_LIGHT, style.ON_DARK, style.INK}
    assert contrast(ink, colour) >= max(contrast(style.INK, colour), contrast(style.WHITE, colour)) - 0.1
    assert contrast(ink, colour) > 4


displayed = st.lists(st.integers(0, 5000).map(lambda n: n / 10), min_size=1, max_size=60)


@given(displayed, st.integers(2, 6))
def test_cut_covers_the_values_in_order(values: list[float], steps: int) -> None:
    edges = style.cut(values, steps)
    assert edges == sorted(set(edges))
    assert 1 <= len(edges) - 1 <= steps
    assert edges[0] <= min(values)
    assert max(values) < edges[-1]
    for value in values:
        step = style.step_of(value, edges)
        assert edges[step] <= value < edges[step + 1]
    assert len(style.step_colours(len(edges) - 1)) == len(edges) - 1


@given(displayed)
def test_step_of_keeps_the_order(values: list[float]) -> None:
    edges = style.cut(values)
    steps = [style.step_of(v, edges) for v in sorted(values)]
    assert steps == sorted(steps)
    assert style.step_of(-1e9, edges) == 0
    assert style.step_of(1e9, edges) == len(edges) - 2


@pytest.mark.parametrize("classes", range(1, 7))
def test_step_colours_differ(classes: int) -> None:
    assert len(set(style.step_colours(classes))) == classes


# ------------------------------------------------------------------ labels beside their marks

shares = st.floats(0, 1, allow_nan=False)
PLOTS = [(300.0, 440.0), (560.0, 320.0)]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(shares, shares, st.text("aWi ", max_size=20)), max_size=14))
def test_labels_never_lie_on_one_another(marks: list[tuple[float, float, str]]) -> None:
    xs, ys, names = ([m[i] for m in marks] for i in range(3))
    places = style.beside(xs, ys, names, PLOTS)
    for wide, tall in PLOTS:
        boxes = [
            at.box(x * wide, y * tall, text_px(name, style.LABEL_PX))
            for x, y, name, at in zip(xs, ys, names, places, strict=True)
            if at
        ]
        for left, top, right, bottom in boxes:
            assert left >= 0
            assert right <= wide
            assert top >= 0
            assert bottom <= tall
        for one, other in combinations(boxes, 2):
            assert one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]


def test_where_labels_crowd_the_first_keep_theirs() -> None:
    places = style.beside([0.5] * 30, [0.5] * 30, [f"Number {i}" for i in range(30)], PLOTS, covers=30)
    assert places[0]
    assert None in places
    assert all(style.beside([0.2, 0.8], [0.2, 0.8], ["Number 1", "Number 2"], PLOTS))
    blocked = style.beside([0.5], [0.5], ["Number 1"], PLOTS, blocked=lambda wide, tall: [(0.0, 0.0, wide, tall)])
    assert blocked == [None]


# ------------------------------------------------------------------ numbers as a reader says them


@each_chart
def test_a_year_is_written_as_one(chart: Chart, reader: Reader) -> None:
    table = chart.table(rows(chart, reader, Scope()))
    for name in table.columns:
        if not words.is_number(table[name]):
            continue
        known = table[name].dropna()
        if len(known) and known.between(1980, 2040).all() and (known % 1 == 0).all():
            assert name in words.YEARS, "a column of years, or a new one of counts that look so"
            assert re.fullmatch(r"\d{4}", words.cell(known.iloc[0], name))


def test_whole_numbers_of_a_table_are_written_alike() -> None:
    assert words.cell(5698.0, "Awards") == words.cell(5698, "Awards") == "5,698"
    assert words.cell(2024, "Year") == words.cell(2024.0, "Year") == "2024"
    assert words.cell(0.0, "At most, of 100") == "0"


def value_of(said: str) -> float:
    scale = {"k": 1e3, "m": 1e6, " million": 1e6}
    for suffix, factor in scale.items():
        if said.endswith(suffix):
            return float(said.removesuffix(suffix).replace(",", "")) * factor
    return float(said.replace(",", ""))


counts = st.integers(0, 999_000_000)


@given(counts)
def test_short_count_keeps_three_figures(value: int) -> None:
    said = words.short_count(value)
    assert "e" not in said.replace("million", "")
    assert abs(value_of(said) - value) <= max(0.5, abs(value) * 0.00501), said
    assert len(said) <= len("1.03 million")


@given(counts)
def test_label_count_is_short_and_close(value: int) -> None:
    said = words.label_count(value)
    assert len(said) <= 5, said
    assert "e" not in said
    assert abs(value_of(said) - value) <= max(0.5, value * 0.0505), said


@given(counts, counts)
def test_counts_keep_the_order(one: int, other: int) -> None:
    assume(one <= other)
    assert value_of(words.short_count(one)) <= value_of(words.short_count(other))
    assert value_of(words.label_count(one)) <= value_of(words.label_count(other))


@pytest.mark.parametrize(
    ("value", "short", "label"),
    [
        (0, "0", "0"),
        (81, "81", "81"),
        (999.6, "1,000", "1.0k"),
        (1004, "1,000", "1.0k"),
        (4_346, "4,350", "4.3k"),
        (9_949, "9,950", "9.9k"),
        (9_951, "9,950", "10k"),
        (237_584, "238,000", "238k"),
        (999_499, "999,000", "999k"),
        (999_500, "1 million", "1m"),
        (1_028_120, "1.03 million", "1.03m"),
        (18_900_000, "18.9 million", "18.9m"),
    ],
)
def test_counts_as_a_reader_says_them(value: float, short: str, label: str) -> None:
    assert words.short_count(value) == short
    assert words.label_count(value) == label


def test_lists_dates_and_names() -> None:
    assert words.listed([]) == ""
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.day(date(2026, 11, 3)) == "3 November 2026"
    assert words.month("2026-08-01") == "August 2026"
    assert words.dollars(51_049) == "$51,000"
    assert words.the("District of Columbia") == "the District of Columbia"
    assert words.the("Texas") == "Texas"
