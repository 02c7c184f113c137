"""The live side, against a real server on the loopback address: newer releases, linked addresses, other routes, what broke
off and goes on, the Bureau's interface and its quotas, and failures that readers see. All files are synthetic."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from charts import provenance
from etl import bls_api
from etl.__main__ import app
from etl.archive import Archive
from etl.errors import AtlasError, UnavailableError
from etl.fetch import Fetched, Fetcher
from etl.refresh import rebuild, refresh, status
from etl.settings import Settings
from etl.source import Asking, Links, Releases, Remote, Source, next_year
from etl.tabular import open_member, open_workbook
from etl.warehouse.read import failed_refreshes, open_reader
from tests.etl.helpers import WEB_PAGE, Answer, Publisher, assert_one_sentence, publisher, workbook, zipped
from tests.etl.synthetic import LETTERS, Synthetic, install
from tests.sources.helpers import MIRROR, raw

TABLE = b"code,count\n01,5\n"
SAMPLES = MIRROR.parent / "samples" / "api"


@pytest.fixture
def site() -> Iterator[Publisher]:
    with publisher() as found:
        yield found


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", retry_seconds=0.001)


def source(*remotes: Remote, releases: tuple[Releases, ...] = ()) -> Source:
    return Source(
        source_id="synthetic", title="", short_title="", publisher="", licence="", landing_url="", cadence="yearly",
        citation="", tables=(), parse=lambda raws: {}, remotes=remotes, releases=releases,
    )  # fmt: skip


def fetch(settings: Settings, *remotes: Remote, releases: tuple[Releases, ...] = ()) -> Fetched:
    return Fetcher(settings).fetch(source(*remotes, releases=releases))


def asked(site: Publisher) -> list[str]:
    """The paths that were asked for since the last look."""
    paths = [path for path, _ in site.requests]
    site.requests.clear()
    return paths


def of_year(site: Publisher, year: str) -> tuple[Remote, ...]:
    return tuple(
        Remote(f"{site.address}/{kind}{year}.csv", "csv", period=f"year {year}", optional=kind == "extra")
        for kind in ("first", "second", "extra")
    )


def yearly(site: Publisher, **more: Any) -> Releases:
    return Releases("tables", ("2024",), partial(of_year, site), next_year, **more)


def put_out(site: Publisher, year: str, *kinds: str) -> None:
    for kind in kinds or ("first", "second"):
        site.says(f"/{kind}{year}.csv", Answer(TABLE + f"{year},1\n".encode(), headers={"ETag": f'"{kind}{year}"'}))


# ------------------------------------------------------------------ releases


@pytest.mark.parametrize("answer", [None, Answer(b"", 404), Answer(b"", 410), Answer(WEB_PAGE)])
def test_a_release_that_is_not_out_yet_is_no_error(settings: Settings, site: Publisher, answer: Answer | None) -> None:
    put_out(site, "2024")
    if answer:
        site.says("/first2025.csv", answer)
    for _ in range(2):
        fetched = fetch(settings, releases=(yearly(site),))
        assert (sorted(fetched.files), fetched.notes) == (["first2024.csv", "second2024.csv"], ())
        # One file of the next release is asked for, and no more.
        assert asked(site) == ["/first2025.csv", "/first2024.csv", "/second2024.csv", "/extra2024.csv"]


def test_a_release_that_is_out_is_taken_and_asked_for_from_then_on(settings: Settings, site: Publisher) -> None:
    put_out(site, "2024")
    fetch(settings, releases=(yearly(site),))
    put_out(site, "2025")
    put_out(site, "2026")
    fetched = fetch(settings, releases=(yearly(site),))
    assert fetched.new_names == ("first2025.csv", "second2025.csv", "first2026.csv", "second2026.csv")
    assert len(fetched.files) == 6
    assert fetched.files["first2026.csv"].period == "year 2026"
    asked(site)
    again = fetch(settings, releases=(yearly(site),))
    assert (again.new_names, again.downloaded_bytes, len(again.files)) == ((), 0, 6)
    assert all(
        "If-None-Match" in headers for path, headers in site.requests if re.match(r"/(first|second)202[456]", path)
    )
    assert asked(site)[0] == "/first2027.csv"
    assert len([e for e in Archive(settings.archive_dir).events() if e["event"] == "release"]) == 2


def test_a_release_that_is_not_whole_waits(settings: Settings, site: Publisher) -> None:
    put_out(site, "2024")
    put_out(site, "2025", "first")
    fetched = fetch(settings, releases=(yearly(site),))
    assert sorted(fetched.files) == ["first2024.csv", "second2024.csv"]
    assert fetched.notes == ("synthetic: the release 2025 is not whole yet and waits for the next refresh.",)
    assert sorted(Archive(settings.archive_dir).newest("synthetic")) == ["first2024.csv", "second2024.csv"]
    put_out(site, "2025")
    assert "second2025.csv" in fetch(settings, releases=(yearly(site),)).files


def test_the_newest_stands_in_the_place_of_the_others(settings: Settings, site: Publisher) -> None:
    family = yearly(site, newest_only=True)
    for year in ("2024", "2025", "2026"):
        put_out(site, year)
    put_out(site, "2027", "first")  # not whole
    fetched = fetch(settings, releases=(family,))
    assert sorted(fetched.files) == ["first2026.csv", "second2026.csv"]
    assert not {"/first2024.csv", "/second2025.csv"} & set(asked(site))  # nothing is fetched whole that is not needed
    del site.answers["/first2027.csv"]
    again = fetch(settings, releases=(family,))
    assert (again.new_names, sorted(again.files)) == ((), ["first2026.csv", "second2026.csv"])
    # A mirror never had it: from there comes what it holds.
    folder = settings.data_dir.parent / "mirror" / site.address.removeprefix("http://")
    folder.mkdir(parents=True)
    for kind in ("first", "second"):
        (folder / f"{kind}2024.csv").write_bytes(TABLE)
    from_mirror = fetch(replace(settings, mirror=str(folder.parent)), releases=(family,))
    assert sorted(from_mirror.files) == ["first2024.csv", "second2024.csv"]


@pytest.mark.parametrize("status", [500, 403])
def test_a_server_that_will_not_say_whether_there_is_a_newer_release(
    settings: Settings, site: Publisher, status: int
) -> None:
    """What is known is refreshed, from the publisher or from the inbox, and the rest is said."""
    put_out(site, "2024")
    site.says("/first2025.csv", Answer(b"", status))
    for _ in range(2):
        fetched = fetch(settings, releases=(yearly(site),))
        assert sorted(fetched.files) == ["first2024.csv", "second2024.csv"]
        (note,) = fetched.notes
        assert_one_sentence(
            note, "whether there is a newer release cannot be seen", "first2025.csv", f"answered {status}"
        )
        settings.inbox_dir.mkdir(parents=True, exist_ok=True)
        for kind in ("first", "second"):
            site.answers[f"/{kind}2024.csv"] = [Answer(b"", status)]
            (settings.inbox_dir / f"{kind}2024.csv").write_bytes(TABLE)


def test_a_newer_release_that_is_damaged_is_an_error(settings: Settings, site: Publisher) -> None:
    put_out(site, "2024")
    site.says("/first2025.csv", Answer(TABLE, promised=len(TABLE) + 9))
    with pytest.raises(AtlasError, match="broke off") as error:
        fetch(settings, releases=(yearly(site),))
    assert_one_sentence(str(error.value), "first2025.csv of synthetic")


def test_a_year_is_never_left_out_for_a_later_one(settings: Settings, site: Publisher) -> None:
    for year in ("2024", "2026"):
        put_out(site, year)
    put_out(site, "2025", "first")
    assert sorted(fetch(settings, releases=(yearly(site),)).files) == ["first2024.csv", "second2024.csv"]
    put_out(site, "2025")
    assert len(fetch(settings, releases=(yearly(site),)).files) == 6


# ------------------------------------------------------------------ linked addresses


def test_the_newest_link_of_a_page_is_followed(settings: Settings, site: Publisher) -> None:
    new = site.says("/uploads/2026/02/Book-1.csv", Answer(TABLE + b"new,1\n"))
    site.says("/uploads/2025/09/Book.csv", Answer(TABLE))
    links = Links(f"{site.address}/page", r"Book(-\d+)?\.csv")
    remotes = [Remote(f"{site.address}/uploads/2025/09/Book.csv", "csv", name=n, links=links) for n in ("a", "b")]
    page = (
        "<!doctype html><html><a href='/uploads/2025/11/Book.csv'>old</a><a href='/uploads/2026/02/Book-1.csv?x=1'>new</a>"
        "<a href='https://elsewhere.example/uploads/2030/01/Book.csv'>not the publisher's</a><a>none</a></html>"
    )
    site.says("/page", Answer(page.encode()))
    site.says("/uploads/2026/02/Book-1.csv?x=1", Answer(TABLE + b"new,1\n"))
    fetched = fetch(settings, *remotes)
    assert {f.url for f in fetched.files.values()} == {new + "?x=1"}
    assert asked(site).count("/page") == 1
    for nothing in (Answer(b"<html>no links</html>"), Answer(b"", 404), Answer(b"", 403)):
        site.says("/page", nothing)
        fetched = fetch(settings, *remotes)
        assert {f.url for f in fetched.files.values()} == {f"{site.address}/uploads/2025/09/Book.csv"}
    assert len(fetched.notes) == 1
    assert_one_sentence(fetched.notes[0], "answered 403", "the known address is asked")


def test_a_release_is_named_by_the_link(settings: Settings, site: Publisher) -> None:
    def files(version: str) -> tuple[Remote, ...]:
        return (Remote(f"{site.address}/db_{version.replace('.', '_')}.csv", "csv", period=version),)

    def version(name: str) -> str:
        return name.removeprefix("db_").removesuffix(".csv").replace("_", ".")

    links = Links(f"{site.address}/page", r"db_\d+_\d+\.csv")
    family = Releases("database", ("29.3",), files, lambda v: "30.0", newest_only=True, links=links, version=version)
    site.says("/page", Answer(b"<html><a href='db_31_2.csv'>31.2</a><a href='db_4_9.csv'>4.9</a></html>"))
    site.says("/db_31_2.csv", Answer(TABLE))
    for _ in range(2):
        assert [f.period for f in fetch(settings, releases=(family,)).files.values()] == ["31.2"]
        assert asked(site) == ["/page", "/db_31_2.csv"]


# ------------------------------------------------------------------ other routes


def test_what_stands_in_is_fetched_where_the_first_cannot_be_had(settings: Settings, site: Publisher) -> None:
    other = Remote(site.says("/other.csv", Answer(TABLE)), "csv")
    remote = Remote(f"{site.address}/table.csv", "csv", otherwise=(other,))
    fetched = fetch(settings, remote)
    assert list(fetched.files) == ["other.csv"]
    assert_one_sentence(fetched.notes[0], "table.csv of synthetic", "answered 404", "other.csv came in its place")
    site.answers["/other.csv"] = [Answer(b"", 403)]
    with pytest.raises(AtlasError) as error:
        fetch(settings, remote)
    assert_one_sentence(
        str(error.value), "table.csv of synthetic", "answered 404", "in its place, other.csv", "answered 403"
    )


def test_a_route_of_several_requests_is_never_asked_of_a_mirror(settings: Settings, site: Publisher) -> None:
    def gather(asking: Asking) -> bytes:
        raise AssertionError("it was asked")

    other = Remote("https://publisher.example/other.csv", "csv")
    site.says("/publisher.example/other.csv", Answer(TABLE))
    remote = Remote("https://publisher.example/api", "json", name="api.json", gather=gather, otherwise=(other,))
    fetched = fetch(replace(settings, mirror=site.address), remote)
    assert (list(fetched.files), fetched.notes) == (["other.csv"], ())
    site.answers.clear()
    with pytest.raises(AtlasError, match=r"^other\.csv of synthetic .* answered 404 Not Found; try") as error:
        fetch(replace(settings, mirror=site.address), remote)
    assert "in its place" not in str(error.value)
    with pytest.raises(AtlasError, match="cannot be asked of a mirror"):
        fetch(replace(settings, mirror=site.address), replace(remote, otherwise=()))


def test_a_defect_of_a_file_is_no_reason_for_another_route(settings: Settings, site: Publisher) -> None:
    def gather(asking: Asking) -> bytes:
        asking.get(f"{site.address}/first.json")
        raise AtlasError("The answer is wrong.")

    site.says("/first.json", Answer(b"[1]"))
    other = Remote(site.says("/other.csv", Answer(TABLE)), "csv")
    with pytest.raises(AtlasError, match=r"The answer is wrong\."):
        fetch(settings, Remote(f"{site.address}/api", "json", name="api.json", gather=gather, otherwise=(other,)))
    assert asked(site) == ["/first.json"]


def test_the_period_is_what_the_file_says(settings: Settings, site: Publisher) -> None:
    url = site.says("/table.csv", Answer(b"year,count\n2031,5\n"))
    remote = Remote(url, "csv", "2030", dated=lambda file: file.path.read_text().split("\n")[1].split(",")[0])
    assert fetch(settings, remote).files["table.csv"].period == "2031"


@pytest.mark.parametrize("first", [Answer(status=500), Answer(status=429, headers={"Retry-After": "1"})])
def test_a_post_is_asked_again_too(settings: Settings, site: Publisher, first: Answer) -> None:
    url = site.says("/api", first, Answer(status=503), Answer(b'{"rows": 1}'))
    started = time.monotonic()
    fetch(settings, Remote(url, "json", name="api.json", gather=lambda asking: asking.post(url, {"a": "1"})))
    assert site.bodies == [b'{"a": "1"}'] * 3
    assert time.monotonic() - started >= (1 if first.headers else 0)


def test_no_publisher_is_waited_for_without_end(
    settings: Settings, site: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("etl.fetch.LONGEST_WAIT_SECONDS", 0.01)
    url = site.says("/table.csv", Answer(status=429, headers={"Retry-After": "3600"}))
    started = time.monotonic()
    with pytest.raises(AtlasError, match="answered 429"):
        fetch(settings, Remote(url, "csv"))
    assert time.monotonic() - started < 5
    assert len(site.requests) == 5


def test_a_file_without_end_is_given_up(settings: Settings, site: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etl.fetch.MAX_FILE_BYTES", 5)
    with pytest.raises(AtlasError, match=r"table\.csv of synthetic .* has more than 5 bytes") as error:
        fetch(settings, Remote(site.says("/table.csv", Answer(TABLE)), "csv"))
    assert_one_sentence(str(error.value))


def test_a_file_that_trickles_is_given_up(settings: Settings, site: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("etl.fetch.PATIENCE_SECONDS", -1)
    monkeypatch.setattr("etl.fetch.SLOWEST_BYTES_PER_SECOND", 10**12)
    with pytest.raises(AtlasError, match=r"table\.csv of synthetic .* broke off after 16 bytes \(Timeout\)") as error:
        fetch(settings, Remote(site.says("/table.csv", Answer(TABLE)), "csv"))
    assert_one_sentence(str(error.value))


# ------------------------------------------------------------------ what broke off goes on

LONG = b"code,count\n" + b"".join(b"%06d,5\n" % n for n in range(1000))
STRONG = {"ETag": '"v1"', "Accept-Ranges": "bytes"}


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch, settings: Settings, site: Publisher) -> str:
    """The address of a long file that broke off after 4,000 bytes."""
    monkeypatch.setattr("etl.resume.RESUMABLE_BYTES", 5000)
    monkeypatch.setattr("etl.fetch.CHUNK_BYTES", 1000)
    url = site.says("/long.csv", Answer(LONG[:4000], headers=STRONG, promised=len(LONG)))
    with pytest.raises(AtlasError, match="broke off after 4,000"):
        fetch(settings, Remote(url, "csv"))
    asked(site)
    return url


def parts(settings: Settings) -> list[Path]:
    return list((settings.archive_dir / ".partial").glob("*"))


def rest(validator: str = '"v1"', start: int = 4000, body: bytes = LONG[4000:], total: int = len(LONG)) -> Answer:
    headers = {"ETag": validator, "Content-Range": f"bytes {start}-{total - 1}/{total}"}
    return Answer(body, 206, headers)


def test_a_long_file_goes_on_where_it_broke_off(settings: Settings, site: Publisher, cut: str) -> None:
    site.says(
        "/long.csv",
        replace(rest(), body=LONG[4000:6000], promised=len(LONG) - 4000),
        rest(start=6000, body=LONG[6000:]),
    )
    with pytest.raises(AtlasError, match=f"broke off after 6,000 (of {len(LONG):,} )?bytes"):
        fetch(settings, Remote(cut, "csv"))
    file = fetch(settings, Remote(cut, "csv")).files["long.csv"]
    assert file.path.read_bytes() == LONG
    assert [(h["Range"], h["If-Range"]) for _, h in site.requests] == [("bytes=4000-", '"v1"'), ("bytes=6000-", '"v1"')]
    assert parts(settings) == []


CHANGED = LONG.replace(b",5\n", b",6\n")


@pytest.mark.parametrize(
    "answers",
    [
        [Answer(CHANGED, headers={"ETag": '"v2"', "Accept-Ranges": "bytes"})],  # the server saw that it has changed
        [rest('"v2"', body=CHANGED[4000:]), Answer(CHANGED)],  # it did not, but the answer shows it
        [rest(start=3999, body=LONG[3999:]), Answer(CHANGED)],  # another part than the one asked for
        [Answer(b"", 416), Answer(CHANGED)],
    ],
)
def test_two_versions_of_a_file_are_never_joined(
    settings: Settings, site: Publisher, cut: str, answers: list[Answer]
) -> None:
    site.says("/long.csv", *answers)
    assert fetch(settings, Remote(cut, "csv")).files["long.csv"].path.read_bytes() == CHANGED
    assert parts(settings) == []


@pytest.mark.parametrize(
    "headers", [{"Accept-Ranges": "bytes"}, {"ETag": 'W/"v1"', "Accept-Ranges": "bytes"}, {"ETag": '"v1"'}]
)
def test_what_cannot_be_told_apart_begins_again(
    settings: Settings, site: Publisher, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    monkeypatch.setattr("etl.resume.RESUMABLE_BYTES", 5000)
    url = site.says("/long.csv", Answer(LONG[:4000], headers=headers, promised=len(LONG)), Answer(LONG))
    with pytest.raises(AtlasError, match="broke off"):
        fetch(settings, Remote(url, "csv"))
    assert parts(settings) == []
    assert fetch(settings, Remote(url, "csv")).files["long.csv"].path.read_bytes() == LONG
    assert not any("Range" in headers for _, headers in site.requests)


def test_a_run_that_was_killed_has_what_it_kept(settings: Settings, site: Publisher, cut: str) -> None:
    """The first of two files is kept as soon as it is whole; the next run is told that it has not changed."""
    first = site.says("/first.csv", Answer(TABLE, headers={"ETag": '"f1"'}))
    (settings.archive_dir / ".partial" / "tmpkilled").write_bytes(b"what a kill left")
    with pytest.raises(AtlasError, match=r"long\.csv"):
        fetch(settings, Remote(first, "csv"), Remote(cut, "csv"))
    site.requests.clear()
    site.says("/long.csv", rest())
    fetched = fetch(settings, Remote(first, "csv"), Remote(cut, "csv"))
    assert fetched.new_names == ("long.csv",)
    assert [(h.get("If-None-Match"), h.get("Range")) for _, h in site.requests] == [
        ('"f1"', None),
        (None, "bytes=4000-"),
    ]


# ------------------------------------------------------------------ zip bombs


def bomb(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"0" * 60_000_000)
    return data.getvalue()


def test_a_zip_that_would_burst_is_not_opened(settings: Settings, site: Publisher, tmp_path: Path) -> None:
    whole = bomb("bomb.csv")
    path = tmp_path / "bomb.zip"
    path.write_bytes(whole)
    said = ["'bomb.csv' would unpack to 60,000,000 bytes"]
    with pytest.raises(AtlasError, match="is not used") as error:
        fetch(settings, Remote(site.says("/bomb.zip", Answer(whole)), "zip"))
    assert_one_sentence(str(error.value), "bomb.zip of synthetic", *said)
    with pytest.raises(AtlasError, match="is not used") as error:
        fetch(settings, Remote(site.says("/bomb.xlsx", Answer(whole)), "xlsx"))
    assert_one_sentence(str(error.value), "bomb.xlsx of synthetic", *said)
    for opened in (lambda: open_member(raw(path), ".csv"), lambda: open_workbook(whole, "bomb.zip")):
        with pytest.raises(AtlasError, match="is not used") as error:
            opened()
        assert_one_sentence(str(error.value), "bomb.zip", *said)


def test_a_zip_of_too_much_altogether(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("etl.tabular.MAX_UNPACKED_BYTES", 1000)
    path = tmp_path / "much.zip"
    path.write_bytes(zipped(a="1" * 600, b="2" * 600))
    with pytest.raises(AtlasError, match=r"much\.zip is not used: it would unpack to 1,200 bytes") as error:
        open_member(raw(path), "a.csv")
    assert_one_sentence(str(error.value))


# ------------------------------------------------------------------ the interface of the Bureau of Labor Statistics

KEY = "0123456789abcdef0123456789abcdef"
SERIES = [f"LNU{n:08}" for n in range(30)]


def answered(names: list[str], first: int, last: int, message: list[str] | None = None, value: str = "5") -> Answer:
    data = [
        {"year": str(year), "period": "M01", "periodName": "January", "value": value, "footnotes": [{}]}
        for year in range(last, first - 1, -1)
    ]
    whole = {
        "status": "REQUEST_SUCCEEDED", "responseTime": 3, "message": message or [],
        "Results": {"series": [{"seriesID": name, "data": data} for name in names]},
    }  # fmt: skip
    return Answer(json.dumps(whole).encode())


def said(message: str, status: str = "REQUEST_NOT_PROCESSED") -> Answer:
    return Answer(json.dumps({"status": status, "responseTime": 1, "message": [message], "Results": {}}).encode())


SPENT = "Request could not be serviced, as the daily threshold for total number of requests allocated to the user has been reached."


def bureau(site: Publisher, first_year: int, series: list[str] = SERIES) -> Remote:
    url = f"{site.address}/api"
    flat = Remote(f"{site.address}/flat.csv", "csv")
    gather = bls_api.route(series, first_year, url)
    return Remote(url, "json", name="api.json", gather=gather, otherwise=(flat,))


@pytest.fixture
def year(monkeypatch: pytest.MonkeyPatch) -> int:
    class Then(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime(2026, 6, 1, tzinfo=tz)

    monkeypatch.setattr(bls_api, "datetime", Then)
    return 2026


@pytest.mark.parametrize(
    ("key", "requests"),
    [
        ("", [(25, 2010, 2019), (25, 2020, 2026), (5, 2010, 2019), (5, 2020, 2026)]),
        (KEY, [(30, 2010, 2026)]),
    ],
)
def test_requests_keep_to_the_limits(
    settings: Settings, site: Publisher, year: int, key: str, requests: list[tuple[int, int, int]]
) -> None:
    batches = [SERIES[:25], SERIES[25:]] if not key else [SERIES]
    spans = [(2010, 2019), (2020, year)] if not key else [(2010, year)]
    site.says("/api", *(answered(names, *span) for names in batches for span in spans))
    fetched = fetch(replace(settings, bls_key=key), bureau(site, 2010))
    bodies = [json.loads(body) for body in site.bodies]
    assert [(len(b["seriesid"]), int(b["startyear"]), int(b["endyear"])) for b in bodies] == requests
    assert {b.get("registrationkey", "") for b in bodies} == {key}
    table = bls_api.read_series(fetched.files["api.json"])
    assert len(table) == 30 * 17
    assert (table["month"].min().year, table["month"].max().year) == (2010, 2026)


def test_the_same_figures_are_the_same_file(settings: Settings, site: Publisher, year: int) -> None:
    remote = bureau(site, 2020, SERIES[:2])
    site.says("/api", answered(SERIES[:2], 2020, year), answered(SERIES[1::-1], 2020, year))
    assert fetch(settings, remote).new_names == ("api.json",)
    assert fetch(settings, remote).new_names == ()


def test_the_key_is_written_nowhere(settings: Settings, site: Publisher, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    settings = replace(settings, bls_key=KEY)
    assert KEY not in repr(settings)
    invalid, odd = f"The key:{KEY} provided by the User is invalid.", f"Something of {KEY}. That is new."
    texts = []
    for answer in (said(invalid), said(odd), said(SPENT + KEY), Answer(b"", 500)):
        site.says("/api", answer)
        with pytest.raises(AtlasError) as error:
            fetch(
                replace(settings, data_dir=settings.data_dir / answer.body.hex()[-8:]), bureau(site, 2020, SERIES[:1])
            )
        assert_one_sentence(str(error.value))
        texts.append(str(error.value))
    assert "correct TALENTGAP_BLS_KEY" in texts[0]
    assert "Something of (the key), That is new" in texts[1]
    site.says("/api", answered(SERIES[:1], 2020, 2026))
    fetch(settings, bureau(site, 2020, SERIES[:1]))
    assert KEY.encode() in site.bodies[-1]
    assert KEY not in caplog.text + " ".join(texts)
    files = [p for p in settings.data_dir.rglob("*") if p.is_file()]
    assert len(files) > 2
    assert not any(KEY.encode() in p.read_bytes() for p in files)
    assert not any(KEY in path + str(dict(headers)) for path, headers in site.requests)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (answered(SERIES[:1], 2017, 2025, ["Year range has been reduced to the system-allowed limit of 10 years."]),
         "leaves out the newest years"),
        (answered(SERIES[:1], 2020, 2026, [f"Series does not exist for Series {SERIES[0]}"]), f"no series {SERIES[0]}"),
        (said("The key:0000 provided by the User is invalid."), "registration key is invalid"),
        (answered(SERIES[:1], 2020, 2026, ["The sky is falling. Run."]), "may not be whole, it says 'The sky is falling, Run'"),
        (answered([], 2020, 2026), f"lacks the series {SERIES[0]}"),
        (said("No Data Available for Series X Year: 2026"), "has the status REQUEST_NOT_PROCESSED"),
        (Answer(b'{"status": "REQUEST_SUCCEEDED"}'), "has not the form"),
        (Answer(b"[]"), "has not the form"),
    ],
)  # fmt: skip
def test_a_success_that_is_none_is_an_error(settings: Settings, site: Publisher, answer: Answer, says: str) -> None:
    """And it is no reason to fetch the long file: the error must be seen."""
    site.says("/api", answer)
    site.says("/flat.csv", Answer(TABLE))
    with pytest.raises(AtlasError, match=re.escape(says)) as error:
        fetch(settings, bureau(site, 2020, SERIES[:1]))
    assert_one_sentence(str(error.value))
    assert "/flat.csv" not in asked(site)


def test_a_year_without_data_is_none(settings: Settings, site: Publisher, year: int) -> None:
    nothing = [f"No Data Available for Series {SERIES[0]} Year: {n}" for n in (2025, 2026)]
    site.says("/api", answered(SERIES[:1], 2020, 2024, nothing))
    table = bls_api.read_series(fetch(settings, bureau(site, 2020, SERIES[:1])).files["api.json"])
    assert table["month"].max().year == 2024


def test_a_dash_is_no_value(settings: Settings, site: Publisher, year: int) -> None:
    site.says("/api", answered(SERIES[:1], 2026, 2026, value="-"))
    with pytest.raises(AtlasError, match="holds no monthly value"):
        bls_api.read_series(fetch(settings, bureau(site, 2026, SERIES[:1])).files["api.json"])


def test_a_spent_quota_is_not_asked_again_the_same_day(
    settings: Settings, site: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime(2026, 11, 25, 3, tzinfo=UTC)  # still the 24th in Washington
    monkeypatch.setattr("etl.archive.datetime", _clock := _Clock(moment))
    monkeypatch.setattr("etl.fetch.now", lambda: _clock.moment)
    site.says("/api", said(SPENT))
    site.says("/flat.csv", Answer(TABLE, headers={"ETag": '"1"'}))
    first = fetch(settings, bureau(site, 2020, SERIES[:1]))
    assert_one_sentence(first.notes[0], "today's requests without a key are used up", "flat.csv came in its place")
    _clock.moment = datetime(2026, 11, 25, 4, 59, tzinfo=UTC)
    second = fetch(settings, bureau(site, 2020, SERIES[:1]))
    assert_one_sentence(
        second.notes[0], "earlier today and is not asked again before tomorrow", "flat.csv came in its place"
    )
    assert asked(site) == ["/api", "/flat.csv", "/flat.csv"]
    # A key has requests of its own; and tomorrow there are new ones.
    site.says("/api", answered(SERIES[:1], 2020, 2026))
    assert list(fetch(replace(settings, bls_key=KEY), bureau(site, 2020, SERIES[:1])).files) == ["api.json"]
    _clock.moment = datetime(2026, 11, 25, 5, 1, tzinfo=UTC)
    assert list(fetch(settings, bureau(site, 2020, SERIES[:1])).files) == ["api.json"]


class _Clock:
    """Stands for ``datetime`` in a module: it is always ``moment``."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self, tz: Any) -> datetime:
        return self.moment.astimezone(tz)

    fromisoformat = staticmethod(datetime.fromisoformat)


