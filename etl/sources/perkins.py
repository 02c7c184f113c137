"""Perkins Data Explorer: students in career and technical education by cluster, as states report them.

There is no address to fetch: a person exports a workbook per state and level from a web form into the inbox.

Traps. The workbook does not say whom it counts. It is read as concentrators unless its file name says
participants or completers; participants include concentrators, so the two are never added. Clusters are those
of the older framework of 16, abbreviated and misspelt ("Law,. Public Safety, Cor. & Sec."). A blank means not
reported, never 0. A cluster's students need not sum to the total. Subpopulations overlap.
"""

from __future__ import annotations

import re

import pandas as pd

from etl.codes import FRAMEWORK_2002, school_years, state_codes
from etl.errors import AtlasError
from etl.source import Frames, RawFile, RawFiles, Source
from etl.tabular import need_columns, numbers, open_workbook, read_sheet
from etl.warehouse.schema import TABLES

#: The framework's own names, and how the export abbreviates each.
CLUSTERS = {
    "Agriculture, Food & Natural Resources": "Agri. Food & Nat. Res.",
    "Architecture & Construction": "Arch. & Const.",
    "Arts, Audio/Video Technology & Communications": "Arts, AV, Tech & Comm.",
    "Business Management & Administration": "Business Mgmt. & Admin.",
    "Education & Training": "Education & Training",
    "Finance": "Finance",
    "Government & Public Administration": "Govt. & Public Admin.",
    "Health Science": "Health Science",
    "Hospitality & Tourism": "Hospitality & Tourism",
    "Human Services": "Human Services",
    "Information Technology": "Information Technology",
    "Law, Public Safety, Corrections & Security": "Law,. Public Safety, Cor. & Sec.",
    "Manufacturing": "Manufacturing",
    "Marketing": "Marketing",
    "Science, Technology, Engineering & Mathematics": "STEM",
    "Transportation, Distribution & Logistics": "Transp. Distr. & Logis.",
}
_COUNTED = {"all": "Total Number Of Students", **CLUSTERS, "Other": "Other (specify)"}
_KEYS = {
    "state": "State",
    "year": "Year",
    "level": "Education Type",
    "population": "Student Population",
}
_LEVELS = {"Secondary": "secondary", "Postsecondary": "postsecondary"}
_MEASURES = ("concentrators", "participants", "completers")


def _letters(heading: str) -> str:
    """A heading's letters only, so that stray points and blanks do not make another heading of it."""
    return re.sub(r"[^a-z]", "", heading.lower())


#: What each heading is, whether abbreviated or in full.
_HEADINGS = {_letters(heading): name for name, heading in (_KEYS | _COUNTED).items()}
_HEADINGS |= {_letters(name): name for name in CLUSTERS}


def _read(raw: RawFile) -> pd.DataFrame:
    """One export's sheet, its columns named as in ``_KEYS`` and ``_COUNTED``."""
    workbook = open_workbook(raw)
    sheet = workbook.sheet_names[0]
    top = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=1)
    headings = [" ".join(str(cell).split()) for cell in (top[0] if top else []) if str(cell).strip()]
    unknown = [heading for heading in headings if _letters(heading) not in _HEADINGS]
    if unknown:
        raise AtlasError(
            f"Sheet {sheet!r} of {raw.name} has the column {unknown[0]!r}, which is no known cluster; rename "
            "or remove the column, or add it to etl/sources/perkins.py."
        )
    columns = {heading: _HEADINGS[_letters(heading)] for heading in headings}
    if len(set(columns.values())) < len(headings):
        raise AtlasError(f"Sheet {sheet!r} of {raw.name} has a column twice; remove one of the two.")
    need_columns(pd.DataFrame(columns=list(columns.values())), [*_KEYS, *_COUNTED], f"sheet {sheet!r} of {raw.name}")
    rows = read_sheet(workbook, sheet, where=raw.name, columns=columns)
    # A footnote stands in the first column and has nothing beside it.
    rows = rows[rows.drop(columns="state").notna().any(axis=1)]
    if rows.empty or rows[list(_KEYS)].isna().any(axis=None):
        raise AtlasError(
            f"Sheet {sheet!r} of {raw.name} has no rows, or rows without state, year, education type or "
            "student population; export it again or correct it."
        )
    return rows


