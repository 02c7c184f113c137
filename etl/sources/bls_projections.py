"""BLS Employment Projections: jobs, openings, pay and usual way in by occupation, for the nation.

One workbook, of which Table 1.2 (pay, education) and Table 1.10 (exits, transfers) are joined by code. Traps:

* Headings carry the years and footnote marks ("Median annual wage, dollars, 2024[1]"), so they are matched by
  pattern and the years are read from them.
* Figures are in thousands with one decimal; they become counts, exact because a tenth of a thousand is a
  hundred.
* "Line item" rows are occupations, "Summary" rows are groups of them. Both are kept: adding both counts jobs
  twice.
* Codes are the National Employment Matrix's own: some are SOC broad groups or hybrids (see ``soc_map``). A
  code never names both a line item and a summary; were it to, the key would be broken and it is an error.
* A wage of ">=$239,200" is top-coded and a dash is no figure: both NULL with a note.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd
import python_calamine

from etl.errors import AtlasError
from etl.source import Frames, RawFile, RawFiles, Remote, Source, listed
from etl.tabular import numbers, open_workbook, read_sheet

_FILE = "occupation.xlsx"
_HEADER_ROW = 1
_DASHES = ("—", "–", "-")
_FETCH_AGAIN = (
    "fetch it again with `python -m etl refresh bls_projections`, or see whether the publisher has changed it"
)

#: The publisher's words, on which demand scopes rest: another word must not pass unnoticed.
ENTRY_EDUCATION = (
    "No formal educational credential",
    "High school diploma or equivalent",
    "Some college, no degree",
    "Postsecondary nondegree award",
    "Associate's degree",
    "Bachelor's degree",
    "Master's degree",
    "Doctoral or professional degree",
)
WORK_EXPERIENCE = ("None", "Less than 5 years", "5 years or more")
ON_THE_JOB_TRAINING = (
    "None",
    "Short-term on-the-job training",
    "Moderate-term on-the-job training",
    "Long-term on-the-job training",
    "Apprenticeship",
    "Internship/residency",
)

_IDENTITY = {
    "title": r"\d{4} National Employment Matrix title",
    "soc_code": r"\d{4} National Employment Matrix code",
    "occupation_type": r"Occupation type",
    "employment_base_count": r"Employment, BASE",
    "employment_projected_count": r"Employment, PROJECTED",
    "change_count": r"Employment change, numeric, SPAN",
    "openings_annual_count": r"Occupational openings, SPAN annual average",
}
_TABLE_1_2 = _IDENTITY | {
    "wage_median_usd": r"Median annual wage, dollars, BASE",
    "entry_education": r"Typical education needed for entry",
    "work_experience": r"Work experience in a related occupation",
    "on_the_job_training": r"Typical on-the-job training needed to attain competency in the occupation",
}
_TABLE_1_10 = _IDENTITY | {
    "exits_annual_count": r"Labor force exits, SPAN annual average",
    "transfers_annual_count": r"Occupational transfers, SPAN annual average",
}


def parse(raws: RawFiles) -> Frames:
    """The one table: every line item and summary row of the newest projections."""
    workbook = open_workbook(raws[_FILE])
    worker, years = _table(workbook, "Table 1.2", _TABLE_1_2)
    separations, years_again = _table(workbook, "Table 1.10", _TABLE_1_10)
    base_year, projection_year = years
    if years != years_again or not worker[list(_IDENTITY)].equals(separations[list(_IDENTITY)]):
        raise AtlasError(f"Tables 1.2 and 1.10 of {_FILE} do not hold the same occupations and jobs; {_FETCH_AGAIN}.")
    frame = worker.merge(separations.drop(columns=[c for c in _IDENTITY if c != "soc_code"]), on="soc_code")

    frame["base_year"], frame["projection_year"] = base_year, projection_year
    frame["wage_median_usd"], frame["wage_note"] = _wages(frame["wage_median_usd"])
    for column, known in (
        ("entry_education", ENTRY_EDUCATION),
        ("work_experience", WORK_EXPERIENCE),
        ("on_the_job_training", ON_THE_JOB_TRAINING),
    ):
        frame[column] = _words(frame, column, known)
    _check(frame)
    fields = [
        "base_year", "projection_year", "soc_code", "title", "occupation_type", "employment_base_count",
        "employment_projected_count", "change_count", "exits_annual_count", "transfers_annual_count",
        "openings_annual_count", "wage_median_usd", "wage_note", "entry_education", "work_experience",
        "on_the_job_training",
    ]  # fmt: skip
    return {"projection_national": frame[fields]}


def _table(
    workbook: python_calamine.CalamineWorkbook, sheet: str, patterns: Mapping[str, str]
) -> tuple[pd.DataFrame, tuple[int, int]]:
    """A table's occupation rows, in order, counts as numbers, and the two years its headings name."""
    where = f"sheet {sheet!r} of {_FILE}"
    if sheet not in workbook.sheet_names:
        raise AtlasError(f"{_FILE} has no sheet {sheet!r} (it has {', '.join(workbook.sheet_names)}); {_FETCH_AGAIN}.")
    top = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=_HEADER_ROW + 1)
    headings = [" ".join(str(h).split()) for h in top[-1]]
    if not any("in thousands" in str(cell) for row in top for cell in row):
        raise AtlasError(f"{where} no longer says that its figures are in thousands; {_FETCH_AGAIN}.")

    # Headings without footnote marks and units, with each as it stands in the file.
    plain = {re.sub(r"\s*(\[\d+\]|\([^)]*in thousands\))", "", h, flags=re.IGNORECASE): h for h in headings}
    found = sorted(int(m[1]) for m in (re.fullmatch(r"Employment, (\d{4})", h) for h in plain) if m)
    if len(found) != 2 or found[1] - found[0] != 10:
        raise AtlasError(f"{where} does not name two years ten years apart in its Employment headings; {_FETCH_AGAIN}.")
    base, projected = found
    span = f"{base}[–-](?:{projected // 100})?{projected % 100:02}"
    columns = {}
    for field, pattern in patterns.items():
        pattern = pattern.replace("BASE", str(base)).replace("PROJECTED", str(projected)).replace("SPAN", span)
        matches = [h for p, h in plain.items() if re.fullmatch(pattern, p)]
        if len(matches) != 1:
            raise AtlasError(f"{where} has no one column for {field} (like {pattern!r}); {_FETCH_AGAIN}.")
        columns[matches[0]] = field

    frame = read_sheet(workbook, sheet, where=_FILE, columns=columns, header_row=_HEADER_ROW)
    frame = frame[frame["soc_code"].notna() | frame["occupation_type"].notna()]  # the rest are footnotes
    frame = frame.reset_index(drop=True)
    if not frame["soc_code"].str.fullmatch(r"\d\d-\d{4}").fillna(False).all():
        raise AtlasError(f"{where} has rows without an occupation code like 47-2111; {_FETCH_AGAIN}.")
    if not frame["occupation_type"].isin(["Line item", "Summary"]).all():
        raise AtlasError(f"{where} has occupation types other than Line item and Summary; {_FETCH_AGAIN}.")
    twice = frame.loc[frame["soc_code"].duplicated(), "soc_code"]
    if len(twice):
        raise AtlasError(f"{where} has {len(twice):,} codes twice, the first is {twice.iloc[0]}; {_FETCH_AGAIN}.")
    for field in (f for f in frame.columns if f.endswith("_count")):
        thousands, _ = numbers(frame[field], where=f"{field} in {where}")
        if thousands.isna().any():
            raise AtlasError(f"{where} has occupations without {field}; {_FETCH_AGAIN}.")
        frame[field] = (thousands * 1000).round().astype("Int64")
    return frame, (base, projected)