def test_where_nobody_answers_the_flat_file_serves(settings: Settings, site: Publisher) -> None:
    with publisher() as gone:
        address = f"{gone.address}/api"
    flat = Remote(site.says("/flat.csv", Answer(TABLE)), "csv")
    remote = Remote(address, "json", name="api.json", gather=bls_api.route(SERIES, 2020, address), otherwise=(flat,))
    fetched = fetch(settings, remote)
    assert list(fetched.files) == ["flat.csv"]
    assert_one_sentence(fetched.notes[0], "could not be reached")


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the recorded answers of the interface are not here")
@pytest.mark.parametrize(
    ("name", "series", "outcome"),
    [
        ("v2_success_real_shape_2026-08-04", "LASST060000000000003", ["2026", "M06", "5.2", True]),
        ("v2_success_recorded_laucn_2023_truncated", "LAUCN040010000000005", ["2023", "M01", "17585", True]),
        ("v1_success_recorded_cpi_2026_trimmed", "CUUR0000SA0", ["2026", "M05", "335.123", False]),
        ("success_no_data_for_year", "JTS000000060000000JOL", None),
        ("success_but_unknown_series", "JTSJOL", "no series JTSJOL"),
        ("success_but_year_range_truncated", "JTS000000000000000JOL", "leaves out the newest years"),
        ("error_daily_threshold", "any", "used up"),
        ("error_invalid_key", "any", "key is invalid"),
    ],
)
def test_recorded_answers(name: str, series: str, outcome: object) -> None:
    data = (SAMPLES / f"{name}.json").read_bytes()
    if isinstance(outcome, str):
        with pytest.raises(AtlasError, match=outcome) as error:
            bls_api.read_answer(data, [series])
        assert_one_sentence(str(error.value))
        assert isinstance(error.value, UnavailableError) == (name == "error_daily_threshold")
    else:
        assert bls_api.read_answer(data, [series])[series][:1] == ([outcome] if outcome else [])


