"""CIP 2020: the federal list of programs of study.

Traps. The file also lists what is no longer CIP 2020: "Moved from" marks the *old* place of a code that moved
(its new place is the row marked "Moved to"), "Deleted" a code that is gone; and six-digit codes titled
"Reserved." that the edition leaves empty. None of them is a program. Titles end with a full stop, those of
families are in capitals, and the publisher has quoted codes as ``="01"`` to save their zeros from
spreadsheets.
"""

from __future__ import annotations

import re

from etl.errors import AtlasError
from etl.source import Frames, RawFiles, Remote, Source
from etl.tabular import read_delimited

FILE = "CIPCode2020.csv"
_CODE = re.compile(r"\d\d(\.\d\d(\d\d)?)?")
_CURRENT = {"No substantive changes", "New", "Moved to"}
_GONE = {"Moved from", "Deleted"}
_SMALL_WORDS = re.compile(r"(?<= )(And|For|In|Of|Or|The|To)(?= )")


def _title(text: str) -> str:
    """A title without its full stop and doubled blanks; capitals become title case."""
    title = " ".join(text.split()).removesuffix(".")
    return _SMALL_WORDS.sub(lambda word: word[0].lower(), title.title()) if title.isupper() else title


def parse(raws: RawFiles) -> Frames:
    raw = raws[FILE]
    listed = read_delimited(raw, columns=["CIPCode", "Action", "CIPTitle"])
    code = listed["CIPCode"].str.replace(r'^="?|"$', "", regex=True)

    odd = code[~code.str.fullmatch(_CODE.pattern)]
    if len(odd):
        raise AtlasError(
            f"{raw.name} has the code {odd.iloc[0]!r}, which has lost its zeros or is no CIP code; fetch the "
            "file again and do not save it from a spreadsheet."
        )
    unknown = set(listed["Action"].dropna()) - _CURRENT - _GONE
    if unknown or listed[["Action", "CIPTitle"]].isna().any(axis=None):
        what = f"the action {min(unknown)!r}" if unknown else "rows without action or title"
        raise AtlasError(
            f"{raw.name} has {what}, so it cannot be told which codes are CIP 2020; look at the file and "
            "teach etl/sources/nces_cip.py the new form."
        )

    listed = listed.assign(cip_code=code, title=listed["CIPTitle"].map(_title))
    families = listed[listed["cip_code"].str.len() == 2].set_index("cip_code")["title"]
    is_program = (listed["cip_code"].str.len() == 7) & listed["Action"].isin(_CURRENT) & (listed["title"] != "Reserved")
    program = listed.loc[is_program, ["cip_code", "title"]].sort_values("cip_code", ignore_index=True)
    program["family_code"] = program["cip_code"].str[:2]
    program["family_title"] = program["family_code"].map(families)
    if program["cip_code"].duplicated().any():
        twice = program.loc[program["cip_code"].duplicated(), "cip_code"].iloc[0]
        raise AtlasError(f"{raw.name} lists the program {twice} twice; fetch it again or correct the file.")
    if program.empty or program["family_title"].isna().any():
        raise AtlasError(
            f"{raw.name} has no programs, or programs without the two-digit row that names their family; it "
            "may be cut short: fetch it again."
        )
    return {"program": program}


SOURCE = Source(
    source_id="nces_cip",
    title="Classification of Instructional Programs (CIP), 2020 edition",
    short_title="NCES CIP 2020",
    publisher="National Center for Education Statistics, U.S. Department of Education",
    licence="Public domain (work of the United States government)",
    landing_url="https://nces.ed.gov/ipeds/cipcode/",
    cadence="when revised",
    citation=(
        "U.S. Department of Education, National Center for Education Statistics. Classification of "
        "Instructional Programs (CIP), 2020 edition. https://nces.ed.gov/ipeds/cipcode/."
    ),
    tables=("program",),
    parse=parse,
    remotes=(Remote(f"https://nces.ed.gov/ipeds/cipcode/Files/{FILE}", "csv", period="2020"),),
    suppression="Nothing is withheld.",
)
