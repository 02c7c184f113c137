"""Where things lie, and what the environment may change about it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Settings:
    """Folders and the few things a person may set.

    ``data_dir`` holds what changes (archive, inbox, warehouse); ``snapshot_dir`` and ``reference_dir`` come with the
    project. ``mirror`` is a folder or base address put in front of the publishers' addresses. ``contact`` goes into the
    User-Agent, because the Bureau of Labor Statistics asks for one. ``address`` is where the dashboard is served; saved
    pictures, briefs and links name it. ``bls_key`` is a registration key of the Bureau's interface; it is sent to the Bureau
    alone and written nowhere. ``retry_seconds`` is the first wait before a failed
    request is tried again; each wait after it is twice as long.
    """

    data_dir: Path = ROOT / "data"
    snapshot_dir: Path = ROOT / "data" / "snapshot"
    reference_dir: Path = ROOT / "data" / "reference"
    mirror: str = ""
    contact: str = ""
    address: str = ""
    bls_key: str = field(default="", repr=False)
    retry_seconds: float = 1

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Settings from TALENTGAP_DATA, TALENTGAP_MIRROR, TALENTGAP_CONTACT, TALENTGAP_ADDRESS and TALENTGAP_BLS_KEY."""
        env = os.environ if environment is None else environment
        return cls(
            data_dir=Path(env.get("TALENTGAP_DATA") or ROOT / "data").expanduser().resolve(),
            mirror=env.get("TALENTGAP_MIRROR", ""),
            contact=env.get("TALENTGAP_CONTACT", ""),
            address=env.get("TALENTGAP_ADDRESS", ""),
            bls_key=env.get("TALENTGAP_BLS_KEY", "").strip(),
        )

    @property
    def archive_dir(self) -> Path:
        return self.data_dir / "archive"

    @property
    def inbox_dir(self) -> Path:
        return self.data_dir / "inbox"

    @property
    def warehouse_path(self) -> Path:
        return self.data_dir / "warehouse.duckdb"

    @property
    def lock_path(self) -> Path:
        return self.data_dir / "warehouse.lock"

    @property
    def holder_path(self) -> Path:
        """Who holds the lock."""
        return self.data_dir / "warehouse.holder.json"

    @property
    def user_agent(self) -> str:
        contact = f" ({self.contact})" if self.contact else ""
        return f"TalentGapAtlas/{package_version()}{contact}"


def package_version() -> str:
    """The installed version, or 0 when the project runs without having been installed."""
    try:
        return version("talent-gap-atlas")
    except PackageNotFoundError:
        return "0"


#: The parts of the code that decide what the warehouse holds, given the same files.
_DECISIVE = (
    "etl/*.py",
    "etl/sources/*.py",
    "etl/warehouse/schema.py",
    "etl/warehouse/build.py",
    "etl/warehouse/gap_inputs.py",
    "etl/warehouse/periods.py",
    "etl/warehouse/marts/*.py",
    "measures/*.py",
    "data/reference/*.csv",
)
_INDIFFERENT = frozenset(
    {
        "__main__.py",
        "archive.py",
        "durable.py",
        "fetch.py",
        "parallel.py",
        "progress.py",
        "refresh.py",
        "resume.py",
        "settings.py",
    }
)


@cache
def code_version() -> str:
    """The version, and a hash of everything that decides what the warehouse holds for the same files."""
    digest = hashlib.sha256()
    for path in sorted(p for pattern in _DECISIVE for p in ROOT.glob(pattern) if p.name not in _INDIFFERENT):
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return f"{package_version()}+{digest.hexdigest()[:8]}"
