"""The libraries of the extra ``export``, without which the dashboard runs and some kinds of file are not offered."""

from __future__ import annotations

from importlib.util import find_spec


def lacking(what: str, *modules: str) -> str:
    """Why ``what`` cannot be made here, as a sentence, where one of these modules is not installed; else empty."""
    missing = [name for name in modules if find_spec(name) is None]
    if not missing:
        return ""
    return f'{what} need {missing[0]}, of the extra “export”: run `python -m pip install -c constraints.txt -e ".[export]"`.'
