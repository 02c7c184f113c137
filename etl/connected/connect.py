"""A connection to the engine that has the records: opened read-only where the engine can, its password never said.

``postgres://user:password@host/database``, ``pyspark://host:7077``, ``duckdb://file``, and whatever
other address Ibis takes where its driver is installed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pandas as pd

from etl.errors import AtlasError, UsageError

if TYPE_CHECKING:
    import ibis

VARIABLE = "TALENTGAP_CONNECT"
#: What the packages that speak to engines begin with; an error of theirs is no defect of ours.
_DRIVERS = frozenset(
    {"ibis", "psycopg", "duckdb", "_duckdb", "pyspark", "py4j", "sqlglot", "snowflake", "google", "databricks"}
)
#: Python packages by the scheme of an address.
_EXTRA = {"postgres": "warehouse", "postgresql": "warehouse", "duckdb": "warehouse", "pyspark": "spark"}
_SECRET = ("password", "passwd", "pwd", "token", "secret", "key", "credential")


class Connected:
    """An open connection. ``name`` says in messages where it goes, without any secret."""

    def __init__(self, backend: Any, address: str) -> None:
        self.backend = backend
        self.name = public_name(address)
        self._secrets = secrets(address)

    def table(self, name: str, columns: list[str]) -> ibis.Table:
        """A table by its name (``schema.table``), or a Parquet file or folder by its path where the engine reads those.

        Raises ``AtlasError`` where there is none, or it lacks one of ``columns``.
        """
        with self.saying(f"The table {name!r} cannot be read"):
            table = self._table(name)
        missing = [c for c in columns if c not in table.columns]
        if missing:
            there = ", ".join(sorted(table.columns)[:30])
            raise AtlasError(
                f"The table {name!r} of {self.name} has no column {missing[0]!r}; correct the map (there are: {there})."
            )
        return table

    def _table(self, name: str) -> ibis.Table:
        if name.endswith((".parquet", "/")) and self.backend.name in {"duckdb", "pyspark"}:
            path = f"{name}*.parquet" if name.endswith("/") and self.backend.name == "duckdb" else name
            return self.backend.read_parquet(path)
        *schema, table = name.split(".")
        return self.backend.table(table, database=tuple(schema) if len(schema) > 1 else schema[0] if schema else None)

    def fetch(self, expression: ibis.Table) -> pd.DataFrame:
        """Run an expression in the engine and fetch what it yields: the only rows that cross the connection."""
        with self.saying("The counting was not finished"):
            fetched = self.backend.to_pyarrow(expression)
        return pd.DataFrame(fetched.to_pydict(), dtype=object)

    @contextmanager
    def saying(self, what: str) -> Iterator[None]:
        """Turn an engine's error into one sentence; nothing is loaded, because nothing was fetched."""
        try:
            yield
        except AtlasError:
            raise
        except Exception as error:
            if type(error).__module__.split(".")[0] not in _DRIVERS and not isinstance(error, OSError):
                raise
            raise AtlasError(
                f"{what} ({self.name}: {self._said(error)}); {_remedy(error)}, nothing was loaded."
            ) from None

    def _said(self, error: Exception) -> str:
        return said(error, self._secrets)

    def close(self) -> None:
        self.backend.disconnect()


@contextmanager
def connected(address: str) -> Iterator[Connected]:
    """Connect to an address, and close. Raises ``AtlasError`` where it cannot be reached or its driver is not installed."""
    ibis = _ibis()
    scheme = urlsplit(address).scheme.split("+")[0]
    if "://" not in address:
        raise AtlasError(
            "The address is none of a database; write it as postgres://user@host/database, and the "
            f"password into {VARIABLE} or ~/.pgpass."
        )
    try:
        backend = _open(ibis, scheme, address)
    except ImportError:
        extra = _EXTRA.get(scheme)
        how = f"pip install -c constraints.txt -e '.[{extra}]'" if extra else f"pip install 'ibis-framework[{scheme}]'"
        raise AtlasError(f"The driver for {scheme}:// is not installed; run `{how}`.") from None
    except Exception as error:
        if type(error).__module__.split(".")[0] not in _DRIVERS and not isinstance(
            error, OSError | ValueError | TypeError
        ):
            raise
        raise AtlasError(
            f"{public_name(address)} cannot be reached ({said(error, secrets(address))}); check the address, the user and the "
            "password."
        ) from None
    here = Connected(backend, address)
    try:
        yield here
    finally:
        here.close()


def address_from(given: str) -> str:
    """The address that was given, or else that of the environment, which no shell's history keeps."""
    address = given or os.environ.get(VARIABLE, "")
    if not address:
        raise UsageError(f"Say where the records are with --connect URL, or in {VARIABLE}.")
    return address


def public_name(address: str) -> str:
    """Scheme, host and database of an address: what may be said of it."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "The address"
    if "://" not in address:
        return "The address"
    return f"{parts.scheme}://{host}{port}{parts.path}"


def secrets(address: str) -> list[str]:
    """Whatever of an address must not be said, as it stands there and as it is meant; the longest first."""
    try:
        parts = urlsplit(address)
        found = [parts.password or "", unquote(parts.password or "")]
    except ValueError:
        return [address]
    found += [value for key, value in parse_qsl(parts.query) if any(word in key.casefold() for word in _SECRET)]
    return sorted({s for s in found if s} | ({address} if any(found) else set()), key=len, reverse=True)


def said(error: Exception, hidden: list[str]) -> str:
    """The first line of what an engine says, without secrets."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = lines[0] if lines else type(error).__name__
    for secret in hidden:
        text = text.replace(secret, "***")
    return text[:240].rstrip(".;: ")


def _open(ibis: Any, scheme: str, address: str) -> Any:
    """A backend, read-only where the engine knows of it."""
    if scheme == "pyspark":
        return ibis.pyspark.connect(_spark(address))
    if scheme == "duckdb" and address.split("?")[0] != "duckdb://":
        return ibis.connect(address, read_only=True)
    backend = ibis.connect(address.replace("postgresql://", "postgres://", 1))
    if scheme in {"postgres", "postgresql"}:
        backend.raw_sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY").close()
    return backend


def _spark(address: str) -> Any:
    """A Spark session: at the master that the address names, or as Spark itself is configured, with settings after a '?'."""
    from pyspark.sql import SparkSession

    parts = urlsplit(address)
    builder = SparkSession.builder.appName("talent-gap-atlas").config("spark.ui.showConsoleProgress", "false")
    if parts.netloc:
        builder = builder.master(f"spark://{parts.netloc}")
    for key, value in parse_qsl(parts.query):
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _remedy(error: Exception) -> str:
    text = f"{type(error).__name__} {error}".casefold()
    if "permission denied" in text or "insufficientprivilege" in text:
        return "ask for the right to SELECT from it"
    if any(word in text for word in ("terminat", "connection", "closed", "adminshutdown")):
        return "the connection was lost: run it again"
    if "notfound" in text or "not found" in text or "does not exist" in text:
        return "name one that is there, as schema.table"
    return "correct the map, or ask who keeps the engine"


def _ibis() -> Any:
    try:
        import ibis
    except ImportError:
        raise AtlasError(
            "Reading from a database needs Ibis; run `pip install -c constraints.txt -e '.[warehouse]'`."
        ) from None
    return ibis
