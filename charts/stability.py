"""How firm a finding is: under how many sets of assumptions it holds."""

from __future__ import annotations

from collections.abc import Sequence

from charts.scope import Scope
from etl.warehouse.read import Reader

VARIED = (
    "with and without people changing occupation, two sets of jobs, three award years, and with or without a match of award "
    "level"
)

NOT_TRIED = (
    "Not tried under other assumptions for this choice of awards, jobs and place; the default assumptions have been."
)


def badge(reader: Reader, scope: Scope, findings: Sequence[str]) -> str:
    """A sentence per finding with "holds under N of M", or that none has been tried for this place and pathway.

    ``findings`` are names in the table ``stability_finding``. The assumptions are those of certificates and associate
    degrees, in career-training and middle-skill jobs.
    """
    if scope.awards != "sub-baccalaureate" or scope.demand not in ("career-prep", "middle-skills"):
        return NOT_TRIED
    rows = reader.rows(
        """
        SELECT f.sentence, g.holds_count, g.tried_count
        FROM gap_stability g JOIN stability_finding f USING (finding) JOIN state s USING (state_fips)
        WHERE s.state_abbr = $state AND coalesce(g.cluster, '') = $pathway AND list_contains($findings, g.finding)
        ORDER BY list_position($findings, g.finding)
        """,
        {"state": scope.state, "pathway": scope.cluster, "findings": list(findings)},
    )
    if not rows:
        return NOT_TRIED
    parts = [
        f"“{sentence}” holds under {holds} of {tried}" + ("" if holds == tried else " (changes with assumptions)")
        for sentence, holds, tried in rows
    ]
    return f"{'; '.join(parts)}. Assumptions varied: {VARIED}."
