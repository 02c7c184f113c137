"""IPEDS: awards, institutions and distance enrolment of every college and school that reports to NCES.

Traps. The files of one year's collection carry one number: ``C2024_A`` are the awards of 2023-24 and
``HD2024`` the institutions that reported them. A zip may hold a revised ``_rv`` file beside the first one. HD
is cp1252 to 2022 and UTF-8 with a mark from 2023, and headings may be padded. Completions hold second majors
and totals beside the awards themselves, all of which would count an award again. Columns ``X...`` say how a
value came to be (reported, imputed) and are not loaded.

Rows with no award are left out: the publisher lists each program that an institution offers, given or not.
Blank distance counts mean "not applicable" (flag A): where the total and the other counts leave nothing over
they are 0 by the publisher's own sum, and only otherwise missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from etl.errors import AtlasError
from etl.source import Frames, RawFile, RawFiles, Releases, Remote, Source, listed, next_year
from etl.tabular import need_unique, numbers, open_member, read_delimited

#: The years that must be there; later ones are added as they come out.
YEARS = range(2020, 2025)
DISTANCE_YEARS = (2021, 2022)
#: Award levels that are awards; 12 to 15 are totals over levels.
AWARD_LEVELS = frozenset({"1", "2", "3", "4", "5", "6", "7", "8", "17", "18", "19", "20", "21"})
_LEVEL_TOTALS = frozenset({"12", "13", "14", "15"})
#: The share of a year's awards whose institution must be found in that year's directory.
_MIN_FOUND = 0.99
#: How far a year's awards by program may be off the file's own totals (to 2024 they never were).
_MAX_OFF_TOTAL = 0.001
_SECTORS = {
    "0": "Administrative unit",
    "1": "Public, 4-year or above",
    "2": "Private not-for-profit, 4-year or above",
    "3": "Private for-profit, 4-year or above",
    "4": "Public, 2-year",
    "5": "Private not-for-profit, 2-year",
    "6": "Private for-profit, 2-year",
    "7": "Public, less than 2-year",
    "8": "Private not-for-profit, less than 2-year",
    "9": "Private for-profit, less than 2-year",
    "99": "Sector unknown (not active)",
}
_AGAIN = "fetch it again with `python -m etl refresh nces_ipeds`, and if it stays so the publisher has changed it"


def _read(raw: RawFile, columns: list[str]) -> pd.DataFrame:
    """The columns of a zip's table. The table carries no year, but its name does: it must be the zip's."""
    member, content = open_member(raw, ".csv", prefer="_rv")
    stem = raw.name.removesuffix(".zip")
    if not member.rsplit("/", 1)[-1].lower().startswith(stem.lower()):
        raise AtlasError(f"{raw.name} holds {member}, which is not the table that its name promises; {_AGAIN}.")
    return read_delimited(content, where=f"{member} in {raw.name}", columns=columns)


def _counts(frame: pd.DataFrame, names: dict[str, str], raw: RawFile) -> pd.DataFrame:
    """The columns as whole numbers under new names; one under 0 is an error."""
    if frame.empty:
        raise AtlasError(f"{raw.name} has rows, but none of those that are counted; {_AGAIN}.")
    counts = pd.DataFrame(index=frame.index)
    for old, new in names.items():
        # A year holds close to a million counts, but few different ones: each is read once.
        texts = frame[old].drop_duplicates()
        values, _ = numbers(texts, where=f"{old} in {raw.name}", integer=True)
        counts[new] = frame[old].map(values.set_axis(texts))
    if (counts < 0).any(axis=None):
        raise AtlasError(f"{raw.name} has counts below 0; {_AGAIN}.")
    return counts


def read_completions(raw: RawFile, award_year: int) -> pd.DataFrame:
    """One year's awards: first majors, six-digit programs, no totals, no rows without an award."""
    counted = {"CTOTALT": "awards_count", "CTOTALM": "awards_men_count", "CTOTALW": "awards_women_count"}
    rows = _read(raw, ["UNITID", "CIPCODE", "MAJORNUM", "AWLEVEL", *counted])
    rows = rows[(rows["MAJORNUM"] == "1") & (rows["CTOTALT"] != "0")]
    rows["AWLEVEL"] = rows["AWLEVEL"].str.lstrip("0")
    rows = rows[~rows["AWLEVEL"].isin(_LEVEL_TOTALS)]
    is_total = rows["CIPCODE"].str.startswith("99")
    totals, rows = rows[is_total], rows[~is_total]
    level = rows["AWLEVEL"]
    # A shorter code would be a total over programs: only a leading zero can be put back.
    cip = rows["CIPCODE"].str.zfill(7)
    if not cip.str.fullmatch(r"\d\d\.\d{4}").all():
        raise AtlasError(f"{raw.name} has program codes that are not six digits; {_AGAIN}.")
    if not level.isin(AWARD_LEVELS).all():
        odd = level[~level.isin(AWARD_LEVELS)].iloc[0]
        raise AtlasError(
            f"{raw.name} has the award level {odd}, which is not in data/reference/award_level.csv; find out "
            "what it is and add it there and to etl/sources/nces_ipeds.py."
        )
    counts = _counts(rows, counted, raw)
    if rows["UNITID"].isna().any() or counts.isna().any(axis=None):
        raise AtlasError(f"{raw.name} has awards without an institution or without a count; {_AGAIN}.")
    if (counts["awards_men_count"] + counts["awards_women_count"] > counts["awards_count"]).any():
        raise AtlasError(f"{raw.name} has rows with more awards to men and women than awards; {_AGAIN}.")
    summed = counts["awards_count"].sum()
    expected = _counts(totals, {"CTOTALT": "total"}, raw)["total"].sum()
    if abs(summed - expected) > _MAX_OFF_TOTAL * expected:
        raise AtlasError(
            f"{raw.name} has {summed:,} awards by program, but its own totals (CIP 99) say {expected:,}; {_AGAIN}."
        )
    awards = pd.DataFrame(
        {"award_year": award_year, "unit_id": rows["UNITID"], "cip_code": cip, "award_level": level}
    ).join(counts.astype("int64"))
    need_unique(awards, ["unit_id", "cip_code", "award_level"], raw.name)
    return awards


