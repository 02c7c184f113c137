"""Withholding small cells, and as many others as it takes that no total gives one of them away.

A count from 1 to ``threshold - 1`` is withheld; so is what the file itself masks. These cells are *sensitive*. Nought
stays: nobody is nobody. Then further cells are withheld until whoever knows all that is published, that counts are not
negative, and that parts add up to their total, can conclude of no sensitive cell that it is not 0, nor that it is not
``threshold - 1``, and can bound no withheld cell at all more narrowly than ``threshold - 1`` apart.

What adds up, in rows of one state, year, level, framework and measure: clusters to the cluster 'all', districts to the
district 'all', and the populations of sex, of race, or else all populations together, to the population 'all'. Where the
parts that are known fall short of the total, the rest may be nobody's cell, and the parts are then at most the total.

The method is the linear-programming heuristic of statistical disclosure control. One kind of program asks which withheld
cells can be told; each solution clears all the cells that it shows to be free, so that few are needed. The other finds
the cheapest set of published cells that must move for those cells to be free: details before totals, and totals of the
whole state last. These are withheld too, and it is asked again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse.csgraph import connected_components

from etl.errors import AtlasError
from etl.imports.names import population_kind

THRESHOLD = 10
GROUP = ["school_year", "state_fips", "education_level", "framework", "measure"]
CELL = ["district", "cluster", "population"]
ALL = "all"
_SMALL = 1e-6


class _ContradictionError(AtlasError):
    """No numbers fit every sum."""


@dataclass(frozen=True)
class Relation:
    """One sum among the rows of a frame, by position: parts and their total. ``rest`` is total less parts as far as they are
    known: nought means that the parts are the whole, more that they are at most the total. ``kind``: clusters, districts,
    sex, race or populations. ``is_sure`` is false where masked cells leave the rest unknown, and nought is the guess that
    would tell most."""

    kind: str
    total: int
    parts: tuple[int, ...]
    rest: int
    is_sure: bool = True


def sums(rows: pd.DataFrame) -> Iterator[tuple[str, int, list[int]]]:
    """Every total among the rows and its parts, by position, with the kind of the sum; whether or not they agree."""
    cells = rows[CELL].astype(str)
    kinds = cells["population"].map({p: population_kind(p) for p in cells["population"].unique()})
    by_kind: list[tuple[str, str, str | None]] = [("clusters", "cluster", None), ("districts", "district", None)]
    by_kind += [(k, "population", k) for k in ("sex", "race") if (kinds == k).any()] or [
        ("populations", "population", None)
    ]
    for kind, along, only in by_kind:
        is_total = (cells[along] == ALL).to_numpy()
        chosen = rows.assign(_at=np.arange(len(rows)))[is_total | (kinds == only) if only else np.full(len(rows), True)]
        for _, index in chosen.groupby([*GROUP, *(c for c in CELL if c != along)], sort=False)["_at"]:
            at = index.to_numpy()
            if is_total[at].sum() == 1 and len(at) > 1:
                yield kind, int(at[is_total[at]][0]), at[~is_total[at]].tolist()


def relations(rows: pd.DataFrame, masked: npt.NDArray[np.bool_]) -> list[Relation]:
    """What is known of every sum among the rows (columns of :data:`GROUP`, :data:`CELL` and ``students_count``).

    ``masked`` [n] marks cells that the file withholds; a cell that is missing otherwise is not reported and counts as
    nought. Sums whose known parts exceed their total say nothing and are left out.
    """
    counts = rows["students_count"].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    found = []
    for kind, total, parts in sums(rows):
        if np.isnan(counts[total]) and not masked[total]:
            continue
        rest = counts[total] - np.nansum(counts[parts])
        # A masked total, or masked parts with something left for them: how much else there is is not known.
        is_sure = not (np.isnan(rest) or (rest > 0 and masked[parts].any()))
        if not rest < 0:
            found.append(Relation(kind, total, tuple(parts), int(rest) if is_sure else 0, is_sure))
    return found


def suppress(rows: pd.DataFrame, threshold: int = THRESHOLD) -> pd.DataFrame:
    """The rows with small cells, and those that would give them away, withheld.

    ``rows``: the columns of :data:`GROUP` and :data:`CELL`, ``students_count`` (whole numbers, none negative, missing where
    unknown) and ``is_masked`` (the file withholds it). Returned in the same order with ``is_suppressed`` (true where the
    count is missing for whatever reason) and ``why``: '' for a count; else 'withheld in the file', 'not reported', 'small',
    or 'would give a small one away'. Two rows of the same cell are an ``AtlasError``.
    """
    if not 1 <= threshold <= 1000:
        raise AtlasError(
            f"The threshold {threshold} is not from 1 to 1,000; choose the smallest count that may be shown."
        )
    if rows.duplicated(GROUP + CELL).any():
        raise AtlasError("Two rows hold the same cell; add them up or remove one.")
    out = rows.reset_index(drop=True).copy()
    counts = out["students_count"].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    masked = out.pop("is_masked").astype(bool).to_numpy()
    small = (counts > 0) & (counts < threshold)
    hidden = small | masked
    cost = 10.0 ** (2 * (out[CELL] == ALL).sum(axis=1).to_numpy()) * np.where(
        counts > 0, 1 + np.log1p(np.nan_to_num(counts)) / 10, 3
    )
    for component in _components(len(out), relations(out, masked)):
        _protect(counts, hidden, component, threshold, cost)
    why = np.where(masked, "withheld in the file", np.where(np.isnan(counts), "not reported", ""))
    why = np.where((why == "") & small, "small", why)
    why = np.where((why == "") & hidden, "would give a small one away", why)
    out["students_count"] = pd.array([None if w else int(c) for c, w in zip(counts, why, strict=True)], dtype="Int64")
    return out.assign(is_suppressed=why != "", why=why)


def _components(size: int, found: Sequence[Relation]) -> list[list[Relation]]:
    """Relations that share cells, together."""
    if not found:
        return []
    number = np.repeat(np.arange(len(found)), [len(r.parts) + 1 for r in found])
    cell = np.concatenate([[r.total, *r.parts] for r in found])
    graph = sparse.coo_matrix((np.ones(len(cell)), (cell, number + size)), shape=(size + len(found),) * 2)
    _, label = connected_components(graph, directed=False)
    groups: dict[int, list[Relation]] = {}
    for r, relation in enumerate(found):
        groups.setdefault(int(label[size + r]), []).append(relation)
    return list(groups.values())


# ------------------------------------------------------------------ protection


@dataclass(frozen=True)
class _System:
    """The sums of one component: ``sums`` [r, n + slacks] over its cells, all sums 0 (total less parts less slack); ``cells``
    [n] positions in the frame, ``values`` [n] their counts (NaN where the file masks them)."""

    sums: sparse.csr_matrix
    cells: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]

    @classmethod
    def of(cls, counts: npt.NDArray[np.floating], hidden: npt.NDArray[np.bool_], found: Sequence[Relation]) -> _System:
        """Cells that are not reported are left out: they count as nought."""
        every = np.unique(np.concatenate([[r.total, *r.parts] for r in found]))
        cells = every[~np.isnan(counts[every]) | hidden[every]]
        column = {int(cell): i for i, cell in enumerate(cells)}
        row_of, col_of, signs = [], [], []
        slack = len(cells)
        for row, relation in enumerate(found):
            members = [(relation.total, 1.0), *((p, -1.0) for p in relation.parts)]
            entries = [(column[cell], sign) for cell, sign in members if cell in column]
            if relation.rest > 0:
                entries.append((slack, -1.0))
                slack += 1
            row_of += [row] * len(entries)
            col_of += [at for at, _ in entries]
            signs += [sign for _, sign in entries]
        return cls(sparse.csr_matrix((signs, (row_of, col_of)), shape=(len(found), slack)), cells, counts[cells])

    def bounds(self, hidden: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """What an outsider knows of every cell and slack: a published one's value, of others that they are not negative."""
        low, high = np.zeros(self.sums.shape[1]), np.full(self.sums.shape[1], np.inf)
        shown = ~hidden[self.cells]
        low[: len(self.cells)][shown] = high[: len(self.cells)][shown] = self.values[shown]
        return low, high


