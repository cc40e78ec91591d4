"""Which base maps there are: files that the GIS staff put into one folder, and the services of its `bases.json`."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from layers.map.bases.errors import BaseBroken, BaseKeyMissing, BaseRefused, BaseSettingWrong, BaseShiftedVector
from layers.map.bases.mbtiles import MbTiles
from layers.map.bases.pmtiles import PmTiles
from layers.map.bases.remote import TIANDITU, Remote, tianditu, wmts
from layers.map.bases.tile import Kind, Source
from spatial.datum import NAMES, Datum
from spatial.tiles import DEEPEST, GRIDS, Box

SETTINGS = "bases.json"
KEY_PREFIX = "CHENGZAI_KEY_"
_LARGEST_SETTINGS = 256 * 1024
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_TIANDITU = {
    "tianditu-vec": (("vec", "cva"), "天地图 矢量", "Tianditu map"),
    "tianditu-img": (("img", "cia"), "天地图 影像", "Tianditu imagery"),
}
_WORDS = (
    {"key", "title", "title_en", "credit", "datum", "file", "secret"}
    | {"xyz", "grid", "zooms", "zoom_offset"}
    | {"wmts", "layer", "matrix_set", "matrix_prefix", "style", "format", "key_name"}
    | {"tianditu", "matrix", "host"}
)


@dataclass(frozen=True)
class Base:
    """A base map that can be chosen.

    Parameters
    ----------
    key
        Its name in addresses: lower-case letters, digits, hyphens.
    parts
        Sources that are laid on each other, the lowest first.
    datum
        What the tiles are drawn in. On any but true coordinates nothing may be edited: see `edits`.
    tag
        Changes when the file or the setting does, so that browsers may keep tiles.
    """

    key: str
    title: Mapping[str, str]
    parts: tuple[Source, ...]
    tag: str
    datum: Datum = "wgs84"
    credit: str = ""

    @property
    def kind(self) -> Kind:
        """Pictures or vectors."""
        return self.parts[0].kind

    @property
    def zooms(self) -> tuple[int, int]:
        """First and last zoom at which any part has tiles."""
        return min(part.zooms[0] for part in self.parts), max(part.zooms[1] for part in self.parts)

    @property
    def bounds(self) -> Box | None:
        """What is shown, None for unknown."""
        return self.parts[0].bounds

    @property
    def edits(self) -> Literal["allowed", "blocked"]:
        """Whether parcels may be changed over this base.

        The shift of GCJ-02 and BD-09 is not published, so a base in them is put right for the eye only.
        """
        return "allowed" if self.datum == "wgs84" else "blocked"


@dataclass
class Bases:
    """The base maps of an installation. The folder is looked at again whenever something in it changed.

    Parameters
    ----------
    folder
        None, or a folder that is not there: no base maps.
    keys
        Keys of services by name, as the environment gives them without `CHENGZAI_KEY_`.
    """

    folder: Path | None = None
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: object = None
        self._found: dict[str, Base] = {}
        self._problems: tuple[BaseRefused, ...] = ()
        self._opened: dict[tuple[object, ...], Source] = {}

    def all(self) -> tuple[tuple[Base, ...], tuple[BaseRefused, ...]]:
        """The base maps, and what keeps others from being offered."""
        with self._lock:
            files = _files(self.folder)
            seen = tuple((path.name, *_stamp(path)) for path in files)
            if seen != self._seen:
                self._found, self._problems = self._read(files)
                self._opened = {mark: source for mark, source in self._opened.items() if mark in seen}
                self._seen = seen
            return tuple(self._found.values()), self._problems

    def get(self, key: str) -> Base | None:
        """A base map by its key."""
        found, _ = self.all()
        return next((base for base in found if base.key == key), None)

    def _read(self, files: list[Path]) -> tuple[dict[str, Base], tuple[BaseRefused, ...]]:
        found: dict[str, Base] = {}
        problems: list[BaseRefused] = []
        entries = list(self._entries(files, problems))
        named = {str(entry.get("file")) for entry in entries}
        entries += [{"file": path.name} for path in files if path.suffix != ".json" and path.name not in named]
        if self.keys.get("TIANDITU") and not any("tianditu" in entry for entry in entries):
            for key, (layers, title, title_en) in _TIANDITU.items():
                entries.append({"key": key, "tianditu": list(layers), "title": title, "title_en": title_en})
        for number, entry in enumerate(entries):
            try:
                base = self._base(entry, f"bases[{number}]")
                if base.key in found:
                    raise BaseSettingWrong(where=base.key, reason="key: 2 ×")
                found[base.key] = base
            except BaseRefused as error:
                problems.append(error)
        return found, tuple(problems)

    def _entries(self, files: list[Path], problems: list[BaseRefused]) -> list[dict[str, Any]]:
        path = next((path for path in files if path.name == SETTINGS), None)
        if path is None:
            return []
        try:
            if path.stat().st_size > _LARGEST_SETTINGS:
                raise ValueError(f"> {_LARGEST_SETTINGS} bytes")
            entries = json.loads(path.read_text(encoding="utf-8"))["bases"]
            if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
                raise ValueError('{"bases": [{…}, …]}')
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            problems.append(BaseSettingWrong(where=SETTINGS, reason=str(error)[:120]))
            return []
        return entries

    def _base(self, entry: dict[str, Any], where: str) -> Base:
        file = entry.get("file")
        key = str(entry.get("key") or (slug(str(file)) if file else ""))
        where = str(file or entry.get("key") or where)[:80]
        if not _KEY.fullmatch(key):
            raise BaseSettingWrong(where=where, reason="key: a-z 0-9 -")
        unknown = set(entry) - _WORDS
        if unknown:
            raise BaseSettingWrong(where=where, reason=f"{sorted(unknown)[0][:40]}?")
        datum = entry.get("datum", "wgs84")
        if datum not in NAMES:
            raise BaseSettingWrong(where=where, reason="datum: wgs84 | gcj02 | bd09")
        parts = (self._file(str(file), where),) if file else self._services(entry, where)
        if datum != "wgs84" and parts[0].kind == "vector":
            raise BaseShiftedVector(where=where, datum=NAMES[datum])
        title = str(entry.get("title") or (Path(str(file)).stem if file else key))[:80]
        return Base(
            key=key,
            title={"zh-CN": title, "en": str(entry.get("title_en") or title)[:80]},
            parts=parts,
            tag=_tag(entry, _stamp(self.folder / str(file)) if file and self.folder else ()),
            datum=datum,
            credit=str(entry.get("credit", ""))[:120],
        )

    def _file(self, name: str, where: str) -> Source:
        if self.folder is None or Path(name).name != name or not (self.folder / name).is_file():
            raise BaseSettingWrong(where=where, reason=f"file: {name[:60]}?")
        path = self.folder / name
        mark = (name, *_stamp(path))
        if mark not in self._opened:
            try:
                self._opened[mark] = _opener(path)(path)
            except OSError as error:
                raise BaseBroken(where=name, reason=str(error.strerror)) from error
        return self._opened[mark]

    def _services(self, entry: dict[str, Any], where: str) -> tuple[Source, ...]:
        try:
            low, high = (int(zoom) for zoom in entry.get("zooms", (1, 18)))
            offset = int(entry.get("zoom_offset", 0))
        except (TypeError, ValueError) as error:
            raise BaseSettingWrong(where=where, reason="zooms: [1, 18]") from error
        grid = "geographic" if entry.get("matrix") == "c" else entry.get("grid", "mercator")
        if grid not in GRIDS or not 0 <= low <= high <= DEEPEST or abs(offset) > 3:
            raise BaseSettingWrong(
                where=where, reason="grid: mercator | geographic; zooms: [1, 18]; zoom_offset: -3…3"
            )
        words = {name: str(entry[name]) for name in entry}
        addresses = _addresses(entry, words, where)
        key = self._secret(entry, where) if any("{key}" in address for address in addresses) else ""
        more: dict[str, Any] = {"key": key, "grid": grid, "zooms": (low, high), "zoom_offset": offset}
        return tuple(Remote(where=where, address=address, **more) for address in addresses)

    def _secret(self, entry: dict[str, Any], where: str) -> str:
        name = str(entry.get("secret") or ("TIANDITU" if "tianditu" in entry else ""))
        if not self.keys.get(name):
            raise BaseKeyMissing(where=where, variable=f"{KEY_PREFIX}{name}"[:60])
        return self.keys[name]


def slug(name: str) -> str:
    """A key for a file: what of its name may stand in an address, or a number made of the whole name.

    >>> slug("Ortho_2024.tif"), slug("影像.tif")
    ('ortho-2024', 'base-c3da01c4')
    """
    plain = re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower()).strip("-")[:40]
    if plain and Path(name).stem.isascii():
        return plain
    return f"base-{hashlib.blake2b(name.encode('utf-8'), digest_size=4).hexdigest()}"


def _files(folder: Path | None) -> list[Path]:
    if folder is None or not folder.is_dir():
        return []
    known = (".mbtiles", ".pmtiles", ".tif", ".tiff")
    inside = sorted(path for path in folder.iterdir() if path.is_file())
    return [path for path in inside if path.suffix.lower() in known or path.name == SETTINGS]


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _opener(path: Path) -> Callable[[Path], Source]:
    suffix = path.suffix.lower()
    if suffix == ".mbtiles":
        return MbTiles
    if suffix == ".pmtiles":
        return PmTiles
    if suffix in (".tif", ".tiff"):
        from layers.map.bases.geotiff import GeoTiff

        return GeoTiff
    raise BaseSettingWrong(where=path.name, reason=".mbtiles | .pmtiles | .tif")


def _addresses(entry: dict[str, Any], words: Mapping[str, str], where: str) -> list[str]:
    kinds = [name for name in ("xyz", "wmts", "tianditu") if name in entry]
    if len(kinds) != 1:
        raise BaseSettingWrong(where=where, reason="file | xyz | wmts | tianditu")
    if kinds[0] == "xyz":
        return [words["xyz"]]
    if kinds[0] == "wmts":
        if not words.get("layer") or not words.get("matrix_set"):
            raise BaseSettingWrong(where=where, reason="layer, matrix_set")
        return [wmts(words["wmts"], words)]
    layers, matrix = entry["tianditu"], words.get("matrix", "w")
    if matrix not in ("w", "c") or not isinstance(layers, list) or not layers:
        raise BaseSettingWrong(where=where, reason='tianditu: ["vec", "cva"]; matrix: w | c')
    if not all(re.fullmatch(r"[a-z]{3}", str(layer)) for layer in layers):
        raise BaseSettingWrong(where=where, reason='tianditu: ["vec", "cva"]')
    return [tianditu(words.get("host", TIANDITU), str(layer), matrix) for layer in layers[:4]]


def _tag(entry: Mapping[str, Any], stamp: tuple[int, ...]) -> str:
    text = json.dumps([dict(entry), stamp], sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8"), digest_size=8).hexdigest()
