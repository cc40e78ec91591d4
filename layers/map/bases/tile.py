"""One tile, what may pass as one, and a memory of tiles that stays within its bounds."""

from __future__ import annotations

import io
import threading
import zlib
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal, Protocol

from PIL import Image

from spatial.tiles import Box, Grid

LARGEST = 2 * 1024 * 1024
"""Bytes of a tile as it travels; anything larger is none."""
_INFLATED = 8 * 1024 * 1024
_WIDEST = 1024
_MEDIA = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
VECTOR = "application/x-protobuf"

Kind = Literal["raster", "vector"]


@dataclass(frozen=True)
class Tile:
    """A tile ready to be sent.

    Parameters
    ----------
    encoding
        ``gzip`` for a vector tile that is kept compressed, else empty.
    """

    data: bytes
    media: str
    encoding: str = ""


class Source(Protocol):
    """Where tiles come from: a file, or a service. It gives None where it has none, and never raises."""

    @property
    def kind(self) -> Kind:
        """Pictures or vectors."""

    @property
    def grid(self) -> Grid:
        """The pyramid that its z / x / y count in."""

    @property
    def zooms(self) -> tuple[int, int]:
        """First and last zoom with tiles of its own."""

    @property
    def bounds(self) -> Box | None:
        """West, south, east, north [°] of what it shows, None for unknown."""

    def tile(self, z: int, x: int, y: int) -> Tile | None:
        """One tile, y counted from the north."""


def picture(data: bytes) -> Tile | None:
    """The tile of bytes that are a PNG, JPEG or WebP of a tile's size; None of anything else.

    Only the head is read: a picture that claims to be huge is never unpacked here nor in a browser.

    >>> picture(b"<svg onload=alert(1)>") is None
    True
    """
    if len(data) > LARGEST:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=tuple(_MEDIA)) as image:
            if max(image.size) > _WIDEST:
                return None
            return Tile(data, _MEDIA[str(image.format)])
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def vector(data: bytes) -> Tile | None:
    """The tile of bytes that are a vector tile, gzipped or plain, and that stay small when unpacked."""
    if len(data) > LARGEST or not data:
        return None
    if data[:2] != b"\x1f\x8b":
        return Tile(data, VECTOR)
    return Tile(data, VECTOR, "gzip") if inflated(data, _INFLATED) is not None else None


def inflated(data: bytes, most: int) -> bytes | None:
    """What gzip packed, None when it is damaged or larger than `most` bytes."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        out = unpacker.decompress(data, most + 1)
    except zlib.error:
        return None
    return out if unpacker.eof and len(out) <= most else None


def encoded(image: Image.Image, *, photo: bool) -> Tile:
    """A picture as WebP where it is a photograph, as PNG where its colours must stay what they are."""
    out = io.BytesIO()
    if photo:
        image.save(out, "WEBP", quality=82, method=2)
        return Tile(out.getvalue(), "image/webp")
    image.save(out, "PNG", compress_level=1)
    return Tile(out.getvalue(), "image/png")


class Memory:
    """Tiles by name, the oldest forgotten once they take more than `most` bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self._tiles: OrderedDict[Hashable, Tile] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: Hashable) -> Tile | None:
        """The tile of that name, if it is still known."""
        with self._lock:
            if name in self._tiles:
                self._tiles.move_to_end(name)
            return self._tiles.get(name)

    def put(self, name: Hashable, tile: Tile) -> None:
        """Remember a tile."""
        with self._lock:
            before = self._tiles.pop(name, None)
            self._held += len(tile.data) - (len(before.data) if before else 0)
            self._tiles[name] = tile
            while self._held > self._most and self._tiles:
                _, gone = self._tiles.popitem(last=False)
                self._held -= len(gone.data)

    @property
    def held(self) -> int:
        """Bytes that the tiles take."""
        return self._held
