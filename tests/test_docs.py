"""The README keeps up with the code: every command, every setting, every source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from charts.__main__ import app as charts_app
from etl.__main__ import app as etl_app
from etl.settings import ROOT
from etl.sources import all_sources

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    f"python -m {package} {name}"
    for package, app in (("etl", etl_app), ("charts", charts_app))
    for name in sorted(get_command(app).commands)  # type: ignore[attr-defined]
]


def code() -> list[Path]:
    return [p for name in ("etl", "charts", "pages", "measures") for p in ROOT.glob(f"{name}/**/*.py")] + [
        *ROOT.glob("*.py")
    ]


VARIABLES = sorted({v for p in code() for v in re.findall(r"TALENTGAP_[A-Z]+", p.read_text(encoding="utf-8"))})


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert command in README


@pytest.mark.parametrize("variable", VARIABLES)
def test_every_environment_variable_is_in_the_readme(variable: str) -> None:
    assert variable in README


def test_every_command_in_the_readme_is_there() -> None:
    named = re.findall(r"python3? -m (etl|charts) ([a-z]+)", README)
    assert {f"python -m {package} {name}" for package, name in named} <= set(COMMANDS)


def test_the_readme_says_where_every_source_is_named() -> None:
    """``python -m etl sources`` prints each; the command's own test says so."""
    assert "python -m etl sources" in README or all(source_id in README for source_id in all_sources())


@pytest.mark.parametrize(
    "line",
    [
        "python3 -m pip install -c constraints.txt -e . && python3 -m streamlit run dashboard.py",
        'python3 -m pip install -c constraints.txt -e ".[test]" && python3 -m pytest',
    ],
)
def test_the_two_lines_that_start_everything(line: str) -> None:
    assert line in README


@pytest.mark.parametrize("page", sorted(p.stem for p in (ROOT / "pages").glob("[!_]*.py")))
def test_the_readme_shows_every_page(page: str) -> None:
    for picture in (f"docs/images/{page}-desktop.png", f"docs/images/{page}-phone.png"):
        assert f"]({picture})" in README
        assert (ROOT / picture).is_file()
