"""``python -m bench.warehouse [--records N] [--folder DIR] [--json]``: synthetic records counted where they lie.

The same records in PostgreSQL (a server of its own) and as Parquet for Spark (a master, and one and two workers, each a
process with one core) and for DuckDB. Each client is a process of its own, whose memory is measured; every engine's rows
must be the same, and those that are shown must be what a plain query counts. Without Spark it says so and leaves it out.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pandas as pd

from bench import records as synthetic
from bench.postgres import binaries, free_port, server
from etl.connected.bring import bring
from etl.connected.maps import read_map

#: The most memory, in MB, that a client may take, whatever the number of records; DuckDB's engine is in the client itself.
MOST_CLIENT_MB = 300
KEYS = ["school_year", "district", "cluster", "population", "measure"]


def main() -> int:
    """Run it; 1 if engines differ, or a client takes more memory than it may."""
    parser = argparse.ArgumentParser(prog="python -m bench.warehouse", description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000, help="how many (20000000 takes 6 GB of disk)")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where there is room")
    parser.add_argument("--without-spark", action="store_true", help="PostgreSQL and DuckDB only")
    parser.add_argument("--json", action="store_true", help="machine-readable")
    parser.add_argument("--client", nargs=4, metavar=("URL", "TABLE", "WAGES", "OUT"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.client:
        return client(*asked.client)
    with tempfile.TemporaryDirectory(prefix="atlas-bench-", dir=asked.folder) as name:
        Path(name).chmod(0o755)  # PostgreSQL runs as a user of its own
        found = measure(Path(name), asked.records, not asked.without_spark)
    for row in found:
        print(json.dumps(row) if asked.json else "  ".join(f"{key} {value}" for key, value in row.items()))
    return 0 if all(row.get("is_same", True) and row.get("client_mb", 0) < MOST_CLIENT_MB for row in found) else 1


def client(url: str, table: str, wages: str, out: str) -> int:
    """What a person runs, less the loading: connect, count, fetch. Seconds and the most memory go to standard output."""
    started = time.perf_counter()
    brought = bring(url, table, read_map(synthetic.map_text(wages), "the map"), {})
    seconds = time.perf_counter() - started
    pd.to_pickle({kind: rows.drop(columns="origin") for kind, rows in brought.rows.items()}, out)
    status = Path("/proc/self/status").read_text(
        encoding="ascii"
    )  # getrusage would count the process that started this one
    most = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    print(json.dumps({"seconds": round(seconds, 1), "client_mb": round(most)}))
    return 0


def measure(folder: Path, count: int, with_spark: bool) -> list[dict[str, object]]:
    """One row per step or engine: what, seconds, the client's memory, and whether its rows are those of DuckDB."""
    found: list[dict[str, object]] = []

    def step(what: str, started: float) -> None:
        found.append({"what": what, "records": count, "seconds": round(time.perf_counter() - started, 1)})
        print(f"{what}: {found[-1]['seconds']} s", file=sys.stderr, flush=True)

    def engine(what: str, url: str, table: str, wages: str) -> None:
        out = folder / f"{len(found)}.pickle"
        done = subprocess.run(
            [sys.executable, "-m", "bench.warehouse", "--client", url, table, wages, str(out)],
            check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        rows = pd.read_pickle(out)
        row = {"what": what, "records": count, **json.loads(done.stdout.splitlines()[-1])}
        if url.startswith("duckdb:"):
            row["client_and_engine_mb"] = row.pop("client_mb")
        row["cells"] = {kind: len(frame) for kind, frame in rows.items()}
        row["is_same"] = is_same(rows, answers.setdefault("duckdb", rows))
        found.append(row)
        print(f"{what}: {row}", file=sys.stderr, flush=True)

    answers: dict[str, dict[str, pd.DataFrame]] = {}
    started = time.perf_counter()
    parquet = synthetic.write_parquet(folder, count)
    step("write the records as Parquet", started)
    engine("DuckDB, on the Parquet files", "duckdb://", str(parquet[0]), str(parquet[1]))
    started = time.perf_counter()
    con = duckdb.connect(config={"memory_limit": "4GB", "threads": 2, "temp_directory": str(folder / "spill")})
    truth = con.sql(synthetic.TRUTH.format(records=f"'{parquet[0]}'")).df()
    con.close()
    step("a plain query of all counts", started)
    found[-1]["is_same"] = is_true(answers["duckdb"]["enrollment"], truth)
    if binaries() and find_spec("psycopg"):
        import psycopg

        with server(str(folder)) as running:
            started = time.perf_counter()
            with psycopg.connect(running.url(), autocommit=True) as open_connection:
                synthetic.copy_to_postgres(open_connection, *parquet)
            step("copy them into PostgreSQL", started)
            engine("PostgreSQL", running.url(), "record", "wage")
    if with_spark and find_spec("pyspark"):
        for workers in (1, 2):
            with spark(folder, workers) as url:
                engine(f"Spark, {workers} worker{'s' if workers > 1 else ''} of one core", url, *map(str, parquet))
    elif with_spark:
        print("Spark is left out: pip install -c constraints.txt -e '.[spark]'", file=sys.stderr)
    return found


def is_same(rows: dict[str, pd.DataFrame], others: dict[str, pd.DataFrame]) -> bool:
    """Whether two engines brought the same rows."""
    return rows.keys() == others.keys() and all(frame.equals(others[kind]) for kind, frame in rows.items())


def is_true(rows: pd.DataFrame, truth: pd.DataFrame) -> bool:
    """Whether what is shown is what a plain query counts, nothing small is shown, and no cell is missing."""
    both = rows.merge(truth, on=KEYS, how="outer", indicator=True)
    shown = both[both["students_count"].notna()]
    return bool(
        (both["_merge"] != "right_only").all()
        and (shown["students_count"] == shown["truth"]).all()
        and shown["truth"].min() >= read_map(synthetic.map_text("w"), "the map").threshold
    )


@contextmanager
def spark(folder: Path, workers: int) -> Iterator[str]:
    """A Spark master with workers of one core, each a process; the address of it for a client."""
    import pyspark

    home = Path(pyspark.__file__).parent
    scratch = folder / f"spark-{workers}"
    scratch.mkdir()
    environment = {
        **os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_DIRS": str(scratch), "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
    }  # fmt: skip
    port = free_port()

    def start(stack: ExitStack, kind: str, *words: str) -> None:
        log = stack.enter_context((scratch / f"{kind}-{len(words)}.log").open("a"))
        process = subprocess.Popen(
            [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{kind}", "--host", "127.0.0.1", *words],
            env=environment, stdout=log, stderr=log, cwd=scratch,
        )  # fmt: skip
        stack.callback(process.wait)
        stack.callback(process.terminate)

    with ExitStack() as stack:
        start(stack, "master.Master", "--port", str(port), "--webui-port", "0")
        time.sleep(8)
        for _worker in range(workers):
            start(
                stack, "worker.Worker", "--cores", "1", "--memory", "3g", "--webui-port", "0", "-d", str(scratch),
                f"spark://127.0.0.1:{port}",
            )  # fmt: skip
        time.sleep(8)
        settings = {
            "spark.executor.memory": "2500m", "spark.driver.host": "127.0.0.1", "spark.ui.enabled": "false",
            "spark.local.dir": str(scratch), "spark.sql.shuffle.partitions": "16",
        }  # fmt: skip
        yield f"pyspark://127.0.0.1:{port}?" + "&".join(f"{key}={value}" for key, value in settings.items())


if __name__ == "__main__":
    sys.exit(main())
