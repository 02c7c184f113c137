"""In demand by whose rule: the largest occupations, and which of the states' published rules call them in demand."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import DEMAND_LABELS, FRAMEWORK, Scope
from etl.warehouse.read import Reader

SHOWN = 14
LONGEST_LABEL = 34
#: The rules of ``in_demand_rule``: each is a column of the table.
RULES = ("kentucky", "montana", "oregon", "tennessee", "ohio")
SAYS = {True: "yes", False: "no"}


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per occupation of the jobs that count (and of the pathway), most yearly openings first.

    A column per rule, named by it, with True, False or missing; ``agree_count`` of ``decided_count`` rules without a dollar
    threshold. In every row stand ``occupations_count``; ``all_count``, in demand by all the rules that decide; and
    ``widest_count`` and ``narrowest_count``, in demand by the rule (``widest``, ``narrowest``) that says so of the most and of
    the fewest. ``attrs["rules"]`` describes the rules, in the columns' order.
    """
    rules = reader.frame(
        """
        SELECT r.rule, s.state_name, s.state_abbr, r.as_of, r.is_dollar_threshold FROM in_demand_rule r
        JOIN state s ON s.state_fips = r.source_state ORDER BY r.is_dollar_threshold, s.state_name
        """
    )
    counted = rules.loc[~rules["is_dollar_threshold"], "rule"].tolist()
    columns = ", ".join(f"bool_or(d.is_in_demand) FILTER (WHERE d.rule = '{rule}') AS {rule}" for rule in RULES)
    rows = reader.frame(
        f"""
        WITH said AS (
            SELECT d.soc_code, {columns}, max(d.reference_year) AS reference_year,
                   count(*) FILTER (WHERE d.is_in_demand AND list_contains($counted, d.rule)) AS agree_count,
                   count(d.is_in_demand) FILTER (WHERE list_contains($counted, d.rule)) AS decided_count
            FROM in_demand d WHERE d.state_fips = $state_fips GROUP BY d.soc_code
        )
        SELECT p.soc_code, o.title, floor(p.openings_annual_count + 0.5)::BIGINT AS openings_annual_count,
               floor(p.growth_and_exits_annual_count + 0.5)::BIGINT AS growth_and_exits_annual_count, p.base_year,
               $state_name AS state_name,
               said.* EXCLUDE (soc_code), count(*) OVER () AS occupations_count,
               count(*) FILTER (WHERE decided_count > 0 AND agree_count = decided_count) OVER () AS all_count
        FROM occupation_projection p JOIN occupation o USING (soc_code) JOIN said USING (soc_code)
        WHERE p.state_fips = $state_fips AND p.demand_basis IN ('bls', 'estimated') AND p.openings_annual_count >= 0.5
          AND o.has_program AND CASE $demand WHEN 'career-prep' THEN o.is_career_prep WHEN 'middle-skills' THEN o.is_middle_skills
              WHEN 'bachelor' THEN o.is_bachelor WHEN 'all' THEN o.is_projected END
          AND ($pathway = '' OR p.soc_code IN (
                SELECT soc_code FROM occupation_pathway WHERE framework = $framework AND cluster = $pathway))
        ORDER BY p.openings_annual_count DESC, o.title
        """,
        {
            **reader.place(scope.state),
            "demand": scope.demand,
            "pathway": scope.cluster,
            "framework": FRAMEWORK,
            "counted": counted,
        },
    )
    yes = {
        name: int(rows[rule].eq(True).sum())
        for rule, name in zip(rules["rule"], rules["state_name"], strict=True)
        if rule in counted
    }
    widest, narrowest = max(yes, key=lambda name: yes[name]), min(reversed(yes), key=lambda name: yes[name])
    rows = rows.assign(widest=widest, widest_count=yes[widest], narrowest=narrowest, narrowest_count=yes[narrowest])
    rows.attrs["rules"] = rules.to_dict("records")
    return rows


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:  # noqa: ARG001
    """A row per occupation, a place per rule: filled and "yes", or hollow and "no". States by their
    postal codes, for names would not fit a phone."""
    shown, rules = rows.head(SHOWN), rows.attrs["rules"]
    labels = [
        f"{words.shortened(r.title, LONGEST_LABEL)} <span style='color:{style.QUIET}'>· "
        f"{words.label_count(r.openings_annual_count)} openings</span>"
        for r in words.each(shown)
    ]
    fig = style.rows(labels, top_px=50, right_px=4)
    fig.update_layout(margin_b=8, height=fig.layout.height - style.AXIS_PX + 8)
    x, y, filled, texts, hover = [], [], [], [], []
    for i, row in enumerate(shown.to_dict("records")):
        for k, rule in enumerate(rules):
            value = row[rule["rule"]]
            said = "n/a" if words.missing(value) else SAYS[bool(value)]
            texts.append(
                style.value_label(
                    k, i + style.MARK_DY, said, shift_px=9, color=style.QUIET if said != "yes" else style.INK
                )
            )
            if said != "n/a":
                x.append(k)
                y.append(i + style.MARK_DY)
                filled.append(said == "yes")
                hover.append([f"{row['title']}: {said} by the rule of {rule['state_name']}"])
        texts.append({
            **style.value_label(len(rules), i + style.MARK_DY, f"<b>{row['agree_count']} of {row['decided_count']}</b>"),
            "xshift": -12,
        })  # fmt: skip
    fig.add_trace(
        go.Scatter(
            x=x, y=y, mode="markers", customdata=hover, hovertemplate="%{customdata[0]}<extra></extra>",
            marker={
                "size": 12, "color": [style.INK if yes else style.WHITE for yes in filled],
                "line": {"color": [style.INK if yes else style.MARK for yes in filled], "width": 2},
            },
        )
    )  # fmt: skip
    heads = [
        (k, f"<b>{r['state_abbr']}</b> rule<br>{'$ of ' if r['is_dollar_threshold'] else ''}{_year(r['as_of'])}")
        for k, r in enumerate(rules)
    ]
    texts += [
        {
            "x": k, "y": 1, "yref": "paper", "text": text, "showarrow": False, "xanchor": "left", "yanchor": "bottom", "xshift": -8,
            "yshift": 8, "align": "left", "font": {"size": 11, "color": style.TEXT},
        }
        for k, text in [*heads, (len(rules), "rules<br>agree")]
    ]  # fmt: skip
    style.add(fig, annotations=texts)
    fig.update_xaxes(range=[-0.2, len(rules) + 0.75], showticklabels=False)
    return fig


