"""Withholding small cells inside the engine: one Ibis expression of window functions, for any backend.

A count from 1 to ``threshold - 1`` is *small* and withheld. So that no total gives it away, others are withheld with it,
until whoever knows all that is shown, that counts are not negative and that parts add up to their total, can exclude of
no small cell that it is 0, nor that it is ``threshold - 1``. The rule is that of ``etl.imports.suppress``; that module
finds few cells by linear programs, which no database runs, and this one finds more than it must in one pass.

There are three kinds of table, each of two dimensions: district by cluster (DC), district by population (DP), cluster by
population (CP), with one DP and CP for each division of the students; and their totals (D, C, P, and A, of all).

1. *Totals.* In each dimension, units with a small total are withheld, and then the smallest of the others until those
   withheld are ``threshold`` together. Every cell of a withheld unit is withheld. From here on they count as one unit.
2. *Cells.* The units of each dimension are put in order of size and cut into blocks. A block of rows and columns may be
   withheld whole, and then counts can move within it, from row to row and from column to column, without any total
   changing. For a small cell of x, raising it to ``threshold - 1`` takes that much from the other cells of its column and
   of its row; lowering it to 0 takes x from those that share neither. The smallest of several blocks that has so much is
   withheld. What other cells are withheld besides only adds to what may move, so no second pass is needed.
3. Where no block has so much, the dimension that divides the totals is given up for that year, state and measure: the
   districts (DC), or that division of the students (DP and CP).

Cells that were only withheld to protect others may be bounded; they are not small. A student in several districts or
clusters counts once in each and once in the total, so parts may exceed their total, and tell less of each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import product
from operator import or_
from typing import Any

import ibis
from ibis import _

#: Of whom a cell is.
GROUP = ("school_year", "state", "measure")
#: Rows and columns of each table of two dimensions.
DIMENSIONS = {"DC": ("district", "cluster"), "DP": ("district", "population"), "CP": ("cluster", "population")}
#: Units in a block of rows and of columns; 0 is all of them.
ROWS, COLUMNS = (2, 12, 0), (2, 0)
_UNITS = {"district": "D", "cluster": "C", "population": "P"}


def protect(cells: ibis.Table, threshold: int) -> ibis.Table:
    """The cells with ``is_hidden`` added (0 or 1).

    ``cells``: ``school_year``, ``state``, ``measure``, ``kind`` (A, D, C, P, DC, DP or CP), ``district``, ``cluster``,
    ``division``, ``population`` ('all' or '' where the view has none), ``n`` (a count of students; cells of nobody must be
    there too in DC, DP and CP). Rows of units that nobody is in are dropped.
    """
    small = lambda n: (n > 0) & (n < threshold)  # noqa: E731
    # Every window below is within a group: an engine that spreads rows over machines brings each group together once, here.
    cells = cells.mutate(everyone=ibis.ifelse(_.kind == "A", _.n, 0).max().over(_window(*GROUP)))
    one = _window(*GROUP, "kind", "division")
    before = ibis.window(
        group_by=[*GROUP, "kind", "division"], order_by=["n", "district", "cluster", "population"], preceding=(None, 1)
    )
    cells = cells.mutate(
        before=_.n.sum().over(before).fill_null(0), least=ibis.ifelse(_.n > 0, _.n, None).min().over(one)
    )
    cells = cells.mutate(
        rest=_flag(
            _.kind.isin(list(_UNITS.values()))
            & (small(_.n) | ((_.n > 0) & (_.least < threshold) & (_.before < threshold)))
        )
    )
    for unit, view in _UNITS.items():
        of = _window(*GROUP, "division", unit) if unit == "population" else _window(*GROUP, unit)
        cells = cells.mutate(
            **{
                f"{unit}_size": ibis.ifelse(_.kind == view, _.n, None).max().over(of),
                f"{unit}_rest": ibis.ifelse(_.kind == view, _.rest, None).max().over(of),
            }
        )
    cells = _with_rows_and_columns(cells)
    cells = cells.filter((_.kind == "A") | ((_.row_size > 0) & (_.column_size > 0)))
    cells = _with_blocks(cells)
    sums = {}
    for rows, columns in _candidates():
        sums[f"r{rows}"] = _.n.sum().over(_window(*_TABLE, f"rows{rows}", "column"))
        sums[f"c{columns}"] = _.n.sum().over(_window(*_TABLE, "row", f"columns{columns}"))
        sums[f"b{rows}_{columns}"] = _.n.sum().over(_window(*_TABLE, f"rows{rows}", f"columns{columns}"))
    cells = cells.mutate(x=_.n.sum().over(_window(*_TABLE, "row", "column")), **sums)
    is_small = small(_.x) & _.kind.isin(list(DIMENSIONS))
    fits = [
        (is_small & _has_room(_, rows, columns, threshold), level)
        for level, (rows, columns) in enumerate(_candidates(), start=1)
    ]
    cells = cells.mutate(level=ibis.cases(*fits, (is_small, -1), else_=0))
    cells = cells.mutate(
        **{
            f"hide{level}": _flag(_.level == level).max().over(_window(*_TABLE, f"rows{rows}", f"columns{columns}"))
            for level, (rows, columns) in enumerate(_candidates(), start=1)
        },
        no_districts=_flag((_.level < 0) & (_.kind == "DC")).max().over(_window(*GROUP)),
    )
    given_up = (_.level < 0) & ((_.kind == "CP") | ((_.kind == "DP") & (_.no_districts == 0)))
    cells = cells.mutate(no_division=_flag(given_up).max().over(_window(*GROUP, "division")))
    hidden: list[Any] = [_[f"hide{level}"] == 1 for level in range(1, len(_candidates()) + 1)]
    hidden += [
        small(_.n) | small(_.everyone),
        _.row_rest == 1,
        _.column_rest == 1,
        (_.no_districts == 1) & _.kind.isin(["D", "DC", "DP"]),
        (_.no_division == 1) & _.kind.isin(["P", "DP", "CP"]),
    ]
    return cells.mutate(is_hidden=_flag(reduce(or_, hidden)))


_TABLE = (*GROUP, "kind", "division")


def _window(*keys: str) -> Any:
    return ibis.window(group_by=list(keys))


def _flag(condition: Any) -> Any:
    return ibis.ifelse(condition, 1, 0)


def _candidates() -> Sequence[tuple[int, int]]:
    """Sizes of blocks, those that withhold fewer cells first."""
    return sorted(product(ROWS, COLUMNS), key=lambda size: (size[0] or 100) * (size[1] or 10))


def _with_rows_and_columns(cells: ibis.Table) -> ibis.Table:
    """Which unit is a cell's row and which its column; those withheld in a dimension are together the unit ''."""
    by_view: dict[str, list[Any]] = {"row": [], "column": []}
    for view, sides in DIMENSIONS.items():
        for side, unit in zip(by_view, sides, strict=True):
            by_view[side].append((view, unit))
    for unit, view in _UNITS.items():
        by_view["row"].append((view, unit))
        by_view["column"].append((view, unit))
    for side, units in by_view.items():
        size = ibis.cases(*((_.kind == view, _[f"{unit}_size"]) for view, unit in units))
        rest = ibis.cases(*((_.kind == view, _[f"{unit}_rest"]) for view, unit in units), else_=0)
        name = ibis.cases(
            *((_.kind == view, ibis.ifelse(_[f"{unit}_rest"] == 1, "", _[unit])) for view, unit in units), else_="all"
        )
        cells = cells.mutate(**{f"{side}_size": size, f"{side}_rest": rest, side: name})
    return cells


def _with_blocks(cells: ibis.Table) -> ibis.Table:
    """The number of the block that a row or column is in, for every size of block."""
    for side, sizes in (("row", ROWS), ("column", COLUMNS)):
        size = ibis.ifelse(_[f"{side}_rest"] == 1, 0, _[f"{side}_size"])
        rank = ibis.dense_rank().over(ibis.window(group_by=list(_TABLE), order_by=[_[f"{side}_order"], _[side]]))
        cells = cells.mutate(**{f"{side}_order": size})
        cells = cells.mutate(**{f"{side}_rank": rank})
        cells = cells.mutate(
            **{f"{side}s{k}": (_[f"{side}_rank"] / k).floor().cast("int64") if k else ibis.literal(0) for k in sizes}
        )
    return cells


def _has_room(cell: Any, rows: int, columns: int, threshold: int) -> Any:
    """Whether a small cell can be 0 and ``threshold - 1`` when a block is withheld and its totals are shown."""
    across, down, block = cell[f"c{columns}"], cell[f"r{rows}"], cell[f"b{rows}_{columns}"]
    others = block - across - down + cell.x
    return (down >= threshold - 1) & (across >= threshold - 1) & (others >= cell.x)
