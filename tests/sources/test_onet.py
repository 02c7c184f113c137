"""O*NET from synthetic workbooks and text zips in the publisher's format, and from a mirror."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from etl.errors import AtlasError
from etl.source import Frames
from etl.sources import onet
from tests.sources.helpers import MIRROR, needs_mirror, raws

EDUCATION = "Education, Training, and Experience"
Table = list[list[object]]

ZONES: Table = [
    ["O*NET-SOC Code", "Title", "Job Zone", "Date", "Domain Source"],
    ["29-1141.00", "Registered Nurses", 3.0, "08/2023", "Analyst"],
    ["29-1141.01", "Acute Care Nurses", 4.0, "08/2023", "Analyst"],
    ["47-2111.00", "Electricians", 3.0, "08/2023", "Analyst"],
]


def shares(code: str, *named: tuple[int, float, str]) -> Table:
    """All twelve categories of one occupation; those not named are 0."""
    given = {category: (share, suppress) for category, share, suppress in named}
    return [
        [code, "", "2.D.1", "Required Level of Education", "RL", "", float(c), *given.get(c, (0.0, "N"))]
        for c in range(1, 13)
    ]


SHARES: Table = [
    ["O*NET-SOC Code", "Title", "Element ID", "Element Name", "Scale ID", "Scale Name", "Category",
     "Data Value", "Recommend Suppress"],
    *shares("29-1141.00", (5, 40.0, "N"), (6, 60.0, "Y")),
    *shares("29-1141.01", (5, 20.0, "N"), (6, 80.0, "N")),
    *shares("47-2111.00", (2, 70.0, "Y"), (4, 30.0, "N")),
    ["47-2111.00", "", "3.A.1", "Related Work Experience", "RW", "", 1.0, 55.0, "N"],
]  # fmt: skip

SKILLS: Table = [
    ["O*NET-SOC Code", "Title", "Element ID", "Element Name", "Scale ID", "Data Value", "Recommend Suppress",
     "Not Relevant"],
    ["29-1141.00", "", "2.A.1.a", "Reading Comprehension", "IM", 4.0, "N", ""],
    ["29-1141.00", "", "2.A.1.a", "Reading Comprehension", "LV", 4.5, "N", "N"],
    ["29-1141.01", "", "2.A.1.a", "Reading Comprehension", "IM", 3.0, "N", ""],
    ["29-1141.01", "", "2.A.1.a", "Reading Comprehension", "LV", 3.5, "Y", "N"],
    ["47-2111.00", "", "2.A.1.a", "Reading Comprehension", "IM", 2.0, "N", ""],
    ["47-2111.00", "", "2.A.1.a", "Reading Comprehension", "LV", 1.0, "Y", "N"],
]  # fmt: skip

CLUSTERS = [
    "Career Cluster,Career Pathway,Code,Occupation",
    '"Arts, Audio/Video Technology & Communications",Visual Arts,27-1011.00,"Art Directors"',
    "Health Science,Therapeutic Services,29-1141.00,Registered Nurses",
    "Health Science,Therapeutic Services,29-1141.01,Acute Care Nurses",
    "Finance; Human Services,Banking Services; Consumer Services,13-2071.00,Credit Counselors",
    *(f"Cluster {n},Pathway {n},11-10{n}.00,Manager" for n in range(10, 22)),
]


def write_workbook(folder: Path, name: str, table: Table, sheet: str) -> Path:
    book = openpyxl.Workbook()
    active = book.active
    assert active is not None
    active.title = sheet
    for line in table:
        active.append(line)
    path = folder / f"{name}.xlsx"
    book.save(path)
    return path


def files(
    folder: Path,
    zones: Table = ZONES,
    education: Table = SHARES,
    skills: Table = SKILLS,
    clusters: list[str] = CLUSTERS,
    zone_sheet: str = "Job Zones",
) -> list[Path]:
    listing = folder / "All_Career_Clusters.csv"
    listing.write_text("\n".join(clusters), encoding="utf-8")
    return [
        listing,
        write_workbook(folder, "Job Zones", zones, zone_sheet),
        write_workbook(folder, EDUCATION, education, "Education, Training, and Experi"),
        write_workbook(folder, "Skills", skills, "Skills"),
    ]


def parse(paths: list[Path]) -> Frames:
    return onet.SOURCE.parse(raws("onet", *paths))


def test_job_zones_span_the_finer_occupations(tmp_path: Path) -> None:
    frame = parse(files(tmp_path))["occupation_job_zone"]
    assert frame.values.tolist() == [["29-1141", 3, 4, 2], ["47-2111", 3, 3, 1]]


def test_required_education_leaves_suppressed_shares_out(tmp_path: Path) -> None:
    frame = parse(files(tmp_path))["occupation_required_education"]
    assert len(frame) == 24
    nurses = frame[frame["soc_code"].eq("29-1141") & frame["category"].isin([5, 6])]
    assert nurses.values.tolist() == [["29-1141", 5, 30.0, 2], ["29-1141", 6, 80.0, 1]]
    gone = frame[frame["share_pct"].isna()]
    assert gone.drop(columns="share_pct").values.tolist() == [["47-2111", 2, 0]]


def test_skills_are_means_over_usable_values(tmp_path: Path) -> None:
    frame = parse(files(tmp_path))["occupation_skill"]
    assert frame.iloc[0].to_dict() == {
        "soc_code": "29-1141",
        "element_id": "2.A.1.a",
        "element_name": "Reading Comprehension",
        "importance": 3.5,
        "level": 4.5,
        "onet_occupation_count": 2,
    }
    assert frame["level"].isna().tolist() == [False, True]


def test_clusters_in_one_cell_go_with_their_pathways(tmp_path: Path) -> None:
    frame = parse(files(tmp_path))["occupation_cluster"]
    assert len(frame) == 16  # the two nurses are one SOC code, the credit counselors are in two clusters
    assert set(frame["framework"]) == {"16 clusters (2002)"}
    counselors = frame[frame["soc_code"] == "13-2071"]
    assert counselors[["cluster", "subcluster"]].values.tolist() == [
        ["Finance", "Banking Services"],
        ["Human Services", "Consumer Services"],
    ]


def test_text_zip_reads_as_the_workbooks_do(tmp_path: Path) -> None:
    listing, *books = files(tmp_path)
    path = tmp_path / "db_31_0_text.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, table in (("Job Zones", ZONES), (EDUCATION, SHARES), ("Skills", SKILLS)):
            text = "\r\n".join("\t".join(map(str, line)) for line in table)
            archive.writestr(f"db_31_0_text/{name}.txt", text)
        archive.writestr("db_31_0_text/Technology Skills.txt", "not read")
    from_text, from_books = parse([listing, path]), parse([listing, *books])
    for table_name, frame in from_books.items():
        assert from_text[table_name].equals(frame), table_name


def test_what_cannot_be_true_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AtlasError, match=r"Job Zone of Job Zones\.xlsx is blank or outside 1 to 5"):
        parse(files(tmp_path, zones=[*ZONES, ["11-1011.00", "", 6.0, "", ""]]))
    with pytest.raises(AtlasError, match=r"Job Zones\.xlsx has 47-2111\.00 twice"):
        parse(files(tmp_path, zones=[*ZONES, ZONES[-1]]))
    with pytest.raises(AtlasError, match=r"Job Zones\.xlsx has a malformed O\*NET-SOC code '47-2111'"):
        parse(files(tmp_path, zones=[*ZONES, ["47-2111", "", 3.0, "", ""]]))
    with pytest.raises(AtlasError, match=r"Experience\.xlsx: required education does not add up"):
        parse(files(tmp_path, education=SHARES[:18]))
    with pytest.raises(AtlasError, match=r"Skills\.xlsx lacks importance"):
        parse(files(tmp_path, skills=[SKILLS[0], SKILLS[2]]))
    uneven = [*CLUSTERS, "Finance; Marketing,Banking Services,41-3021.00,Insurance Sales Agents"]
    with pytest.raises(AtlasError, match=r"All_Career_Clusters\.csv has 41-3021\.00 with unlike numbers"):
        parse(files(tmp_path, clusters=uneven))
    with pytest.raises(AtlasError, match="names 15 clusters, not 16"):
        parse(files(tmp_path, clusters=CLUSTERS[:-1]))


def test_missing_column_sheet_and_file(tmp_path: Path) -> None:
    without = [[c for i, c in enumerate(line) if i != 2] for line in ZONES]
    with pytest.raises(AtlasError, match=r"Job Zones\.xlsx has no column Job Zone"):
        parse(files(tmp_path, zones=without))
    with pytest.raises(AtlasError, match=r"Job Zones\.xlsx has no sheet 'Job Zones'"):
        parse(files(tmp_path, zone_sheet="Zones"))
    with pytest.raises(AtlasError, match=r"onet needs the file Skills\.xlsx"):
        parse(files(tmp_path)[:-1])


@needs_mirror
def test_published_figures() -> None:
    books = MIRROR / "www.onetcenter.org/dl_files/database/db_29_3_excel"
    listing = MIRROR / "www.onetonline.org/find/career/All_Career_Clusters.csv"
    frames = parse([listing, *(books / f"{n}.xlsx" for n in ("Job Zones", EDUCATION, "Skills"))])
    zones = frames["occupation_job_zone"]
    assert (len(zones), (zones["job_zone_low"] < zones["job_zone_high"]).sum()) == (798, 27)
    assert frames["occupation_cluster"]["cluster"].nunique() == 16
    assert len(frames["occupation_skill"]) == 763 * 35
    assert len(frames["occupation_required_education"]) == 751 * 12