def _protect(
    counts: npt.NDArray[np.floating], hidden: npt.NDArray[np.bool_], found: list[Relation], threshold: int,
    cost: npt.NDArray[np.float64],
) -> None:  # fmt: skip
    """Withhold further cells of ``found`` (in place) until no withheld one can be told from what is published."""
    if not hidden[np.unique(np.concatenate([[r.total, *r.parts] for r in found]))].any():
        return
    system = _System.of(counts, hidden, found)
    sensitive = hidden[system.cells].copy()
    try:
        exposed = _exposed(system, hidden, sensitive, threshold)
    except _ContradictionError:
        system = _System.of(counts, hidden, [r if r.is_sure else replace(r, rest=1) for r in found])
        exposed = _exposed(system, hidden, sensitive, threshold)
    while exposed:
        for targets in _together(exposed):
            moved = _cheapest(system, hidden, targets, cost[system.cells])
            if moved is None:  # not all at once: one cell's freedom stands against another's
                for at, level in targets.items():
                    alone = _cheapest(system, hidden, {at: level}, cost[system.cells])
                    hidden[system.cells] |= True if alone is None else alone
            else:
                hidden[system.cells] |= moved
        exposed = _exposed(system, hidden, sensitive, threshold)


def exposed_cells(rows: pd.DataFrame, threshold: int = THRESHOLD) -> list[int]:
    """An attack on published rows: positions of withheld cells that what is published bounds too tightly.

    ``rows`` as :func:`suppress` returns them. Every withheld cell counts as sensitive here only where its ``why`` says
    so; of the others the distance between their bounds is asked.
    """
    hidden = rows["why"].isin(["small", "withheld in the file", "would give a small one away"]).to_numpy()
    counts = rows["students_count"].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    sensitive = rows["why"].isin(["small", "withheld in the file"]).to_numpy()
    found = []
    for component in _components(len(rows), relations(rows, hidden)):
        system = _System.of(counts, hidden, component)
        found += [int(system.cells[at]) for at, _ in _exposed(system, hidden, sensitive[system.cells], threshold)]
    return sorted(set(found))


