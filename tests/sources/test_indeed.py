"""Indeed Hiring Lab: synthetic files in the publisher's format, and the mirror's files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from etl.codes import STATES
from etl.errors import AtlasError
from etl.source import RawFiles
from etl.sources.indeed import BY_STATE, NATION, SECTORS, SOURCE
from tests.sources.helpers import from_mirror, needs_mirror, raws

CONTENT = {
    NATION: [
        "date,jobcountry,indeed_job_postings_index_SA,indeed_job_postings_index_NSA,variable",
        "2020-02-01,US,100,100,total postings",
        "2020-02-02,US,100.03,100.05,new postings",
    ],
    SECTORS: [
        "date,jobcountry,indeed_job_postings_index,variable,display_name",
        '2020-02-02,US,99.85,total postings,"Arts, Media & Entertainment"',
    ],
    BY_STATE: [
        "date,state,indeed_job_postings_index",
        *(f"2020-02-01,{abbr.lower()},100" for abbr in STATES),
    ],
}


def write(folder: Path, content: dict[str, list[str]], end: str = "\n") -> RawFiles:
    for name, lines in content.items():
        (folder / name).write_bytes((end.join(lines) + end).encode())
    return raws("indeed", *(folder / name for name in content))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_three_files(tmp_path: Path, end: str) -> None:
    table = SOURCE.parse(write(tmp_path, CONTENT, end))["postings_index"]
    first, second = pd.Timestamp("2020-02-01"), pd.Timestamp("2020-02-02")
    assert table.head(5).to_numpy().tolist() == [
        [first, "00", "all", "total postings", 100.0, True],
        [second, "00", "all", "new postings", 100.03, True],
        [first, "00", "all", "total postings", 100.0, False],
        [second, "00", "all", "new postings", 100.05, False],
        [second, "00", "Arts, Media & Entertainment", "total postings", 99.85, True],
    ]
    states = table.iloc[5:]
    assert states["state_fips"].tolist() == list(STATES.values())
    assert set(states["variable"]) == {"total postings"}
    assert states["is_seasonally_adjusted"].all()


@pytest.mark.parametrize(
    ("name", "lines", "says"),
    [
        (NATION, ["date,jobcountry,index,variable", "2020-02-01,US,100,total postings"], "has no column"),
        (NATION, [CONTENT[NATION][0], "2020-02-01,CA,100,100,total postings"], "the country 'CA'"),
        (NATION, [CONTENT[NATION][0], "2020-02-02,US,1,1,old postings"], "known kind of postings"),
        (NATION, [CONTENT[NATION][0], "2020-02-01,US,98,100,total postings"], "is not an index with"),
        (NATION, [CONTENT[NATION][0], "01/02/2020,US,1,1,total postings"], "without a day"),
        (SECTORS, [*CONTENT[SECTORS], CONTENT[SECTORS][1]], "twice on 2020-02-02"),
        (SECTORS, [CONTENT[SECTORS][0], "2020-02-02,US,n/a,total postings,Sales"], "neither numbers nor"),
        (SECTORS, [CONTENT[SECTORS][0], "2020-02-02,US,1,total postings,"], "without a day, place, sector"),
        (BY_STATE, CONTENT[BY_STATE][:-1], "no rows for the state 56"),
        (BY_STATE, [*CONTENT[BY_STATE], "2020-02-01,zz,100"], "without a day, place"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, name: str, lines: list[str], says: str) -> None:
    with pytest.raises(AtlasError, match=says) as error:
        SOURCE.parse(write(tmp_path, CONTENT | {name: lines}))
    assert name in str(error.value)


@needs_mirror
def test_mirror() -> None:
    table = SOURCE.parse(from_mirror(SOURCE))["postings_index"]
    assert len(table) == 209_531
    assert not table.duplicated(["date", "state_fips", "sector", "variable", "is_seasonally_adjusted"]).any()
    assert table["date"].max() == pd.Timestamp("2026-08-14")
    assert table.loc[table["sector"] != "all", "date"].max() == pd.Timestamp("2024-09-27")
    assert table["sector"].nunique() == 47
    last = table[
        (table["date"] == "2026-08-14") & (table["state_fips"] == "00") & (table["variable"] == "new postings")
    ]
    assert last.set_index("is_seasonally_adjusted")["postings_index"].to_dict() == {
        True: 97.19,
        False: 104.99,
    }