def _wages(column: pd.Series) -> tuple[pd.Series, pd.Series]:
    marks = dict.fromkeys(_DASHES, "not published: the publisher gives no annual wage")
    for text in column.dropna().unique():
        if text.startswith(">="):  # `numbers` looks marks up without their thousands commas
            marks[text.replace(",", "")] = f"at or above the publisher's top code of {text.removeprefix('>=')} a year"
    wages, note = numbers(column, where=f"the median wages in {_FILE}", marks=marks)
    if not wages.dropna().between(10_000, 1_000_000).all():
        raise AtlasError(f"{_FILE} has annual median wages outside 10,000 to 1,000,000; {_FETCH_AGAIN}.")
    return wages, note.mask(wages.isna() & note.isna(), marks[_DASHES[0]])


def _words(frame: pd.DataFrame, column: str, known: tuple[str, ...]) -> pd.Series:
    """A worker characteristic; groups have none, every line item has one of the words that measures know."""
    words = frame[column].mask(frame[column].isin(_DASHES))
    unknown = frame["occupation_type"].eq("Line item") & ~words.isin(known)
    if unknown.any():
        raise AtlasError(
            f"{_FILE} has {int(unknown.sum())} line items whose {column} is not one of the known words (the "
            f"first is {words[unknown].iloc[0]!r}); {_FETCH_AGAIN}."
        )
    return words


