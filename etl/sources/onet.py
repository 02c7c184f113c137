"""O*NET: how much preparation, schooling and skill occupations take, and their 16 career clusters.

The publisher offers each release as one zip of tab-separated text (``db_31_0_text.zip``), and links the newest
on the page of the database: that is what is read. Where there is none (a mirror) the workbooks of release 29.3
are, which have the same headings. Traps:

* O*NET-SOC codes are finer than SOC ("29-1141.01"): their first seven characters are the SOC code. Measures
  are the plain mean over the O*NET occupations within a SOC code, with how many there were; job zones keep
  lowest and highest.
* Values with Recommend Suppress = Y are too imprecise to use and left out of the means. Where nothing is
  left, the value is NULL (and the count of shares 0). After leaving one category out, an occupation's shares
  no longer add up to 100.
* Levels flagged Not Relevant are kept: the skill matters to so few that its level, near 0, is the true
  answer.
* In the clusters file several clusters can stand in one cell, parted by "; ", with as many pathways in the
  next cell: first belongs to first, second to second.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

import pandas as pd

from etl.codes import FRAMEWORK_2002
from etl.errors import AtlasError
from etl.source import Frames, Links, RawFiles, Releases, Remote, Source, listed
from etl.tabular import need_unique, numbers, open_member, open_workbook, read_delimited, read_sheet

_EDUCATION = "Education, Training, and Experience"
_CLUSTERS = "All_Career_Clusters.csv"
_CLUSTER_COUNT = 16

_DATABASE = "https://www.onetcenter.org/dl_files/database"
_PAGE = "https://www.onetcenter.org/database.html"
_TEXT_ZIP = re.compile(r"db_(\d+)_(\d+)_text\.zip")
#: The release whose workbooks stand in where no later one is had, and the first that is asked for as text.
_IN_WORKBOOKS, _FIRST_TEXT = "29.3", "31.0"
#: A major release has the minor numbers 0 to this.
_LAST_MINOR = 3
#: Excel allows sheet names of 31 characters, so the long ones are cut.
_SHEET_NAME_LENGTH = 31
_CODE = "O*NET-SOC Code"
_FETCH_AGAIN = "fetch it again with `python -m etl refresh onet`, or see whether the publisher has changed it"


def parse(raws: RawFiles) -> Frames:
    """The four tables."""
    return {
        "occupation_job_zone": _job_zones(raws),
        "occupation_required_education": _required_education(raws),
        "occupation_skill": _skills(raws),
        "occupation_cluster": _clusters(raws),
    }


def _read(raws: RawFiles, name: str, columns: list[str]) -> tuple[pd.DataFrame, str]:
    """One table of the database as text with its SOC code; and what an error calls the file."""
    zips = sorted((file for file in raws if _TEXT_ZIP.fullmatch(file)), key=_version)
    if zips:
        where = f"{name}.txt in {zips[-1]}"
        member, content = open_member(raws[zips[-1]], f"/{name}.txt")
        if member.split("/")[-2] != zips[-1].removesuffix(".zip"):
            raise AtlasError(f"{zips[-1]} holds {member}, which is of another release than its name; {_FETCH_AGAIN}.")
        frame = read_delimited(content, where=where, columns=[_CODE, *columns], sep="\t")
    else:
        where = f"{name}.xlsx"
        workbook = open_workbook(raws[where])
        frame = read_sheet(workbook, name[:_SHEET_NAME_LENGTH], where=where, columns=[_CODE, *columns])
    frame["soc_code"] = _soc(frame[_CODE], where)
    return frame, where


def _version(zip_name: str) -> tuple[int, int]:
    """The release of a text zip as numbers: db_31_0_text.zip is (31, 0)."""
    match = _TEXT_ZIP.fullmatch(zip_name)
    if not match:
        raise ValueError(f"{zip_name} is no text zip of a release")
    return int(match[1]), int(match[2])


def release_of(zip_name: str) -> str:
    """The release of a text zip.

    >>> release_of("db_31_0_text.zip")
    '31.0'
    """
    return "{}.{}".format(*_version(zip_name))


def next_release(release: str) -> str:
    """The release after one, by the publisher's numbering; what its page links goes before.

    >>> next_release("29.3"), next_release("31.0"), next_release("31.3")
    ('31.0', '31.1', '32.0')
    """
    if release == _IN_WORKBOOKS:
        return _FIRST_TEXT
    major, minor = map(int, release.split("."))
    return f"{major}.{minor + 1}" if minor < _LAST_MINOR else f"{major + 1}.0"


def _files(release: str) -> tuple[Remote, ...]:
    if release != _IN_WORKBOOKS:
        return (Remote(f"{_DATABASE}/db_{release.replace('.', '_')}_text.zip", "zip", period=release),)
    return tuple(
        Remote(f"{_DATABASE}/db_29_3_excel/{quote(name, safe='')}.xlsx", "xlsx", release, f"{name}.xlsx")
        for name in ("Job Zones", _EDUCATION, "Skills")
    )


def _cite(periods: Sequence[str]) -> str:
    return (
        f"National Center for O*NET Development, O*NET {listed(periods)} Database (Job Zones; Education, Training, and "
        "Experience; Skills), https://www.onetcenter.org/database.html, and O*NET OnLine, Browse by Career "
        "Cluster, https://www.onetonline.org/find/career. U.S. Department of Labor, Employment and Training "
        "Administration."
    )


def _soc(codes: pd.Series, where: str) -> pd.Series:
    good = codes.str.fullmatch(r"\d\d-\d{4}\.\d\d").fillna(False).astype(bool)
    if not good.all():
        raise AtlasError(f"{where} has a malformed O*NET-SOC code {codes[~good].iloc[0]!r}; {_FETCH_AGAIN}.")
    return codes.str[:7]


def _numbers(column: pd.Series, low: float, high: float, where: str) -> pd.Series:
    """A column without gaps as numbers, all of them within the scale."""
    values, _ = numbers(column, where=f"{column.name} of {where}")
    if not values.between(low, high).fillna(False).all():
        raise AtlasError(f"{column.name} of {where} is blank or outside {low:g} to {high:g}; {_FETCH_AGAIN}.")
    return values


def _usable(frame: pd.DataFrame) -> pd.Series:
    """Data values, NULL where the publisher recommends not to use them."""
    return frame["value"].mask(frame["Recommend Suppress"].eq("Y").fillna(False).astype(bool))


def _job_zones(raws: RawFiles) -> pd.DataFrame:
    frame, where = _read(raws, "Job Zones", ["Job Zone"])
    need_unique(frame, [_CODE], where)
    frame["zone"] = _numbers(frame["Job Zone"], 1, 5, where).astype("Int64")
    zones = frame.groupby("soc_code", as_index=False)["zone"]
    return zones.agg(["min", "max", "count"]).set_axis(
        ["soc_code", "job_zone_low", "job_zone_high", "onet_occupation_count"], axis=1
    )


def _required_education(raws: RawFiles) -> pd.DataFrame:
    frame, where = _read(raws, _EDUCATION, ["Scale ID", "Category", "Data Value", "Recommend Suppress"])
    frame = frame[frame["Scale ID"] == "RL"].reset_index(drop=True)  # required level of education
    frame["category"] = _numbers(frame["Category"], 1, 12, where).astype("Int64")
    need_unique(frame, [_CODE, "category"], where)
    frame["value"] = _numbers(frame["Data Value"], 0, 100, where)
    by_occupation = frame.groupby(_CODE)["value"].sum()
    if frame.empty or not by_occupation.between(99, 101).all():
        raise AtlasError(f"{where}: required education does not add up to 100 % everywhere; {_FETCH_AGAIN}.")
    frame["value"] = _usable(frame)
    shares = frame.groupby(["soc_code", "category"], as_index=False)["value"]
    return shares.agg(["mean", "count"]).set_axis(
        ["soc_code", "category", "share_pct", "onet_occupation_count"], axis=1
    )


def _skills(raws: RawFiles) -> pd.DataFrame:
    frame, where = _read(raws, "Skills", ["Element ID", "Element Name", "Scale ID", "Data Value", "Recommend Suppress"])
    need_unique(frame, [_CODE, "Element ID", "Scale ID"], where)
    frame["value"] = _numbers(frame["Data Value"], 0, 7, where)
    importance, level = frame["Scale ID"] == "IM", frame["Scale ID"] == "LV"
    if not (importance.any() and level.any()) or not frame.loc[importance, "value"].between(1, 5).all():
        raise AtlasError(f"{where} lacks importance (IM, 1 to 5) or level (LV, 0 to 7); {_FETCH_AGAIN}.")
    usable = _usable(frame)
    frame["importance"], frame["level"] = usable.where(importance), usable.where(level)
    skills = frame.groupby(["soc_code", "Element ID", "Element Name"], as_index=False).agg(
        importance=("importance", "mean"), level=("level", "mean"), onet_occupation_count=(_CODE, "nunique")
    )
    skills = skills.rename(columns={"Element ID": "element_id", "Element Name": "element_name"})
    need_unique(skills, ["soc_code", "element_id"], where)
    return skills


def _clusters(raws: RawFiles) -> pd.DataFrame:
    frame = read_delimited(raws[_CLUSTERS], columns=["Career Cluster", "Career Pathway", "Code"])
    frame["soc_code"] = _soc(frame["Code"], _CLUSTERS)
    for column in ("Career Cluster", "Career Pathway"):
        frame[column] = frame[column].fillna("").str.split("; ")
    uneven = frame["Career Cluster"].str.len() != frame["Career Pathway"].str.len()
    if uneven.any():
        code = frame.loc[uneven, "Code"].iloc[0]
        raise AtlasError(f"{_CLUSTERS} has {code} with unlike numbers of clusters and pathways; {_FETCH_AGAIN}.")
    pairs = frame.explode(["Career Cluster", "Career Pathway"], ignore_index=True)
    clusters = set(pairs["Career Cluster"])
    if len(clusters) != _CLUSTER_COUNT or pairs["Career Cluster"].eq("").any() or pairs["Career Pathway"].eq("").any():
        raise AtlasError(
            f"{_CLUSTERS} names {len(clusters)} clusters, not {_CLUSTER_COUNT}, or blanks; {_FETCH_AGAIN}."
        )
    rows = pairs.rename(columns={"Career Cluster": "cluster", "Career Pathway": "subcluster"})
    rows["source_id"], rows["framework"] = "onet", FRAMEWORK_2002
    # Several O*NET occupations within one SOC code are often in the same pathway: that is one fact.
    return rows[["source_id", "framework", "soc_code", "cluster", "subcluster"]].drop_duplicates(ignore_index=True)


SOURCE = Source(
    source_id="onet",
    title="O*NET database and O*NET OnLine career clusters",
    short_title="O*NET",
    publisher="U.S. Department of Labor, Employment and Training Administration (USDOL/ETA)",
    licence=(
        "CC BY 4.0, credit USDOL/ETA. This project includes information from the O*NET Database and O*NET "
        "OnLine by the U.S. Department of Labor, Employment and Training Administration (USDOL/ETA), used "
        "under the CC BY 4.0 license. O*NET is a trademark of USDOL/ETA. The information was averaged to "
        "SOC codes; USDOL/ETA has not approved, endorsed or tested these modifications."
    ),
    landing_url="https://www.onetcenter.org/database.html",
    cadence="quarterly",
    citation=_cite([_IN_WORKBOOKS]),
    cite=_cite,
    tables=("occupation_job_zone", "occupation_required_education", "occupation_skill", "occupation_cluster"),
    parse=parse,
    remotes=(Remote("https://www.onetonline.org/find/career/All_Career_Clusters.csv", "csv", name=_CLUSTERS),),
    releases=(
        Releases(
            "database",
            (_IN_WORKBOOKS,),
            _files,
            next_release,
            newest_only=True,
            links=Links(_PAGE, _TEXT_ZIP.pattern),
            version=release_of,
        ),
    ),
    suppression="Values that the publisher recommends to suppress (too imprecise) are left out of the means.",
)
