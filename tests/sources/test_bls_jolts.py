"""JOLTS: synthetic files in the publisher's format, and the mirror's files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from etl.codes import STATES
from etl.errors import AtlasError
from etl.source import RawFile, RawFiles
from etl.sources.bls_jolts import DATA, SOURCE, VINTAGES
from tests.sources.helpers import from_mirror, needs_mirror, raw, raws

HEADING = "series_id                     \tyear\tperiod\t       value\tfootnote_codes"
NATION_JO = "JTS000000000000000JO"
MINING_JO = "JTS110099000000000JO"
MODIFIED = "Tue, 04 Aug 2026 14:00:00 GMT"


def line(series: str, year: int, period: str, value: object, footnote: str = "") -> str:
    return f"{series:<30}\t{year}\t{period}\t{value!s:>12}\t{footnote}"


class Synthetic:
    """A synthetic set of files: two industries for the nation, and one rate for every state."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines = [
            line(NATION_JO + "L", 2025, "M11", 7000),
            line(NATION_JO + "L", 2025, "M12", 6550, "P"),
            line(NATION_JO + "L", 2025, "M13", 7100),  # annual mean
            line(NATION_JO + "R", 2025, "M12", "4.0"),
            line(NATION_JO + "R", 2026, "M01", "-"),  # not published
            line("JTS000000000000000UOR", 2025, "M12", 1.1),
            line("JTU000000000000000JOR", 2025, "M12", 3.7),
            line(MINING_JO + "R", 2025, "M12", 3.2),
            line("JTS100000000000001JOR", 2025, "M12", 9.9),  # a size class
            line("JTS000000MW0000000JOR", 2025, "M12", 9.8),  # a region
            *(line(f"JTS000000{fips}0000000JOR", 2025, "M12", 4.2) for fips in STATES.values()),
        ]
        self.extra_series: list[str] = []
        self.industries = [
            "000000\tTotal nonfarm\t0.0\tTrue\t1.0",
            "110099\tMining and logging\t2.0\tTrue\t3.0",
        ]
        self.vintages: list[str] | None = None
        self.heading = HEADING

    def _write(self, name: str, lines: list[str], end: str = "\n") -> RawFile:
        path = self.folder / name
        path.write_bytes((end.join(lines) + end).encode())
        return raw(path, last_modified=MODIFIED)

    def files(self) -> RawFiles:
        ids = dict.fromkeys([text.split("\t")[0].strip() for text in self.lines] + self.extra_series)
        series = [
            "\t".join([f"{i:<30}", i[2], i[3:9], i[9:11], i[11:16], i[16:18], i[18:20], i[20], "", "2025"]) for i in ids
        ]
        states = ["00", *STATES.values()]
        files = [
            self._write(DATA, [self.heading, *self.lines], "\r\n"),
            self._write(
                "jt.series",
                [
                    "series_id\tseasonal\tindustry_code\tstate_code\tarea_code\tsizeclass_code\tdataelement_code\t"
                    "ratelevel_code\tfootnote_codes\tbegin_year",
                    *series,
                ],
                "\r\n",
            ),
            self._write(
                "jt.industry",
                ["industry_code\tindustry_text\tdisplay_level\tselectable\tsort_sequence", *self.industries],
            ),
            self._write("jt.state", ["state_code\tstate_text", *(f"{s}\tState {s}" for s in states)], "\r\n"),
            self._write("jt.dataelement", ["dataelement_code\tdataelement_text", "JO\tJob openings", "UO\tRatio"]),
        ]
        if self.vintages is not None:
            files.append(self._write(VINTAGES, ["series_id,release,first_month,last_month,months", *self.vintages]))
        return raws("bls_jolts", *files)

    def nation(self) -> pd.DataFrame:
        table = SOURCE.parse(self.files())["turnover_monthly"]
        rows = table[table["state_fips"] == "00"].drop(columns="state_fips").astype(object)
        return rows.where(rows.notna(), None)


