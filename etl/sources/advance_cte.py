"""Advance CTE's National Career Clusters Framework (2024): which clusters occupations, programs and sectors
belong to.

Four workbooks: one each for occupations (SOC), programs (CIP) and sectors (NAICS), and one that lists the
three jointly. An occupation or program may be in several clusters, so clusters overlap and are never summed.

Traps. In the joint workbook each block opens with a row that holds only the cluster's name, a few rows stand
twice, one cell names several sectors ("61, 92"), which become a row each, and 99.9999 stands for "no
program". The same sub-cluster is also written in another letter case ("water systems"): the commonest
spelling is used throughout. Some occupation codes are the National Employment Matrix's own (29-2010, 25-9045
...), not SOC 2018 details: see soc_map.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

import pandas as pd

from etl.codes import FRAMEWORK_2024, NO_CIP, NO_SOC, cip_codes, soc_codes
from etl.errors import AtlasError
from etl.source import Frames, Links, RawFile, RawFiles, Remote, Source, listed
from etl.tabular import open_workbook, read_sheet

_CLUSTER_COUNT = 14
#: The folder of an upload carries its month, so a revised workbook lies elsewhere: the page links it.
_FOLDER = "https://careertech.org/wp-content/uploads/2025/09/"
_PAGE = "https://careertech.org/resource/framework-crosswalk/"
_FRAMEWORK, _UPLOADED = "2024 framework", "September 2025"
JOINT_FILE = "Full_Framework_Crosswalk.xlsx"
SOC_FILE = "Full_Framework_Crosswalk_SOC-Career-Clusters.xlsx"
CIP_FILE = "Full_Framework_Crosswalk_CIP-Career-Clusters.xlsx"
NAICS_FILE = "Full_Framework_Crosswalk_NAICS-Career-Clusters-Subclusters.xlsx"

_NAMES = {"Career Cluster": "cluster", "Sub-Cluster": "subcluster"}
_SOC = {"SOC Code": "soc_code"}
_CIP = {"CIP Code (2020)": "cip_code"}
_NAICS = {"2-Digit NAICS": "naics_sector"}


def _read(raw: RawFile, sheet_pattern: str, codes: dict[str, str]) -> pd.DataFrame:
    """The rows of the one sheet whose name matches, without the rows that only open a cluster's block."""
    workbook = open_workbook(raw)
    sheets = [name for name in workbook.sheet_names if re.fullmatch(sheet_pattern, name, re.IGNORECASE)]
    if len(sheets) != 1:
        raise AtlasError(
            f"{raw.name} should have one sheet named like {sheet_pattern!r}, but has "
            f"{', '.join(workbook.sheet_names)}; fetch it again, and if it stays so the publisher has "
            "renamed it."
        )
    rows = read_sheet(workbook, sheets[0], where=raw.name, columns=_NAMES | codes)
    opens_block = rows.drop(columns="cluster").isna().all(axis=1)
    rows = rows[~opens_block].apply(lambda column: column.str.split().str.join(" "))
    # A row without a sector still says which cluster an occupation is in.
    needed = ["cluster", "subcluster", *(c for c in codes.values() if c != "naics_sector")]
    if rows.empty or rows[needed].isna().any(axis=None):
        raise AtlasError(
            f"Sheet {sheets[0]!r} of {raw.name} has no rows, or rows without a {' or '.join(needed)}; "
            "correct the file or fetch it again."
        )
    return rows


def _sectors(column: pd.Series, where: str) -> pd.Series:
    """Two-digit sectors; anything but ``11`` or ``31-33`` is an error, a blank stays missing."""
    odd = column.dropna()[~column.dropna().str.fullmatch(r"\d\d(-\d\d)?")]
    if len(odd):
        raise AtlasError(
            f"{where} has the sector {odd.iloc[0]!r}, which is no two-digit NAICS sector; correct the file."
        )
    return column


def _one_spelling(frames: Iterable[pd.DataFrame], column: str) -> dict[str, str]:
    """Every spelling mapped to the commonest one that differs from it only in letter case."""
    spellings = Counter(text for frame in frames for text in frame[column])
    commonest: dict[str, str] = {}
    for text, _ in sorted(spellings.items(), key=lambda item: (-item[1], item[0])):
        commonest.setdefault(text.casefold(), text)
    return {text: commonest[text.casefold()] for text in spellings}


