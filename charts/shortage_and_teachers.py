"""How hard a pathway's industries find it to hire, against CTE teachers' pay beside that of its practitioners."""

from __future__ import annotations

from typing import Any

import pandas as pd

from charts import teachers
from charts.axis import axis_chart
from charts.scope import Scope
from etl.warehouse.read import Reader


def proxy(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per pathway: high school CTE teachers' median pay as percent of the practitioners' upper-quarter pay."""
    rows = teachers.pay_by_pathway(reader, scope)
    kept = [
        "cluster",
        "practitioner_median_usd",
        "practitioner_p75_usd",
        "teacher_secondary_median_usd",
        "reference_year",
    ]
    value = 100 * rows["teacher_secondary_median_usd"] / rows["practitioner_p75_usd"]
    return rows[kept].assign(proxy_value=value.astype(float))


def says(row: Any) -> str:
    """The proxy of one pathway in words."""
    return f"CTE teachers’ median pay is {row.proxy_value:.0f} percent of its upper-quarter pay"


CHART = axis_chart(
    id="shortage-and-teachers",
    question="Where industries find it hard to hire, can schools pay people who know the trade?",
    tables=teachers.TABLES,
    proxy=proxy,
    axis="CTE teachers’ pay, percent of upper-quarter pay",
    says=says,
    column="High school CTE teachers’ median, percent of practitioners’ upper-quarter pay",
    more_columns={
        "teacher_secondary_median_usd": "High school CTE teachers’ median, dollars a year",
        "practitioner_median_usd": "Practitioners’ median, dollars a year",
        "practitioner_p75_usd": "Practitioners’ upper-quarter pay, dollars a year",
        "reference_year": "May of",
    },
    line=(100.0, "same pay"),
    means="Below the line, a school’s median pay is less than what the best-paid quarter of a pathway’s practitioners exceed: the "
    "further below, the more a skilled person may give up by teaching.",
    means_not=f"It does not show how well teachers know the field. {teachers.MEANS_NOT}",
    terms=("upper-quarter pay", "CTE teacher"),
)
