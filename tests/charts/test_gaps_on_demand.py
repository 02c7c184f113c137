"""A gap asked for by itself is the gap tables' where they have it, and answers what they do not hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from charts.gaps_on_demand import gap_for
from etl.errors import AtlasError
from etl.warehouse.read import Reader

SCOPES = [
    ("sub-baccalaureate", "career-prep", "openings"),
    ("sub-baccalaureate", "career-prep", "growth_and_exits"),
    ("certificates", "middle-skills", "openings"),
    ("associate", "bachelor", "growth_and_exits"),
    ("bachelor", "career-prep", "openings"),
    ("all", "all", "openings"),
]


@pytest.mark.parametrize("state", ["US", "TX", "WY", "DC"])
@pytest.mark.parametrize("scope", SCOPES, ids=" ".join)
def test_it_is_what_the_tables_hold(reader: Reader, state, scope):
    awards, demand, variant = scope
    found = gap_for(reader, state, awards, demand, variant)
    where = (
        "awards = ? AND demand = ? AND demand_variant = ? "
        "AND state_fips = (SELECT state_fips FROM state WHERE state_abbr = ?)"
    )
    [stored] = reader.frame(f"SELECT * FROM gap_by_state WHERE {where}", [*scope, state]).to_dict("records")
    assert found.area == pytest.approx({k: None if pd.isna(v) else v for k, v in stored.items()})
    clusters = reader.frame(
        f"SELECT * FROM gap_by_cluster WHERE {where} ORDER BY subcluster IS NOT NULL, cluster, subcluster",
        [*scope, state],
    )
    pd.testing.assert_frame_equal(
        found.clusters[clusters.columns].astype(object).where(found.clusters.notna()[clusters.columns], None),
        clusters.astype(object).where(clusters.notna(), None),
        check_dtype=False,
    )


def test_an_earlier_award_year_has_the_awards_of_that_year(reader: Reader):
    found = gap_for(reader, "OH", award_year=2022)
    [(awards,)] = reader.rows(
        "SELECT sum(awards_count) FROM program_award WHERE award_year = 2022 AND state_fips = '39' "
        "AND award_level IN ('20', '21', '2', '4', '3')"
    )
    assert found.area["awards_count"] == awards
    assert found.area["openings_annual_count"] == gap_for(reader, "OH").area["openings_annual_count"]
    assert set(found.clusters["award_year"]) == {2022}


def test_a_states_own_projections_are_used_where_offered(reader: Reader):
    found = gap_for(reader, "CA", basis="projected")
    [(openings,)] = reader.rows(
        """
        SELECT sum(floor(openings_annual_count + 0.5)) FROM occupation_projection JOIN occupation USING (soc_code)
        WHERE demand_basis = 'projected' AND state_fips = '06' AND is_career_prep AND has_program
        """
    )
    assert found.area["openings_annual_count"] == openings
    assert (found.area["demand_basis"], found.area["base_year"]) == ("projected", 2022)
    assert found.area["could_fill_count"] <= min(openings, found.area["awards_linked_count"])


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"state": "NY", "basis": "projected"}, "no projections of its own for NY .withheld"),
        ({"state": "US", "basis": "projected"}, "no projections of its own for US"),
        ({"state": "TX", "basis": "bls"}, "no yearly openings of TX on the basis bls; ask for estimated"),
        ({"state": "TX", "basis": "guessed"}, "no demand basis 'guessed'"),
        ({"state": "ZZ"}, "no state 'ZZ'"),
        ({"state": "TX", "awards": "doctorates"}, "no award scope 'doctorates'"),
        ({"state": "TX", "demand": "any"}, "no demand scope 'any'"),
        ({"state": "TX", "variant": "exits"}, "no demand variant 'exits'"),
        ({"state": "TX", "award_year": 1999}, "no award year 1999"),
    ],
)
def test_what_is_not_there_is_said(reader: Reader, asked, message):
    with pytest.raises(AtlasError, match=message):
        gap_for(reader, **asked)


def test_no_figure_is_nan(reader: Reader):
    for awards, demand in (("bachelor", "middle-skills"), ("sub-baccalaureate", "bachelor")):
        found = gap_for(reader, "WY", awards, demand, "growth_and_exits")
        assert not any(isinstance(v, float) and np.isnan(v) for v in found.area.values())
        assert found.clusters.drop(columns=["openings_split_count", "subcluster", "note"]).notna().all(axis=None)
