"""The methods in words keep up with the code: every measure is described, every test named there exists."""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path

import pytest

from etl.settings import ROOT
from etl.warehouse.schema import TABLES
from measures.definitions import FIGURES, MEASURES, methods_markdown

TESTS = ROOT / "tests"


def functions_of(path: Path) -> set[str]:
    """The public functions of a module, and the public methods and class methods of its classes that compute something."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            found.add(f"{path.stem}.{node.name}")
        if isinstance(node, ast.ClassDef) and node.name == "Matching":
            found |= {
                f"{path.stem}.{node.name}.{inner.name}"
                for inner in node.body
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_")
            }
    return found


PUBLIC = {
    name
    for path in (ROOT / "measures").glob("*.py")
    if path.stem not in {"__init__", "definitions"}
    for name in functions_of(path)
}


def test_every_public_measure_function_is_described_and_no_other():
    described = {name for measure in MEASURES for name in measure.functions}
    assert sorted(PUBLIC - described) == []
    assert sorted(described - PUBLIC) == []


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_a_measure_is_described_whole(measure):
    assert all(measure[:6])
    assert measure.tests
    assert measure.answers.endswith("?")
    assert measure.caveat.endswith(".")
    assert set(measure.source) | set(measure.found_in) <= set(TABLES)


@pytest.mark.parametrize(
    "test", sorted({t for m in MEASURES for t in m.tests} | {f.test for f in FIGURES}), ids=lambda test: test
)
def test_a_test_that_the_methods_name_exists(test):
    file, name = test.split("::")
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.what)
def test_a_figure_is_one_that_its_test_compares(figure):
    """Its digits stand in the tests of published figures, however these write them."""
    written = (TESTS / "test_published_figures.py").read_text(encoding="utf-8").replace("_", "").replace(",", "")
    for number in re.findall(r"\d[\d,.]*\d", figure.value):
        assert number.replace(",", "") in written, number


def test_the_committed_page_is_what_the_definitions_say():
    page = ROOT / "docs" / "METHODS.md"
    assert page.read_text(encoding="utf-8") == methods_markdown(), (
        'write it again: python -c "from measures.definitions import methods_markdown as m; '
        "open('docs/METHODS.md', 'w', encoding='utf-8', newline='\\n').write(m())\""
    )


# ---- changes ---------------------------------------------------------------------------------------------

CHANGE = re.compile(
    r"\b(rise|rises|rose|risen|rising|falls|fell|fallen|falling|increas\w+|decreas\w+|drop\w*|surg\w+)\b"
)
ALLOWED = re.compile(r"never called a rise or a fall|not called a rise or a fall")


def sentences() -> list[tuple[str, str]]:
    """Every text in the measures and marts but what describes code, and in the tables that readers get sentences from."""
    found = []
    for path in (*(ROOT / "measures").glob("*.py"), *(ROOT / "etl" / "warehouse" / "marts").glob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        for_programmers = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        constants = [n.value for n in nodes if isinstance(n, ast.Constant) and id(n) not in for_programmers]
        found += [(path.name, value) for value in constants if isinstance(value, str)]
    for name in ("stability_finding", "principle_measure"):
        with (ROOT / "data" / "reference" / f"{name}.csv").open(encoding="utf-8") as lines:
            found += [(name, text) for row in csv.reader(lines) for text in row]
    return found


def test_no_change_is_called_a_rise_or_a_fall():
    """The Bureau's table of 90 percent significance is in no source, so nothing may say which changes are real."""
    assert not [name for name in TABLES if "significan" in name]
    for where, text in sentences():
        assert not CHANGE.search(ALLOWED.sub("", text)), (where, text)