def _together(exposed: Sequence[tuple[int, float]]) -> Iterator[dict[int, float]]:
    """Levels that cells must be able to reach, as sets that ask one of each cell."""
    left = list(exposed)
    while left:
        targets: dict[int, float] = {}
        rest = []
        for at, level in left:
            if at in targets or (targets and (level > 0) != (next(iter(targets.values())) > 0)):
                rest.append((at, level))
            else:
                targets[at] = level
        yield targets
        left = rest


def _cheapest(
    system: _System, hidden: npt.NDArray[np.bool_], targets: dict[int, float], cost: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_] | None:
    """Which published cells [n] move, at the least cost, when the cells of ``targets`` take these levels; None where no table
    is such."""
    n, width = len(system.cells), system.sums.shape[1]
    shown = ~hidden[system.cells]
    # Every cell is its value plus what it goes up less what it goes down; a withheld one goes where it likes for nearly nothing.
    start = np.where(shown, system.values, 0.0)
    moves = sparse.hstack([system.sums, -system.sums[:, :n]]).tocsr()
    price = np.concatenate([np.where(shown, cost, 1e-4), np.zeros(width - n), np.where(shown, cost, 1e-4)])
    high_down = np.where(shown, system.values, 0.0)
    low, high = np.zeros(width + n), np.concatenate([np.full(width, np.inf), high_down])
    for at, level in targets.items():
        low[at] = high[at] = max(level - start[at], 0.0)
        low[width + at] = high[width + at] = max(start[at] - level, 0.0)
    right = -(system.sums[:, :n] @ start)
    x = _solve(price, moves, right, None, low, high)
    if x is None:
        return None
    return shown & ((x[:n] > _SMALL) | (x[width:] > _SMALL))


# ------------------------------------------------------------------ what can be told


