"""Imports run one way, SQL stays behind the warehouse's door, and a new source touches its module and the schema."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl.settings import ROOT
from etl.sources import all_sources
from etl.warehouse.schema import TABLES, tables

OURS = ("etl", "measures", "charts", "pages", "dashboard")
MODULES = sorted(p for name in OURS for p in (*ROOT.glob(f"{name}/**/*.py"), *ROOT.glob(f"{name}.py")))
#: What readers may know of the ETL.
DOOR = ("etl.warehouse.read", "etl.errors", "etl.settings")
#: Which of our modules each part may import: these, and what lies in them. A page reads a person's file with
#: ``etl.imports``, which writes and loads nothing.
MAY_IMPORT = {
    "measures": ("measures",),
    "etl": ("etl", "measures"),
    "charts": ("charts", "measures", *DOOR),
    "pages": ("pages", "charts", "etl.imports", *DOOR),
    "dashboard": ("pages", "charts", *DOOR),
}
#: The first visit builds the warehouse from the snapshot, and shows that it does.
FIRST_BUILD = ("dashboard.py", "pages/parts/first_build.py")


def part(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports; ``from a import b`` is ``a.b`` where that is a module of ours, else ``a``."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} has a relative import; name the module in full"
            module = node.module or ""
            for alias in node.names:
                inner = ROOT.joinpath(*module.split("."), alias.name)
                is_module = inner.with_suffix(".py").is_file() or inner.is_dir()
                yield f"{module}.{alias.name}" if is_module else module


def lies_in(module: str, places: tuple[str, ...]) -> bool:
    return any(module == place or module.startswith(f"{place}.") for place in places)


def names(paths: list[Path]) -> list[str]:
    return [p.relative_to(ROOT).as_posix() for p in paths]


@pytest.mark.parametrize("path", MODULES, ids=names(MODULES))
def test_imports_run_one_way(path: Path) -> None:
    ours = [module for module in imports(path) if module.split(".")[0] in OURS]
    may = MAY_IMPORT[part(path)]
    if path.relative_to(ROOT).as_posix() in FIRST_BUILD:
        may += ("etl.refresh", "etl.progress")
    wrong = [module for module in ours if not lies_in(module, may)]
    assert not wrong, f"{path.relative_to(ROOT)} must not import {', '.join(wrong)}"


@pytest.mark.parametrize("path", MODULES, ids=names(MODULES))
def test_only_pages_know_streamlit(path: Path) -> None:
    knows = any(lies_in(module, ("streamlit",)) for module in imports(path))
    assert not knows or part(path) in {"pages", "dashboard"}


@pytest.mark.parametrize("path", [p for p in MODULES if part(p) in {"pages", "dashboard"}], ids=lambda p: p.name)
def test_pages_hold_no_sql(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not re.search(r"\bSELECT\b|\bFROM [a-z_]+ |\bINSERT INTO\b", node.value), node.value[:80]
    assert not any(lies_in(module, ("duckdb",)) for module in imports(path))


@pytest.mark.parametrize("path", MODULES, ids=names(MODULES))
def test_no_error_is_swallowed(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ExceptHandler):
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            assert node.type is not None, f"{where} catches everything"
            does_nothing = all(
                isinstance(s, ast.Pass) or (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
                for s in node.body
            )
            assert not does_nothing, f"{where} swallows an error"


# ------------------------------------------------- a new source touches two files

SOURCE_MODULES = sorted(p for p in (ROOT / "etl" / "sources").glob("*.py") if p.stem != "__init__")


def test_every_module_of_sources_is_the_source_of_its_name() -> None:
    assert [p.stem for p in SOURCE_MODULES] == list(all_sources())


@pytest.mark.parametrize("path", MODULES, ids=names(MODULES))
def test_no_module_names_a_source(path: Path) -> None:
    """Neither by importing it nor by its id; the schema says which sources a table has, a source knows itself."""
    named = [m for m in imports(path) if m.startswith("etl.sources.")]
    if path != ROOT / "etl" / "warehouse" / "schema.py":
        named += [
            node.value
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Constant) and node.value in all_sources() and node.value != path.stem
        ]
    assert not named, f"{path.relative_to(ROOT)} names the source {', '.join(named)}"


def test_schema_and_sources_agree() -> None:
    by_source = {s.source_id: set(s.tables) for s in all_sources().values()}
    by_schema = {s: {t.name for t in tables("base") if s in t.sources} for s in by_source}
    assert by_source == by_schema
    assert {s for t in TABLES.values() for s in t.sources} == set(by_source)


def test_every_source_says_what_a_reader_must_know() -> None:
    for source in all_sources().values():
        for name in (
            "title",
            "short_title",
            "publisher",
            "licence",
            "landing_url",
            "citation",
            "suppression",
        ):
            assert getattr(source, name), f"{source.source_id} has no {name}"
        assert source.landing_url.startswith("https://")
        assert bool(source.remotes) != bool(source.how_to_get), source.source_id
        assert all(remote.url.startswith("https://") for remote in source.remotes)
        file_names = [remote.name for remote in source.remotes]
        assert len(set(file_names)) == len(file_names), source.source_id
