"""The scope of a view: what an address or a command line may say, and what becomes of what it may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.chart import all_charts
from charts.scope import AWARD_LABELS, DEMAND_LABELS, Choices, Scope, parse
from etl.warehouse.read import Reader

HOSTILE = (
    "'; DROP TABLE gap_by_cluster; --",
    "TX' OR '1'='1",
    "TX'; SELECT * FROM read_text('/etc/passwd'); --",
    '" UNION SELECT password FROM users --',
    "1); ATTACH 'x.db' AS x; --",
    "$state",
    "?",
    "%27%20OR%201=1",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt;",
    "../../../etc/passwd",
    "C:\\Windows\\system32",
    "file:///etc/passwd",
    "\x00",
    "TX\n\rSet-Cookie: a=b",
    "{{7*7}}${7*7}",
    "İstanbul ﷽ \u202etxet",
    "👩‍🏫" * 50,
    "A" * 100_000,
)
PARTS = [f.name for f in fields(Scope)]


@pytest.fixture(scope="module")
def choices(reader: Reader) -> Choices:
    return Choices.of(reader)


class Listening(Reader):
    """A reader that keeps what it is asked, so that a test can see the text of every query."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader.path)
        self.asked: list[str] = []

    def _run(self, cursor: Any, sql: str, parameters: Sequence[Any] | Mapping[str, Any]) -> Any:
        self.asked.append(sql)
        return super()._run(cursor, sql, parameters)


def test_there_is_a_choice_of_everything(choices: Choices) -> None:
    assert len(choices.states) == 52
    assert next(iter(choices.states)) == "US"
    assert len([p for p in choices.pathways if ": " not in p]) == 1 + 14
    assert len(choices.pathways) == 1 + 14 + 71
    assert choices.years[0] == max(choices.years)
    assert set(choices.options()) == set(PARTS)
    for name, options in choices.options().items():
        assert len({label.casefold() for label in options.values()}) == len(options), f"two {name} labels are alike"
        assert str(getattr(Scope(), name)) in options, f"the default {name} is on offer"


def test_codes_are_understood_in_any_case(choices: Choices) -> None:
    scope, notices = parse({"state": " tx ", "pathway": "CONSTRUCTION", "awards": "Associate", "year": "2024"}, choices)
    assert scope == Scope(state="TX", pathway="Construction", awards="associate", year=2024)
    assert notices == []


@pytest.mark.parametrize("name", PARTS)
def test_every_value_on_offer_is_understood(name: str, choices: Choices) -> None:
    for value in choices.options()[name]:
        for said in (value, value.upper(), value.lower()):
            scope, notices = parse({name: said}, choices)
            assert str(getattr(scope, name)) == value
            assert notices == []


@pytest.mark.parametrize("name", PARTS)
def test_an_unknown_value_is_named_and_the_default_shown(name: str, choices: Choices) -> None:
    scope, notices = parse({name: "zz", "nonsense": "1"}, choices)
    assert scope == Scope()
    assert len(notices) == 1
    assert "zz" in notices[0]
    assert name in notices[0]
    assert notices[0].endswith(".")


def test_one_unknown_value_does_not_cost_the_others(choices: Choices) -> None:
    scope, notices = parse({"state": "CA", "industry": "nope", "pathway": "Education"}, choices)
    assert scope == Scope(state="CA", pathway="Education")
    assert len(notices) == 1


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_never_raises(text: str, choices: Choices) -> None:
    for name in PARTS:
        scope, notices = parse({name: text, text: text}, choices)
        assert scope == Scope()
        assert len(notices) == 1
        assert len(notices[0]) < 140, "what is long is cut"


@pytest.fixture(scope="module")
def queries(reader: Reader) -> list[str]:
    """The text of every query that the charts ask of the nation."""
    listening = Listening(reader)
    for chart in all_charts().values():
        chart.frame(listening, Scope())
    return listening.asked


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_never_becomes_part_of_a_query(text: str, reader: Reader, queries: list[str]) -> None:
    """Even a scope that did not come through ``parse`` goes into queries as a value."""
    listening = Listening(reader)
    scope = Scope(state=text, industry=text, pathway=text, awards=text, demand=text)
    for chart in all_charts().values():
        assert isinstance(chart.frame(listening, scope), pd.DataFrame)
    assert listening.asked == queries, "the text of a query does not depend on the scope"


@given(st.data())
def test_an_address_opens_the_same_view_again(choices: Choices, data: st.DataObject) -> None:
    options = choices.options()
    values = {name: data.draw(st.sampled_from(list(options[name]))) for name in PARTS}
    scope, notices = parse(values, choices)
    assert notices == []
    assert parse(scope.query(), choices) == (scope, [])


def test_an_address_leaves_out_what_is_default() -> None:
    assert Scope().query() == {}
    assert Scope(state="TX", year=2023).query() == {"state": "TX", "year": "2023"}
    assert Scope(state="TX").but(state="CA", pathway="Education") == Scope(state="CA", pathway="Education")


def test_the_labels_read_as_words() -> None:
    assert all(label.islower() for label in (*AWARD_LABELS.values(), *DEMAND_LABELS.values()))
