"""What a table of students by cluster says beside openings, for the places in it: of the warehouse, or of a person's session.

Rows of enrolment have ``state_fips``, ``school_year``, ``district`` ('all' for the state), ``education_level``,
``measure``, ``framework``, ``cluster`` and ``students_count`` (missing where withheld), of all students alone.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from charts import words
from etl.warehouse.read import Reader
from measures.alignment import enrolment_mix, percent_parts

PLACE = ["state_fips", "district", "school_year", "education_level", "measure", "framework"]
#: Students go on to any job, so all occupations with a program count.
DEMAND = "all"
MIX_COLUMNS = (
    "place", "state_name", "district", "school_year", "education_level", "measure", "framework", "students_count",
    "misalignment_pct", "misalignment_growth_and_exits_pct", "withheld_count", "region",
)  # fmt: skip
CLUSTER_COLUMNS = (
    "cluster", "students_count", "students_share_pct", "openings_share_pct", "openings_annual_count", "gap_count", "place",
    "state_name", "school_year", "began_year", "education_level", "measure", "framework", "misalignment_pct",
    "misalignment_growth_and_exits_pct", "region",
)  # fmt: skip
_NO_CLUSTER = ("all", "Other")


class Openings(NamedTuple):
    """Yearly openings by cluster of one framework, and of where: ``region`` '' is the whole state."""

    counts: pd.Series
    growth_and_exits: pd.Series | None
    region: str


def loaded(reader: Reader, state_abbr: str) -> pd.DataFrame:
    """The enrolment rows of the warehouse for a state, or of all states for the nation."""
    return reader.frame(
        f"""
        SELECT {", ".join(PLACE)}, cluster, students_count FROM cte_enrollment JOIN state s USING (state_fips)
        WHERE population = 'all' AND (s.state_abbr = $state OR $state = 'US')
        ORDER BY ALL
        """,
        {"state": state_abbr},
    )


def regions(reader: Reader, state_fips: str) -> list[str]:
    """The regions of a state whose openings are loaded."""
    return [r for (r,) in reader.rows(
        "SELECT DISTINCT region FROM region_openings WHERE state_fips = ? AND region <> 'all' ORDER BY 1", [state_fips]
    )]  # fmt: skip


def openings(reader: Reader, state_fips: str, framework: str, region: str = "") -> Openings:
    """A region's openings where they are loaded in that framework, else the whole state's."""
    if region:
        found = reader.frame(
            """
            SELECT cluster, openings_split_count FROM region_openings
            WHERE state_fips = $state AND region = $region AND framework = $framework AND demand IN ($demand, 'as given')
              AND projection_year = (SELECT max(projection_year) FROM region_openings
                                     WHERE state_fips = $state AND region = $region AND framework = $framework)
            ORDER BY 1
            """,
            {"state": state_fips, "region": region, "framework": framework, "demand": DEMAND},
        )
        if len(found):
            return Openings(found.set_index("cluster")["openings_split_count"], None, region)
    both = reader.frame(
        "SELECT cluster, demand_variant, openings_split_count FROM framework_openings "
        "WHERE state_fips = ? AND framework = ? AND demand = ?",
        [state_fips, framework, DEMAND],
    ).pivot(index="cluster", columns="demand_variant", values="openings_split_count")
    return Openings(both["openings"], both["growth_and_exits"], "")


def mixes(reader: Reader, enrolled: pd.DataFrame, region: str | None = None) -> pd.DataFrame:
    """One row per place, year, level and measure: how many of 100 students would need to be in another cluster.

    ``region`` names the region whose openings are wanted, '' the whole state; None leaves it to :func:`_region_of`.

    ``misalignment_growth_and_exits_pct`` is missing for a region's openings, which have no parts. ``withheld_count`` is how
    many clusters have no count. Places without a single count are left out. The furthest from the openings come first.
    """
    names = dict(reader.rows("SELECT state_fips, state_name FROM state"))
    found = []
    for key, of_place in enrolled.groupby(PLACE):
        state_fips, district, year, level, measure, framework = map(str, key)
        wanted = openings(reader, state_fips, framework, _region_of(reader, state_fips, district, region))
        students = _by_cluster(of_place)
        mix = enrolment_mix(students, wanted.counts)
        if mix.misalignment_pct is None:
            continue
        other = (
            None
            if wanted.growth_and_exits is None
            else enrolment_mix(students, wanted.growth_and_exits).misalignment_pct
        )
        total = of_place.loc[of_place["cluster"] == "all", "students_count"].dropna()
        found.append({
            "place": names[state_fips] if district == "all" else district, "state_name": names[state_fips],
            "district": district, "school_year": year, "education_level": level, "measure": measure, "framework": framework,
            "students_count": int(total.iloc[0]) if len(total) else int(students.sum()),
            "misalignment_pct": mix.misalignment_pct, "misalignment_growth_and_exits_pct": other,
            "withheld_count": int(students.isna().sum()), "region": wanted.region,
        })  # fmt: skip
    rows = pd.DataFrame(found, columns=list(MIX_COLUMNS))
    rows["began_year"] = rows["school_year"].str[:4].astype(int)
    rows["misalignment_growth_and_exits_pct"] = rows["misalignment_growth_and_exits_pct"].astype("float64")
    by = ["misalignment_pct", "place", "school_year", "education_level", "measure"]
    return rows.sort_values(by, ascending=[False, True, True, True, True]).reset_index(drop=True)


def of_one_place(enrolled: pd.DataFrame) -> pd.DataFrame:
    """The rows of one place, year, level and measure: the newest year; the whole state before a district, secondary before
    postsecondary, concentrators before others."""
    if enrolled.empty:
        return enrolled
    keys = enrolled[PLACE].drop_duplicates()
    order = pd.DataFrame({
        "year": -keys["school_year"].str[:4].astype(int), "level": keys["education_level"] != "secondary",
        "district": keys["district"] != "all", "measure": keys["measure"] != "concentrators", "name": keys["district"],
    }).sort_values(["year", "level", "district", "measure", "name"])  # fmt: skip
    return enrolled.merge(keys.loc[order.index[:1]], on=PLACE)


def clusters(reader: Reader, enrolled: pd.DataFrame, region: str | None = None) -> pd.DataFrame:
    """One place's clusters: shares of students and of openings, the largest share of openings first; the place's own figures
    stand in every row.

    Against a region's openings ``openings_annual_count`` and ``gap_count`` (openings less students) are there too; against a
    whole state only shares are compared, and these are missing.
    """
    whole = mixes(reader, enrolled, region)
    if whole.empty:
        return pd.DataFrame(columns=list(CLUSTER_COLUMNS))
    about = whole.iloc[0]
    wanted = openings(reader, str(enrolled["state_fips"].iloc[0]), about["framework"], about["region"])
    students = _by_cluster(enrolled).reindex(wanted.counts.index)
    parts, shares = percent_parts(students.dropna()), percent_parts(wanted.counts)
    rows = pd.DataFrame({"cluster": wanted.counts.index, "students_count": students.to_numpy()})
    rows["students_share_pct"] = pd.Series(parts, index=rows.index[students.notna().to_numpy()]).reindex(rows.index)
    rows["openings_share_pct"] = shares
    rows["students_count"] = rows["students_count"].astype("Int64")
    is_region = bool(wanted.region)
    rows["openings_annual_count"] = pd.Series(
        wanted.counts.to_numpy() if is_region else pd.NA, index=rows.index
    ).astype("Int64")
    rows["gap_count"] = (rows["openings_annual_count"] - rows["students_count"]).astype("Int64")
    for name in CLUSTER_COLUMNS[6:]:
        rows[name] = about[name]
    return (
        rows[list(CLUSTER_COLUMNS)]
        .sort_values(["openings_share_pct", "cluster"], ascending=[False, True])
        .reset_index(drop=True)
    )


def against(row: pd.Series) -> str:
    """Whose openings a row was set against, in words."""
    return f"the region {row['region']}" if row["region"] else words.the(str(row["state_name"]))


def also(row: pd.Series) -> str:
    """The other variant, where there is one."""
    value = row["misalignment_growth_and_exits_pct"]
    return "" if words.missing(value) else f", {value:.0f} if people changing occupation are left out"


def _region_of(reader: Reader, state_fips: str, district: str, said: str | None) -> str:
    """A district's region where nobody said: the one of the state that is loaded, if there is but one. A whole state has none."""
    if said is not None or district == "all":
        return said or ""
    there = regions(reader, state_fips)
    return there[0] if len(there) == 1 else ""


def _by_cluster(of_place: pd.DataFrame) -> pd.Series:
    """Students by cluster as floats, without the total and the class Other."""
    inner = of_place[~of_place["cluster"].isin(_NO_CLUSTER)]
    return inner.set_index("cluster")["students_count"].astype("Float64").astype("float64")