def read_institutions(raw: RawFile, award_year: int) -> pd.DataFrame:
    """One year's directory: every institution, in the states and the territories."""
    texts = {
        "UNITID": "unit_id",
        "INSTNM": "name",
        "CITY": "city",
        "COUNTYNM": "county",
        "WEBADDR": "website",
    }
    coded = ["FIPS", "CNGDSTCD", "SECTOR", "PSET4FLG", "LATITUDE", "LONGITUD"]
    rows = _read(raw, [*texts, *coded])
    schools = rows[list(texts)].rename(columns=texts)
    schools.insert(0, "award_year", award_year)
    schools["state_fips"] = rows["FIPS"].str.zfill(2)
    # Negative codes are the publisher's marks for "not applicable" and "not available".
    district = rows["CNGDSTCD"].mask(rows["CNGDSTCD"].str.startswith("-")).str.zfill(4)
    schools["congressional_district"] = district
    schools["sector"] = rows["SECTOR"].map(_SECTORS)
    schools["is_title_iv"] = rows["PSET4FLG"] == "1"
    schools["latitude"] = numbers(rows["LATITUDE"], where=f"LATITUDE in {raw.name}")[0]
    schools["longitude"] = numbers(rows["LONGITUD"], where=f"LONGITUD in {raw.name}")[0]

    need_unique(schools, ["unit_id"], raw.name)
    wrong = {
        "UNITID or INSTNM": schools[["unit_id", "name"]].isna().any(axis=1),
        "FIPS": ~schools["state_fips"].str.fullmatch(r"\d\d"),
        "CNGDSTCD": district.notna() & ~district.str.fullmatch(r"\d{4}"),
        "SECTOR": schools["sector"].isna(),
        "PSET4FLG": ~rows["PSET4FLG"].str.fullmatch(r"-?\d"),
        "LATITUDE or LONGITUD": (schools["latitude"].abs() > 90) | (schools["longitude"].abs() > 180),
    }
    for column, is_wrong in wrong.items():
        if is_wrong.fillna(False).any():
            raise AtlasError(f"{raw.name} has {int(is_wrong.sum()):,} rows with no valid {column}; {_AGAIN}.")
    return schools


def read_distance(raw: RawFile, fall_year: int) -> pd.DataFrame:
    """One fall's students by institution: all, wholly in distance courses, and in some."""
    names = {
        "EFDETOT": "enrolled_count",
        "EFDEEXC": "exclusively_distance_count",
        "EFDESOM": "some_distance_count",
        "EFDENON": "no_distance_count",
    }
    rows = _read(raw, ["UNITID", "EFDELEV", *names])
    rows = rows[rows["EFDELEV"] == "1"]
    counts = _counts(rows, names, raw)
    left_over = counts["enrolled_count"] - counts.drop(columns="enrolled_count").fillna(0).sum(axis=1)
    if counts["enrolled_count"].isna().any() or (left_over < 0).any():
        raise AtlasError(f"{raw.name} has rows whose total is missing or less than its parts; {_AGAIN}.")
    counts = counts.mask(counts.isna() & (left_over == 0).to_numpy()[:, None], 0)
    students = pd.DataFrame({"fall_year": fall_year, "unit_id": rows["UNITID"]}).join(
        counts.drop(columns="no_distance_count")
    )
    need_unique(students, ["unit_id"], raw.name)
    return students


