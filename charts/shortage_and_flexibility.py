"""How hard a pathway's industries find it to hire, against how often its certificates can be carried on to a degree."""

from __future__ import annotations

from charts.axis import axis_chart
from charts.pathway_indicators import proxy

CHART = axis_chart(
    id="shortage-and-flexibility",
    question="Can people go on in steps where industries find it hard to hire?",
    tables=("completion",),
    proxy=lambda reader, scope: proxy(reader, scope, "stackable_awards_pct"),
    axis="certificates with the degree in their field, percent",
    says=lambda row: (
        f"the associate degree in the field was given beside {row.proxy_value:.0f} of every 100 of its certificates"
    ),
    column="Certificates from an institution that also gave the associate degree in the field, percent",
    more_columns={"awards_linked_count": "Awards of linked programs"},
    means="Where both are at one institution, a person can earn the certificate, work, and come back for the degree without "
    "beginning anew elsewhere.",
    means_not="It does not say that credit carries on from one to the other, which is not known, nor that anyone went on; "
    "vacancies are the nation’s.",
    terms=("award", "field"),
)
