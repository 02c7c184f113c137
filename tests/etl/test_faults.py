"""Every source against every fault of its publisher: one sentence, exit 1, and the warehouse as it was to the byte.

The publishers are one web server on the loopback address, the files tiny synthetic ones in the publishers' layouts
(``tests/etl/publishers_files.py``). What a fault leaves whole (a server that recovers, a column more) must be loaded, and
give the very rows of the file without fault. Sources that only a person can fetch meet the faults that a file can have.
"""

from __future__ import annotations

import hashlib
import random
import socket
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from filelock import FileLock
from typer.testing import CliRunner, Result

from etl import fetch, tabular
from etl.__main__ import app
from etl.errors import AtlasError
from etl.settings import Settings
from etl.source import Frames, Remote
from etl.sources import advance_cte, all_sources
from etl.warehouse.build import BuildReport, Parsed
from etl.warehouse.schema import tables
from etl.warehouse.sql import literal
from tests.etl.helpers import WEB_PAGE, Answer, Publisher, assert_one_sentence, publisher, workbook
from tests.etl.publishers_files import (
    SPOILABLE,
    Files,
    Rows,
    Spoilable,
    edited,
    members,
    packed,
    rewritten,
    without_sheet,
)

Spoil = Callable[[Files, Spoilable], bytes]


# ------------------------------------------------------------------ faults of a file


def _of_file(change: Callable[[bytes, Spoilable], bytes]) -> Spoil:
    return lambda files, spoilable: change(files[spoilable.file], spoilable)


def _column(edit: Callable[[Rows, int, Spoilable], Rows]) -> Spoil:
    return lambda files, s: edited(files[s.file], s.column, lambda rows, place: edit(rows, place, s))


def _without_column(rows: Rows, place: int, _: Spoilable) -> Rows:
    return [[cell for n, cell in enumerate(row) if n != place] for row in rows]


def _renamed_column(rows: Rows, place: int, _: Spoilable) -> Rows:
    return [[f"{cell} (new)" if n == place else cell for n, cell in enumerate(rows[0])], *rows[1:]]


def _extra_column(rows: Rows, _place: int, __: Spoilable) -> Rows:
    return [[*rows[0], "synthetic_extra"], *([*row, "1"] for row in rows[1:])]


def _impossible(rows: Rows, place: int, spoilable: Spoilable) -> Rows:
    first = [spoilable.impossible if n == place else cell for n, cell in enumerate(rows[1])]
    return [rows[0], first, *rows[2:]]


def _bomb(content: bytes, _: Spoilable) -> bytes:
    """The file's own members, one of them grown to 5 MB of blanks (the limit is set lower for the test)."""
    inside = members(content)
    name = list(inside)[-1]
    return packed(inside | {name: inside[name] + b" " * 5_000_000})


def _damaged(content: bytes, _: Spoilable) -> bytes:
    """A zip whose directory is whole and whose content is not."""
    middle = len(content) // 2
    return content[:60] + bytes(255 - byte for byte in content[60:middle]) + content[middle:]


def _older(files: Files, spoilable: Spoilable) -> bytes:
    if isinstance(spoilable.older, str):
        return files[spoilable.older]
    old, new = spoilable.older
    assert old.encode() in files[spoilable.file]
    return files[spoilable.file].replace(old.encode(), new.encode())


def _without_state(files: Files, spoilable: Spoilable) -> bytes:
    of_state = spoilable.of_state
    assert of_state
    column = "AREA" if spoilable.column == "A_MEDIAN" else spoilable.column
    return edited(files[spoilable.state_file], column, lambda rows, _: [r for r in rows if not of_state(r)])


