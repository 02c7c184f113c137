"""The parser of the CIP 2020 list, on synthetic files and, where at hand, on the publisher's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.errors import AtlasError
from etl.sources.nces_cip import SOURCE
from tests.sources.helpers import from_mirror, needs_mirror, raws

HEADING = "CIPFamily,CIPCode,Action,TextChange,CIPTitle,CIPDefinition,CrossReferences,Examples"
SYNTHETIC = f"""{HEADING}
01,01,No substantive changes,yes,AGRICULTURAL AND RELATED-FIELD STUDIES.,"Words, with a comma.",,
01,01.03,No substantive changes,no,Agricultural Production.,,,
01,01.0309,Moved from,no,Viticulture and Enology.,Moved from 01.0309 to 01.1004,,
01,01.1004,Moved to,no,Viticulture  and Enology.,,,
01,01.0480,New,no,Reserved.,,,
01,01.9998,Deleted,no,Gone.,,,
="30",="30",No substantive changes,no,MULTI/INTERDISCIPLINARY STUDIES.,,,
="30",="30.0101",New,no,Biological and Physical Sciences,,,
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "CIPCode2020.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_only_programs_of_the_edition_remain(tmp_path: Path) -> None:
    program = SOURCE.parse(raws("nces_cip", write(tmp_path, SYNTHETIC)))["program"]
    assert program.values.tolist() == [
        ["01.1004", "Viticulture and Enology", "01", "Agricultural and Related-Field Studies"],
        ["30.0101", "Biological and Physical Sciences", "30", "Multi/Interdisciplinary Studies"],
    ]
    assert list(program.columns) == ["cip_code", "title", "family_code", "family_title"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Action", "Acting", "no column Action"),
        ("01,01.1004,", "01,1.1004,", "1.1004"),
        ("Moved to", "Split into", "Split into"),
        ("01,01,No substantive changes,yes", "01,02,No substantive changes,yes", "family"),
        ('="30",="30.0101"', "01,01.1004", "twice"),
    ],
)
def test_a_changed_file_is_refused_by_name(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = write(tmp_path, SYNTHETIC.replace(old, new))
    with pytest.raises(AtlasError, match=rf"CIPCode2020\.csv.*{says}|{says}.*CIPCode2020\.csv"):
        SOURCE.parse(raws("nces_cip", path))


@needs_mirror
def test_the_publishers_file() -> None:
    program = SOURCE.parse(from_mirror(SOURCE))["program"]
    assert len(program) == 2143
    nursing = program.set_index("cip_code").loc["51.3801"]
    assert nursing["title"] == "Registered Nursing/Registered Nurse"
    assert nursing["family_title"] == "Health Professions and Related Programs"
    assert not program["title"].str.endswith(".").any()
