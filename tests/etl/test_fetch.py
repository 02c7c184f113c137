"""Getting files: from a publisher on the loopback address and from a folder, and everything that can go wrong."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from etl.archive import Archive
from etl.errors import AtlasError
from etl.fetch import Fetched, Fetcher
from etl.settings import Settings
from etl.source import Kind, RawFile, Remote, Source
from tests.etl.helpers import WEB_PAGE, Answer, Publisher, assert_one_sentence, publisher, workbook, zipped

TABLE = b"code,count\n01,5\n"
WAS = "Tue, 05 May 2026 12:00:00 GMT"
BROWSER = "open its address in a browser, save the file and put it into data/inbox/synthetic/"


@pytest.fixture
def site() -> Iterator[Publisher]:
    with publisher() as found:
        yield found


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", retry_seconds=0.001)


def source(*remotes: Remote, source_id: str = "synthetic") -> Source:
    return Source(
        source_id=source_id, title="", short_title="", publisher="", licence="", landing_url="", cadence="yearly",
        citation="", tables=(), parse=lambda raws: {}, remotes=remotes,
    )  # fmt: skip


def fetch(settings: Settings, *remotes: Remote) -> Fetched:
    return Fetcher(settings).fetch(source(*remotes))


def events(settings: Settings) -> list[str]:
    return [event["event"] for event in Archive(settings.archive_dir).events()]


def left_over(settings: Settings) -> list[Path]:
    """Files in the archive that are neither kept nor the ledger."""
    kept = {f.path for f in Archive(settings.archive_dir).newest("synthetic").values()}
    found = {p for p in settings.archive_dir.rglob("*") if p.is_file() and p.name != "ledger.jsonl"}
    return sorted(found - kept)


def test_a_file_is_kept_with_all_that_is_known_of_it(settings: Settings, site: Publisher) -> None:
    url = site.says("/data/table.csv", Answer(TABLE, headers={"ETag": '"v1"', "Last-Modified": WAS}))
    fetched = fetch(replace(settings, contact="analyst@state.example"), Remote(url, "csv", period="2026"))
    file = fetched.files["table.csv"]
    assert file.path.read_bytes() == TABLE
    assert (fetched.new_names, fetched.downloaded_bytes) == (("table.csv",), len(TABLE))
    assert (file.sha256, file.size_bytes) == (hashlib.sha256(TABLE).hexdigest(), len(TABLE))
    assert (file.etag, file.last_modified, str(file.last_modified_on)) == ('"v1"', WAS, "2026-05-05")
    assert (file.url, file.period, file.via) == (url, "2026", "publisher")
    assert Archive(settings.archive_dir).newest("synthetic") == {"table.csv": file}
    agent = site.requests[0][1]["User-Agent"]
    assert agent.startswith("TalentGapAtlas/")
    assert agent.endswith("(analyst@state.example)")


def test_not_modified_is_respected(settings: Settings, site: Publisher) -> None:
    url = site.says("/table.csv", Answer(TABLE, headers={"ETag": '"v1"', "Last-Modified": WAS}))
    first = fetch(settings, Remote(url, "csv"))
    second = fetch(settings, Remote(url, "csv"))
    conditions = site.requests[1][1]
    assert (conditions["If-None-Match"], conditions["If-Modified-Since"]) == ('"v1"', WAS)
    assert (second.new_names, second.downloaded_bytes) == ((), 0)
    assert second.files["table.csv"] == first.files["table.csv"]
    assert events(settings) == ["kept"]


def test_without_an_etag_the_same_bytes_are_the_same_file(settings: Settings, site: Publisher) -> None:
    url = site.says("/table.csv", Answer(TABLE))
    first, second = (fetch(settings, Remote(url, "csv")) for _ in range(2))
    assert second.new_names == ()
    assert second.files["table.csv"] == first.files["table.csv"]
    assert events(settings) == ["kept"]
    assert left_over(settings) == []


def test_every_version_stays_in_the_archive(settings: Settings, site: Publisher) -> None:
    url = site.says("/table.csv", Answer(TABLE), Answer(TABLE + b"02,6\n"))
    old = fetch(settings, Remote(url, "csv")).files["table.csv"]
    new = fetch(settings, Remote(url, "csv")).files["table.csv"]
    assert old.path.read_bytes() == TABLE
    assert new.path.read_bytes() == TABLE + b"02,6\n"
    assert Archive(settings.archive_dir).newest("synthetic")["table.csv"] == new


@pytest.mark.parametrize(
    ("kind", "answer", "says"),
    [
        ("csv", Answer(b"", 404), "answered 404 Not Found"),
        ("csv", Answer(b"", 403), "answered 403 Forbidden"),
        ("csv", Answer(b"", 500), "answered 500"),
        ("csv", Answer(b""), "is empty"),
        ("csv", Answer(b" \r\n"), "is empty"),
        ("csv", Answer(b"\xef\xbb\xbf" + WEB_PAGE), "is a web page where a csv file should be"),
        ("csv", Answer(b"no table\n"), "its first line is one cell"),
        ("tsv", Answer(TABLE), "its first line is one cell"),
        ("csv", Answer(zipped(a="1")), "is not text where a csv file should be"),
        ("json", Answer(b'{"rows": ['), "is not JSON"),
        ("xlsx", Answer(WEB_PAGE), "is a web page where a xlsx file should be"),
        ("xlsx", Answer(zipped(a="1")), "is a zip but not an Excel workbook"),
        ("xlsx", Answer(workbook(("a", "b"))[:-100]), "is not a whole xlsx file"),
        ("zip", Answer(zipped(a="1" * 5000)[:-20]), "is not a whole zip file"),
        ("zip", Answer(b"PK\x03\x04" + b"\0" * 100), "is not a whole zip file"),
    ],
)
def test_what_is_not_the_file_is_not_kept(
    settings: Settings, site: Publisher, kind: Kind, answer: Answer, says: str
) -> None:
    url = site.says("/table", answer)
    with pytest.raises(AtlasError, match=says) as error:
        fetch(settings, Remote(url, kind, name="table.file"))
    assert_one_sentence(str(error.value), f"table.file of synthetic ({url})", BROWSER)
    assert left_over(settings) == []
    assert events(settings) == []


def test_a_zip_with_a_damaged_member_is_not_kept(settings: Settings, site: Publisher) -> None:
    data = bytearray(zipped(a="synthetic " * 500))
    data[60] ^= 0xFF
    url = site.says("/a.zip", Answer(bytes(data)))
    with pytest.raises(AtlasError, match=r"a\.zip of synthetic") as error:
        fetch(settings, Remote(url, "zip"))
    assert_one_sentence(str(error.value), BROWSER)
    assert left_over(settings) == []


def test_a_body_that_breaks_off_is_not_kept(settings: Settings, site: Publisher) -> None:
    url = site.says("/table.csv", Answer(TABLE, promised=len(TABLE) + 100))
    with pytest.raises(AtlasError, match=r"broke off after \d+ ") as error:
        fetch(settings, Remote(url, "csv"))
    assert_one_sentence(str(error.value), "table.csv of synthetic", "run the refresh again")
    assert left_over(settings) == []


def test_nobody_there(settings: Settings) -> None:
    with publisher() as gone:
        url = gone.address + "/table.csv"
    with pytest.raises(AtlasError, match="could not be reached") as error:
        fetch(settings, Remote(url, "csv"))
    assert_one_sentence(str(error.value), "table.csv of synthetic", BROWSER)
    assert left_over(settings) == []


def test_a_server_that_stumbles_twice_is_asked_again(settings: Settings, site: Publisher) -> None:
    url = site.says("/table.csv", Answer(status=500), Answer(status=503), Answer(TABLE))
    assert fetch(settings, Remote(url, "csv")).new_names == ("table.csv",)
    assert len(site.requests) == 3


def test_retry_after_is_waited_for(settings: Settings, site: Publisher) -> None:
    url = site.says("/table.csv", Answer(status=429, headers={"Retry-After": "1"}), Answer(TABLE))
    started = time.monotonic()
    assert fetch(settings, Remote(url, "csv")).new_names == ("table.csv",)
    assert time.monotonic() - started >= 1


def test_an_optional_file_may_be_missing(settings: Settings, site: Publisher) -> None:
    url = site.says("/table.csv", Answer(TABLE))
    fetched = fetch(settings, Remote(url, "csv"), Remote(site.address + "/extra.csv", "csv", optional=True))
    assert list(fetched.files) == ["table.csv"]
    with pytest.raises(AtlasError, match=r"synthetic needs the file extra\.csv") as error:
        fetched.files["extra.csv"]
    assert_one_sentence(str(error.value), "python -m etl refresh synthetic", "data/inbox/synthetic/")


def test_an_address_that_leads_to_another(settings: Settings, site: Publisher) -> None:
    site.says("/presigned?token=passing", Answer(TABLE, headers={"ETag": '"v1"', "Last-Modified": WAS}))
    url = site.says("/lead", Answer(b'{"content": "/presigned?token=passing"}'))

    def follow(answer: bytes) -> Remote:
        return Remote(site.address + json.loads(answer)["content"], "csv", name="table.csv")

    remote = Remote(url, "json", period="2026", name="table.csv", follow=follow)
    for _ in range(2):
        file = fetch(settings, remote).files["table.csv"]
        assert (file.url, file.period) == (url, "2026")
        assert file.path.read_bytes() == TABLE
    assert "token" not in (settings.archive_dir / "ledger.jsonl").read_text(encoding="utf-8")
    # What is known of the file says nothing about the address that leads to it.
    assert not any("If-None-Match" in headers for path, headers in site.requests if path == "/lead")


@pytest.mark.parametrize("answer", [Answer(WEB_PAGE), Answer(b'{"content": ', promised=100)])
def test_a_leading_address_that_leads_nowhere(settings: Settings, site: Publisher, answer: Answer) -> None:
    url = site.says("/lead", answer)
    with pytest.raises(AtlasError, match=r"table\.csv of synthetic") as error:
        fetch(settings, Remote(url, "json", name="table.csv", follow=lambda _: Remote(url, "csv")))
    assert_one_sentence(str(error.value))
    assert left_over(settings) == []


def test_the_inbox_goes_before_the_address(settings: Settings, site: Publisher) -> None:
    folder = settings.inbox_dir / "synthetic"
    folder.mkdir(parents=True)
    (folder / "table.csv").write_bytes(TABLE)
    remote = Remote(site.address + "/table.csv", "csv")
    for _ in range(2):
        file = fetch(settings, remote).files["table.csv"]
        assert (file.via, file.path.read_bytes()) == ("inbox", TABLE)
        assert left_over(settings) == []
    assert site.requests == []
    assert (folder / "table.csv").exists()
    (folder / "table.csv").write_bytes(WEB_PAGE)
    with pytest.raises(AtlasError, match="is a web page") as error:
        fetch(settings, remote)
    assert_one_sentence(str(error.value), "table.csv of synthetic")


def test_a_source_without_an_address_takes_what_lies_in_its_inbox(settings: Settings) -> None:
    assert not fetch(settings).files
    folder = settings.inbox_dir / "synthetic"
    folder.mkdir(parents=True)
    (folder / "brought.csv").write_bytes(TABLE)
    (folder / "brought.xlsx").write_bytes(workbook(("a", "b"), (1, 2)))
    (folder / ".DS_Store").write_bytes(b"\0")
    files = fetch(settings).files
    assert list(files) == ["brought.csv", "brought.xlsx"]
    assert files["brought.csv"].url == "inbox:brought.csv"


def mirror(tmp_path: Path) -> Path:
    folder = tmp_path / "mirror" / "publisher.example"
    folder.mkdir(parents=True)
    (folder / "a table.csv").write_bytes(TABLE)
    return folder.parent


def test_a_folder_in_front_of_the_addresses(settings: Settings, tmp_path: Path) -> None:
    settings = replace(settings, mirror=str(mirror(tmp_path)))
    remote = Remote("https://publisher.example/a%20table.csv", "csv", name="table.csv")
    file = fetch(settings, remote).files["table.csv"]
    assert (file.via, file.url, file.etag, file.last_modified) == ("mirror", remote.url, None, None)
    assert fetch(settings, remote).new_names == ()
    with pytest.raises(AtlasError, match="answered 404 not in the mirror") as error:
        fetch(settings, Remote("https://publisher.example/other.csv", "csv"))
    assert_one_sentence(str(error.value), "other.csv of synthetic (https://publisher.example/other.csv)")


@pytest.mark.parametrize("path", ["../secret.csv", "%2e%2e/%2e%2e/secret.csv", "..%2F..%2Fsecret.csv"])
def test_nothing_outside_the_folder_is_served(settings: Settings, tmp_path: Path, path: str) -> None:
    settings = replace(settings, mirror=str(mirror(tmp_path)))
    (tmp_path / "secret.csv").write_bytes(TABLE)
    (tmp_path / "mirror" / "link.csv").symlink_to(tmp_path / "secret.csv")
    for address in (f"https://publisher.example/{path}", "https://publisher.example/%2e%2e/link.csv"):
        with pytest.raises(AtlasError, match="404"):
            fetch(settings, Remote(address, "csv", name="secret.csv"))


def test_an_address_in_front_of_the_addresses(settings: Settings, site: Publisher) -> None:
    site.says("/publisher.example/table.csv", Answer(TABLE))
    file = fetch(replace(settings, mirror=site.address + "/"), Remote("https://publisher.example/table.csv", "csv"))
    assert file.files["table.csv"].url == "https://publisher.example/table.csv"
    assert file.files["table.csv"].via == "mirror"


def test_a_mirrors_validators_are_not_sent_to_the_publisher(settings: Settings, site: Publisher) -> None:
    answer = Answer(TABLE, headers={"ETag": '"of the mirror"'})
    url = site.says("/table.csv", answer)
    site.says("/" + site.address.removeprefix("http://") + "/table.csv", answer)
    fetch(replace(settings, mirror=site.address), Remote(url, "csv"))
    fetch(settings, Remote(url, "csv"))
    assert "If-None-Match" not in site.requests[1][1]


def test_a_mirror_that_is_no_folder(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(AtlasError, match="is not a folder") as error:
        Fetcher(replace(settings, mirror=str(tmp_path / "none")))
    assert_one_sentence(str(error.value))


def test_a_line_cut_short_costs_only_itself(settings: Settings, site: Publisher) -> None:
    url = site.says("/table.csv", Answer(TABLE), Answer(TABLE + b"02,6\n"))
    fetch(settings, Remote(url, "csv"))
    with (settings.archive_dir / "ledger.jsonl").open("a", encoding="utf-8") as ledger:
        ledger.write('{"event": "kept", "source_id": "synth')
    new = fetch(settings, Remote(url, "csv")).files["table.csv"]
    assert Archive(settings.archive_dir).newest("synthetic")["table.csv"] == new
    assert events(settings) == ["kept", "kept"]


@pytest.mark.parametrize("header", [None, "", "yesterday", "0"])
def test_a_date_that_cannot_be_read_is_no_date(settings: Settings, site: Publisher, header: str | None) -> None:
    headers = {} if header is None else {"Last-Modified": header}
    file: RawFile = fetch(settings, Remote(site.says("/t.csv", Answer(TABLE, headers=headers)), "csv")).files["t.csv"]
    assert file.last_modified_on is None
