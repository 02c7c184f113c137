"""How hard a pathway's industries find it to hire, against women's share of the pathway's awards."""

from __future__ import annotations

from charts.axis import axis_chart
from charts.pathway_indicators import proxy

CHART = axis_chart(
    id="shortage-and-choice",
    question="Do the pathways whose industries find it hard to hire draw women and men alike?",
    tables=("completion",),
    proxy=lambda reader, scope: proxy(reader, scope, "women_share_pct"),
    axis="women’s share of the pathway’s awards, percent",
    says=lambda row: f"women received {row.proxy_value:.0f} of every 100 of the pathway’s awards",
    column="Women’s share of awards, percent",
    more_columns={"awards_linked_count": "Awards of linked programs"},
    line=(50, "half"),
    means="Where industries find it hard to hire and almost all awards go to one sex, half of the people who could learn the "
    "work hardly enter it.",
    means_not="It does not say why women and men choose as they do, nor what advice they had: career advisement is not "
    "measured. Awards are not people, institutions report women and men only, and vacancies are the nation’s.",
    terms=("award",),
)