def _check(frame: pd.DataFrame) -> None:
    """The publisher's own arithmetic must hold: within each row, and from line items to the total row."""
    levels = [c for c in frame.columns if c.endswith("_count") and c != "change_count"]
    if (frame[levels] < 0).any(axis=None):
        raise AtlasError(f"{_FILE} has negative jobs or openings; {_FETCH_AGAIN}.")
    change = frame["employment_projected_count"] - frame["employment_base_count"]
    openings = frame["exits_annual_count"] + frame["transfers_annual_count"] + frame["change_count"] / 10
    # Each published figure is rounded to 100, so a sum of a few of them is off by less than 200.
    for what, gap in (
        ("change", change - frame["change_count"]),
        ("openings", openings - frame["openings_annual_count"]),
    ):
        if (gap.abs() > 200).any():
            code = frame["soc_code"][gap.abs() > 200].iloc[0]
            raise AtlasError(f"{_FILE}: {what} of {code} does not follow from its other figures; {_FETCH_AGAIN}.")
    total = frame[frame["soc_code"] == "00-0000"]
    items = frame[frame["occupation_type"] == "Line item"]
    rounding = 50 * len(items) + 50
    for column in [*levels, "change_count"]:
        if len(total) != 1 or abs(items[column].sum() - total[column].iloc[0]) > rounding:
            raise AtlasError(f"{_FILE}: {column} of the line items does not add up to its total row; {_FETCH_AGAIN}.")


def _period(raw: RawFile) -> str:
    """The years that the workbook's headings name, as 2024-34: its address is the same every year."""
    _, (base, projected) = _table(open_workbook(raw), "Table 1.2", _TABLE_1_2)
    return f"{base}-{projected % 100:02}"


def _cite(periods: Sequence[str]) -> str:
    return (
        "U.S. Bureau of Labor Statistics, Employment Projections program, Tables 1.2 (Occupational "
        "projections and worker characteristics) and 1.10 (Occupational separations and openings), "
        f"{listed(periods).replace('-', '–')}. "
        "Washington, DC: U.S. Department of Labor. https://www.bls.gov/emp/data/occupational-data.htm"
    )


SOURCE = Source(
    source_id="bls_projections",
    title="Employment Projections: occupational projections, separations and openings",
    short_title="BLS Employment Projections",
    publisher="U.S. Bureau of Labor Statistics",
    licence="US federal government work, public domain",
    landing_url="https://www.bls.gov/emp/data/occupational-data.htm",
    cadence="yearly",
    citation=_cite(["2024-34"]),
    cite=_cite,
    tables=("projection_national",),
    parse=parse,
    remotes=(Remote("https://www.bls.gov/emp/ind-occ-matrix/occupation.xlsx", "xlsx", dated=_period),),
    suppression=(
        "A median wage given as >=$239,200 is top-coded and a dash is no figure: both read as NULL with a "
        "note. Employment and openings are never withheld; they are rounded to 100."
    ),
)
