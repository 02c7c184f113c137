"""Next year's files: found under their names, held to them, and read with no change of code. All files are synthetic."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from etl.codes import STATES
from etl.errors import AtlasError
from etl.fetch import Fetched, Fetcher
from etl.settings import Settings
from etl.source import RawFile, RawFiles, Source
from etl.sources import advance_cte, all_sources, bls_cps, bls_oews, bls_projections, bls_qcew, nces_ipeds, onet
from etl.sources import projections_central as central
from tests.etl.helpers import Answer, assert_one_sentence, publisher
from tests.sources import test_bls_oews as oews
from tests.sources import test_bls_qcew as qcew
from tests.sources import test_nces_ipeds as ipeds
from tests.sources import test_onet as onet_files
from tests.sources import test_projections_central as states
from tests.sources.helpers import raw, raws
from tests.sources.test_bls_cps import MAIN_LEVELS, line, write
from tests.sources.test_bls_projections import workbook


class Folder:
    """A folder that stands for the publishers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "mirror"
        self.folder.mkdir()
        self.settings = Settings(data_dir=folder / "data", mirror=str(self.folder))

    def put(self, path: Path, url: str) -> None:
        place = self.folder / url.removeprefix("https://")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, place)

    def fetch(self, source: Source) -> Fetched:
        return Fetcher(self.settings).fetch(source)


