"""PMTiles, version 3: one file whose directories say where each tile lies."""

from __future__ import annotations

import bisect
import functools
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from layers.map.bases.errors import BaseBroken
from layers.map.bases.tile import LARGEST, Kind, Source, Tile, inflated, picture, vector
from spatial import tiles
from spatial.tiles import Box, Grid

_HEAD = struct.Struct("<7sB11Q6B4i")
_DEEPEST_LEAF = 3
_DIRECTORY = 16 * 1024 * 1024
_MOST_ENTRIES = 500_000
_NONE, _GZIP = 1, 2
_VECTOR, _PICTURES = 1, (2, 3, 4)


class Entry(NamedTuple):
    """A run of equal tiles, or a further directory where `run` is 0."""

    first: int
    run: int
    length: int
    offset: int


@dataclass(frozen=True)
class _Header:
    root: tuple[int, int]
    leaves: int
    data: int
    packed: int
    tile_packed: int
    kind: int
    zooms: tuple[int, int]
    bounds: Box


class PmTiles(Source):
    """The tiles of a PMTiles file.

    Raises
    ------
    BaseBroken
    """

    grid: Grid = "mercator"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = path.stat().st_size
        try:
            self._head = _header(self._read(0, _HEAD.size))
            self._directory = functools.lru_cache(maxsize=32)(self._opened)
            self._directory(*self._head.root)
        except (ValueError, IndexError, struct.error) as error:
            raise BaseBroken(where=path.name, reason=str(error)[:120]) from error

    @property
    def kind(self) -> Kind:
        return "vector" if self._head.kind == _VECTOR else "raster"

    @property
    def zooms(self) -> tuple[int, int]:
        return self._head.zooms

    @property
    def bounds(self) -> Box | None:
        return self._head.bounds

    def tile(self, z: int, x: int, y: int) -> Tile | None:
        try:
            data = self._found(tile_id(z, x, y))
        except (OSError, ValueError, IndexError):
            return None
        if data is None:
            return None
        if self.kind == "vector":
            return vector(data)
        plain = inflated(data, LARGEST) if self._head.tile_packed == _GZIP else data
        return picture(plain) if plain is not None else None

    def _found(self, wanted: int) -> bytes | None:
        place = self._head.root
        for _ in range(_DEEPEST_LEAF + 1):
            entries = self._directory(*place)
            at = bisect.bisect_right(entries, wanted, key=lambda entry: entry.first) - 1
            if at < 0:
                return None
            entry = entries[at]
            if entry.run:
                inside = wanted < entry.first + entry.run and entry.length <= LARGEST
                return self._read(self._head.data + entry.offset, entry.length) if inside else None
            place = (self._head.leaves + entry.offset, entry.length)
        return None

    def _opened(self, offset: int, length: int) -> list[Entry]:
        data = self._read(offset, length)
        plain = inflated(data, _DIRECTORY) if self._head.packed == _GZIP else data
        if plain is None:
            raise ValueError("directory")
        return directory(plain)

    def _read(self, offset: int, length: int) -> bytes:
        if length > _DIRECTORY or offset + length > self._size:
            raise ValueError(f"{offset} + {length} > {self._size}")
        with self._path.open("rb") as file:
            file.seek(offset)
            return file.read(length)


def _header(data: bytes) -> _Header:
    magic, version, *rest = _HEAD.unpack(data)
    if magic != b"PMTiles" or version != 3:
        raise ValueError("≠ PMTiles 3")
    (root, root_length, _, _, leaves, _, start, *_), small = rest[:11], rest[11:]
    _, packed, tile_packed, kind, low, high, west, south, east, north = small
    if packed not in (_NONE, _GZIP) or tile_packed not in (_NONE, _GZIP):
        raise ValueError("compression ≠ gzip")
    if kind != _VECTOR and kind not in _PICTURES:
        raise ValueError(f"tile type {kind}")
    if not low <= high <= tiles.DEEPEST:
        raise ValueError(f"zoom {low}–{high}")
    bounds = (west / 1e7, south / 1e7, east / 1e7, north / 1e7)
    return _Header((root, root_length), leaves, start, packed, tile_packed, kind, (low, high), bounds)


def directory(data: bytes) -> list[Entry]:
    """The entries of an unpacked directory.

    >>> directory(bytes([1, 5, 1, 7, 1]))
    [Entry(first=5, run=1, length=7, offset=0)]
    """
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value
            if shift > 63:
                raise ValueError("varint")

    count = number()
    if count > _MOST_ENTRIES:
        raise ValueError(f"{count} entries")
    first, last = [], 0
    for _ in range(count):
        last += number()
        first.append(last)
    runs, lengths = [number() for _ in range(count)], [number() for _ in range(count)]
    out: list[Entry] = []
    for row in range(count):
        told = number()
        after = out[-1].offset + out[-1].length if out else 0
        out.append(Entry(first[row], runs[row], lengths[row], told - 1 if told else after))
    return out


def tile_id(z: int, x: int, y: int) -> int:
    """Place of a tile on the Hilbert curves that run through all zooms, one after the other.

    >>> [tile_id(0, 0, 0), tile_id(1, 0, 0), tile_id(1, 0, 1), tile_id(1, 1, 1), tile_id(1, 1, 0), tile_id(2, 0, 0)]
    [0, 1, 2, 3, 4, 5]
    """
    place, side = (4**z - 1) // 3, 2**z // 2
    while side:
        right, down = int(x & side > 0), int(y & side > 0)
        place += side * side * ((3 * right) ^ down)
        if not down:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        side //= 2
    return place