def _year(as_of: object) -> str:
    return "undated" if words.missing(as_of) else f"{as_of:.0f}"


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """How far the rules lie apart, and how many occupations they agree on."""
    first = rows.iloc[0]
    total, every = int(first["occupations_count"]), int(first["all_count"])
    of = f" in {scope.cluster}" if scope.cluster else f" among {DEMAND_LABELS[scope.demand]}"
    place = "" if scope.state == "US" else f" in {words.the(first['state_name'])}"
    if total == 1:
        said = f"{first['agree_count']} of {first['decided_count']} published rules call it in demand"
        return f"There is one occupation{of}{place}, and {said}"
    agree = f"all rules agree on {every}"
    if first["widest_count"] == first["narrowest_count"]:
        return f"Each published rule calls {first['widest_count']} of {total} occupations{of}{place} in demand; {agree}"
    return (
        f"By {first['widest']}’s rule {first['widest_count']} of {total} occupations{of}{place} are in demand, by "
        f"{first['narrowest']}’s {first['narrowest_count']}; {agree}"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """Measure, place, period; the dollar threshold as published."""
    first = rows.iloc[0]
    dollar = [f"{r['state_name']}’s sets a wage in dollars as published {_year(r['as_of'])}" for r in rows.attrs["rules"]
              if r["is_dollar_threshold"]]  # fmt: skip
    aside = f" {words.listed(dollar)} and is not counted." if dollar else ""
    wages = "" if words.missing(first["reference_year"]) else f", wages of May {first['reference_year']:.0f}"
    return (
        f"States’ published rules applied to {words.the(first['state_name'])}: yearly openings {first['base_year']}–"
        f"{(first['base_year'] + 10) % 100}{wages}.{aside} The {min(SHOWN, len(rows))} of {len(rows)} occupations with the most "
        "openings."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """The shown occupations with how many rules agree."""
    listed = "; ".join(
        f"{r.title} {r.agree_count} of {r.decided_count} rules, {words.count(r.openings_annual_count)} openings a year"
        for r in words.each(rows.head(SHOWN))
    )
    return f"Matrix of occupations and rules. {finding(rows, scope)}. {listed}."


def badge(reader: Reader, scope: Scope) -> str:
    """Whether most occupations are in demand by at least half of the rules, each rule left out in turn."""
    rows = frame(reader, scope)
    if rows.empty:
        return "Not tried: no occupation here has an estimate of yearly openings."
    counted = [r["rule"] for r in rows.attrs["rules"] if not r["is_dollar_threshold"]]
    sets = [counted, *([c for c in counted if c != out] for out in counted)]
    held = 0
    for kept in sets:
        agree, decided = rows[kept].eq(True).sum(axis=1), rows[kept].notna().sum(axis=1)
        held += bool(((decided > 0) & (agree * 2 >= decided)).mean() > 0.5)
    return (
        f"“At least half of the rules call most of these occupations in demand” holds under {held} of {len(sets)}"
        f"{'' if held in (0, len(sets)) else ' (changes with assumptions)'}. Assumptions varied: all rules without a dollar "
        "threshold, "
        "and each of them left out in turn."
    )


def nothing(scope: Scope) -> str:
    """Why there is nothing to show."""
    return (
        f"No occupation of {scope.pathway or 'this view'} among {DEMAND_LABELS[scope.demand]} has an estimate of yearly openings "
        "here; the United States has one for every occupation."
    )


CHART = Chart(
    id="in-demand",
    question="In demand by whose rule?",
    tables=("in_demand", "in_demand_rule", "occupation_projection", "occupation"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    nothing=nothing,
    follows=("pathway",),
    shape="matrix",
    columns={
        "soc_code": "SOC",
        "title": "Occupation",
        "openings_annual_count": "Openings a year",
        "growth_and_exits_annual_count": "of these growth and exits",
        "agree_count": "Rules that agree",
        "decided_count": "Rules that decide",
        "kentucky": "Kentucky’s rule",
        "montana": "Montana’s rule",
        "oregon": "Oregon’s rule",
        "tennessee": "Tennessee’s rule",
        "ohio": "Ohio’s rule (dollar threshold)",
    },
    means="Which programs count as leading to in-demand jobs hangs on the rule a state writes; where all rules agree, the case is "
    "strong.",
    means_not="It is not the list that any of these states publishes: each rule is applied to federal figures, parts that public "
    "data cannot show are left out, and thresholds were set for a state of another size.",
    terms=("yearly opening", "growth and exits", "career-training job", "SOC"),
)