def parse(raws: RawFiles) -> Frames:
    soc = _read(raws[SOC_FILE], r"SOC\W+CC\W+Sub-?Clusters", _SOC)
    cip = _read(raws[CIP_FILE], r"CIP\W+CC\W+Sub-?Clusters", _CIP)
    naics = _read(raws[NAICS_FILE], r"CC\W+Sub-?Clusters?\W+NAICS", _NAICS)
    joint = _read(raws[JOINT_FILE], r"SOC\W+CIP\W+CC", _SOC | _CIP | _NAICS)
    by_file = {SOC_FILE: soc, CIP_FILE: cip, NAICS_FILE: naics, JOINT_FILE: joint}

    for column in _NAMES.values():
        spelling = _one_spelling(by_file.values(), column)
        for rows in by_file.values():
            rows[column] = rows[column].map(spelling)
    for file, rows in by_file.items():
        if set(rows["cluster"]) != set(soc["cluster"]) or rows["cluster"].nunique() != _CLUSTER_COUNT:
            raise AtlasError(
                f"{file} names {rows['cluster'].nunique()} clusters, which are not the framework's "
                f"{_CLUSTER_COUNT} as in {SOC_FILE}; fetch all four workbooks again, and if it stays so the "
                "framework has changed."
            )
        if "soc_code" in rows:
            rows["soc_code"] = soc_codes(rows["soc_code"], file)
        if "cip_code" in rows:
            rows["cip_code"] = cip_codes(rows["cip_code"], file)

    joint["naics_sector"] = joint["naics_sector"].str.split(r"\s*,\s*", regex=True)
    joint = joint.explode("naics_sector")
    joint["naics_sector"] = _sectors(joint["naics_sector"], JOINT_FILE)
    naics["naics_sector"] = _sectors(naics["naics_sector"], NAICS_FILE)
    if naics["naics_sector"].isna().any():
        raise AtlasError(f"{NAICS_FILE} has sub-clusters without a sector; correct the file or fetch it again.")

    return {
        "occupation_cluster": _table(soc[soc["soc_code"] != NO_SOC]).assign(source_id="advance_cte"),
        "program_cluster": _table(cip[cip["cip_code"] != NO_CIP]),
        "cluster_industry": _table(naics),
        "cluster_crosswalk": _table(
            joint[joint["soc_code"] != NO_SOC].assign(
                cip_code=lambda rows: rows["cip_code"].mask(rows["cip_code"] == NO_CIP)
            )
        ),
    }


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.drop_duplicates().sort_values(list(rows.columns), ignore_index=True)
    return rows.assign(framework=FRAMEWORK_2024)


def _period(raw: RawFile) -> str:
    """The framework, with the month of the upload where it is another than the first."""
    month = re.search(r"/uploads/(\d{4})/(0[1-9]|1[0-2])/", raw.url)
    uploaded = f"{date(int(month[1]), int(month[2]), 1):%B %Y}" if month else _UPLOADED
    return _FRAMEWORK if uploaded == _UPLOADED else f"{_FRAMEWORK}, workbooks of {uploaded}"


def _cite(periods: Sequence[str]) -> str:
    months = [p.partition("workbooks of ")[2] or _UPLOADED for p in periods]
    return (
        "Advance CTE. National Career Clusters® Framework Crosswalk: CIP, SOC, NAICS, Cluster, and "
        f"Sub-Cluster (workbooks of {listed(months)}). https://careertech.org/career-clusters. National Career "
        "Clusters® is a registered mark of Advance CTE."
    )


SOURCE = Source(
    source_id="advance_cte",
    title="National Career Clusters® Framework Crosswalks: SOC, CIP and NAICS",
    short_title="Advance CTE National Career Clusters® Framework",
    publisher="Advance CTE",
    licence=(
        "The workbooks state no licence. The framework is Advance CTE's, and National Career Clusters is a "
        "registered mark of Advance CTE: credit Advance CTE wherever clusters are shown"
    ),
    landing_url="https://careertech.org/career-clusters",
    cadence="when revised",
    citation=_cite([_FRAMEWORK]),
    cite=_cite,
    tables=("occupation_cluster", "program_cluster", "cluster_industry", "cluster_crosswalk"),
    parse=parse,
    remotes=tuple(
        Remote(
            _FOLDER + file,
            "xlsx",
            name=file,
            links=Links(_PAGE, re.escape(file.removesuffix(".xlsx")) + r"(-\d+)?\.xlsx"),
            dated=_period,
        )
        for file in (JOINT_FILE, SOC_FILE, CIP_FILE, NAICS_FILE)
    ),
    suppression="Nothing is withheld.",
)