def read_export(raw: RawFile) -> pd.DataFrame:
    """One export as rows of ``cte_enrollment``."""
    wide = _read(raw)
    unknown = set(wide["level"]) - set(_LEVELS)
    if unknown:
        raise AtlasError(
            f"{raw.name} has the education type {min(unknown)!r}, which is neither Secondary nor "
            "Postsecondary; correct the file."
        )
    named = wide.assign(
        school_year=school_years(wide["year"], raw.name),
        state_fips=state_codes(wide["state"], raw.name),
        education_level=wide["level"].map(_LEVELS),
        population=wide["population"].replace("Grand Total", "all"),
    )
    key = ["school_year", "state_fips", "education_level", "population"]
    rows = named.melt(id_vars=key, value_vars=list(_COUNTED), var_name="cluster", value_name="students")
    rows["students_count"], _ = numbers(rows.pop("students"), where=raw.name, integer=True)
    rows["is_suppressed"] = rows["students_count"].isna()
    total = rows[rows["cluster"] == "all"].set_index(key)["students_count"]
    if total.index.duplicated().any():
        raise AtlasError(
            f"{raw.name} has the population {total.index[total.index.duplicated()][0][-1]!r} twice; remove one."
        )
    beyond = rows.join(total.rename("total"), on=key).query("students_count < 0 or students_count > total")
    if len(beyond):
        where = f"{beyond['cluster'].iloc[0]}, {beyond['population'].iloc[0]}"
        raise AtlasError(f"{raw.name} has a count below 0 or above its total ({where}); export it again or correct it.")
    measure = next((m for m in _MEASURES if m.removesuffix("s") in raw.name.lower()), _MEASURES[0])
    return rows.assign(district="all", framework=FRAMEWORK_2002, measure=measure, origin=raw.name)


def parse(raws: RawFiles) -> Frames:
    if not raws:
        raise AtlasError(f"perkins has no files: {SOURCE.how_to_get}")
    rows = pd.concat([read_export(raw) for raw in raws.values()], ignore_index=True)
    key = list(TABLES["cte_enrollment"].key)
    twice = rows[rows.duplicated(key, keep=False)]
    if len(twice):
        raise AtlasError(
            f"{' and '.join(twice['origin'].unique())} hold figures of the same state, year, level and "
            "measure; remove one of them from data/inbox/perkins/."
        )
    return {"cte_enrollment": rows.assign(source_id=SOURCE.source_id)}


SOURCE = Source(
    source_id="perkins",
    title="Perkins State Plans and Data Explorer: CTE enrollment by career cluster",
    short_title="Perkins Data Explorer",
    publisher="Office of Career, Technical, and Adult Education, U.S. Department of Education",
    licence="Public domain (work of the United States government)",
    landing_url="https://cte.ed.gov/dataexplorer",
    cadence="yearly",
    citation=(
        "U.S. Department of Education, Office of Career, Technical, and Adult Education. Perkins State "
        "Plans and Data Explorer, CTE enrollment by career cluster. https://cte.ed.gov/dataexplorer."
    ),
    tables=("cte_enrollment",),
    parse=parse,
    how_to_get=(
        "open https://cte.ed.gov/dataexplorer, choose a state, a year and CTE concentrators by career "
        "cluster, export the table for each level as a workbook, and put the workbooks into "
        "data/inbox/perkins/ (put 'participants' or 'completers' into the file name if it counts those)."
    ),
    suppression="Blank cells are not reported or withheld: missing here and flagged, never 0.",
)
