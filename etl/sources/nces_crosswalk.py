"""Which occupations each program prepares for: the federal crosswalk of CIP 2020 to SOC 2018.

Traps. Programs and occupations without a match are paired with the sentinels 99-9999 and 99.9999, which are
no occupation and no program. Every field is linked to its own postsecondary teachers (SOC 25-1xxx), so such
links are marked and measures leave them out. The workbook lists the same pairs twice, by program and by
occupation; the two sheets differ by the four pairs of program 03.0204, which only the first has. The first is
the one that is loaded.
"""

from __future__ import annotations

import pandas as pd

from etl.codes import NO_CIP, NO_SOC, cip_codes, soc_codes
from etl.errors import AtlasError
from etl.source import Frames, RawFiles, Remote, Source
from etl.tabular import open_workbook, read_sheet

FILE = "CIP2020_SOC2018_Crosswalk.xlsx"
_TEACHERS = "25-1"
#: The share of pairs that may stand on one sheet only (in the 2020 edition: 4 of 5,723).
_MAX_ONE_SIDED = 0.005
_COLUMNS = {"CIP2020Code": "cip_code", "SOC2018Code": "soc_code", "SOC2018Title": "title"}


def _is_pair(rows: pd.DataFrame) -> pd.Series:
    return (rows["cip_code"] != NO_CIP) & (rows["soc_code"] != NO_SOC)


def parse(raws: RawFiles) -> Frames:
    raw = raws[FILE]
    workbook = open_workbook(raw)
    sheets = {}
    for name in ("CIP-SOC", "SOC-CIP"):
        rows = read_sheet(workbook, name, where=raw.name, columns=_COLUMNS)
        where = f"sheet {name!r} of {raw.name}"
        sheets[name] = rows.assign(
            cip_code=cip_codes(rows["cip_code"], where), soc_code=soc_codes(rows["soc_code"], where)
        )
    by_program, by_occupation = sheets["CIP-SOC"], sheets["SOC-CIP"]

    key = ["cip_code", "soc_code"]
    pairs = by_program.loc[_is_pair(by_program), key].sort_values(key, ignore_index=True)
    others = by_occupation.loc[_is_pair(by_occupation), key]
    if pairs.duplicated().any():
        cip, soc = pairs[pairs.duplicated()].iloc[0]
        raise AtlasError(f"Sheet 'CIP-SOC' of {raw.name} pairs {cip} with {soc} twice; fetch it again.")
    one_sided = set(pairs.itertuples(index=False, name=None)) ^ set(others.itertuples(index=False, name=None))
    if pairs.empty or len(one_sided) > _MAX_ONE_SIDED * len(pairs):
        raise AtlasError(
            f"The sheets 'CIP-SOC' and 'SOC-CIP' of {raw.name} should list the same pairs, but "
            f"{len(one_sided):,} stand on one only (of {len(pairs):,}); one of them is not whole: fetch it "
            "again."
        )
    pairs["is_teacher_link"] = pairs["soc_code"].str.startswith(_TEACHERS)

    titles = by_occupation.loc[by_occupation["soc_code"] != NO_SOC, ["soc_code", "title"]]
    titles = titles.drop_duplicates().sort_values("soc_code", ignore_index=True)
    if titles["title"].isna().any() or titles["soc_code"].duplicated().any():
        bad = titles.loc[titles["title"].isna() | titles["soc_code"].duplicated(), "soc_code"].iloc[0]
        raise AtlasError(f"Sheet 'SOC-CIP' of {raw.name} gives {bad} no title or several; correct the file.")
    return {"program_occupation": pairs, "occupation_title": titles}


SOURCE = Source(
    source_id="nces_crosswalk",
    title="CIP 2020 to SOC 2018 Crosswalk",
    short_title="NCES CIP–SOC crosswalk",
    publisher="National Center for Education Statistics and Bureau of Labor Statistics",
    licence="Public domain (work of the United States government)",
    landing_url="https://nces.ed.gov/ipeds/cipcode/resources.aspx?y=56",
    cadence="when revised",
    citation=(
        "U.S. Department of Education, National Center for Education Statistics, and U.S. Department of "
        "Labor, Bureau of Labor Statistics. CIP 2020 to SOC 2018 Crosswalk. "
        "https://nces.ed.gov/ipeds/cipcode/resources.aspx?y=56."
    ),
    tables=("program_occupation", "occupation_title"),
    parse=parse,
    remotes=(Remote(f"https://nces.ed.gov/ipeds/cipcode/Files/{FILE}", "xlsx", period="CIP 2020, SOC 2018"),),
    suppression="Nothing is withheld; programs and occupations without a match have no row here.",
)
