"""The parser of IPEDS, on synthetic zips in its forms and, where at hand, on the publisher's own."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest

from etl.errors import AtlasError
from etl.sources import nces_ipeds
from etl.sources.nces_ipeds import SOURCE, read_completions, read_distance, read_institutions
from tests.sources.helpers import from_mirror, needs_mirror, raw, raws

ROOT = Path(__file__).resolve().parents[2]

#: Synthetic, in the live form: second majors, totals, imputation flags, race columns, a padded heading.
COMPLETIONS = """UNITID,"CIPCODE",MAJORNUM,AWLEVEL,XCTOTALT,CTOTALT,XCTOTALM,CTOTALM,XCTOTALW,CTOTALW ,CAIANT
100654,"01.0999",1,05,"R",3,"R",1,"R",2,0
100654,"01.0999",2,05,"R",9,"R",9,"R",0,0
100654,"01.0999",1,12,"R",3,"R",1,"R",2,0
100654,"99",1,05,"R",3,"R",1,"R",2,0
100654,"99",1,3,"R",40,"R",4,"R",36,0
100690,"99",1,21,"R",5,"R",5,"Z",0,0
100654,"51.3801",1,3,"R",40,"R",4,"R",36,0
100654,"52.0201",1,07,"R",0,"R",0,"R",0,0
100690,1.0101,1,21,"P",5,"P",5,"Z",0,0
"""
DIRECTORY = """UNITID,INSTNM,CITY,FIPS,WEBADDR,SECTOR,PSET4FLG,COUNTYNM,CNGDSTCD,LONGITUD,LATITUDE \r
100654,"Alabama A & M University","Normal", 1,"www.aamu.edu/",1,1,"Madison County",105,-86.568502,34.783368\r
100690,"Universidad Peña","Ponce",72," ",9,2," ",-2,-66.61,18.01\r
"""
DISTANCE = """UNITID,EFDELEV,XEFDETOT,EFDETOT,XEFDEEXC,EFDEEXC,XEFDESOM,EFDESOM,XEFDENON,EFDENON \r
100654, 1,"R",100,"R",10,"R",30,"R",60\r
100654, 2,"R",80,"R",5,"R",15,"R",60\r
100690, 1,"R",45,"A",,"A",,"R",45\r
100706, 1,"R",50,"A",,"R",20,"P",\r
"""


def pack(folder: Path, name: str, **members: str | bytes) -> Path:
    """A zip of members whose names are given without ``.csv``."""
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in members.items():
            archive.writestr(f"{member}.csv", content)
    return path


def test_completions_keep_first_majors_of_six_digit_programs(tmp_path: Path) -> None:
    awards = read_completions(raw(pack(tmp_path, "C2024_A.zip", c2024_a=COMPLETIONS)), 2024)
    assert awards.values.tolist() == [
        [2024, "100654", "01.0999", "5", 3, 1, 2],
        [2024, "100654", "51.3801", "3", 40, 4, 36],
        [2024, "100690", "01.0101", "21", 5, 5, 0],
    ]


def test_a_revised_member_is_preferred_in_any_letter_case(tmp_path: Path) -> None:
    revised = COMPLETIONS.replace(",40,", ",41,").replace(",36,", ",37,")
    path = pack(tmp_path, "C2024_A.zip", c2024_a=COMPLETIONS, C2024_A_RV=revised)
    assert read_completions(raw(path), 2024)["awards_count"].tolist() == [3, 41, 5]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig"])
def test_institutions_in_both_encodings(tmp_path: Path, encoding: str) -> None:
    path = pack(tmp_path, "HD2024.zip", hd2024=DIRECTORY.encode(encoding))
    first, second = read_institutions(raw(path), 2024).to_dict("records")
    assert first == {
        "award_year": 2024,
        "unit_id": "100654",
        "name": "Alabama A & M University",
        "city": "Normal",
        "county": "Madison County",
        "website": "www.aamu.edu/",
        "state_fips": "01",
        "congressional_district": "0105",
        "sector": "Public, 4-year or above",
        "is_title_iv": True,
        "latitude": 34.783368,
        "longitude": -86.568502,
    }
    assert (second["name"], second["state_fips"], second["is_title_iv"]) == ("Universidad Peña", "72", False)
    assert pd.isna([second["county"], second["website"], second["congressional_district"]]).all()


def test_a_blank_distance_count_is_zero_only_by_the_publishers_own_sum(tmp_path: Path) -> None:
    path = pack(tmp_path, "EF2022A_DIST.zip", ef2022a_dist=DISTANCE)
    students = read_distance(raw(path), 2022).astype("object").where(lambda frame: frame.notna(), None)
    assert students.values.tolist() == [
        [2022, "100654", 100, 10, 30],
        [2022, "100690", 45, 0, 0],
        [2022, "100706", 50, None, 20],
    ]


def _of(year: int) -> str:
    """The synthetic completions with another man among the nurses each year: no two years are alike."""
    more = year - 2020
    return COMPLETIONS.replace('"R",4,"R",36', f'"R",{4 + more},"R",{36 - more}')


def test_all_years_come_together(tmp_path: Path) -> None:
    paths = [pack(tmp_path, f"C{year}_A.zip", **{f"c{year}_a": _of(year)}) for year in nces_ipeds.YEARS]
    paths += [pack(tmp_path, f"HD{year}.zip", **{f"hd{year}": DIRECTORY}) for year in nces_ipeds.YEARS]
    paths += [
        pack(tmp_path, f"EF{year}A_DIST.zip", **{f"ef{year}a_dist": DISTANCE}) for year in nces_ipeds.DISTANCE_YEARS
    ]
    assert {path.name for path in paths} == {remote.name for remote in SOURCE.remotes}
    frames = SOURCE.parse(raws("nces_ipeds", *paths))
    assert {name: len(frame) for name, frame in frames.items()} == {
        "completion": 15,
        "institution": 10,
        "distance_enrollment": 6,
    }
    # Awards of an institution that the year's directory lacks have no state.
    pack(tmp_path, "HD2022.zip", hd2022=DIRECTORY.replace("100690", "100691"))
    with pytest.raises(AtlasError, match=r"Only 43 of 48 awards in C2022_A\.zip .* HD2022\.zip"):
        SOURCE.parse(raws("nces_ipeds", *paths))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("CTOTALM", "MEN", "no column CTOTALM"),
        (
            '"99",1,21,"R",5',
            '"99",1,21,"R",50',
            r"48 awards by program, but its own totals \(CIP 99\) say 93",
        ),
        ('"51.3801",1,3', '"51.38",1,3', "not six digits"),
        ('"51.3801",1,3', '"51.3801",1,33', "award level 33"),
        ('"51.3801",1,3', '"01.0999",1,5', "100654 01.0999 5 twice"),
        ('40,"R",4,"R",36', '40,"R",4,"R",37', "more awards to men and women"),
        ('40,"R",4,"R",36', '40,"R",4,"R",', "without a count"),
        ('40,"R",4,"R",36', '40,"R",-4,"R",36', "below 0"),
        ('40,"R",4,"R",36', '40,"R",few,"R",36', "'few'"),
    ],
)
def test_wrong_completions_are_refused_by_name(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in COMPLETIONS
    path = pack(tmp_path, "C2024_A.zip", c2024_a=COMPLETIONS.replace(old, new))
    with pytest.raises(AtlasError, match=says) as error:
        read_completions(raw(path), 2024)
    assert "C2024_A.zip" in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("PSET4FLG", "PSET5FLG", "no column PSET4FLG"),
        (",72,", ",,", "FIPS"),
        (",105,", ",10567,", "CNGDSTCD"),
        (",9,2,", ",10,2,", "SECTOR"),
        (",9,2,", ",9,,", "PSET4FLG"),
        ("18.01", "180.1", "LATITUDE"),
        ("100690", "100654", "100654 twice"),
    ],
)
def test_a_wrong_directory_is_refused_by_name(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in DIRECTORY
    path = pack(tmp_path, "HD2024.zip", hd2024=DIRECTORY.replace(old, new))
    with pytest.raises(AtlasError, match=says) as error:
        read_institutions(raw(path), 2024)
    assert "HD2024.zip" in str(error.value)


@pytest.mark.parametrize(("old", "new"), [(", 1,", ", 7,"), ('"R",60', '"R",90'), ("EFDENON", "EFDENO")])
def test_wrong_distance_counts_are_refused_by_name(tmp_path: Path, old: str, new: str) -> None:
    path = pack(tmp_path, "EF2022A_DIST.zip", ef2022a_dist=DISTANCE.replace(old, new))
    with pytest.raises(AtlasError, match=r"EF2022A_DIST\.zip"):
        read_distance(raw(path), 2022)


def test_a_cut_zip_or_a_page_in_its_place_is_refused_by_name(tmp_path: Path) -> None:
    path = pack(tmp_path, "C2024_A.zip", c2024_a=COMPLETIONS)
    whole = path.read_bytes()
    for content in (whole[: len(whole) // 2], b"<html>no such file</html>"):
        path.write_bytes(content)
        with pytest.raises(AtlasError, match=r"C2024_A\.zip is not a whole zip file"):
            read_completions(raw(path), 2024)


def test_award_levels_are_those_of_the_reference_table() -> None:
    table = pd.read_csv(ROOT / "data" / "reference" / "award_level.csv", dtype=str)
    assert table["award_level"].is_unique
    assert set(table["award_level"]) == nces_ipeds.AWARD_LEVELS
    assert set(table["award_group"]) == {"certificate", "associate", "bachelor", "graduate"}


@needs_mirror
def test_the_publishers_files() -> None:
    frames = SOURCE.parse(from_mirror(SOURCE))
    schools = frames["institution"]
    inside = schools[schools["is_title_iv"] & (schools["state_fips"] <= "56")]
    awards = frames["completion"].merge(inside[["award_year", "unit_id"]])

    def total(year: int, level: str, family: str = "") -> int:
        chosen = (awards["award_year"] == year) & (awards["award_level"] == level)
        return int(awards.loc[chosen & awards["cip_code"].str.startswith(family), "awards_count"].sum())

    assert total(2021, "5") == 2_066_445
    assert total(2022, "5") == 2_015_035
    assert total(2022, "3", "51") == 177_433
    assert total(2022, "3", "24") == 383_284
    assert set(frames["distance_enrollment"]["fall_year"]) == {2021, 2022}
    assert frames["distance_enrollment"].notna().all(axis=None)