@pytest.fixture
def synthetic(tmp_path: Path) -> Synthetic:
    return Synthetic(tmp_path)


NOVEMBER, DECEMBER = pd.Timestamp("2025-11-01"), pd.Timestamp("2025-12-01")


def test_level_and_rate_are_one_row(synthetic: Synthetic) -> None:
    release = "2026-08-04"  # the file's Last-Modified
    assert synthetic.nation().to_numpy().tolist() == [
        [DECEMBER, "000000", "JO", None, 3.7, None, False, False, release, None],
        [NOVEMBER, "000000", "JO", 7000.0, None, None, True, False, None, release],
        [DECEMBER, "000000", "JO", 6550.0, 4.0, None, True, True, release, release],
        [DECEMBER, "000000", "UO", None, None, 1.1, True, False, release, None],
        [DECEMBER, "110099", "JO", None, 3.2, None, True, False, release, None],
    ]


def test_states_are_kept_and_regions_and_size_classes_are_not(synthetic: Synthetic) -> None:
    frames = SOURCE.parse(synthetic.files())
    turnover = frames["turnover_monthly"]
    assert set(turnover["state_fips"]) == {"00", *STATES.values()}
    assert turnover["rate_pct"].max() == 4.2
    assert frames["industry"].astype(object).where(lambda f: f.notna(), None).to_numpy().tolist() == [
        ["000000", "Total nonfarm", None, 0],
        ["110099", "Mining and logging", "21", 2],
    ]


def test_without_a_date_the_release_is_the_month_of_retrieval(synthetic: Synthetic) -> None:
    files = synthetic.files()
    undated = {name: raw(file.path) for name, file in files.items()}
    turnover = SOURCE.parse(RawFiles("bls_jolts", undated))["turnover_monthly"]
    assert set(turnover["vintage"].dropna()) == {"2026-08"}


def test_vintages_name_the_release_of_each_month(synthetic: Synthetic) -> None:
    synthetic.lines += [line(NATION_JO + "R", 2025, f"M{month:02}", 4.1) for month in range(1, 12)]
    others = sorted({text.split("\t")[0].strip() for text in synthetic.lines} - {NATION_JO + "R"})
    synthetic.vintages = [
        *(f"{series},2022-10,2000-12,2025-12,301" for series in others),
        f"{NATION_JO}R,2025-09,2025-03,2025-07,3",  # two of the five are from another release
        f"{NATION_JO}R,2026-04,2025-01,2025-10,7",
        f"{NATION_JO}R,2026-07,2025-11,2025-12,2",
    ]
    rows = synthetic.nation()
    rates = rows[(rows["industry_code"] == "000000") & (rows["element"] == "JO") & rows["is_seasonally_adjusted"]]
    assert {month.month: vintage for month, vintage in zip(rates["month"], rates["vintage"], strict=True)} == {
        **dict.fromkeys((1, 2, 8, 9, 10), "2026-04"),
        **dict.fromkeys((3, 7), "2025-09"),  # it begins and ends there
        **dict.fromkeys((4, 5, 6), "2025-09 or 2026-04"),
        **dict.fromkeys((11, 12), "2026-07"),
    }
    assert rates.iloc[-1]["level_vintage"] == "2022-10"


def test_vintages_of_another_copy_are_not_used(synthetic: Synthetic) -> None:
    synthetic.vintages = []
    files = dict(synthetic.files())
    files[VINTAGES] = raw(files[VINTAGES].path, via="mirror")
    turnover = SOURCE.parse(RawFiles("bls_jolts", files))["turnover_monthly"]
    assert set(turnover["vintage"].dropna()) == {"2026-08-04"}


def test_a_month_without_a_release_is_named(synthetic: Synthetic) -> None:
    synthetic.vintages = [f"{NATION_JO}L,2026-07,2025-11,2025-12,2"]
    with pytest.raises(AtlasError, match=r"VINTAGES\.csv names no release for 55 rows of jt\.data\.1\.AllItems"):
        synthetic.nation()


