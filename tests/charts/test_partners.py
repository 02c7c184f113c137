"""The search for partners, its links, and the meeting sheet."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from charts import meeting_sheet, partner_links, partners, partners_by_awards
from charts.actions import Action
from charts.facts import Fact
from charts.meeting_sheet import Sheet
from charts.partners import Search, safe_link, search
from charts.scope import Scope
from etl.warehouse.read import Reader

#: Miles along a great circle, from published tables, rounded.
CITIES = (
    ((40.7128, -74.0060), (34.0522, -118.2437), 2446),
    ((29.7604, -95.3698), (32.7767, -96.7970), 225),
    ((41.8781, -87.6298), (42.3314, -83.0458), 238),
    ((61.2181, -149.9003), (47.6062, -122.3321), 1432),
    ((39.0997, -94.5786), (39.0997, -94.5786), 0),
)
HOSTILE = (
    "'; DROP TABLE institution; --",
    "x' OR '1'='1",
    '" OR ""="',
    "<script>alert(1)</script>",
    "%",
    "\\",
    "\x00",
)


@pytest.mark.parametrize(("here", "there", "miles"), CITIES)
def test_great_circle_distances(
    here: tuple[float, float], there: tuple[float, float], miles: float, reader: Reader
) -> None:
    place = "SELECT $a::DOUBLE AS lat, $b::DOUBLE AS lon, $c::DOUBLE AS latitude, $d::DOUBLE AS longitude"
    sql = f"SELECT {partners.DISTANCE} FROM ({place})"
    for a, b in ((here, there), (there, here)):
        found = reader.rows(sql, {"a": a[0], "b": a[1], "c": b[0], "d": b[1]})[0][0]
        assert found == pytest.approx(miles, rel=0.005, abs=0.01)


def awards_of(reader: Reader, state: str, cluster: str) -> pd.DataFrame:
    """Awards by institution in the newest year, by another road: program by program."""
    return reader.frame(
        """
        SELECT c.unit_id, sum(c.awards_count)::BIGINT AS awards_count FROM completion c
        JOIN institution i ON i.unit_id = c.unit_id AND i.award_year = c.award_year JOIN state s ON s.state_fips = i.state_fips
        WHERE c.award_year = 2024 AND i.is_title_iv AND ($state = 'US' OR s.state_abbr = $state)
          AND c.award_level IN ('20', '21', '2', '3', '4')
          AND EXISTS (SELECT 1 FROM occupation_link l JOIN occupation o USING (soc_code)
                      WHERE l.cip_code = c.cip_code AND o.is_career_prep AND o.has_program
                        AND ($cluster = '' OR EXISTS (SELECT 1 FROM occupation_pathway w WHERE w.soc_code = l.soc_code
                             AND w.framework = '14 clusters (2024)' AND w.cluster = $cluster)))
        GROUP BY c.unit_id HAVING sum(c.awards_count) > 0
        """,
        {"state": state, "cluster": cluster},
    )


@pytest.mark.parametrize(("state", "cluster"), [("TX", "Construction"), ("WY", ""), ("DC", ""), ("US", "Agriculture")])
def test_awards_of_each_institution(state: str, cluster: str, reader: Reader) -> None:
    found = search(reader, Scope(state=state, pathway=cluster), limit=10_000)
    wanted = awards_of(reader, state, cluster).set_index("unit_id")["awards_count"]
    assert found.set_index("unit_id")["awards_count"].sort_index().to_dict() == wanted.sort_index().to_dict()
    assert found["awards_count"].is_monotonic_decreasing
    assert set(found["institutions_count"]) == {len(wanted)}
    assert set(found["awards_all_count"]) == {wanted.sum()}


def test_a_states_awards_are_those_of_the_mart(reader: Reader) -> None:
    linked = reader.rows(
        "SELECT awards_linked_count FROM gap_by_state JOIN state USING (state_fips) WHERE state_abbr = 'OH' AND "
        "awards = 'sub-baccalaureate' "
        "AND demand = 'career-prep' AND demand_variant = 'openings'"
    )[0][0]
    assert search(reader, Scope(state="OH"))["awards_all_count"].iloc[0] == linked


def test_county_and_district(reader: Reader) -> None:
    scope = Scope(state="TX")
    everyone = search(reader, scope)
    county = search(reader, scope, Search(county="Bexar County"))
    assert county["unit_id"].tolist() == everyone[everyone["county"] == "Bexar County"]["unit_id"].tolist()
    label = partners.options(reader, scope).districts["4828"]
    district = search(reader, scope, Search(district="4828"))
    assert label == "TX-28"
    assert district["unit_id"].tolist() == everyone[everyone["district"] == label]["unit_id"].tolist()
    assert len(county)
    assert len(district)
    assert search(reader, Scope(state="OH"), Search(county="Bexar County")).empty


def test_distance_crosses_state_borders_and_the_city_itself_does_not(reader: Reader) -> None:
    scope = Scope(state="MO")
    near = search(reader, scope, Search(city="Kansas City", miles=25))
    assert {"MO", "KS"} <= set(near["state_abbr"])
    assert near["distance_miles"].max() <= 25
    wider = search(reader, scope, Search(city="Kansas City", miles=50))
    assert set(near["unit_id"]) <= set(wider["unit_id"])
    within = search(reader, scope, Search(city="Kansas City"))
    assert set(within["city"]) == {"Kansas City"}
    assert set(within["state_abbr"]) == {"MO"}


def test_one_occupation(reader: Reader) -> None:
    scope = Scope(state="TX", pathway="Construction")
    electricians = search(reader, scope, Search(soc_code="47-2111"))
    everyone = search(reader, scope).set_index("unit_id")["awards_count"]
    assert 0 < len(electricians) < len(everyone)
    assert all(r.awards_count <= everyone[r.unit_id] for r in electricians.itertuples())
    assert "47-2111" in partners.options(reader, scope).occupations
    assert "47-2111" not in partners.options(reader, Scope(state="TX", pathway="Education")).occupations


def test_three_years_by_hand(reader: Reader) -> None:
    first = search(reader, Scope(state="WY", pathway="Agriculture")).iloc[0]
    for year, column in ((2024, "awards_count"), (2023, "awards_1_before_count"), (2022, "awards_2_before_count")):
        total = reader.rows(
            """
            SELECT coalesce(sum(awards_count), 0) FROM completion WHERE unit_id = ? AND award_year = ?
              AND award_level IN ('20', '21', '2', '3', '4') AND cip_code IN (
                SELECT cip_code FROM occupation_link JOIN occupation USING (soc_code) JOIN occupation_pathway USING (soc_code)
                WHERE is_career_prep AND framework = '14 clusters (2024)' AND cluster = 'Agriculture')
            """,
            [first["unit_id"], year],
        )[0][0]
        assert first[column] == total


def test_mostly_online_is_over_80_percent(reader: Reader) -> None:
    rows = search(reader, Scope(), limit=2000)
    assert (rows["is_mostly_online"] == (rows["exclusively_distance_pct"] > 80)).all()
    assert rows["is_mostly_online"].any()
    frame = partners_by_awards.frame(reader, Scope())
    figure = partners_by_awards.figure(frame, Scope())
    said = sum("mostly online" in a.text for a in figure.layout.annotations)
    assert said == frame["is_mostly_online"].sum()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_filter_runs_what_it_is_given(hostile: str, reader: Reader) -> None:
    scope = Scope(state="TX", pathway="Construction")
    for where in (
        Search(county=hostile),
        Search(district=hostile),
        Search(city=hostile),
        Search(city=hostile, miles=25),
        Search(soc_code=hostile),
    ):
        assert search(reader, scope, where).empty
    for wrong in (Scope(state=hostile), Scope(pathway=hostile), Scope(demand=hostile), Scope(awards=hostile)):
        assert search(reader, wrong).empty
    assert meeting_sheet.sheet(reader, scope, hostile).who == "Texas"
    assert reader.rows("SELECT count(*) FROM institution")[0][0] > 1000


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("www.aamu.edu/", "https://www.aamu.edu/"),
        (" https://www.uab.edu/ ", "https://www.uab.edu/"),
        ("http://example.edu/a?b=c", "http://example.edu/a?b=c"),
        ("javascript:alert(1)", None),
        ("JavaScript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("ftp://example.edu", None),
        ('www.a.edu/"onclick="x', None),
        ("www.a.edu/<script>", None),
        ("https://user:secret@a.edu/", None),
        ("https://[half", None),
        ("localhost", None),
        ("", None),
        (None, None),
        (float("nan"), None),
    ],
)
def test_only_links_that_may_be_opened(address: object, link: str | None) -> None:
    assert safe_link(address) == link


def test_every_reported_website_is_a_link_or_nothing(reader: Reader) -> None:
    rows = search(reader, Scope(), limit=10_000)
    assert rows["website"].dropna().str.fullmatch(r"https?://[^\s\"'<>]+").all()
    assert rows["website"].notna().mean() > 0.9


def test_directories_are_of_public_bodies() -> None:
    assert all(re.fullmatch(r"https://[\w./-]+", link.url) for link in partner_links.LINKS)
    assert "not opened and checked" in partner_links.CHECKED


# ------------------------------------------------------------------ the meeting sheet


@pytest.mark.parametrize(
    "scope",
    [
        Scope(),
        Scope(state="TX", pathway="Construction"),
        Scope(state="DC", pathway="Agriculture"),
        Scope(state="WY", demand="bachelor"),
    ],
    ids=str,
)
def test_a_sheet_has_three_figures_three_questions_one_offer(scope: Scope, reader: Reader) -> None:
    shown = meeting_sheet.sheet(reader, scope)
    text = meeting_sheet.page(shown)
    assert (len(shown.figures), len(shown.questions)) == (3, 3)
    assert all(question.endswith("?") for question in shown.questions)
    assert not re.search(r"\bnan\b|None|NaT", text)
    assert len(text) < 9000, "one page"
    assert "http" not in re.sub(r">[^<]*<", "><", text), "nothing is loaded from outside"


def test_a_sheets_figures_are_the_charts(reader: Reader) -> None:
    scope = Scope(state="TX", pathway="Construction")
    first = search(reader, scope).iloc[0]
    shown = meeting_sheet.sheet(reader, scope, first["unit_id"])
    assert shown.who == first["name"]
    openings, share = reader.rows(
        """
        SELECT openings_annual_count, round(100.0 * at_most_count / openings_annual_count)
        FROM gap_by_cluster JOIN state USING (state_fips)
        WHERE state_abbr = 'TX' AND cluster = 'Construction' AND subcluster IS NULL AND framework = '14 clusters (2024)'
          AND awards = 'sub-baccalaureate' AND demand = 'career-prep' AND demand_variant = 'openings'
        """
    )[0]
    assert shown.figures[0].value == f"{round(openings, -2):,}"
    assert shown.figures[1].value.startswith(f"{share:.0f} to ")
    assert f"from {first['awards_2_before_count']:,} to {first['awards_count']:,}" in shown.questions[0]


def test_a_sheet_escapes_whatever_it_is_given() -> None:
    bad = "<script>alert('x')</script>&\""
    fact = Fact(bad, bad, bad)
    text = meeting_sheet.page(Sheet(bad, bad, (fact,) * 3, (bad,) * 3, Action(bad, bad, "x"), (bad,), bad))
    assert "<script" not in text
    assert text.count("&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&amp;&quot;") == 19


def test_an_offer_beyond_the_list_is_its_last(reader: Reader) -> None:
    last = meeting_sheet.sheet(reader, Scope(), offer=99).offer
    assert last == meeting_sheet.sheet(reader, Scope(), offer=len(meeting_sheet.offers(reader, Scope())) - 1).offer
