"""Industry by pathway and modelled vacancies: against plain Python."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.industry import (
    closest_industry,
    cluster_coverage_pct,
    cluster_openings_by_sector,
    fill_withheld,
    pathway_indicator,
    rake,
    sector_coverage,
    sector_shares,
)

SECTORS, OCCUPATIONS, CLUSTERS = ["11", "31-33", "62"], ["s1", "s2", "s3"], ["A", "B"]
cell = st.one_of(st.none(), st.integers(0, 50))


@st.composite
def economies(draw: st.DrawFn):
    """Employment by occupation and sector (some withheld), openings, and the clusters of each occupation."""
    employment = {(o, s): draw(cell) for o in OCCUPATIONS for s in SECTORS if draw(st.booleans())}
    openings = {o: draw(st.integers(0, 90)) for o in OCCUPATIONS if draw(st.booleans())}
    pathways = [(o, c) for o in OCCUPATIONS for c in CLUSTERS if draw(st.booleans())]
    return employment, openings, pathways


def frames(economy):
    employment, openings, pathways = economy
    jobs = pd.DataFrame(
        [(o, s, np.nan if n is None else float(n)) for (o, s), n in employment.items()],
        columns=["soc_code", "naics_sector", "employment_count"],
    ).astype({"employment_count": float})
    return (
        jobs,
        pd.Series(openings, dtype=float),
        pd.DataFrame(pathways, columns=["soc_code", "cluster"], dtype=object),
    )


@given(economies())
def test_openings_go_where_the_jobs_are(economy):
    employment, openings, pathways = economy
    jobs, by_occupation, of_cluster = frames(economy)
    found = cluster_openings_by_sector(sector_shares(jobs), by_occupation, of_cluster)
    found = found.set_index(["naics_sector", "cluster"])["openings_annual_count"].to_dict()
    for sector in SECTORS:
        for cluster in CLUSTERS:
            wanted = 0.0
            for occupation in [o for o, c in pathways if c == cluster and o in openings]:
                published = sum(employment.get((occupation, s)) or 0 for s in SECTORS)
                here = employment.get((occupation, sector)) or 0
                wanted += openings[occupation] * here / published if published else 0
            assert found.get((sector, cluster), 0.0) == pytest.approx(wanted)


@given(economies(), st.dictionaries(st.sampled_from(OCCUPATIONS), st.integers(0, 90)))
def test_coverage(economy, totals):
    employment, openings, pathways = economy
    jobs, by_occupation, of_cluster = frames(economy)
    coverage = sector_coverage(jobs, pd.Series(totals, dtype=float))
    found = cluster_coverage_pct(coverage, by_occupation, of_cluster).to_dict()
    for cluster in CLUSTERS:
        members = [(o, openings[o]) for o, c in pathways if c == cluster and o in openings]
        total = sum(n for _, n in members)
        covered = 0.0
        for occupation, n in members:
            held = sum(employment.get((occupation, s)) or 0 for s in SECTORS)
            whole = totals.get(occupation, 0)
            covered += n * min(1, held / whole) if whole else 0
        assert (cluster in found) == (total > 0)
        if total:
            assert found[cluster] == pytest.approx(100 * covered / total)


# ---- a pathway's industry shortage -----------------------------------------------------------------------

TREE = pd.DataFrame(
    [
        ("300000", "31-33", 2),
        ("320000", "31-33", 3),
        ("400000", "42", 2),
        ("400000", "44-45", 2),
        ("420000", "42", 3),
        ("600000", "62", 2),
    ],
    columns=["industry_code", "naics_sector", "display_level"],
)


def test_the_closest_industry_is_the_narrowest_that_is_published():
    everything = {"300000", "320000", "400000", "420000", "600000"}
    assert closest_industry(TREE, everything) == {
        "31-33": "300000", "42": "420000", "44-45": "400000", "62": "600000",
    }  # fmt: skip
    assert closest_industry(TREE, everything - {"420000", "600000"}) == {
        "31-33": "300000", "42": "400000", "44-45": "400000",
    }  # fmt: skip
    assert closest_industry(TREE, set()) == {}


@given(
    st.lists(st.integers(0, 90), min_size=6, max_size=6),
    st.dictionaries(st.sampled_from(["300000", "600000"]), st.integers(1, 9)),
    st.dictionaries(st.just("62"), st.sampled_from([0.0, 0.25, 1.0])),
)
def test_a_pathways_indicator_is_weighted_by_openings(openings, values, comparable):
    cells = [(c, s) for c in CLUSTERS for s in SECTORS]
    frame = pd.DataFrame(cells, columns=["cluster", "naics_sector"]).assign(openings_annual_count=openings)
    industry_of = {"31-33": "300000", "62": "600000"}
    found = pathway_indicator(frame, industry_of, values, comparable).set_index("cluster")
    for cluster in CLUSTERS:
        here = {s: n for (c, s), n in zip(cells, openings, strict=True) if c == cluster}
        weights = {s: n * comparable.get(s, 1.0) for s, n in here.items() if industry_of.get(s) in values}
        weight, total = sum(weights.values()), sum(here.values())
        if weight:
            wanted = sum(w * values[industry_of[s]] for s, w in weights.items()) / weight
            assert found["value"][cluster] == pytest.approx(wanted)
        else:
            assert pd.isna(found["value"][cluster])
        if total:
            assert found["unmatched_pct"][cluster] == pytest.approx(100 * (1 - weight / total))


# ---- modelled vacancies ----------------------------------------------------------------------------------

positive = st.floats(0.1, 100)


@st.composite
def margins(draw: st.DrawFn):
    g, i = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    seed = np.array(draw(st.lists(positive, min_size=g * i, max_size=g * i))).reshape(g, i)
    rows = np.array(draw(st.lists(positive, min_size=g, max_size=g)))
    columns = np.array(draw(st.lists(positive, min_size=i, max_size=i)))
    return seed, rows, columns * rows.sum() / columns.sum()


@given(margins())
def test_the_fit_meets_both_margins_and_keeps_odds(case):
    seed, rows, columns = case
    table = rake(seed, rows, columns)
    assert np.allclose(table.sum(axis=1), rows, rtol=1e-5)
    assert np.allclose(table.sum(axis=0), columns, rtol=1e-5)
    # Scaling rows and columns leaves every odds ratio as it was; no other table with these margins does.
    odds, before = (
        table / table[:1] / (table[:, :1] / table[0, 0]),
        seed / seed[:1] / (seed[:, :1] / seed[0, 0]),
    )
    assert np.allclose(odds, before, rtol=1e-5)


def test_zeros_that_can_stay_stay():
    table = rake(np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([2.0, 3.0]), np.array([4.0, 1.0]))
    assert table == pytest.approx(np.array([[2.0, 0.0], [2.0, 1.0]]))


@pytest.mark.parametrize(
    ("seed", "rows", "columns", "why"),
    [
        (np.ones((2, 2)), np.ones(2), np.ones(3), "row and 3 column totals"),
        (np.ones((2, 2)), np.ones(2), np.array([1.0, 2.0]), "rows add up to"),
        (np.array([[1.0, np.nan]]), np.ones(1), np.array([0.5, 0.5]), "finite"),
        (np.array([[1.0, -1.0]]), np.ones(1), np.array([0.5, 0.5]), "negative"),
        (np.array([[1.0, 0.0]]), np.ones(1), np.array([0.5, 0.5]), "empty"),
        (np.eye(2), np.array([2.0, 1.0]), np.array([1.0, 2.0]), "cannot be met"),
    ],
)
def test_what_cannot_be_fitted_is_an_error(seed, rows, columns, why):
    with pytest.raises(ValueError, match=why):
        rake(seed, rows, columns)


def test_nothing_to_share_out_gives_zeros():
    assert rake(np.ones((2, 2)), np.zeros(2), np.zeros(2)).tolist() == [[0, 0], [0, 0]]


def test_withheld_cells_share_what_is_left():
    cells = np.array([[10.0, np.nan, np.nan], [5.0, 5.0, np.nan], [1.0, 2.0, 3.0]])
    filled, where = fill_withheld(cells, np.array([40.0, 8.0, 6.0]), np.array([100.0, 20.0, 10.0]))
    assert filled == pytest.approx(np.array([[10, 20, 10], [5, 5, 0], [1, 2, 3]]))
    assert where.tolist() == [[0, 1, 1], [0, 0, 1], [0, 0, 0]]


def test_withheld_everywhere_gives_zeros_not_nan():
    filled, _ = fill_withheld(np.array([[np.nan]]), np.array([7.0]), np.array([0.0]))
    assert filled.tolist() == [[0.0]]
