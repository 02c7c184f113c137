"""CPS by industry: synthetic files in the publisher's format, and the mirror's file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from etl.errors import AtlasError
from etl.sources.bls_cps import DATA, INDUSTRY_SERIES, MAIN_INDUSTRIES, SOURCE
from tests.sources.helpers import MIRROR, from_mirror, needs_mirror, raws

HEADING = "series_id                     \tyear\tperiod\t       value\tfootnote_codes"
MAIN_LEVELS = [f"LNU0303{digits}" for digits in range(2230, 2242) if digits not in (2233, 2234)]


def line(series: str, year: int, period: str, value: object) -> str:
    return f"{series:<30}\t{year}\t{period}\t{value!s:>12}\t"


def write(path: Path, lines: list[str], heading: str = HEADING) -> Path:
    path.write_bytes(("\r\n".join([heading, *lines]) + "\r\n").encode())
    return path


@pytest.fixture
def synthetic_lines() -> list[str]:
    """January 2025 of the ten main series: levels 100, 101 ... thousand."""
    return [line(series, 2025, "M01", 100 + n) for n, series in enumerate(MAIN_LEVELS)]


def test_levels_and_rates_are_joined_and_trade_is_summed(tmp_path: Path, synthetic_lines: list[str]) -> None:
    path = write(
        tmp_path / DATA,
        [
            *synthetic_lines,
            line("LNU03032231", 2025, "M13", 555),  # annual mean
            line("LNU03032231", 2025, "M10", "-"),  # not collected
            line("LNU04032231", 2025, "M01", 6.5),
            line("LNU04032231", 2025, "M02", 6.6),  # a rate without a level
            line("LNU04032216", 2025, "M01", 2.0),  # an id that the publisher's list does not have
            line("LNU04032235", 2025, "M01", 5.0),  # a part of 400000: its rate is not the whole's
            line("LNU03032235", 2025, "M02", 900),  # one part without the other is no sum
            line("LNS13000000", 2025, "M01", 6849),
            line("LNS14000000", 2025, "M01", "4.0"),
            line("LNS11000000", 2025, "M01", 170744),
        ],
    )
    table = SOURCE.parse(raws("bls_cps", path))["unemployment_monthly"]
    assert set(table["source_id"]) == {"bls_cps"}
    assert set(table["state_fips"]) == {"00"}
    rows = table.set_index(["month", "industry_code"])[
        ["unemployed_count", "labour_force_count", "rate_pct", "is_seasonally_adjusted"]
    ].astype(object)
    rows = rows.where(rows.notna(), None)
    january, february = pd.Timestamp("2025-01-01"), pd.Timestamp("2025-02-01")
    assert rows.loc[(january, "000000")].tolist() == [6849000, 170744000, 4.0, True]
    assert rows.loc[(january, "110099")].tolist() == [100000, None, None, False]
    assert rows.loc[(january, "230000")].tolist() == [101000, None, 6.5, False]
    assert rows.loc[(february, "230000")].tolist() == [None, None, 6.6, False]
    # 32235 and 32236 are the fourth and fifth of the ten; the second alone is 480099.
    assert rows.loc[(january, "400000")].tolist() == [103000 + 104000, None, None, False]
    assert rows.loc[(january, "480099")].tolist() == [104000, None, None, False]
    assert (february, "400000") not in rows.index
    assert len(table) == 10 + 1 + 1


def test_a_missing_main_industry_is_named(tmp_path: Path, synthetic_lines: list[str]) -> None:
    lines = [text for text in synthetic_lines if not text.startswith("LNU03032236")]
    with pytest.raises(AtlasError, match=r"ln\.data\.1\.AllData has no unemployment level for industry 400000"):
        SOURCE.parse(raws("bls_cps", write(tmp_path / DATA, lines)))


def test_an_impossible_rate_is_named(tmp_path: Path, synthetic_lines: list[str]) -> None:
    path = write(tmp_path / DATA, [*synthetic_lines, line("LNU04032231", 2025, "M01", 650)])
    with pytest.raises(AtlasError, match="impossible value for industry 230000 in January 2025"):
        SOURCE.parse(raws("bls_cps", path))


def test_a_web_page_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / DATA
    path.write_text("<html><title>Access Denied</title></html>\n")
    with pytest.raises(AtlasError, match=r"ln\.data\.1\.AllData has no column series_id"):
        SOURCE.parse(raws("bls_cps", path))


def test_main_industries_can_all_be_had() -> None:
    assert set(MAIN_INDUSTRIES) <= set(INDUSTRY_SERIES.values()) | {"400000"}
    assert len(set(INDUSTRY_SERIES.values())) == len(INDUSTRY_SERIES)


@needs_mirror
def test_ids_are_those_of_the_publishers_titles() -> None:
    listed = pd.read_csv(
        MIRROR.parent / "samples" / "publisher_tables" / "cps_industry_series.csv", index_col="series_id"
    )["series_title"]
    words = {
        "100000": "nonagriculture, private",
        "110099": "mining",
        "230000": "construction",
        "300000": "manufacturing",
        "320000": "- durable goods",
        "340000": "non durable goods",
        "420000": "wholesale trade",
        "440000": "retail trade",
        "480099": "transportation and utilities",
        "510000": "information",
        "510099": "financial activities",
        "520000": "finance and insurance",
        "530000": "real estate and rental",
        "540099": "professional and business services",
        "600000": "education and health services",
        "610000": "educational services",
        "620000": "health care and social assistance",
        "700000": "leisure and hospitality",
        "710000": "arts, entertainment",
        "720000": "accommodation and food services",
        "810000": "other services",
        "900000": "government wage and salary workers",
    }
    assert set(words) == set(INDUSTRY_SERIES.values())
    for digits, industry in INDUSTRY_SERIES.items():
        for prefix, what in (("LNU03", "level"), ("LNU04", "rate")):
            title = listed[prefix + digits].lower()
            assert words[industry] in title
            assert f"unemployment {what}" in title


@needs_mirror
def test_mirror() -> None:
    table = SOURCE.parse(from_mirror(SOURCE))["unemployment_monthly"]
    assert len(table) == 3098
    assert not table.duplicated(["month", "industry_code", "is_seasonally_adjusted"]).any()
    assert pd.Timestamp("2025-10-01") not in set(table["month"])
    assert set(table["industry_code"]) == {*MAIN_INDUSTRIES, "480099"}
    levels = table[table["unemployed_count"].notna()]
    assert (levels["month"].min(), levels["month"].max()) == (
        pd.Timestamp("2001-01-01"),
        pd.Timestamp("2025-12-01"),
    )
    april = table[table["month"] == "2020-04-01"].set_index("industry_code")
    assert april.loc["700000", ["unemployed_count", "rate_pct"]].tolist() == [4857000, 39.3]
    assert pd.isna(april.loc["400000", "rate_pct"])
    assert table["labour_force_count"].isna().all()
