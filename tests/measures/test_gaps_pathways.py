"""Flows by family, and what each cluster alone could be given: against sums and flows done one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from measures.gaps import Network, area_gap, could_fill_by_cluster, family_flows, supplies
from measures.matching import Matching
from tests.measures.test_gaps import awards_frame, network_of, settings_of_areas, supply_of_nothing

SCOPE = ("20", "21", "2", "3")


def area(drawn):
    """The network and gap of a drawn area."""
    links, pathways, degree_only, awards, openings = drawn
    network = network_of(links, pathways, degree_only)
    supply = supplies(network, awards_frame([("06", *key, n) for key, n in awards.items()]), SCOPE).get(
        "06", supply_of_nothing(network)
    )
    return network, area_gap(network, supply, np.array([openings[s] for s in network.occupations], dtype=float))


@settings(deadline=None, max_examples=60)
@given(settings_of_areas())
def test_family_flows_add_up_to_the_split(drawn):
    network, gap = area(drawn)
    flows = family_flows(network, gap.placed, least=0.0)
    assert flows["awards_placed_count"].sum() == pytest.approx(gap.filled.sum(), abs=0.01 * max(1, len(flows)))
    by_occupation = flows.groupby("soc_code")["awards_placed_count"].sum()
    for code, filled in zip(network.occupations, gap.filled, strict=True):
        assert by_occupation.get(code, 0.0) == pytest.approx(filled, abs=0.05)
    kept = family_flows(network, gap.placed)
    assert (kept["awards_placed_count"] >= 1).all()
    assert not kept.duplicated(["family_code", "soc_code"]).any()


def test_family_flows_of_two_programs_of_a_family():
    network = Network.of(
        pd.DataFrame({"cip_code": ["46.0302", "46.0303", "47.0201"], "soc_code": ["47-2111", "47-2111", "49-9021"]}),
        pd.DataFrame({"soc_code": ["47-2111"], "cluster": ["Construction"], "subcluster": ["Skilled Trades"]}),
        [],
    )
    assert family_flows(network, np.array([5.0, 2.25, 0.5])).to_dict("records") == [
        {"family_code": "46", "soc_code": "47-2111", "awards_placed_count": 7.25}
    ]


@settings(deadline=None, max_examples=60)
@given(settings_of_areas())
def test_could_fill_by_cluster_is_the_flow_of_each(drawn):
    network, gap = area(drawn)
    found = could_fill_by_cluster(network, gap.matching)
    assert found["cluster"].tolist() == [None, *network.clusters]
    assert found["could_fill_count"].iloc[0] == gap.matching.could_fill()
    assert found["openings_annual_count"].iloc[0] == gap.matching.openings.sum()
    for i in range(len(network.clusters)):
        inside = network.members[i]
        alone = Matching(gap.matching.awards, np.where(inside, gap.matching.openings, 0), network.links)
        assert found["could_fill_count"].iloc[i + 1] == alone.could_fill()
        leading = np.unique(network.links[inside[network.links[:, 1]], 0])
        assert found["awards_linked_count"].iloc[i + 1] == gap.matching.awards[leading].sum()
