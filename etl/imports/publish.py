"""From what a file says to rows that anyone may see: small cells withheld, in the warehouse's columns."""

from __future__ import annotations

import pandas as pd

from etl.errors import AtlasError
from etl.imports.answers import Answers
from etl.imports.canonical import COLUMNS, COUNT
from etl.imports.suppress import ALL, THRESHOLD, suppress
from etl.imports.understand import Understanding

#: More cells than this in one import are not protected in good time.
MOST_CELLS = 60_000
_STUDENTS = Answers()


def publishable(understood: Understanding, threshold: int = THRESHOLD, everyone_only: bool = False) -> pd.DataFrame:
    """The rows of a file as they may be shown and loaded. Raises ``AtlasError`` where the file is not ready.

    ``everyone_only`` leaves out subgroups of students. See :func:`enrolment_rows` for the columns.
    """
    understood.need_ready()
    rows, answers = understood.rows, understood.answers
    if answers.kind == "openings":
        return rows.assign(origin=understood.name)[list(COLUMNS["openings"])]
    if everyone_only:
        rows = rows[rows["population"] == ALL]
    return enrolment_rows(rows, understood.name, answers, threshold)


def enrolment_rows(
    counts: pd.DataFrame,
    origin: str,
    answers: Answers = _STUDENTS,
    threshold: int = THRESHOLD,
) -> pd.DataFrame:
    """Counts of people by cluster as rows that may be loaded, from a file or from any other place that counts.

    ``counts``: one row per cell, ``school_year`` (2023-24), ``state_fips``, ``district`` ('all' for the state),
    ``education_level``, ``framework``, ``cluster`` ('all' for every one), ``population`` ('all'), ``measure``
    (participants, concentrators, completers; awards), ``students_count`` (missing where unknown), ``is_masked`` (whether it
    is withheld already). Small cells are withheld as :func:`etl.imports.suppress.suppress` says. The columns that come
    back are those of :data:`etl.imports.canonical.COLUMNS`.
    """
    if len(counts) > MOST_CELLS:
        raise AtlasError(
            f"{origin} holds {len(counts):,} counts, and {MOST_CELLS:,} are the most whose small cells can be protected at once; "
            "leave out the subgroups (--everyone-only), or split the file by year or district."
        )
    rows = suppress(counts, threshold).rename(columns={"students_count": COUNT[answers.kind]})
    return rows.assign(origin=origin)[list(COLUMNS[answers.kind])]
