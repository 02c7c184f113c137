"""Skills weighted by openings: by hand, and rules that always hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from measures.skills import coverage_pct, on_projected_codes, weighted_means

RATINGS = np.array([[1.0, 4.0], [3.0, np.nan], [5.0, 2.0]])
OPENINGS = np.array([10.0, 30.0, 0.0])
GROUPS = np.array([[True, True, True], [False, False, True], [False, True, False]])


def test_weighted_means_by_hand():
    found = weighted_means(RATINGS, OPENINGS, GROUPS)
    np.testing.assert_allclose(found[0], [(10 * 1 + 30 * 3) / 40, 4.0])
    assert np.isnan(found[1]).all(), "no openings, no mean"
    assert found[2, 0] == 3
    assert np.isnan(found[2, 1]), "not rated"


def test_coverage_by_hand():
    covered = coverage_pct(RATINGS, OPENINGS, GROUPS)
    assert covered[0] == pytest.approx(25)
    assert np.isnan(covered[1])
    assert covered[2] == 0


def test_codes_that_stand_for_details_have_their_mean():
    ratings = pd.DataFrame({"skill": [1.0, 3.0, 5.0, 2.0]}, index=["39-7011", "39-7012", "11-1011", "25-9045"])
    code_of = pd.Series({"39-7011": "39-7010", "39-7012": "39-7010", "25-9042": "25-9045"})
    found = on_projected_codes(ratings, code_of)["skill"]
    assert found.to_dict() == {"11-1011": 5.0, "25-9045": 2.0, "39-7010": 2.0}


@given(
    arrays(float, (5, 3), elements=st.floats(1, 5)),
    arrays(float, 5, elements=st.integers(0, 1000).map(float)),
    arrays(bool, (4, 5)),
)
def test_a_mean_lies_between_its_ratings(ratings, openings, members):
    for group, means in zip(members, weighted_means(ratings, openings, members), strict=True):
        counted = ratings[group & (openings > 0)]
        if not len(counted):
            assert np.isnan(means).all()
            continue
        assert (counted.min(axis=0) - 1e-9 <= means).all()
        assert (means <= counted.max(axis=0) + 1e-9).all()
