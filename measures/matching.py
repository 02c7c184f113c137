"""How far a year's awards could go towards a year's openings, no award used twice.

Picture awards as water. It enters every program (at most its awards a year), runs along the crosswalk's
links to the occupations that the program prepares for, and leaves through each occupation (at most its
openings a year). The most that can run through at once is the most openings that the awards could fill: a
*maximum flow*.

Four textbook facts carry everything below (Ahuja, Magnanti and Orlin, "Network Flows", 1993, chapters 6, 7):

1. A flow is a maximum exactly when no *augmenting path* is left: no way to place one more award, be it by
   moving awards already placed from one occupation to another. Possible moves make the *residual network*.
2. An augmenting path never takes an award from an occupation without giving it another. So the best result
   for one set of occupations can always be completed to a best result for all. That is why the most a set
   can get is its flow when the others want nobody, and the least is what the others' best result leaves it.
3. The maximum equals the *minimum cut*: some set of occupations needs more than all programs that lead to
   any of them gave, and the difference is precisely what must stay open. `Matching.check` returns that set.
4. Two maximum flows of one network differ by going round in circles in the residual network. So a link that
   carries nothing, and lies on no circle there, carries nothing in *any* best assignment. `Matching.split`
   uses that.

Units: awards a year and openings a year, both counts. Nothing here knows of codes, areas or files.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

# SciPy is imported inside what solves: pages read this package's constants and need not wait for it.
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
FloatArray: TypeAlias = npt.NDArray[np.float64]

_LINKS_AT_ONCE = 1_000_000  # laid side by side in one call of the solver: bounds the memory, not the result
_ROUNDS = 10_000  # of fitting; career-training jobs need under 300 anywhere, all occupations up to 6,000
_LARGEST = np.iinfo(np.int32).max  # of one program or occupation: scipy's solver counts in 32 bits


class Bounds(NamedTuple):
    """What the best assignments can give one set of occupations. A list of these is a data frame's rows."""

    openings: int
    """Openings of the set, O(A)."""
    at_least: int
    """Openings of the set that every assignment placing as many awards as possible fills: F* - F(not A)."""
    at_most: int
    """Openings of the set that some assignment fills: what it gets when the others want nobody, F(A)."""
    gap_low: int
    """Openings left in the set's best case: openings - at_most."""
    gap_high: int
    """Openings left in the set's worst case: openings - at_least."""
    linked_awards: int
    """Awards of all programs linked to any occupation of the set, C(N(A))."""
    unplaceable: int
    """The linked awards that would find no opening in *any* occupation they lead to, in the set or not, even
    with all these openings to themselves."""


class Check(NamedTuple):
    """Two sums that anyone can redo: these occupations need `openings`; all programs that lead to any of them
    gave `awards`; so the difference, `left`, stays open however the awards are placed."""

    occupations: IntArray
    programs: IntArray
    """The programs with at least one award that lead to at least one of the occupations."""
    openings: int
    awards: int
    left: int


class _Pieces(NamedTuple):
    """Links that fall into components which share no program and no occupation, and so nothing at all."""

    links: IntArray
    """[n] positions among the live links, in order of component, so that a component is one run."""
    component: IntArray
    """[n] of each of them, counted from 0."""
    firsts: IntArray
    """[m] where each component's run starts."""
    carried: IntArray
    """[m] what each component carries in a maximum flow."""


