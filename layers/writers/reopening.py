"""Files of ours are opened again where outside files are: by a child process, so that a crash ends no server."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from layers.readers.children import POOL
from layers.readers.errors import FileRefused
from layers.readers.isolation import limits_of
from layers.readers.parquet import metadata, streamed
from layers.readers.watching import Stage
from layers.writers.arrow import Opened
from layers.writers.draft import Draft
from layers.writers.errors import NotOpened


@dataclass
class _Heard:
    """Whoever listens to the export is told while a child reads, and may end it."""

    draft: Draft
    done: int = 0

    def __post_init__(self) -> None:
        self.draft.tell("checking", 0, len(self.draft.made.frame))

    def step(self, stage: Stage, done: int = 0, total: int = 0) -> None:  # noqa: ARG002
        """Say how many rows the child has read; a child that is at work says nothing new."""
        self.done = max(self.done, done)
        self.draft.tell("checking", self.done, len(self.draft.made.frame))


def opened(
    draft: Draft, driver: str, *, layer: str | None = None, path: Path | None = None, **options: Any
) -> Opened:
    """Open a file of a draft again.

    Parameters
    ----------
    driver
        The one driver that the child has.
    path
        The file where it is not the main one of the draft.
    options
        Open options of the driver.

    Raises
    ------
    NotOpened
        When the file cannot be read, or its reader crashes on it.
    """
    path = path or draft.path
    with _asked(path) as out:
        request = {"do": "read", "path": str(path), "out": out, "options": options, "layers": [layer]}
        (found,) = POOL.ask(driver, request, limits_of(path), path.name, _Heard(draft))["layers"]
        with pa.memory_map(f"{out}/0.arrow") as data:  # what is mapped stays, though the folder goes
            table = pa.ipc.open_file(data).read_all()
    if found["geometry"] is None:
        return Opened(table, None, None)
    last = table.num_columns - 1
    return Opened(table.remove_column(last), _shapes(table.column(last)), found["crs"])


def opened_parquet(draft: Draft) -> Opened:
    """Open the Parquet of a draft again.

    Raises
    ------
    NotOpened
    """
    with _asked(draft.path) as out:
        table = streamed(draft.path, draft.path.name, out, _Heard(draft)).read_all()
    about = metadata(table.schema)
    if not about:
        return Opened(table, None, None)
    name = about["primary_column"]
    return Opened(table.drop_columns([name]), _shapes(table[name]), json.dumps(about["columns"][name]["crs"]))


@contextlib.contextmanager
def _asked(path: Path) -> Iterator[str]:
    """A folder for what a child reads in a file; what it could not read is told as a fault of the export."""
    try:
        with tempfile.TemporaryDirectory(prefix=".opened-", dir=path.parent) as out:
            yield out
    except FileRefused as error:
        reason = error.facts.get("reason") or f"> {error.facts['limit']}"
        raise NotOpened(where=path.name, path=path.name, reason=f"{error.code}: {reason}") from error


def _shapes(outlines: pa.ChunkedArray) -> np.ndarray:
    return np.asarray(shapely.from_wkb(outlines.to_numpy()), dtype=object)
