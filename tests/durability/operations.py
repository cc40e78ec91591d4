"""What a save can be: each operation through the service, with the workspace that it starts from.

The clock stands still and names are known, so that an operation on the same file has one result to the last byte
of every row: the state after a failure is exactly the old one, exactly the new one, or wrong.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

import pandas as pd
from shapely.geometry import LineString

from layers import scenarios, services, stores
from layers.applying import apply, undo
from layers.changes import Actor, Asked, Command
from layers.commands import Assign, Bring, Edit, MergeParcels, Split
from layers.keeping import back_up, restore, restoring
from layers.stores import filling, geopackage, gestures, sql_writing
from layers.versions import written
from layers.workspace import Workspace
from tests.bench import synthetic
from tests.world import X, Y, after, box, table, three_parcels

ACTOR = Actor("规划员")
GESTURE = "the-one-gesture"
"""The op id under which an operation is done, and done again after a failure."""

FIXTURES = Path(__file__).parents[1] / "layers" / "stores" / "fixtures"
NAME = "世界.gpkg"
_MOMENT = "2026-11-23T08:00:00.000Z"


@dataclass(frozen=True)
class Operation:
    """One save.

    Parameters
    ----------
    prepare
        Makes the file on which it is done; None makes none.
    do
        Does it on a file; answers with the revision that it made. Done twice it must change nothing more.
    journal
        Whether it starts from a file as a killed server leaves it, with a journal that is not folded in.
    makes
        Name of the file that it changes or makes.
    keeps
        Whether the file as it was stays beside the new one.
    first
        Whether nothing can be read before it is done.
    sample
        Of so many places at which it can fail one is tried.
    quick
        How many times fewer of them the tests try than the full sweep.
    """

    prepare: Callable[[Path], object] | None
    do: Callable[[Path], int]
    journal: bool = False
    makes: str = NAME
    keeps: bool = False
    first: bool = False
    sample: int = 1
    quick: int = 1

    def step(self, every: bool) -> int:
        """Of so many places one is tried."""
        return self.sample if every else self.sample * self.quick


@contextmanager
def still() -> Iterator[None]:
    """The clock stands still and new names are known."""
    with (
        patch.object(sql_writing.SqlWriting, "now", lambda _: _MOMENT),
        patch.object(filling, "_moment", lambda: _MOMENT),
        patch.object(filling, "uuid4", lambda: UUID(int=5)),
        patch.object(restoring, "uuid4", lambda: UUID(int=7)),
    ):
        yield


def digest(path: Path) -> str:
    """SHA-256 over every row of every table; empty where there is no file."""
    if not path.exists():
        return ""
    found = hashlib.sha256()
    with closing(sqlite3.connect(path)) as file:
        names = file.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        tables = file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        found.update(repr(names).encode())
        for (name,) in tables:
            rows = file.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2').fetchall()
            found.update(repr((name, rows)).encode())
    return found.hexdigest()


def complaints(path: Path) -> list[str]:
    """Whatever is wrong with a workspace, from the pages of the file to the chain of its history."""
    if not path.exists():
        return []
    try:
        with closing(sqlite3.connect(path)) as file:
            pages = [line for (line,) in file.execute("PRAGMA integrity_check") if line != "ok"]
        found = services.check(str(path))
        return pages + [problem["code"] for problem in found["problems"] if problem["severity"] == "error"]
    except Exception as error:  # noqa: BLE001 whatever it is, it is a finding
        return [f"{type(error).__name__}: {error}"]
    finally:
        geopackage.close(path)


def _command(path: Path, command: Command) -> int:
    return written(apply(stores.open_store(path), Asked(ACTOR, GESTURE), command)).revision


def _made(workspace: Callable[[], Workspace]) -> Callable[[Path], object]:
    return lambda path: geopackage.create(path, workspace())


def _neighbours() -> Workspace:
    """The world with a neighbour of A, and floor area given to a project."""
    world = three_parcels()
    rows = world.table("parcels").to_dict("records")
    more = rows[0] | {"parcel_id": "D", "parcel_no": "D", "geometry": box(100, 0, 150, 100)}
    return after(world.with_tables(parcels=table("parcels", [*rows, more])), Assign("A", "p1", 3_000.0))


def _assigned(path: Path) -> None:
    geopackage.create(path, three_parcels())
    written(apply(stores.open_store(path), Asked(ACTOR, "before"), Assign("A", "p1", 3_000.0)))


def _branched(path: Path) -> None:
    """Two branches that both went on."""
    geopackage.create(path, three_parcels())
    store = stores.open_store(path)
    scenarios.branch(store, Asked(ACTOR, "b"), "方案一")
    written(apply(store, Asked(ACTOR, "one", scenario="方案一"), Assign("A", "p1", 3_000.0)))
    written(apply(store, Asked(ACTOR, "two"), Edit.of("parcels", "C", far_max=2.5)))


def _brought(path: Path) -> int:
    """Six parcels in events of two rows: a large import in small."""
    new = [
        {"parcel_id": f"N{i}", "parcel_no": f"N{i}", "geometry": box(500 + 10 * i, 0, 510 + 10 * i, 10)}
        for i in range(6)
    ]
    with patch.object(gestures, "CHUNK", 2):
        parcels = pd.concat([three_parcels().table("parcels"), table("parcels", new)], ignore_index=True)
        return _command(path, Bring("parcels", parcels, file="新地块.shp"))


def _brought_many(path: Path) -> int:
    """So many parcels that the journal is folded into the file within the commit."""
    return _command(path, Bring("parcels", synthetic.parcels(MANY).to_crs("EPSG:4548"), file="全部.gpkg"))


def _empty() -> Workspace:
    return Workspace(name="空", crs="EPSG:4548", tables={})


def _undone(path: Path) -> int:
    return written(undo(stores.open_store(path), Asked(ACTOR, GESTURE), "before")).revision


def _forked(path: Path) -> int:
    store = stores.open_store(path)
    scenarios.branch(store, Asked(ACTOR, GESTURE), "方案二")
    return _last(path)


def _joined(path: Path) -> int:
    return written(scenarios.merge(stores.open_store(path), Asked(ACTOR, GESTURE), "方案一", {})).revision


def _created(path: Path) -> int:
    if not path.exists():
        geopackage.create(path, three_parcels())
    return _last(path)


def _backed_up(path: Path) -> int:
    copy = path.with_name(COPY)
    if not copy.exists():
        back_up(path, copy)
    return _last(path)


def _kept(path: Path) -> None:
    """A workspace that went on after its backup was made."""
    geopackage.create(path, three_parcels())
    back_up(path, path.with_name(COPY))
    written(apply(stores.open_store(path), Asked(ACTOR, "before"), Assign("A", "p1", 3_000.0)))


def _restored(path: Path) -> int:
    return int(restore(path.with_name(COPY), path, ACTOR, overwrite=True)["revision"])


def _old(path: Path) -> None:
    """A file of the first released schema."""
    path.write_bytes((FIXTURES / "workspace-v1.gpkg").read_bytes())


def _last(path: Path) -> int:
    with stores.open_store(path).reading() as tx:
        return tx.revision()


COPY = "备份.gpkg"
MANY = 6_000
"""Parcels of the large import: more than one event holds, and more pages than the journal is let grow to."""

_CUT = LineString([(X + 50, Y - 10), (X + 50, Y + 110)])

OPERATIONS: dict[str, Operation] = {
    "create": Operation(None, _created),
    "assign": Operation(_made(three_parcels), lambda path: _command(path, Assign("A", "p1", 3_000.0))),
    "split": Operation(_made(_neighbours), lambda path: _command(path, Split("A", line=_CUT))),
    "merge_parcels": Operation(_made(_neighbours), lambda path: _command(path, MergeParcels(("A", "D")))),
    "undo": Operation(_assigned, _undone, journal=True),
    "import": Operation(_made(three_parcels), _brought),
    "branch": Operation(_branched, _forked),
    "merge": Operation(_branched, _joined, journal=True),
    "backup": Operation(_assigned, _backed_up, makes=COPY),
    "restore": Operation(_kept, _restored, keeps=True, quick=2),
    "migrate": Operation(_old, _last, keeps=True, first=True, quick=4),
    "import_large": Operation(_made(_empty), _brought_many, sample=300),
}
"""Every operation by its name."""