def _need_institutions(awards: pd.DataFrame, schools: pd.DataFrame, year: int) -> None:
    """An award whose institution is unknown has no state and would drop out of every measure unseen."""
    found = awards.loc[awards["unit_id"].isin(schools["unit_id"]), "awards_count"].sum()
    if found < _MIN_FOUND * awards["awards_count"].sum():
        raise AtlasError(
            f"Only {found:,} of {awards['awards_count'].sum():,} awards in C{year}_A.zip are at an "
            f"institution that HD{year}.zip lists; the two files are not of one year or one is cut short: "
            "fetch both again."
        )


def _without_year(awards: pd.DataFrame) -> pd.DataFrame:
    return awards.drop(columns="award_year").reset_index(drop=True)


def _years(raws: RawFiles, pattern: str, known: Sequence[int]) -> list[int]:
    """The known years, and every other of which there is a file."""
    return sorted({*known, *(int(m[1]) for m in (re.fullmatch(pattern, name) for name in raws) if m)})


def parse(raws: RawFiles) -> Frames:
    completions: list[pd.DataFrame] = []
    institutions: list[pd.DataFrame] = []
    with_directory = {*YEARS, *_years(raws, r"HD(\d{4})\.zip", YEARS)}
    for year in (y for y in _years(raws, r"C(\d{4})_A\.zip", YEARS) if y in with_directory):
        awards = read_completions(raws[f"C{year}_A.zip"], year)
        schools = read_institutions(raws[f"HD{year}.zip"], year)
        _need_institutions(awards, schools, year)
        if completions and _without_year(completions[-1]).equals(_without_year(awards)):
            raise AtlasError(f"C{year}_A.zip holds the very awards of the year before, under a new name; {_AGAIN}.")
        completions.append(awards)
        institutions.append(schools)
    falls = _years(raws, r"EF(\d{4})A_DIST\.zip", DISTANCE_YEARS)
    distance = [read_distance(raws[f"EF{year}A_DIST.zip"], year) for year in falls]
    return {
        "completion": pd.concat(completions, ignore_index=True),
        "institution": pd.concat(institutions, ignore_index=True),
        "distance_enrollment": pd.concat(distance, ignore_index=True),
    }


def _remote(name: str, period: str) -> Remote:
    return Remote(f"https://nces.ed.gov/ipeds/datacenter/data/{name}.zip", "zip", period=period)


def _of_year(release: str) -> tuple[Remote, ...]:
    """A year's awards, and the directory of the institutions that reported them."""
    year = int(release)
    return _remote(f"C{year}_A", f"{year - 1}-{year % 100:02}"), _remote(f"HD{year}", release)


def _of_fall(release: str) -> tuple[Remote, ...]:
    return (_remote(f"EF{release}A_DIST", f"fall {release}"),)


def _cite(periods: Sequence[str]) -> str:
    awards = [p for p in periods if re.fullmatch(r"\d{4}-\d\d", p)]
    directory = [p for p in periods if re.fullmatch(r"\d{4}", p)]
    falls = [p.removeprefix("fall ") for p in periods if p.startswith("fall ")]
    return (
        "U.S. Department of Education, National Center for Education Statistics. Integrated Postsecondary "
        f"Education Data System (IPEDS), Completions {awards[0]} to {awards[-1]}, Directory Information "
        f"{directory[0]} to {directory[-1]}, and Fall Enrollment (Distance Education) {listed(falls)}. "
        "https://nces.ed.gov/ipeds/."
    )


_PERIODS = [
    remote.period
    for files, years in ((_of_year, YEARS), (_of_fall, DISTANCE_YEARS))
    for y in years
    for remote in files(str(y))
]

SOURCE = Source(
    source_id="nces_ipeds",
    title="Integrated Postsecondary Education Data System (IPEDS): Completions, Directory, Fall Enrollment",
    short_title="NCES IPEDS",
    publisher="National Center for Education Statistics, U.S. Department of Education",
    licence="Public domain (work of the United States government)",
    landing_url="https://nces.ed.gov/ipeds/datacenter/DataFiles.aspx",
    cadence="yearly",
    citation=_cite(_PERIODS),
    cite=_cite,
    tables=("completion", "institution", "distance_enrollment"),
    parse=parse,
    releases=(
        Releases("completions", tuple(map(str, YEARS)), _of_year, next_year),
        Releases("distance", tuple(map(str, DISTANCE_YEARS)), _of_fall, next_year),
    ),
    suppression=(
        "Nothing is withheld; some values are imputed by NCES. Negative codes (not applicable, not "
        "available) read as missing."
    ),
)