@pytest.fixture
def site(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


# ------------------------------------------------------------------ IPEDS

IPEDS = "https://nces.ed.gov/ipeds/datacenter/data"


def put_ipeds(site: Folder, tmp_path: Path, years: range, falls: range) -> None:
    for year in years:
        site.put(ipeds.pack(tmp_path, f"C{year}_A.zip", **{f"c{year}_a": ipeds._of(year)}), f"{IPEDS}/C{year}_A.zip")
        site.put(ipeds.pack(tmp_path, f"HD{year}.zip", **{f"hd{year}": ipeds.DIRECTORY}), f"{IPEDS}/HD{year}.zip")
    for fall in falls:
        name = f"EF{fall}A_DIST"
        site.put(ipeds.pack(tmp_path, f"{name}.zip", **{name.lower(): ipeds.DISTANCE}), f"{IPEDS}/{name}.zip")


def test_the_awards_and_distance_counts_of_later_years(site: Folder, tmp_path: Path) -> None:
    put_ipeds(site, tmp_path, range(2020, 2027), range(2021, 2024))
    (site.folder / IPEDS.removeprefix("https://") / "HD2026.zip").unlink()  # the awards are out, the directory is not
    fetched = site.fetch(nces_ipeds.SOURCE)
    frames = nces_ipeds.SOURCE.parse(fetched.files)
    assert set(frames["completion"]["award_year"]) == set(range(2020, 2026))
    assert set(frames["distance_enrollment"]["fall_year"]) == {2021, 2022, 2023}
    cited = nces_ipeds.SOURCE.citation_of([f.period for f in fetched.files.values()])
    assert "Completions 2019-20 to 2024-25, Directory Information 2020 to 2025" in cited
    assert "(Distance Education) 2021, 2022 and 2023" in cited


def test_last_years_awards_under_this_years_name(site: Folder, tmp_path: Path) -> None:
    put_ipeds(site, tmp_path, range(2020, 2026), range(2021, 2023))
    files = dict(site.fetch(nces_ipeds.SOURCE).files)
    for members, says in (
        ({"c2024_a": ipeds._of(2024)}, "C2025_A.zip holds c2024_a.csv, which is not the table that its name promises"),
        ({"c2025_a": ipeds._of(2024)}, "C2025_A.zip holds the very awards of the year before, under a new name"),
    ):
        files["C2025_A.zip"] = raw(ipeds.pack(tmp_path, "C2025_A.zip", **members))
        with pytest.raises(AtlasError, match=says) as error:
            nces_ipeds.SOURCE.parse(RawFiles("nces_ipeds", files))
        assert_one_sentence(str(error.value), "python -m etl refresh nces_ipeds")


# ------------------------------------------------------------------ OEWS


def test_the_estimates_of_a_later_year(site: Folder, tmp_path: Path) -> None:
    paths = oews.files(tmp_path)
    paths.append(oews.zipped(tmp_path, "oesm26nat.zip", "national_M2026_dl.xlsx", oews.NATION))
    state = [oews.row("00-0000", "total", 100.0, AREA=s) for s in oews.STATES]
    state += [oews.row("29-1141", "detailed", 100.0, AREA=s) for s in oews.STATES]
    paths.append(oews.zipped(tmp_path, "oesm26st.zip", "state_M2026_dl.xlsx", state))
    for path in paths:
        site.put(path, f"https://www.bls.gov/oes/special-requests/{path.name}")
    fetched = site.fetch(bls_oews.SOURCE)
    frames = bls_oews.SOURCE.parse(fetched.files)
    assert set(frames["occupation_employment"]["reference_year"]) == {2024, 2025, 2026}
    assert set(frames["industry_occupation_employment"]["reference_year"]) == {2024}
    assert "May 2024, May 2025 and May 2026 national" in bls_oews.SOURCE.citation_of(
        [f.period for f in fetched.files.values()]
    )
    files = dict(fetched.files)
    files["oesm26nat.zip"] = raw(oews.zipped(tmp_path, "oesm26nat.zip", "national_M2025_dl.xlsx", oews.NATION))
    with pytest.raises(AtlasError, match=r"oesm26nat\.zip should hold one national_m2026_dl\.xlsx file") as error:
        bls_oews.SOURCE.parse(RawFiles("bls_oews", files))
    assert_one_sentence(str(error.value))


# ------------------------------------------------------------------ QCEW


def put_qcew(site: Folder, tmp_path: Path, quarter: str, holds: str = "", areas: int = 52) -> None:
    held = holds or quarter
    for area in list(bls_qcew.AREAS)[:areas]:
        line = qcew.reduced(area, "0", "10", "1,2,3").replace('"2024","4"', f'"{held[:4]}","{held[-1]}"')
        path = qcew.write(tmp_path / "slice.csv", [qcew.REDUCED, line])
        site.put(path, f"https://data.bls.gov/cew/data/api/{quarter[:4]}/{quarter[-1]}/area/{area}.csv")


def test_the_newest_quarter_that_is_whole(site: Folder, tmp_path: Path) -> None:
    put_qcew(site, tmp_path, "2024Q4")
    put_qcew(site, tmp_path, "2025Q1")
    put_qcew(site, tmp_path, "2025Q2", areas=50)
    fetched = site.fetch(bls_qcew.SOURCE)
    assert {f.period for f in fetched.files.values()} == {"2025Q1"}
    assert set(bls_qcew.SOURCE.parse(fetched.files)["industry_employment"]["quarter"]) == {"2025Q1"}
    assert "Wages, 2025 quarter 1, area" in bls_qcew.SOURCE.citation_of(["2025Q1"])
    put_qcew(site, tmp_path, "2025Q2", holds="2025Q1")
    with pytest.raises(AtlasError, match=r"2025Q2_US000\.csv holds figures of 2025Q1") as error:
        bls_qcew.SOURCE.parse(site.fetch(bls_qcew.SOURCE).files)
    assert_one_sentence(str(error.value))


# ------------------------------------------------------------------ O*NET


def text_zip(folder: Path, name: str, inside: str) -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        for table, rows in (("Job Zones", onet_files.ZONES), (onet_files.EDUCATION, onet_files.SHARES),
                            ("Skills", onet_files.SKILLS)):  # fmt: skip
            archive.writestr(f"{inside}/{table}.txt", "\r\n".join("\t".join(map(str, line)) for line in rows))
    return path


def test_the_text_of_a_later_release(site: Folder, tmp_path: Path) -> None:
    listing, *books = onet_files.files(tmp_path)
    site.put(listing, "https://www.onetonline.org/find/career/All_Career_Clusters.csv")
    for book in books:
        site.put(book, f"https://www.onetcenter.org/dl_files/database/db_29_3_excel/{book.name}")
    workbooks = site.fetch(onet.SOURCE).files
    assert sorted(f.period for f in workbooks.values()) == ["", "29.3", "29.3", "29.3"]
    page = tmp_path / "page"
    page.write_text("<html><a href='/dl_files/database/db_33_1_text.zip'>Text</a></html>")
    site.put(page, "https://www.onetcenter.org/database.html")
    address = "https://www.onetcenter.org/dl_files/database/db_33_1_text.zip"
    site.put(text_zip(tmp_path, "text.zip", "db_33_1_text"), address)
    fetched = site.fetch(onet.SOURCE)
    assert {f.name: f.period for f in fetched.files.values()} == {
        "All_Career_Clusters.csv": "",
        "db_33_1_text.zip": "33.1",
    }
    text, book = onet.SOURCE.parse(fetched.files), onet.SOURCE.parse(workbooks)
    assert all(text[name].equals(book[name]) for name in book)
    assert "O*NET 33.1 Database" in onet.SOURCE.citation_of([f.period for f in fetched.files.values() if f.period])
    site.put(text_zip(tmp_path, "text.zip", "db_33_0_text"), address)
    with pytest.raises(AtlasError, match=r"db_33_1_text\.zip holds db_33_0_text/.* of another release") as error:
        onet.SOURCE.parse(site.fetch(onet.SOURCE).files)
    assert_one_sentence(str(error.value))


def test_of_several_text_zips_the_newest_is_read(tmp_path: Path) -> None:
    listing, *_ = onet_files.files(tmp_path)
    old, new = text_zip(tmp_path, "db_9_9_text.zip", "wrong"), text_zip(tmp_path, "db_31_0_text.zip", "db_31_0_text")
    assert len(onet.SOURCE.parse(raws("onet", listing, old, new))["occupation_job_zone"]) == 2


# ------------------------------------------------------------------ what is named by the file itself


def test_the_years_of_the_projections_are_read_from_the_workbook(tmp_path: Path) -> None:
    (remote,) = bls_projections.SOURCE.remotes
    assert remote.dated is not None
    assert remote.dated(raw(workbook(tmp_path))) == "2026-36"
    assert "openings), 2026–36. Washington" in bls_projections.SOURCE.citation_of(["2026-36"])


def test_the_month_of_an_upload_is_in_its_address() -> None:
    def period(folder: str) -> str:
        url = f"https://careertech.org/wp-content/uploads/{folder}/Full_Framework_Crosswalk.xlsx"
        remote = advance_cte.SOURCE.remotes[0]
        assert remote.dated is not None
        return remote.dated(RawFile("a", Path(), url, when, "", 0))

    when = raw(Path(__file__)).retrieved_at
    assert [period("2025/09"), period("2026/02")] == ["2024 framework", "2024 framework, workbooks of February 2026"]
    assert "(workbooks of February 2026)" in advance_cte.SOURCE.citation_of([period("2026/02")])
    assert advance_cte.SOURCE.citation_of([period("2025/09")]) == advance_cte.SOURCE.citation


def test_every_citation_of_the_known_periods_is_the_one_that_is_written() -> None:
    for source in all_sources().values():
        periods = [remote.period for remote in source.remotes if remote.period]
        assert source.citation_of(periods) == source.citation, source.source_id


# ------------------------------------------------------------------ CPS by the interface


def test_the_interface_and_the_flat_file_give_the_same_rows(tmp_path: Path) -> None:
    series = {**{name: 100.0 + n for n, name in enumerate(MAIN_LEVELS)}, "LNU04032231": 6.5, "LNS14000000": 4.0}
    lines = [line(name, 2025, month, value) for name, value in series.items() for month in ("M01", "M12", "M13")]
    lines.append(line("LNU03032231", 2025, "M10", "-"))
    flat = raw(write(tmp_path / bls_cps.DATA, lines))
    data = {
        name: [["2025", month, str(value), False] for month in ("M01", "M12", "M13")] for name, value in series.items()
    }
    data["LNU03032231"].append(["2025", "M10", "-", False])
    api = tmp_path / bls_cps.API
    api.write_text(json.dumps({"series": [{"id": name, "data": rows} for name, rows in data.items()]}))
    (by_flat,) = bls_cps.SOURCE.parse(raws("bls_cps", flat)).values()
    (by_api,) = bls_cps.SOURCE.parse(raws("bls_cps", raw(api))).values()
    assert len(by_flat) == 22
    assert by_api.equals(by_flat)


# ------------------------------------------------------------------ the states' projections, page by page


def page(rows: list[dict[str, object]], total: int | None) -> Answer:
    return Answer(json.dumps(rows if total is None else {"rows": rows, "pager": {"total_items": total}}).encode())


def listing(state: str, count: int, first: int = 0) -> list[dict[str, object]]:
    rows = [states.json_row("00-0000", "Total", state)] if first == 0 else []
    return rows + [states.json_row(f"11-{n:04}", "Manager", state) for n in range(first + len(rows), first + count)]


def asked_pages(*answers: Answer) -> tuple[dict[str, int], list[str]]:
    """Fetch one state's pages from a server; gives the names with their sizes, and what was asked."""
    with publisher() as server, tempfile.TemporaryDirectory() as folder:
        address = f"{server.address}/LongTermRestJson/06"
        for number, answer in enumerate(answers):
            server.says(f"/LongTermRestJson/06?items_per_page=1000&page={number}", answer)
        remote = next(r for r in central.SOURCE.remotes[0].otherwise if r.name == "06.json")
        remote = replace(remote, url=address, gather=central._every_page(address))
        source = replace(central.SOURCE, remotes=(remote,))
        fetched = Fetcher(Settings(data_dir=Path(folder), retry_seconds=0.001)).fetch(source)
        sizes = {name: len(central.read_page(file)) for name, file in fetched.files.items()}
        assert {f.period for f in fetched.files.values()} <= {"2024-34"}
        return sizes, [path for path, _ in server.requests]


@pytest.mark.parametrize(
    "answers",
    [
        (page(listing("6", 120), 120),),
        (
            page(listing("6", 100), 250),
            page(listing("6", 100, 100), 250),
            page(listing("6", 50, 200), 250),
        ),  # cut to 100
        (page(listing("6", 120), None), page([], None)),  # a bare list: until nothing more comes
        (page(listing("6", 120), None), page(listing("6", 120), None)),  # or the same again
    ],
)
def test_pages_are_followed_to_the_end(answers: tuple[Answer, ...]) -> None:
    sizes, asked = asked_pages(*answers)
    assert sizes == {"06.json": 250 if len(answers) == 3 else 120}
    assert len(asked) == len(answers)


def test_pages_that_do_not_end_or_hold_nothing() -> None:
    same = page(listing("6", 100), 250)
    with pytest.raises(AtlasError, match="answers every page with the same rows") as error:
        asked_pages(same, same)
    assert_one_sentence(str(error.value))
    with pytest.raises(AtlasError, match="is cut off") as error:
        asked_pages(page(listing("6", 100), 250), page([], 250))
    assert asked_pages(page([], 0))[0] == {}  # a state that has published none
    with pytest.raises(AtlasError, match="did not answer with a page of rows"):
        asked_pages(Answer(b'{"rows": 5, "pager": 5}'))


def test_a_state_that_is_a_round_ahead_keeps_its_years(tmp_path: Path) -> None:
    """Without the csv every state's page is read; where both were kept, the later file of a state's round."""
    paths = []
    for fips in STATES.values():
        years = {"BaseYear": "2024", "ProjYear": "2034"} if fips == "06" else {"BaseYear": "2022", "ProjYear": "2032"}
        rows = [states.json_row("00-0000", "Total", str(int(fips))) | years]
        paths.append(states.page(tmp_path, rows, 1, f"{fips}.json"))
    frame = states.parse(*paths)
    assert frame.groupby("projection_year")["state_fips"].nunique().to_dict() == {2032: 50, 2034: 1}
    csv = raw(states.written(tmp_path, states.LINES), retrieved_at=raw(paths[0]).retrieved_at.replace(year=2027))
    both = central.SOURCE.parse(raws("projections_central", csv, *(raw(p) for p in paths)))["projection_state"]
    assert both.groupby("projection_year")["state_fips"].nunique().to_dict() == {2032: 51, 2034: 1}
    texas = both[(both["state_fips"] == "48") & (both["projection_year"] == 2032)]
    assert texas["employment_base_count"].tolist() == [1000]  # of the csv, which came later than the page


def test_without_the_csv_every_state_is_asked_for() -> None:
    (remote,) = central.SOURCE.remotes
    assert len(remote.otherwise) == 51
    assert {r.url for r in remote.otherwise} == {f"{central.PAGES}/{fips}" for fips in STATES.values()}
    assert all(r.gather for r in remote.otherwise)