class Matching:
    """The awards, openings and links of one area, and the answers that follow from their maximum flow.

    awards    [p] awards a year of each program (or of any unit of supply, see `by_level`), whole numbers
    openings  [s] openings a year of each occupation; an estimate that is not whole is rounded half up here,
              and `self.openings` has the rounded numbers
    links     [e, 2] distinct pairs (program, occupation), counted from 0

    Programs without awards and occupations without openings are welcome: they keep their place in every
    answer. Raises ValueError when a number is negative, missing, infinite or beyond 32 bits, or when a link
    names a program or occupation that is not there or comes twice.
    """

    def __init__(self, awards: npt.ArrayLike, openings: npt.ArrayLike, links: npt.ArrayLike) -> None:
        self.awards = _counts(awards, "awards")
        self.openings = _counts(openings, "openings", round_half_up=True)
        self.links = _pairs(links, self.awards.size, self.openings.size)

        # Only a link with something at both ends can carry an award: the live links, ordered by program.
        program, occupation = self.links.T
        live = np.flatnonzero((self.awards[program] > 0) & (self.openings[occupation] > 0))
        self._live = live[np.argsort(program[live] * self.openings.size + occupation[live])]
        self._program, self._occupation = self.links[self._live].T

        self._flow = _maximum_flow(self.awards, self.openings, self._program, self._occupation)
        self._placed = _sums(self._program, self._flow, self.awards.size)
        self._filled = _sums(self._occupation, self._flow, self.openings.size)

    # ---- the questions -----------------------------------------------------------------------------------

    def could_fill(self, subset: npt.ArrayLike | None = None) -> int:
        """The most openings that the awards could fill, F*; with `subset` (bool [s]) the most of the subset's
        openings, F(A)."""
        if subset is None:
            return int(self._flow.sum())
        inside = self._subsets(np.asarray(subset)[np.newaxis])
        pieces = self._live_pieces
        return int(self._totals([(pieces, inside[:, self._occupation[pieces.links]])])[0])

    def bounds(self, subsets: npt.ArrayLike) -> list[Bounds]:
        """The bounds of each row of `subsets` (bool [k, s]); rows may overlap.

        One call with many rows is much faster than many calls: their flows are solved together.
        """
        inside = self._subsets(subsets)
        at_once = max(1, _LINKS_AT_ONCE // (3 * max(1, self._live.size)))
        portions = [inside[start : start + at_once] for start in range(0, len(inside), at_once)]
        return [bounds for portion in portions for bounds in self._bounds_of(portion)]

    def _bounds_of(self, inside: BoolArray) -> list[Bounds]:
        live, usable = self._live_pieces, self._usable_pieces
        linked = self._linked_programs(inside)
        # Three flows a set, all solved together: the set alone; the others alone (in a best assignment, so the usable
        # links do); and the linked programs alone, with every occupation they lead to: with the set's openings alone,
        # an award whose place is in an occupation outside the set would count as having none.
        totals = self._totals(
            [
                (live, inside[:, self._occupation[live.links]]),
                (usable, ~inside[:, self._occupation[usable.links]]),
                (live, linked[:, self._program[live.links]]),
            ]
        )
        at_most, elsewhere, placeable = totals.reshape(3, -1)
        openings, linked_awards = inside @ self.openings, linked @ self.awards
        at_least = self.could_fill() - elsewhere
        gaps = openings - at_most, openings - at_least
        columns = np.column_stack((openings, at_least, at_most, *gaps, linked_awards, linked_awards - placeable))
        return [Bounds(*row) for row in columns.tolist()]

    def check(self) -> Check:
        """The smallest set of occupations whose openings exceed the awards of all programs that lead to any
        of them by exactly what must stay open, O - F*. Empty when every opening could be filled."""
        occupations = np.flatnonzero(self._short)
        programs = np.flatnonzero(self.has_room() & (self.awards > 0))
        needed, given = int(self.openings[occupations].sum()), int(self.awards[programs].sum())
        return Check(occupations, programs, needed, given, needed - given)

    def has_room(self) -> BoolArray:
        """[p] whether one more award of the program would fill one more opening.

        It would where the program leads to an occupation of the check's set, and only there. Programs without
        awards are answered too.
        """
        program, occupation = self.links.T
        room = np.zeros(self.awards.size, dtype=bool)
        room[program[self._short[occupation]]] = True
        return room

    def split(self, within: float = 0.5) -> FloatArray:
        """[e] a point estimate: the awards that each link carries in a best assignment near the proportional.

        Every program starts with its awards shared out in proportion to the openings of its occupations.
        Then, in turns, occupations that got more than their openings are cut down to them, and programs are
        raised back to their awards, until the total is `within` of F*. The last turn is a cut, so no program
        gives more than its awards and no occupation gets more than its openings. The sum over any set of
        occupations is therefore never above its `at_most`, and at most `within` below its `at_least`:
        rounded half up, it lies between them.

        Links that carry nothing in any best assignment are left out from the start. The turns would bring
        them to zero too, but where supply and demand happen to balance exactly, only after endless rounds.
        """
        program, occupation = self._program[self._usable], self._occupation[self._usable]
        target = self.could_fill()
        carried = self._proportional(program, occupation)
        for _ in range(_ROUNDS):
            gave = _sums(program, carried, self.awards.size)
            carried *= _ratio(self.awards, gave)[program]
            got = _sums(occupation, carried, self.openings.size)
            carried *= _ratio(np.minimum(got, self.openings), got)[occupation]
            if carried.sum() >= target - within:
                break
        else:
            # Supply and demand nearly balance somewhere. A mixture of two assignments is an assignment: mix
            # in as much of the maximum flow as brings the total within reach.
            missing = target - carried.sum()
            carried += (self._flow[self._usable] - carried) * (1 - within / missing)
        return self._on_links(carried, self._live[self._usable])

    def uncapped_split(self) -> FloatArray:
        """[e] each program's awards shared out in proportion to the openings of its occupations, however few
        these are. Adds up to the awards that lead to any opening at all."""
        return self._on_links(self._proportional(self._program, self._occupation), self._live)

    # ---- the maximum flows of many questions at once -----------------------------------------------------

    def _totals(self, asked: Sequence[tuple[_Pieces, BoolArray]]) -> IntArray:
        """Maximum flows, one for each row of each ``let_in`` (bool [k, links of its pieces]), in their order."""
        questions = sum(len(let_in) for _, let_in in asked)
        known, parts, first = np.zeros(questions, dtype=np.int64), [], 0
        for pieces, let_in in asked:
            rows = slice(first, first + len(let_in))
            if pieces.links.size:
                # Where a question lets in a whole component, its flow is known. ...
                whole = np.logical_and.reduceat(let_in, pieces.firsts, axis=1)
                known[rows] = whole @ pieces.carried
                question, link = np.nonzero(let_in & ~whole[:, pieces.component])
                parts.append((first + question, pieces.links[link]))
            first = rows.stop
        if not parts:
            return known
        # ... The other links are copied, all questions side by side in one network, where they share nothing but
        # source and sink. So one call of the solver answers them all; starting it is what takes time.
        question, link = (np.concatenate(both) for both in zip(*parts, strict=True))
        carried = _maximum_flow(self.awards, self.openings, self._program[link], self._occupation[link], question)
        return known + _sums(question, carried, questions).astype(np.int64)

    @cached_property
    def _live_pieces(self) -> _Pieces:
        return self._pieces(np.arange(self._live.size))

    @cached_property
    def _usable_pieces(self) -> _Pieces:
        """Of the links that any best assignment uses: finer, so more of the questions about these are known."""
        return self._pieces(np.flatnonzero(self._usable))

    def _pieces(self, links: IntArray) -> _Pieces:
        """These live links, which carry the whole maximum flow, in components."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import connected_components

        nodes = self.awards.size + self.openings.size
        ends = (self._program[links], self.awards.size + self._occupation[links])
        graph = csr_array((np.ones(links.size), ends), shape=(nodes, nodes))
        _, of_node = connected_components(graph, directed=False)
        of_link = of_node[ends[0]]
        order = np.argsort(of_link, kind="stable")
        # Programs and occupations without a link have numbers too; these are closed up.
        starts = np.diff(of_link[order], prepend=-1) != 0
        component, firsts = np.cumsum(starts) - 1, np.flatnonzero(starts)
        carried = np.add.reduceat(self._flow[links[order]], firsts) if links.size else self._flow[:0]
        return _Pieces(links[order], component, firsts, carried)

    # ---- the residual network ----------------------------------------------------------------------------

    @cached_property
    def _short(self) -> BoolArray:
        """[s] the occupations to which one more award could bring one more filled opening.

        Those with unmet openings; and, step by step, those that could hand an award to one of these: it came
        from a program that leads there too, and the new award takes its place. They are the sink's side of
        the smallest minimum cut.
        """
        short = self._filled < self.openings
        while True:
            leads_there = np.zeros(self.awards.size, dtype=bool)
            leads_there[self._program[short[self._occupation]]] = True
            longer = short.copy()
            longer[self._occupation[(self._flow > 0) & leads_there[self._program]]] = True
            if (longer == short).all():
                return short
            short = longer

    @cached_property
    def _usable(self) -> BoolArray:
        """[live links] whether any maximum flow uses the link.

        One does if the link lies on a circle of the residual network, that is, if both its ends are in one
        strongly connected component. (A link in use can be taken back, which is a circle of two.)
        """
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import connected_components

        source, sink = 0, 1 + self.awards.size + self.openings.size
        program = 1 + np.arange(self.awards.size)
        occupation = 1 + self.awards.size + np.arange(self.openings.size)
        start, end = program[self._program], occupation[self._occupation]
        used = self._flow > 0
        idle, active = program[self._placed < self.awards], program[self._placed > 0]
        unmet, served = occupation[self._filled < self.openings], occupation[self._filled > 0]
        moves = [
            (start, end),  # one more award along a link: always possible, a link has no limit of its own
            (end[used], start[used]),  # ... or one fewer
            (np.full_like(idle, source), idle),  # one more award of a program placed
            (active, np.full_like(active, source)),
            (unmet, np.full_like(unmet, sink)),  # one more opening filled
            (np.full_like(served, sink), served),
        ]
        tails, heads = (np.concatenate(ends) for ends in zip(*moves, strict=True))
        residual = csr_array((np.ones(tails.size), (tails, heads)), shape=(sink + 1, sink + 1))
        _, circle = connected_components(residual, connection="strong")
        return np.asarray(circle[start] == circle[end])

    # ---- small parts -------------------------------------------------------------------------------------

    def _linked_programs(self, inside: BoolArray) -> BoolArray:
        """[k, p] the programs linked to any occupation of each set, be it one without openings: N(A)."""
        linked = np.zeros((len(inside), self.awards.size), dtype=bool)
        if self.links.size:
            program, occupation = self.links[np.argsort(self.links[:, 0])].T
            firsts = np.flatnonzero(np.diff(program, prepend=-1))
            linked[:, program[firsts]] = np.logical_or.reduceat(inside[:, occupation], firsts, axis=1)
        return linked

    def _proportional(self, program: IntArray, occupation: IntArray) -> FloatArray:
        """Each program's awards shared out over these links in proportion to the openings they lead to."""
        openings = self.openings[occupation]
        return self.awards[program] * (openings / _sums(program, openings, self.awards.size)[program])

    def _on_links(self, values: FloatArray, which: IntArray) -> FloatArray:
        on_links = np.zeros(len(self.links))
        on_links[which] = values
        return on_links

    def _subsets(self, subsets: npt.ArrayLike) -> BoolArray:
        inside = np.asarray(subsets)
        if inside.dtype != np.bool_ or inside.ndim != 2 or inside.shape[1] != self.openings.size:
            expected = f"a set of occupations is {self.openings.size} values true or false"
            raise ValueError(f"{expected}; got {inside.dtype} of shape {inside.shape}")
        return inside


def verdict(bounds: Bounds) -> str:
    """What the bounds of a set say, in one phrase. The rules are asked in order; the first to hold counts.

    A gap, and awards without a place, count from 5 percent. No phrase says *shortage*: that word is for
    employers' vacancies, and awards are not the only way into an occupation.
    """
    gap_in_best_case = 20 * bounds.gap_low >= bounds.openings  # whole numbers: 5 percent is exact
    gap_in_worst_case = 20 * bounds.gap_high >= bounds.openings
    awards_without_place = 20 * bounds.unplaceable >= bounds.linked_awards
    if bounds.openings < 100 or bounds.linked_awards < 10:
        return "too small"
    if gap_in_best_case and awards_without_place:
        return "mismatch"
    if gap_in_best_case:
        return "more openings than awards"
    if awards_without_place:
        return "more awards than openings"
    if not gap_in_worst_case:
        return "about even"
    return "could go either way"


def by_level(
    degrees: npt.ArrayLike, certificates: npt.ArrayLike, links: npt.ArrayLike, degree_only: npt.ArrayLike
) -> tuple[IntArray, IntArray]:
    """Awards and links for a matching that is strict on level: some occupations take associate degrees only.

    degrees, certificates  [p] awards a year of each program at the two levels; leave out of `certificates`
                           what should count nowhere (those of under 12 weeks, say)
    links                  [e, 2] pairs (program, occupation)
    degree_only            bool [s] occupations that take no certificate
    returns                awards [2p], the degrees of every program and then the certificates of every
                           program, and the links that fit them: both for `Matching`, with the same openings
    """
    degree_counts = _counts(degrees, "degrees")
    certificate_counts = _counts(certificates, "certificates")
    no_certificates = np.asarray(degree_only, dtype=bool)
    of_degrees = _pairs(links, degree_counts.size, no_certificates.size)
    of_certificates = of_degrees[~no_certificates[of_degrees[:, 1]]] + [degree_counts.size, 0]
    return (
        np.concatenate([degree_counts, certificate_counts]),
        np.concatenate([of_degrees, of_certificates]),
    )


def _maximum_flow(
    awards: IntArray, openings: IntArray, program: IntArray, occupation: IntArray, question: IntArray | int = 0
) -> IntArray:
    """What each link (program, occupation) carries in a maximum flow.

    ``question`` numbers networks that lie side by side: links of different questions share neither programs nor
    occupations. The links of one program and question follow each other, in order of occupation.
    """
    if not program.size:
        return np.zeros(0, dtype=np.int64)
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    # Nodes: 0 the source, then the programs, the occupations, last the sink. What follows is the network's compressed
    # rows written down at once: building them from a list of links would take as long as the flow itself.
    new = np.diff(question * awards.size + program, prepend=-1) != 0
    firsts = np.flatnonzero(new)
    place = question * openings.size + occupation
    taking = np.zeros(int(place.max()) + 1, dtype=bool)
    taking[place] = True
    places = np.flatnonzero(taking)
    number = np.zeros(taking.size, dtype=np.int32)
    sink = 1 + firsts.size + places.size
    number[places] = np.arange(1 + firsts.size, sink, dtype=np.int32)
    start, end = np.cumsum(new, dtype=np.int32), number[place]

    heads = np.concatenate([np.arange(1, 1 + firsts.size), end, np.full(places.size, sink)])
    # A link has no limit of its own; its program's awards are one that never binds.
    limits = np.concatenate([awards[program[firsts]], awards[program], openings[places % openings.size]])
    rows = np.concatenate(
        [[0], firsts.size + firsts, firsts.size + program.size + np.arange(places.size + 1), [limits.size]]
    )
    network = csr_array((limits.astype(np.int32), heads.astype(np.int32), rows.astype(np.int32)), shape=(sink + 1,) * 2)
    return np.asarray(maximum_flow(network, 0, sink).flow[start, end], dtype=np.int64).reshape(-1)


def _counts(values: npt.ArrayLike, what: str, round_half_up: bool = False) -> IntArray:
    """A list of counts as whole numbers; ValueError says what is wrong with it."""
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.ndim != 1:
        raise ValueError(f"{what} must be a list of numbers; got {numbers.ndim} dimensions")
    whole = np.floor(numbers + 0.5)
    if not ((whole >= 0) & (numbers >= 0) & (whole <= _LARGEST)).all():  # a missing number fails all three
        raise ValueError(f"{what} must lie between 0 and {_LARGEST}, with none missing")
    if not round_half_up and (whole != numbers).any():
        raise ValueError(f"{what} must be whole numbers")
    return whole.astype(np.int64)


def _pairs(links: npt.ArrayLike, programs: int, occupations: int) -> IntArray:
    """Links as whole numbers [e, 2], all different and all pointing at something."""
    pairs = np.asarray(links, dtype=np.int64)
    if not pairs.size:
        return np.zeros((0, 2), dtype=np.int64)
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        raise ValueError(f"links must be pairs (program, occupation); got an array of shape {pairs.shape}")
    if (pairs < 0).any() or (pairs >= [programs, occupations]).any():
        raise ValueError(f"a link points outside the {programs} programs and {occupations} occupations")
    if not np.diff(np.sort(pairs[:, 0] * occupations + pairs[:, 1])).all():
        raise ValueError("a link comes twice")
    return pairs


def _sums(where: IntArray, values: npt.NDArray[np.generic], size: int) -> FloatArray:
    """The sum of the values that belong to each of 0 ... size - 1 (counts stay exact up to 2**53)."""
    weights = np.asarray(values, dtype=np.float64)
    return np.asarray(np.bincount(where, weights, size), dtype=np.float64)


def _ratio(above: npt.NDArray[np.generic], below: FloatArray) -> FloatArray:
    """above / below, and 1 where there is nothing below."""
    return np.divide(above, below, out=np.ones(below.size), where=below > 0)
