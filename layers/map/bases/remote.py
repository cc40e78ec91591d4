"""Tiles of a service in the network: asked by this server, so that browsers neither reach it nor learn its key.

The settings name the host; a viewer chooses nothing but the place on the map. Redirects are not followed, answers
are bounded in size and in time and must be pictures, and a host that fails is left alone for a while.
"""

from __future__ import annotations

import http.client
import re
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlsplit

from layers.map.bases.errors import BaseSettingWrong
from layers.map.bases.tile import LARGEST, Kind, Source, Tile, picture
from spatial.tiles import Box, Grid

_PATIENCE = 6.0
"""Seconds that one tile may take from the first byte asked to the last received."""
_REST = 20.0
_AT_ONCE = 6
_CHUNK = 64 * 1024
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]+\]")
_WORDS = re.compile(r"\{[^{}]*\}")
_KNOWN = frozenset({"{z}", "{x}", "{y}", "{-y}", "{key}"})

TIANDITU = "t0.tianditu.gov.cn"


@dataclass
class Remote(Source):
    """A service whose tiles have an address.

    Parameters
    ----------
    address
        With ``{z}``, ``{x}``, ``{y}`` (from the north) or ``{-y}`` (from the south), and ``{key}``.
    key
        Goes where ``{key}`` stands, and nowhere else.
    zoom_offset
        What the service adds to the zoom of our pyramids.
    """

    where: str
    address: str
    key: str = field(default="", repr=False)
    grid: Grid = "mercator"
    zooms: tuple[int, int] = (1, 18)
    bounds: Box | None = None
    zoom_offset: int = 0
    kind: Kind = "raster"

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        if parts.scheme not in ("http", "https"):
            raise BaseSettingWrong(where=self.where, reason="http://… | https://…")
        host = parts.netloc.rpartition(":")[0] if re.search(r":\d+$", parts.netloc) else parts.netloc
        if not _HOST.fullmatch(host) or parts.fragment:
            raise BaseSettingWrong(where=self.where, reason=f"{parts.scheme}://HOST[:PORT]/…")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        unknown = set(_WORDS.findall(path)) - _KNOWN
        if unknown or not {"{z}", "{x}"} <= set(_WORDS.findall(path)):
            raise BaseSettingWrong(where=self.where, reason="{z} {x} {y}")
        try:
            self._port = parts.port
        except ValueError as error:
            raise BaseSettingWrong(where=self.where, reason="PORT") from error
        self._secure, self._host, self._path = parts.scheme == "https", host.strip("[]"), path
        self._rested = 0.0
        self._gate = threading.BoundedSemaphore(_AT_ONCE)

    def tile(self, z: int, x: int, y: int) -> Tile | None:
        if time.monotonic() < self._rested or not self._gate.acquire(timeout=_PATIENCE):
            return None
        try:
            data = self._asked(self._filled(z, x, y))
        except (OSError, http.client.HTTPException, ValueError):
            self._rested = time.monotonic() + _REST
            return None
        finally:
            self._gate.release()
        return picture(data) if data else None

    def _filled(self, z: int, x: int, y: int) -> str:
        rows = 2**z if self.grid == "mercator" else 2 ** max(z - 1, 0)
        values = {"{z}": z + self.zoom_offset, "{x}": x, "{y}": y, "{-y}": rows - 1 - y, "{key}": quote(self.key)}
        return _WORDS.sub(lambda word: str(values[word.group()]), self._path)

    def _asked(self, path: str) -> bytes | None:
        """The body of a good answer, None of any other."""
        end = time.monotonic() + _PATIENCE
        caller: http.client.HTTPConnection
        if self._secure:
            context = ssl.create_default_context()
            caller = http.client.HTTPSConnection(self._host, self._port, timeout=_PATIENCE, context=context)
        else:
            caller = http.client.HTTPConnection(self._host, self._port, timeout=_PATIENCE)
        try:
            accepted = "image/png, image/jpeg, image/webp"
            caller.request("GET", path, headers={"Accept": accepted, "User-Agent": "Chengzai", "Connection": "close"})
            answer = caller.getresponse()
            if answer.status != 200 or not answer.headers.get_content_type().startswith("image/"):
                return None
            out = b""
            while len(out) <= LARGEST:
                if time.monotonic() > end:
                    raise TimeoutError
                piece = answer.read1(_CHUNK)
                if not piece:
                    return out
                out += piece
            return None
        finally:
            caller.close()


def wmts(address: str, asked: Mapping[str, str]) -> str:
    """The address of a tile of a WMTS, by key and value.

    Parameters
    ----------
    asked
        `layer`, `matrix_set`, and where they differ from the usual `style`, `format`, `matrix_prefix`, `key_name`.

    Examples
    --------
    >>> found = wmts("http://127.0.0.1/wmts", {"layer": "vec", "matrix_set": "c", "key_name": "tk"})
    >>> found.partition("TILEMATRIX=")[2]
    '{z}&TILEROW={y}&TILECOL={x}&tk={key}'
    """
    fixed = {
        "SERVICE": "WMTS",
        "REQUEST": "GetTile",
        "VERSION": "1.0.0",
        "LAYER": asked.get("layer", ""),
        "STYLE": asked.get("style", "default"),
        "TILEMATRIXSET": asked.get("matrix_set", ""),
        "FORMAT": asked.get("format", "image/png"),
    }
    key = f"&{quote(asked['key_name'])}={{key}}" if asked.get("key_name") else ""
    matrix = f"{quote(asked.get('matrix_prefix', ''))}{{z}}"
    sign = "&" if "?" in address else "?"
    return f"{address}{sign}{urlencode(fixed)}&TILEMATRIX={matrix}&TILEROW={{y}}&TILECOL={{x}}{key}"


def tianditu(host: str, layer: str, matrix: str) -> str:
    """The address of a tile of Tianditu.

    Parameters
    ----------
    host
        Its own, or one of an intranet that passes its tiles on, with ``http://`` in front where it is not secure.
    layer
        ``vec``, ``cva``, ``img``, ``cia``, ``ter``, ``cta``.
    matrix
        ``w`` for Web Mercator, ``c`` for longitude and latitude of CGCS2000.
    """
    front = host if "://" in host else f"https://{host}"
    words = {"layer": layer, "matrix_set": matrix, "format": "tiles", "key_name": "tk"}
    return wmts(f"{front}/{layer}_{matrix}/wmts", words)