# ------------------------------------------------------------------ failures: kept apart, tried again, seen


@pytest.fixture
def synthetic(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Synthetic:
    """Four synthetic sources, loaded once."""
    found = install(monkeypatch, tmp_path)
    found.publish_all()
    monkeypatch.setattr(Settings, "from_environment", classmethod(lambda cls: found.settings))
    refresh(found.settings)
    found.parsed.clear()
    return found


BROKEN = "code,worth\n01,1\n"


def letters(settings: Settings) -> int:
    return int(open_reader(settings).rows("SELECT count(*) FROM letter")[0][0])


def test_a_file_that_cannot_be_read_is_passed_over(synthetic: Synthetic, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = synthetic.settings
    archive = Archive(settings.archive_dir)
    good = archive.newest("alpha")["letter.csv"]
    synthetic.publish("letter.csv", BROKEN)
    report = refresh(settings)
    assert list(report.failed) == ["alpha"]
    assert archive.newest("alpha")["letter.csv"] == good
    assert archive.newest("alpha", refused=True)["letter.csv"].path.read_text() == BROKEN
    rebuild(settings, "archive")  # which takes the last good version
    assert letters(settings) == 3
    assert list(refresh(settings).failed) == ["alpha"]  # the publisher still gives the bad one, and it is said
    assert sum(e["event"] == "kept" and e["source_id"] == "alpha" for e in archive.events()) == 2
    monkeypatch.setattr("etl.archive.code_version", lambda: "a parser that was mended")
    assert archive.newest("alpha")["letter.csv"].path.read_text() == BROKEN


def test_figures_that_break_a_rule_do_not_hold_up_the_others(synthetic: Synthetic) -> None:
    settings = synthetic.settings
    good = Archive(settings.archive_dir).newest("alpha")["letter.csv"]
    synthetic.publish("letter.csv", LETTERS + "03,3\n")  # twice the same key
    synthetic.publish("digit.zip", zipped(digit=LETTERS + "04,4\n"))
    synthetic.publish("word.xlsx", workbook(("code", "value_count"), ("01", 9), ("02", 9), ("03", 9)))
    report = refresh(settings)
    assert (report.loaded, list(report.failed)) == ({"beta": 4, "gamma": 3}, ["alpha"])
    assert report.failed["alpha"].startswith("alpha keeps the figures it had: The rule key_letter")
    reader = open_reader(settings)
    assert reader.rows("SELECT (SELECT count(*) FROM digit), (SELECT sum(value_count) FROM word)") == [(4, 27)]
    assert letters(settings) == 3
    assert list(failed_refreshes(settings)) == ["alpha"]
    assert Archive(settings.archive_dir).newest("alpha")["letter.csv"] == good
    rebuild(settings, "archive")
    assert letters(settings) == 3
    with pytest.raises(AtlasError, match="The rule key_letter"):  # alone, it leaves nothing to build
        refresh(settings)
    assert list(failed_refreshes(settings)) == ["alpha"]


def test_only_what_failed_is_tried_again(synthetic: Synthetic) -> None:
    run = CliRunner().invoke
    nothing = run(app, ["refresh", "--failed"])
    assert (nothing.exit_code, synthetic.parsed) == (0, [])
    assert "No source failed last time" in nothing.stdout
    synthetic.publish("letter.csv", BROKEN)
    assert run(app, ["refresh"]).exit_code == 1
    synthetic.publish("letter.csv", LETTERS + "04,4\n")
    synthetic.publish("word.xlsx", workbook(("code", "value_count"), ("01", 9)))  # new, but it had not failed
    synthetic.parsed.clear()
    again = run(app, ["refresh", "--failed"])
    assert (again.exit_code, synthetic.parsed) == (0, ["alpha"])
    assert letters(synthetic.settings) == 4
    assert "No source failed last time" in run(app, ["refresh", "--failed"]).stdout
    both = run(app, ["refresh", "alpha", "--failed"])
    assert both.exit_code == 2
    assert_one_sentence(both.stderr.strip(), "not both")


def test_readers_see_a_failure_without_a_build(synthetic: Synthetic) -> None:
    settings = synthetic.settings
    assert failed_refreshes(settings) == {}
    reader = open_reader(settings)
    cited = reader.citations(["letter", "digit"])
    assert provenance.failed(cited, failed_refreshes(settings)) == []
    synthetic.publish("letter.csv", BROKEN)
    refresh(settings)
    assert open_reader(settings) is reader
    failing = failed_refreshes(settings)
    assert list(failing) == ["alpha"]
    today = datetime.now(UTC).date()
    day = f"{today.day} {today:%B %Y}"
    assert provenance.failed(cited, failing) == [
        f"The newest try to refresh Synthetic alpha, on {day}, failed; these figures are of {day}."
    ]
    (said_here,) = provenance.failures(reader.source_states(today), failing)
    assert said_here.startswith(
        f"Synthetic alpha: the newest try to refresh it, on {day}, failed; its figures of {day} serve on."
    )
    assert "letter.csv has no column value_count" in said_here
    assert [row["last_error"] for row in status(settings) if row["last_error"]] == [failing["alpha"].error]
    synthetic.publish("letter.csv", LETTERS)
    refresh(settings)
    assert failed_refreshes(settings) == {}


def test_a_record_of_failures_that_cannot_be_read_says_what_to_do(settings: Settings) -> None:
    settings.archive_dir.mkdir(parents=True)
    (settings.archive_dir / "failing.json").write_text("{", encoding="utf-8")
    with pytest.raises(AtlasError, match=r"failing\.json cannot be read") as error:
        failed_refreshes(settings)
    assert_one_sentence(str(error.value), "python -m etl refresh")
