"""MBTiles: a SQLite file of tiles. It is opened for reading only, and nothing that is stored in it runs."""

from __future__ import annotations

import contextlib
import math
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from layers.map.bases.errors import BaseBroken, BaseUnsafe
from layers.map.bases.tile import LARGEST, Kind, Source, Tile, picture, vector
from spatial import tiles
from spatial.tiles import Box, Grid

_MAGIC = b"SQLite format 3\x00"
_WORK = 2000
"""Thousands of steps of SQLite that one question may take: a tile is one look into an index."""
_PLAIN = "SELECT tile_data FROM tiles WHERE zoom_level=? AND tile_column=? AND tile_row=? AND length(tile_data)<=?"
_SHARED = (
    "SELECT tile_data FROM map JOIN images ON map.tile_id = images.tile_id "
    "WHERE zoom_level=? AND tile_column=? AND tile_row=? AND length(tile_data)<=?"
)
_NEEDED = {
    "tiles": {"zoom_level", "tile_column", "tile_row", "tile_data"},
    "map": {"zoom_level", "tile_column", "tile_row", "tile_id"},
    "images": {"tile_id", "tile_data"},
}


class MbTiles(Source):
    """The tiles of an MBTiles file.

    Two forms are in use: a table `tiles`, and tables `map` and `images` that keep equal tiles once, with a view
    `tiles` over them. The view is never asked: a view is a query that somebody else wrote.

    Raises
    ------
    BaseBroken, BaseUnsafe
    """

    grid: Grid = "mercator"

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            if file.read(16) != _MAGIC:
                raise BaseBroken(where=path.name, reason="≠ SQLite")
        try:
            with self._opened() as db:
                self._question = self._examined(db)
                about = _metadata(db)
                first = db.execute(_any(self._question), (LARGEST,)).fetchone()
                self._zooms = _zooms(db, about, "map" if self._question == _SHARED else "tiles")
        except (sqlite3.Error, ValueError, OverflowError) as error:
            raise BaseBroken(where=path.name, reason=str(error)[:120]) from error
        data = first[0] if first and isinstance(first[0], bytes) else b""
        self._kind: Kind = "raster" if picture(data) else "vector"
        if self._kind == "vector" and (about.get("format") != "pbf" or vector(data) is None):
            raise BaseBroken(where=path.name, reason=f"format {about.get('format', '—')[:20]}")
        self._bounds = _bounds(about.get("bounds", ""))

    @property
    def kind(self) -> Kind:
        return self._kind

    @property
    def zooms(self) -> tuple[int, int]:
        return self._zooms

    @property
    def bounds(self) -> Box | None:
        return self._bounds

    def tile(self, z: int, x: int, y: int) -> Tile | None:
        try:
            with self._opened() as db:
                found = db.execute(self._question, (z, x, 2**z - 1 - y, LARGEST)).fetchone()
        except sqlite3.Error:
            return None
        if not found or not isinstance(found[0], bytes):
            return None
        return picture(found[0]) if self._kind == "raster" else vector(found[0])

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        address = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as db:
            work = iter(range(_WORK))
            db.set_progress_handler(lambda: next(work, None) is None, 1000)
            for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0", "query_only=ON"):
                db.execute(f"PRAGMA {pragma}")
            yield db

    def _examined(self, db: sqlite3.Connection) -> str:
        """The question that finds a tile, after the schema proved to be harmless."""
        known = {str(name): (str(kind), str(sql or "")) for kind, name, sql in db.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'view')"
        )}  # fmt: skip
        tables = {name for name, (kind, _) in known.items() if kind == "table"}
        shared = {"map", "images"} <= tables
        for name, (kind, sql) in known.items():
            if sql.lstrip().upper().startswith("CREATE VIRTUAL"):
                raise BaseUnsafe(where=self._path.name, found=f"VIRTUAL TABLE {name[:40]}")
            if kind == "view" and not (shared and name == "tiles"):
                raise BaseUnsafe(where=self._path.name, found=f"VIEW {name[:40]}")
        asked = ["map", "images"] if shared and "tiles" not in tables else ["tiles"]
        for name in asked:
            columns = {str(row[1]): int(row[6]) for row in db.execute(f"PRAGMA table_xinfo({name})")}
            if not _NEEDED[name] <= columns.keys():
                raise BaseBroken(where=self._path.name, reason=f"{name}({', '.join(sorted(_NEEDED[name]))})")
            if any(columns[column] for column in _NEEDED[name]):
                raise BaseUnsafe(where=self._path.name, found=f"GENERATED COLUMN {name}")
        return _SHARED if len(asked) == 2 else _PLAIN


def _any(question: str) -> str:
    """The question for whichever tile comes first."""
    return question.replace("zoom_level=? AND tile_column=? AND tile_row=? AND ", "") + " LIMIT 1"


def _metadata(db: sqlite3.Connection) -> dict[str, str]:
    try:
        rows = db.execute("SELECT substr(name, 1, 40), substr(value, 1, 400) FROM metadata LIMIT 50").fetchall()
    except sqlite3.OperationalError:
        return {}
    return {str(name): str(value) for name, value in rows}


def _zooms(db: sqlite3.Connection, about: dict[str, str], table: str) -> tuple[int, int]:
    """First and last zoom, as the tiles have them; what the file says of itself serves where counting is slow."""
    try:
        low, high = db.execute(f"SELECT min(zoom_level), max(zoom_level) FROM {table}").fetchone()  # noqa: S608
    except sqlite3.OperationalError:
        low, high = about.get("minzoom", 0), about.get("maxzoom", 18)
    low, high = int(low or 0), int(high or 0)
    if not 0 <= low <= high <= tiles.DEEPEST:
        raise ValueError(f"zoom {low}–{high}")
    return low, high


def _bounds(text: str) -> Box | None:
    """West, south, east, north of a text, None where it is none of that.

    >>> _bounds("116.1,39.7,116.4,39.9")
    (116.1, 39.7, 116.4, 39.9)
    >>> _bounds("nan,0,0,0") is None
    True
    """
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    sound = all(map(math.isfinite, (west, south, east, north)))
    return (west, south, east, north) if sound and -180 <= west < east <= 180 and -90 <= south < north <= 90 else None
