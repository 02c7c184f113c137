"""A PostgreSQL server for tests and benchmarks: a temporary folder, a free port, gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

SUPERUSER_PASSWORD = "owner-of-the-synthetic-server"


@dataclass(frozen=True)
class Server:
    """Where it listens, on the loopback address."""

    port: int

    def url(self, user: str = "postgres", password: str = SUPERUSER_PASSWORD, port: int = 0) -> str:
        return f"postgres://{user}:{password}@127.0.0.1:{port or self.port}/postgres"


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl: on the path, or where Debian puts the newest."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    return folders[-1].parent if folders else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(folder: str | None = None) -> Iterator[Server]:
    """Start a server whose users need passwords, and stop it. It refuses to run as root, which then starts it as postgres."""
    bin_folder = binaries()
    assert bin_folder is not None, "ask binaries() first"
    root = Path(tempfile.mkdtemp(prefix="atlas-postgres-", dir=folder))
    data = root / "data"
    secret = root / "password"
    secret.write_text(SUPERUSER_PASSWORD, encoding="utf-8")
    user = "postgres" if os.geteuid() == 0 else None
    for path in (root, secret) if user else ():
        shutil.chown(path, user)

    def run(program: str, *words: str) -> None:
        subprocess.run(
            [str(bin_folder / program), "-D", str(data), *words],
            check=True, capture_output=True, cwd="/", timeout=120, user=user, group=user, extra_groups=[] if user else None,
        )  # fmt: skip

    try:
        run(
            "initdb",
            "-U",
            "postgres",
            "-A",
            "scram-sha-256",
            f"--pwfile={secret}",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C",
        )
        port = free_port()
        options = f"-p {port} -k {root} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=20"
        # Its output goes to a file: a pipe that the server holds open would never end.
        run("pg_ctl", "-w", "-o", options, "-l", str(root / "log"), "start")
        try:
            yield Server(port)
        finally:
            with suppress(subprocess.CalledProcessError):  # a server that a test has stopped
                run("pg_ctl", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(root, ignore_errors=True)
