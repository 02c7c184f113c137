"""What is said of the vision: five principles, whole in every table, in our own words."""

from __future__ import annotations

from charts import vision
from charts.actions import PRINCIPLES
from etl.warehouse.read import Reader


def test_the_principles_are_five_and_named_alike_everywhere(reader: Reader) -> None:
    principles = vision.principles(reader)
    assert {p.number: p.name for p in principles} == {number: name for number, (_, name) in PRINCIPLES.items()}
    assert [len(p.asks) for p in principles] == [3, 2, 3, 3, 4]
    for p in principles:
        assert not p.holds.endswith(".")
        assert set(p.later) == {2021, 2026}
        assert all(p.later.values()), p.name


def test_every_indicator_is_among_the_proxies_with_its_limits(reader: Reader) -> None:
    rows = reader.rows("SELECT principle, title, note FROM principle_measure")
    said = [(p.number, t, x.note) for p in vision.principles(reader) for x in p.proxies for t in x.titles]
    assert sorted(said) == sorted((number, title, vision.without_label(note)) for number, title, note in rows)
    assert all(note.endswith(".") and not note.startswith("Proxy") for _, _, note in said)


def test_the_later_visions_have_as_many_principles_as_they_have(reader: Reader) -> None:
    rows = reader.rows(
        "SELECT vision_year, successor, count(DISTINCT says) FROM principle_successor GROUP BY ALL ORDER BY ALL"
    )
    assert all(wordings == 1 for _, _, wordings in rows), "a principle is worded alike wherever it stands"
    assert [number for year, number, _ in rows if year == 2021] == [1, 2, 3, 4, 5]
    assert [number for year, number, _ in rows if year == 2026] == [1, 2, 3, 4, 5], "the sixth has no forerunner"
    assert reader.rows(
        "SELECT count(*) FROM principle_action WHERE principle NOT IN (SELECT principle FROM principle)"
    ) == [(0,)]


def test_the_calls_lead_to_pages() -> None:
    assert [call.name for call in vision.CALLS] == [
        "Take stock",
        "Engage and partner",
        "Support only the highest quality",
        "Get the message out",
    ]
    assert all(call.pages and call.asks.endswith(".") for call in vision.CALLS)
