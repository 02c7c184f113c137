"""Files that are whole after a power cut, and sentences for a disk that is full or cannot be written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from etl.errors import AtlasError


def sync(path: Path) -> None:
    """Wait until a file's bytes, or a folder's entries, are on the disk itself."""
    if path.is_dir() and os.name == "nt":  # Windows opens no folders, and keeps their entries by itself
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_in_place(new: Path, path: Path) -> None:
    """Put a finished file in the place of another: whenever the power fails, one of the two is there and whole."""
    sync(new)
    os.replace(new, path)
    sync(path.parent)


def sentence(error: OSError) -> str:
    """What a person can do about an error of the file system."""
    where = Path(os.fsdecode(error.filename)).name if error.filename else "A file"
    return (
        f"{where} could not be read or written ({error.strerror or error}); free space on the disk or mend the rights "
        "to the data folder and run it again; the warehouse is whole and serves on."
    )


@contextmanager
def said_in_a_sentence() -> Iterator[None]:
    """Turn an error of the file system into an ``AtlasError``."""
    try:
        yield
    except OSError as error:
        raise AtlasError(sentence(error)) from error