def _exposed(
    system: _System, hidden: npt.NDArray[np.bool_], sensitive: npt.NDArray[np.bool_], threshold: int
) -> list[tuple[int, float]]:
    """Withheld cells that cannot take a level that they should be able to take, with that level.

    Sensitive cells: 0, and ``threshold - 1``. Others: their value plus or less ``threshold - 1``, either (where an
    attacker runs this, who does not know the value, only cells that are fixed altogether are found)."""
    room = float(threshold - 1)
    within = np.flatnonzero(hidden[system.cells])
    own = [int(i) for i in within if sensitive[i]]
    found = [(i, 0.0) for i in sorted(_cannot(system, hidden, dict.fromkeys(own, 0.0), up=False))]
    found += [(i, room) for i in sorted(_cannot(system, hidden, dict.fromkeys(own, room), up=True))]
    others = {int(i): float(system.values[i]) for i in within if not sensitive[i] and not np.isnan(system.values[i])}
    fixed = _cannot(system, hidden, {i: v + room for i, v in others.items()}, up=True)
    fixed = _cannot(system, hidden, {i: max(others[i] - room, 0.0) for i in fixed}, up=False) | {
        i for i in fixed if others[i] < room
    }
    return found + [(i, others[i] + room) for i in sorted(fixed)]


def _cannot(system: _System, hidden: npt.NDArray[np.bool_], levels: dict[int, float], *, up: bool) -> set[int]:
    """Which cells can never be as high (or as low) as their level. Raises ``_ContradictionError`` where no table fits.

    One program asks for all of them at once: y is the cell cut at its level, and the sum of all y as near to the levels as
    can be. Cells that reach theirs are done; when none does, each is asked by itself.
    """
    left, proven, together = set(levels), set(), True
    low, high = system.bounds(hidden)
    width, sign = system.sums.shape[1], 1.0 if up else -1.0
    while left:
        aim = sorted(left) if together else [min(left)]
        m = len(aim)
        wider = sparse.hstack([system.sums, sparse.csr_matrix((system.sums.shape[0], m))]).tocsr()
        # up: y <= x and y <= level; down: y >= x and y >= level
        cut = sparse.csr_matrix(
            (
                np.concatenate([np.full(m, sign), np.full(m, -sign)]),
                (np.tile(np.arange(m), 2), [*range(width, width + m), *aim]),
            ),
            shape=(m, width + m),
        )
        wanted = np.array([levels[i] for i in aim])
        x = _solve(
            np.concatenate([np.zeros(width), np.full(m, -sign)]), wider, np.zeros(system.sums.shape[0]), cut,
            np.concatenate([low, np.zeros(m) if up else wanted]), np.concatenate([high, wanted if up else np.full(m, np.inf)]),
        )  # fmt: skip
        if x is None:
            raise _ContradictionError(
                "The totals of the rows contradict the cells that the file masks, so that nobody can say what they give "
                "away; remove the rows of totals, or load the file without masks."
            )
        free = {i for i in left if sign * (x[i] - levels[i]) >= -_SMALL}
        left -= free
        if not together and aim[0] not in free:
            proven.add(aim[0])
            left.discard(aim[0])
        together = together and bool(free)
    return proven


def _solve(
    cost: npt.NDArray[np.float64], sums: sparse.csr_matrix, right: npt.NDArray[np.float64], below: sparse.csr_matrix | None,
    low: npt.NDArray[np.float64], high: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64] | None:  # fmt: skip
    """A cheapest point of a linear program; None where there is none."""
    result = linprog(  # type: ignore[call-overload] # sparse matrices are taken, as its documentation says
        cost, A_eq=sums, b_eq=right, A_ub=below, b_ub=None if below is None else np.zeros(below.shape[0]),
        bounds=np.column_stack([low, high]), method="highs",
    )  # fmt: skip
    if result.status in {2, 3, 4}:
        return None
    if result.status != 0:
        raise AtlasError(
            f"Small cells cannot be protected in so large a table ({result.message}); load all students without their "
            "subgroups, or fewer districts at once."
        )
    return np.asarray(result.x, np.float64)
