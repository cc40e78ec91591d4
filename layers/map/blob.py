"""Outlines of parcels as one binary: whole numbers of the map's square, which a browser reads into typed arrays.

The square of the map (Web Mercator) is 2³² units wide, so that one is about 7 mm in Beijing: for drawing and pointing
only. Vertices keep the order and number that they have in the store, so that «vertex 3 of ring 1» means the same on
both sides; only the last vertex of a ring, which repeats the first, is left out.

Layout, little endian: `CZG1`, the numbers of parcels, parts, rings and vertices, and the west and north edge as six
u32; then columns of u32 (parts of each parcel, rings of each part, vertices of each ring; x, y of the vertices as
zigzag differences to the vertex before), each column as four planes of bytes, lowest first; then a byte of flags for
each parcel.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import CRS, Transformer

from spatial import crs as crs_

WORLD = 2**32
"""Units in the width of the map's square."""

SCHEMATIC, GONE = 1, 2
"""Flags: an outline that was not surveyed; a parcel that is not there any more."""

_MAGIC = b"CZG1"
_HEAD = struct.Struct("<4s6I")


@dataclass(frozen=True)
class Outlines:
    """Outlines in units of the map's square.

    Parameters
    ----------
    parts
        Number of polygons of each parcel, shape (n,); 0 where the outline is missing.
    rings
        Number of rings of each part, the outer one first.
    vertices
        Number of vertices of each ring, the closing one not counted.
    xy
        Vertices, shape (v, 2): x to the east, y to the south.
    flags
        Shape (n,).
    """

    parts: np.ndarray
    rings: np.ndarray
    vertices: np.ndarray
    xy: np.ndarray
    flags: np.ndarray

    def __len__(self) -> int:
        return len(self.parts)

    def take(self, rows: np.ndarray) -> Outlines:
        """Some parcels, in the order of `rows`; −1 gives a parcel without an outline."""
        there = rows >= 0
        parts = np.where(there, self.parts[rows], 0)
        of_part = _runs(_starts(self.parts)[rows[there]], self.parts[rows[there]])
        of_ring = _runs(_starts(self.rings)[of_part], self.rings[of_part])
        of_vertex = _runs(_starts(self.vertices)[of_ring], self.vertices[of_ring])
        flags = np.where(there, self.flags[rows], 0).astype(np.uint8)
        return Outlines(parts, self.rings[of_part], self.vertices[of_ring], self.xy[of_vertex], flags)


def outlines(shapes: np.ndarray, crs: CRS, flags: np.ndarray) -> Outlines:
    """Outlines of polygons in a working CRS; what is missing or no polygon has no part."""
    kept = np.array(shapes, dtype=object)
    kept[~np.isin(shapely.get_type_id(shapes), (3, 6)) | shapely.is_empty(shapes)] = None
    parts, part_of = shapely.get_parts(kept, return_index=True)
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    every = shapely.get_num_coordinates(rings)
    closing = np.cumsum(every) - 1
    points = np.delete(shapely.get_coordinates(rings), closing, axis=0) if len(rings) else np.empty((0, 2))
    return Outlines(
        np.bincount(part_of, minlength=len(shapes)),
        np.bincount(ring_of, minlength=len(parts)),
        (every - 1).astype(np.int64),
        projected(points, crs),
        flags.astype(np.uint8),
    )


def projected(points: np.ndarray, crs: CRS) -> np.ndarray:
    """Points of a working CRS [m] in units of the map's square, shape (v, 2)."""
    if not len(points):
        return np.empty((0, 2), dtype=np.int64)
    lon, lat = points.T
    if crs != crs_.parse(crs_.LONLAT):
        lon, lat = Transformer.from_crs(crs, crs_.parse(crs_.LONLAT), always_xy=True).transform(lon, lat)
    sine = np.sin(np.radians(lat))
    y = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    return np.rint(np.column_stack([lon / 360 + 0.5, y]) * WORLD).astype(np.int64)


def joined(pieces: Sequence[Outlines]) -> Outlines:
    """Outlines one after the other."""
    return Outlines(*(np.concatenate([vars(piece)[name] for piece in pieces]) for name in vars(pieces[0])))


def encode(found: Outlines) -> bytes:
    """The binary of some outlines, not compressed."""
    origin = found.xy.min(axis=0) if len(found.xy) else np.zeros(2, dtype=np.int64)
    counts = (len(found.parts), len(found.rings), len(found.vertices), len(found.xy))
    steps = np.diff(found.xy, axis=0, prepend=origin[None]).astype(np.int32)
    zigzag = (steps << np.int32(1)) ^ (steps >> np.int32(31))
    columns = (found.parts, found.rings, found.vertices, zigzag[:, 0], zigzag[:, 1])
    head = _HEAD.pack(_MAGIC, *counts, *(int(value) for value in origin))
    return b"".join([head, *(_planes(column) for column in columns), found.flags.tobytes()])


def decode(blob: bytes) -> Outlines:
    """Outlines from their binary; what the browser does, for tests and for files that were saved.

    Raises
    ------
    ValueError
        When it is none.
    """
    if len(blob) < _HEAD.size or blob[:4] != _MAGIC:
        raise ValueError("no binary of outlines")
    _, *counts, west, north = _HEAD.unpack_from(blob)
    columns, at = [], _HEAD.size
    for length in (*counts, counts[3]):
        planes = np.frombuffer(blob, np.uint8, 4 * length, at).reshape(4, length)
        columns.append(np.ascontiguousarray(planes.T).view("<u4").reshape(length))
        at += 4 * length
    parts, rings, vertices, *steps = columns
    zigzag = np.column_stack(steps).view(np.int32)
    xy = np.cumsum((zigzag >> 1 & 0x7FFFFFFF) ^ -(zigzag & 1), axis=0) % WORLD
    flags = np.frombuffer(blob, np.uint8, counts[0], at)
    parts, rings, vertices = (one.astype(np.int64) for one in (parts, rings, vertices))
    return Outlines(parts, rings, vertices, xy + np.array([west, north], dtype=np.int64), flags)


def _planes(column: np.ndarray) -> bytes:
    whole = np.ascontiguousarray(column, dtype="<i8").astype("<u4") if column.dtype != np.int32 else column
    return np.ascontiguousarray(whole).view(np.uint8).reshape(-1, 4).T.tobytes()


def _starts(counts: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(counts)[:-1]]) if len(counts) else np.zeros(0, dtype=np.int64)


def _runs(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The numbers of runs, one after the other: starts (4, 9), lengths (2, 3) → 4 5 9 10 11."""
    total = int(lengths.sum())
    if not total:
        return np.zeros(0, dtype=np.int64)
    jump = np.repeat(starts - _starts(lengths), lengths)
    return jump + np.arange(total)
