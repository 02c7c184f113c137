"""Which jobs count as career training: every combination of education and training, written out."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.scopes import (
    AWARD_SCOPES,
    DEMAND_SCOPES,
    WAYS_IN,
    demand_scope_column,
    demand_scopes,
)

EDUCATION = (
    "No formal educational credential",
    "High school diploma or equivalent",
    "Postsecondary nondegree award",
    "Some college, no degree",
    "Associate's degree",
    "Bachelor's degree",
    "Master's degree",
    "Doctoral or professional degree",
    None,
)
TRAINING = (
    "None",
    "Short-term on-the-job training",
    "Moderate-term on-the-job training",
    "Long-term on-the-job training",
    "Apprenticeship",
    "Internship/residency",
    None,
)


def expected(education, training, is_added):
    """(career-prep, middle-skills, bachelor, way in) by the wording of METHODS section 1."""
    bachelor = education == "Bachelor's degree"
    if is_added:
        return True, True, bachelor, "Licensure with an associate degree"
    if education == "Associate's degree":
        return True, True, False, "Associate degree"
    if education == "Postsecondary nondegree award":
        return True, True, False, "Certificate or other award"
    if education == "Some college, no degree":
        return True, True, False, "Some college, no degree"
    if education == "High school diploma or equivalent":
        if training in ("Apprenticeship", "Long-term on-the-job training"):
            return True, False, False, "Apprenticeship or long training"
        if training == "Moderate-term on-the-job training":
            return True, False, False, "Shorter on-the-job training"
    return False, False, bachelor, None


def found_for(rows):
    """The scopes of (education, training, added) rows, each an occupation."""
    codes = [f"10-{i:04d}" for i in range(len(rows))]
    frame = pd.DataFrame(rows, columns=["education", "training", "added"], index=[f"row {c}" for c in codes])
    code = pd.Series(codes, index=frame.index, dtype="str")
    added = code[frame["added"].astype(bool)].tolist()
    found = demand_scopes(code, frame["education"], frame["training"], added)
    assert found.index.tolist() == frame.index.tolist()
    return [
        (bool(career), bool(middle), bool(bachelor), None if pd.isna(way) else way)
        for career, middle, bachelor, way in found.itertuples(index=False)
    ]


def test_every_education_with_every_training():
    rows = list(product(EDUCATION, TRAINING, (False, True)))
    assert found_for(rows) == [expected(*row) for row in rows]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.sampled_from(EDUCATION), st.sampled_from(TRAINING), st.booleans()), max_size=5))
def test_an_occupation_is_judged_alone(rows):
    assert found_for(rows) == [expected(*row) for row in rows]


def test_a_typographic_apostrophe_is_an_apostrophe():
    assert found_for([("Associate’s degree", "None", False)])[0][3] == "Associate degree"
    assert found_for([("Bachelor’s degree", "None", False)])[0][2]


def test_middle_skills_are_career_training_and_only_that_has_a_way_in():
    for career, middle, _, way in found_for(list(product(EDUCATION, TRAINING, (False, True)))):
        assert career or not middle
        assert (way in WAYS_IN) == career


@pytest.mark.parametrize("demand", DEMAND_SCOPES)
def test_every_demand_scope_has_a_column(demand):
    assert demand_scope_column(demand).startswith("is_")


def test_award_scopes_hold_no_totals_and_the_default_is_certificates_and_associate_degrees():
    assert not {level for levels in AWARD_SCOPES.values() for level in levels} & {"12", "13", "14", "15"}
    assert set(AWARD_SCOPES["sub-baccalaureate"]) == {"20", "21", "2", "4", "3"}
    assert set(AWARD_SCOPES["certificates"]) | set(AWARD_SCOPES["associate"]) == set(AWARD_SCOPES["sub-baccalaureate"])
    assert all(len(set(levels)) == len(levels) for levels in AWARD_SCOPES.values())