def _drop(start: str) -> Callable[[Synthetic], None]:
    def change(synthetic: Synthetic) -> None:
        synthetic.lines = [text for text in synthetic.lines if not text.startswith(start)]

    return change


def _add(text: str) -> Callable[[Synthetic], None]:
    return lambda synthetic: synthetic.lines.append(text)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda s: setattr(s, "heading", HEADING.replace("period", "month")), f"{DATA} has no column period"),
        (lambda s: setattr(s, "vintages", ["a,b,2025-13,2025-01,1"]), "VINTAGES.csv has a row without"),
        (_drop("JTS00000056"), f"{DATA} has no rows for the state 56"),
        (_drop("JTS110099"), f"{DATA} has no adjusted vacancy rate for industry 110099"),
        (
            _add(line("JTS000000010000000JOR", 2025, "M12", 4.2)),
            "gives JTS000000010000000JOR twice for December 2025",
        ),
        (_add(line("JTS000000010000000JOR", 2026, "M12", 142)), "impossible value of JO"),
        (_add(line("JTS000000010000000JOR", 2026, "M12", "n/a")), f"{DATA} cannot be read"),
        (_add(line("JTS999999000000000JOR", 2025, "M12", 4.2)), "jt.series has the industry '999999'"),
        (_add(line("JTS000000000000000ZZR", 2025, "M12", 4.2)), "jt.series has the dataelement 'ZZ'"),
    ],
)
def test_what_is_wrong_is_named(synthetic: Synthetic, change: Callable[[Synthetic], None], says: str) -> None:
    change(synthetic)
    with pytest.raises(AtlasError) as error:
        SOURCE.parse(synthetic.files())
    assert says in str(error.value)


def test_a_series_that_is_not_listed_is_named(synthetic: Synthetic) -> None:
    files = synthetic.files()
    with files[DATA].path.open("a") as file:
        file.write(line("JTS230000000000000JOR", 2025, "M12", 4.2) + "\r\n")
    with pytest.raises(AtlasError, match=r"JTS230000000000000JOR, which jt\.series does not list"):
        SOURCE.parse(files)


@needs_mirror
def test_mirror() -> None:
    frames = SOURCE.parse(from_mirror(SOURCE))
    turnover, industry = frames["turnover_monthly"], frames["industry"]
    assert len(turnover) == 242_571
    assert not turnover.duplicated(["month", "state_fips", "industry_code", "element", "is_seasonally_adjusted"]).any()
    assert (turnover["month"].min(), turnover["month"].max()) == (
        pd.Timestamp("2000-12-01"),
        pd.Timestamp("2026-08-01"),
    )
    assert set(turnover["state_fips"]) == {"00", *STATES.values()}
    assert set(turnover.loc[turnover["state_fips"] != "00", "industry_code"]) == {"000000"}
    adjusted = turnover[turnover["is_seasonally_adjusted"] & (turnover["state_fips"] == "00")]
    december = adjusted[(adjusted["month"] == DECEMBER) & (adjusted["element"] == "JO")].set_index("industry_code")
    columns = ["level_thousands", "rate_pct", "vintage", "level_vintage"]
    assert december.loc["000000", columns].tolist() == [6550, 4.0, "2026-07", "2026-07"]
    # The level precedes the 2026 benchmark, the rate follows it.
    assert december.loc["230000", columns].tolist() == [292, 2.9, "2026-10", "2026-01"]
    assert set(industry["industry_code"]) == set(turnover["industry_code"])
    sectors = industry.set_index("industry_code")["naics_sectors"]
    assert sectors["400000"] == "22,42,44-45,48-49"
    assert sectors["540099"] == "54,55,56"
    assert sectors[["000000", "100000", "900000", "910000", "920000", "923000", "929000"]].isna().all()
    assert sectors.drop(["000000", "100000", "900000", "910000", "920000", "923000", "929000"]).notna().all()