#: Fault of a file -> how the file comes to have it. The names of those that must be loaded all the same are below.
FILE_FAULTS: dict[str, Spoil] = {
    "empty body": lambda files, s: b"",
    "web page with 200": lambda files, s: WEB_PAGE,
    "cut in half": _of_file(lambda content, _: content[: len(content) // 2]),
    "corrupt zip": _of_file(_damaged),
    "wrong zip": lambda files, s: packed({"synthetic/readme.txt": b"nothing of what is needed"}),
    "zip bomb": _of_file(_bomb),
    "missing column": _column(_without_column),
    "renamed column": _column(_renamed_column),
    "missing sheet or member": _of_file(lambda content, s: without_sheet(content, s.column)),
    "extra column": _column(_extra_column),
    "UTF-16": _of_file(lambda content, _: rewritten(content, lambda text: text.decode("utf-8-sig").encode("utf-16"))),
    "byte order mark": _of_file(
        lambda content, _: rewritten(content, lambda text: b"\xef\xbb\xbf" + text.removeprefix(b"\xef\xbb\xbf"))
    ),
    "value out of range": _column(_impossible),
    "state missing": _without_state,
    "last year's file": _older,
}
#: Faults that leave the figures as they are: they must be loaded, or be refused in a sentence.
LOADED_OR_REFUSED = {"extra column", "byte order mark"}
#: Whose workbook's sheet may have any name: a person exports it.
ANY_SHEET = "perkins"
#: Who refuses what it need not: a column that is no known cluster may be one that must be counted.
REFUSES = {("perkins", "extra column"), ("bls_cps", "byte order mark"), ("bls_jolts", "byte order mark"),
           ("bls_laus", "byte order mark")}  # fmt: skip


def _can_have(source_id: str, fault: str) -> bool:
    """Whether a file of this source can have the fault."""
    spoilable = SPOILABLE[source_id]
    if fault == "missing sheet or member":
        return spoilable.is_packed and source_id != ANY_SHEET
    if fault in {"corrupt zip", "wrong zip", "zip bomb"}:
        return spoilable.is_packed
    if fault == "cut in half":  # half a text is a text: that its server sent less than it promised tells, below
        return spoilable.is_packed
    if fault in {"UTF-16", "byte order mark"}:
        return not spoilable.is_workbook
    if fault == "state missing":
        return spoilable.of_state is not None
    if fault == "last year's file":
        return bool(spoilable.older)
    return True


# ------------------------------------------------------------------ faults of a server

#: Of a source with more files than this, those without fault are put into the inbox.
MANY_FILES = 20
GOOD = Answer(b"the file")
#: Fault of a server -> its answers in turn, where GOOD stands for the file.
SERVER_FAULTS: dict[str, tuple[Answer, ...]] = {
    "refused": (),
    "time-out": (Answer(delay_seconds=0.4),),
    "429 for ever": (Answer(b"slow down", 429, {"Retry-After": "0"}),),
    "429, then good": (Answer(b"slow down", 429, {"Retry-After": "0"}), GOOD),
    "500 twice, then good": (Answer(b"oh", 500), Answer(b"oh", 500), GOOD),
    "500 for ever": (Answer(b"oh", 500),),
    "cut short": (Answer(promised=1),),
}
RECOVERS = {"429, then good", "500 twice, then good"}


# ------------------------------------------------------------------ the place


@pytest.fixture(scope="module", autouse=True)
def _small_framework() -> Iterator[None]:
    """The synthetic framework has two clusters."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(advance_cte, "_CLUSTER_COUNT", 2)
        yield


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Files]:
    """The files of every source by name, as they should be."""
    made: dict[str, Files] = {}
    for source_id, spoilable in SPOILABLE.items():
        folder = tmp_path_factory.mktemp(source_id)
        made[source_id] = {path.name: path.read_bytes() for path in spoilable.make(folder)}
    return made


@pytest.fixture(scope="module")
def previous(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of the project's own tables, all of them empty but its one row of ``build``."""
    path = tmp_path_factory.mktemp("previous") / "warehouse.duckdb"
    with duckdb.connect() as con:
        con.execute(f"ATTACH {literal(path)} AS w")
        con.execute("USE w")
        con.begin()
        for table in tables("ledger", "history"):
            con.execute(table.ddl())
        con.execute("INSERT INTO build VALUES ('synthetic000', now()::TIMESTAMP, now()::TIMESTAMP, 'synthetic', '{}')")
        con.commit()
    return path


@pytest.fixture(scope="module")
def site() -> Iterator[Publisher]:
    with publisher() as running:
        yield running


class Place:
    """A data folder with a warehouse, the publishers' server, and what a refresh gave to the build."""

    def __init__(self, settings: Settings, site: Publisher, files: dict[str, Files]) -> None:
        self.settings, self.site, self.files = settings, site, files
        self.built: dict[str, Frames] = {}

    def publish(self, source_id: str, spoiled: dict[str, tuple[Answer, ...]]) -> None:
        """Serve a source's files at their addresses, those that are ``spoiled`` with these answers."""
        files = self.files[source_id]
        self.site.answers.clear()
        source = all_sources()[source_id]
        for remote in (r for named in source.remotes for r in (named, *getattr(named, "otherwise", ()))):
            if remote.name not in files:
                continue
            if len(files) > MANY_FILES and remote.name not in spoiled:  # QCEW's 52 would take seconds
                self._bring(source_id, remote.name, files[remote.name])
                continue
            path = _path(remote)
            if remote.follow is not None:
                self.site.says(path, Answer(b'{"content": "https://files.example/synthetic?signature=abc"}'))
                path = "/files.example/synthetic"
            self.site.says(path, *spoiled.get(remote.name, (Answer(files[remote.name]),)))
        if not source.remotes:
            for name, content in files.items():
                self._bring(source_id, name, spoiled[name][0].body if name in spoiled else content)

    def _bring(self, source_id: str, name: str, content: bytes) -> None:
        folder = self.settings.inbox_dir / source_id
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    def refresh(self, source_id: str) -> Result:
        return CliRunner().invoke(app, ["refresh", source_id])

    def digest(self) -> str:
        return hashlib.sha256(self.settings.warehouse_path.read_bytes()).hexdigest()


def _path(remote: Remote) -> str:
    parts = urllib.parse.urlsplit(remote.url)
    return f"/{parts.netloc}{parts.path}"


@pytest.fixture
def place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, previous: Path, site: Publisher, good: dict[str, Files]
) -> Place:
    settings = Settings(
        data_dir=tmp_path / "data", snapshot_dir=tmp_path / "none", mirror=site.address, retry_seconds=0.001
    )  # fmt: skip
    settings.data_dir.mkdir()
    settings.warehouse_path.write_bytes(previous.read_bytes())
    found = Place(settings, site, good)

    def build(_: Settings, parsed: dict[str, Parsed], **__: object) -> BuildReport:
        found.built |= {source_id: each.frames for source_id, each in parsed.items()}
        return BuildReport("synthetic001", {})

    monkeypatch.setattr("etl.refresh.build", build)
    monkeypatch.setattr("os.fsync", lambda _: None)  # some 150 waits for the disk in QCEW's 52 files, tested elsewhere
    monkeypatch.setattr(Settings, "from_environment", classmethod(lambda cls: found.settings))
    for name in ("MAX_UNPACKED_BYTES", "MUCH_BYTES"):
        monkeypatch.setattr(tabular, name, 1_000_000, raising=False)
    return found


def _fails(place: Place, source_id: str) -> str:
    before = place.digest()
    done = place.refresh(source_id)
    assert done.exit_code == 1, f"loaded all the same: {done.output}"
    assert_one_sentence(done.stderr.strip(), "error: ")
    assert "Traceback" not in done.output
    assert place.built == {}
    assert place.digest() == before
    with FileLock(place.settings.lock_path, timeout=0):
        left = {p.name for p in place.settings.data_dir.iterdir()}
    assert left <= {"archive", "inbox", "warehouse.duckdb", "warehouse.lock"}
    assert not list((place.settings.archive_dir / ".partial").glob("tmp*"))
    return done.stderr


def _loads(place: Place, source_id: str, good_frames: Frames) -> None:
    done = place.refresh(source_id)
    assert done.exit_code == 0, done.output
    for name, frame in good_frames.items():
        pd.testing.assert_frame_equal(place.built[source_id][name], frame)


@pytest.fixture(scope="module")
def good_frames() -> dict[str, Frames]:
    """What the files without fault are parsed into, source by source, as the tests come to need it."""
    return {}


def _good_frames(place: Place, source_id: str, known: dict[str, Frames]) -> Frames:
    if source_id not in known:
        fresh = Place(
            replace(place.settings, data_dir=place.settings.data_dir.with_name("good")), place.site, place.files
        )
        fresh.publish(source_id, {})
        fetched = fetch.Fetcher(fresh.settings).fetch(all_sources()[source_id])
        known[source_id] = all_sources()[source_id].parse(fetched.files)
    return known[source_id]


# ------------------------------------------------------------------ the matrix


@pytest.mark.parametrize("kind", ["zip", "xlsx"])
def test_a_damaged_zip_is_never_a_defect_of_ours(kind: fetch.Kind) -> None:
    """A few bytes of it changed at random, 300 times: it is whole all the same, or refused in a sentence."""
    whole = workbook(("a", "b"), (1, 2)) if kind == "xlsx" else packed({"synthetic.csv": b"a,b\n1,2\n" * 50})
    draw, refused = random.Random(2026), 0
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(draw.randint(1, 20)):
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        try:
            fetch.check_content(bytes(damaged), kind, "synthetic", "put it into data/inbox/source/")
        except AtlasError as error:
            assert_one_sentence(str(error), "synthetic")
            refused += 1
    assert refused > 250


def test_every_source_is_in_the_matrix() -> None:
    """All but the files that people bring, which test_import_mutated.py spoils in its own ways."""
    assert set(SPOILABLE) == {source_id for source_id, source in all_sources().items() if not source.is_optional}


@pytest.mark.parametrize(("source_id", "fault"), [(s, f) for s in SPOILABLE for f in FILE_FAULTS if _can_have(s, f)])
def test_a_file_with_a_fault(place: Place, good_frames: dict[str, Frames], source_id: str, fault: str) -> None:
    spoilable, files = SPOILABLE[source_id], place.files[source_id]
    right = _good_frames(place, source_id, good_frames)
    file = spoilable.state_file if fault == "state missing" else spoilable.file
    body = FILE_FAULTS[fault](files, spoilable)
    assert body != files[file]
    place.publish(source_id, {file: (Answer(body),)})
    if fault in LOADED_OR_REFUSED and (source_id, fault) not in REFUSES:
        _loads(place, source_id, right)
    else:
        said = _fails(place, source_id)
        assert Path(file).stem in said or source_id in said


@pytest.mark.parametrize("fault", SERVER_FAULTS)
@pytest.mark.parametrize("source_id", [s for s in SPOILABLE if all_sources()[s].remotes])
def test_a_server_with_a_fault(
    place: Place, good_frames: dict[str, Frames], monkeypatch: pytest.MonkeyPatch, source_id: str, fault: str
) -> None:
    file = SPOILABLE[source_id].file
    right = _good_frames(place, source_id, good_frames)
    body = place.files[source_id][file]
    answers = tuple(
        Answer(body) if answer is GOOD else replace(answer, body=body, promised=len(body) + 100)
        if answer.promised else answer for answer in SERVER_FAULTS[fault]
    )  # fmt: skip
    place.publish(source_id, {file: answers})
    if fault == "refused":
        with socket.socket() as nobody:  # a port that nobody listens on
            nobody.bind(("127.0.0.1", 0))
            port = nobody.getsockname()[1]
        place.settings = replace(place.settings, mirror=f"http://127.0.0.1:{port}")
    if fault == "time-out":
        monkeypatch.setattr(fetch, "TIMEOUT_SECONDS", (0.1, 0.1))
    if fault in RECOVERS:
        _loads(place, source_id, right)
    else:
        assert source_id in _fails(place, source_id)
