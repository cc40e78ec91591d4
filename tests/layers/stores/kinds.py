"""The kinds of stores that one test suite holds; a second kind is one more entry."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from layers import stores
from layers.stores import geopackage, sqlite
from layers.stores.contract import Store
from tests.lived import copied


@dataclass(frozen=True)
class Kind:
    """A kind of store, and how another program keeps it busy."""

    address: Callable[[Path], str]
    lived_in: Callable[[str], Store]
    held: Callable[[Store], contextlib.AbstractContextManager[None]]
    impatient: Callable[[pytest.MonkeyPatch], None]
    reopened: Callable[[Store], Store]


@contextlib.contextmanager
def _held(store: Store) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(store.address, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def _reopened(store: Store) -> Store:
    geopackage.close(Path(store.address))
    return stores.open_store(store.address)


KINDS = {
    "geopackage": Kind(
        address=lambda folder: str(folder / "w.gpkg"),
        lived_in=lambda address: copied(Path(address)),
        held=_held,
        impatient=lambda patch: patch.setattr(sqlite, "WAIT", 0.2),
        reopened=_reopened,
    )
}
