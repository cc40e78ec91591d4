"""The program of a child process that opens files with one GDAL driver, or Parquet; it imports nothing of ours.

It is started with ``python -I``, loads the library, says which drivers it has, and then forks once for every request,
one a line, until its input ends. So each file is opened in a process that has seen no other file, at the cost of a
fork. What is read is left as Arrow files in a folder that the request names.
"""

from __future__ import annotations

import ctypes
import importlib.util
import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000
_BATCH = 16_384
_SAMPLE = 50
_LONGEST = 300
_GRACE_S = 5

Tell = Callable[[dict[str, Any]], None]


class _Unneeded:
    """Libraries that pyogrio and pyarrow take where they are, and need not: a start in half the time."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:  # noqa: ARG004
        if name in ("geopandas", "pandas", "pyproj", "fiona"):
            raise ModuleNotFoundError(name, name=name)


class Refused(Exception):
    """What the library says about a file."""


def _offline() -> bool:
    """Leave the network for good, where the kernel lets us."""
    with suppress(OSError, AttributeError):
        unshare = ctypes.CDLL(None, use_errno=True).unshare
        return unshare(_NEW_NETWORK) == 0 or unshare(_NEW_USER | _NEW_NETWORK) == 0
    return False


def _limit(kind: int, most: int) -> None:
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _limit_for_one(asked: dict[str, Any]) -> None:
    """Time and room for one request."""
    _limit(resource.RLIMIT_CPU, asked["cpu_s"])
    _limit(resource.RLIMIT_FSIZE, asked["file_bytes"])
    signal.alarm(asked["wall_s"] + _GRACE_S)  # whoever asked may have gone, and nobody else would end it


def _limit_for_life(memory_bytes: int, files: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit(resource.RLIMIT_NOFILE, files)
    _limit(resource.RLIMIT_AS, memory_bytes)


@contextmanager
def _told() -> Iterator[None]:
    """Errors of the library as refusals: a torn .prj ends in a NameError there, an odd text in a ValueError."""
    import pyarrow
    import pyogrio

    trouble = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyarrow.ArrowException)
    try:
        yield
    except MemoryError:
        raise
    except (*trouble, RuntimeError, ValueError, NameError, OSError, KeyError, TypeError) as error:
        raise Refused(str(error)[:_LONGEST] or type(error).__name__) from error


def _layers(asked: dict[str, Any]) -> list[str]:
    import pyogrio

    with _told():
        return [str(name) for name, _ in pyogrio.list_layers(asked["path"])]


def _look(asked: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Every layer with its number of features and its first rows."""
    import pyogrio

    found = []
    names = [name for name in _layers(asked) if name not in asked["without"]]
    for place, name in enumerate(names[: asked["most"]]):
        with _told():
            info = pyogrio.read_info(asked["path"], layer=name, force_feature_count=True, **asked["options"])
        found.append(_written(asked, name, place, lambda _: None, most=_SAMPLE) | {"features": int(info["features"])})
        tell({"done": place + 1, "total": 0})
    return {"layers": found}


def _read(asked: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Whole layers, each as one Arrow file."""
    before, found = 0, []
    total = asked.get("total") or sum(_announced(asked, name) for name in asked["layers"])

    def progress(rows: int) -> None:
        tell({"done": before + rows, "total": total})

    for place, name in enumerate(asked["layers"]):
        found.append(_written(asked, name, place, progress))
        before += found[-1]["rows"]
    return {"layers": found}


def _announced(asked: dict[str, Any], name: str | None) -> int:
    """How many features the head of a file promises; 0 where only reading all of it would tell."""
    import pyogrio

    if not asked.get("counted"):
        return 0
    with _told():
        return max(0, int(pyogrio.read_info(asked["path"], layer=name, **asked["options"])["features"]))


def _written(
    asked: dict[str, Any], name: str | None, place: int, progress: Callable[[int], None], most: int | None = None
) -> dict[str, Any]:
    """Write a layer (None for the only one), or so many of its first rows, to a file of its own."""
    import pyarrow as pa
    import pyogrio

    out = f"{asked['out']}/{place}.arrow"
    rows, curved = 0, 0
    with (
        _told(),
        pyogrio.raw.open_arrow(
            asked["path"],
            layer=name,
            use_pyarrow=True,
            return_fids=True,
            datetime_as_string=True,
            batch_size=most or _BATCH,
            **asked["options"],
        ) as (meta, reader),
    ):
        key = meta["fid_column"] or "OGC_FID"
        shape = (meta["geometry_name"] or "wkb_geometry") if meta["geometry_type"] is not None else None
        kept = [at for at, field in enumerate(reader.schema) if field.name not in (key, shape)]
        schema = pa.schema([reader.schema.field(at) for at in kept]).with_metadata(None)
        if shape is not None:
            schema = schema.append(pa.field("", pa.binary()))
        with pa.OSFile(out, "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
            for batch in reader:
                columns = [batch.column(at) for at in kept]
                if shape is not None:
                    at = reader.schema.get_all_field_indices(shape)[-1]
                    shapes, bent = _straight(batch.column(at), batch, key, asked | {"layer": name})
                    columns.append(shapes)
                    curved += bent
                writer.write_batch(pa.record_batch(columns, schema=schema))
                rows += batch.num_rows
                progress(rows)
                if most is not None and rows >= most:
                    break
    return {
        "name": name,
        "file": out,
        "rows": rows,
        "curved": curved,
        "geometry": None if shape is None else str(meta["geometry_type"]),
        "crs": None if meta["crs"] is None else str(meta["crs"]),
    }


def _straight(shapes: Any, batch: Any, key: str, asked: dict[str, Any]) -> tuple[Any, int]:
    """Geometries with every arc as short straight lines, as the library gives them singly; and how many had arcs."""
    import numpy as np
    import pyarrow as pa
    import pyogrio

    shapes = shapes.cast(pa.binary())
    rows = _curved(shapes)
    if len(rows) == 0:
        return shapes, 0
    keys = batch.column(batch.schema.get_all_field_indices(key)[0]).to_numpy(zero_copy_only=False)[rows]
    which = {"layer": asked["layer"], "columns": [], "fids": keys, "return_fids": True}
    found = pyogrio.raw.read(asked["path"], **which, **asked["options"])
    straight = dict(zip(np.asarray(found[1]).tolist(), found[2], strict=True))
    out = shapes.to_pylist()
    for row, fid in zip(rows.tolist(), keys.tolist(), strict=True):
        out[row] = straight.get(fid)
    return pa.array(out, type=pa.binary()), len(rows)


def _curved(shapes: Any) -> Any:
    """Rows whose WKB is of a curve: codes 8 to 14, whatever dimensions are added to them."""
    import numpy as np

    count = len(shapes)
    _, ends, data = shapes.buffers()
    if count == 0 or data is None:
        return np.empty(0, dtype=np.int64)
    offsets = np.frombuffer(ends, dtype=np.int32)[shapes.offset : shapes.offset + count + 1]
    rows = np.flatnonzero(np.diff(offsets) >= 9)
    plain = np.frombuffer(data, dtype=np.uint8)
    head = plain[offsets[rows][:, None] + np.arange(5)]
    little = head[:, 0] == 1
    codes = np.where(little, head[:, 1:].copy().view("<u4").ravel(), head[:, 1:].copy().view(">u4").ravel())
    kinds = (codes & 0x0FFFFFFF) % 1000
    return rows[(kinds >= 8) & (kinds <= 14)]


def _placemarks(asked: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """KML, which is read by a program of ours beside this one."""
    spec = importlib.util.spec_from_file_location("_kml", Path(__file__).with_name("_kml.py"))
    if spec is None or spec.loader is None:
        raise Refused("_kml")
    kml = importlib.util.module_from_spec(spec)
    sys.modules["_kml"] = kml
    spec.loader.exec_module(kml)
    with _told():
        return {"layers": [kml.written(asked["path"], f"{asked['out']}/0.arrow", lambda n: tell({"done": n}))]}


def _columnar(asked: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Parquet as a stream of Arrow; nothing of a file whose groups are too large together."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = f"{asked['out']}/0.arrow"
    with _told():
        file = pq.ParquetFile(asked["path"])
        groups = file.num_row_groups
        size = sum(file.metadata.row_group(group).total_byte_size for group in range(groups))
        if size > asked["most"]:
            return {"size": size, "file": None}
        done, total = 0, int(file.metadata.num_rows)
        with pa.OSFile(out, "wb") as sink, pa.ipc.new_stream(sink, file.schema_arrow) as writer:
            for batch in file.iter_batches(_BATCH):
                writer.write_batch(batch)
                done += batch.num_rows
                tell({"done": done, "total": total})
    return {"size": size, "file": out}


def _vet(asked: dict[str, Any]) -> dict[str, Any]:
    """What a JSON document is: its type, how it gives its CRS, and its members that the library passes over."""
    root: list[tuple[str, Any]] = []
    repeated, features = False, 0

    def note(pairs: list[tuple[str, Any]]) -> tuple[Any, bool, Any]:
        nonlocal root, repeated, features
        root = pairs
        seen = [name for name, _ in pairs]
        repeated |= seen.count("crs") > 1
        here = dict(pairs)
        kind = here.get("type")
        inside = _passed_over(kind, here)
        features += kind == "Feature"
        return (kind if isinstance(kind, str) else None, isinstance(here.get("properties"), tuple), inside)

    try:
        with Path(asked["path"]).open(encoding="utf-8") as handle:
            top = json.load(handle, object_pairs_hook=note, parse_float=len, parse_int=len)
    except (ValueError, RecursionError) as error:
        raise Refused(str(error)[:_LONGEST]) from error
    if not isinstance(top, tuple):
        return {"type": None, "crs": "none", "repeated": False, "lost": {}, "features": 0}
    members = dict(root)
    crs = members.get("crs")
    named = isinstance(crs, tuple) and crs[0] == "name" and crs[1]
    said = "none" if crs is None else "named" if named else "other"
    objects = members.get("objects")
    inside = {"": top[2]} if top[0] != "Topology" else objects[2] if isinstance(objects, tuple) else {}
    return {"type": top[0], "crs": said, "repeated": repeated, "lost": inside, "features": features}


def _passed_over(kind: Any, here: dict[str, Any]) -> Any:
    """Members of a collection that are none of its kind, by their place; those of all objects for a topology."""
    if kind not in ("FeatureCollection", "GeometryCollection"):
        return {name: one[2] for name, one in here.items() if isinstance(one, tuple) and isinstance(one[2], list)}
    whole = here.get("features" if kind == "FeatureCollection" else "geometries")
    if not isinstance(whole, list):
        return []
    known = ("Feature",) if kind == "FeatureCollection" else _SHAPES
    return [[at, _called(one)] for at, one in enumerate(whole) if not isinstance(one, tuple) or one[0] not in known]


_SHAPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
_CALLED = {type(None): "null", list: "[…]", str: "text", bool: "true/false", int: "number"}


def _called(one: Any) -> str:
    """What a member is, in a word."""
    return _CALLED.get(type(one), "…") if not isinstance(one, tuple) else str(one[0])[:40] if one[0] else "{…}"


_TASKS: dict[str, Callable[[dict[str, Any], Tell], dict[str, Any]]] = {
    "names": lambda asked, _: {"names": _layers(asked)},
    "look": _look,
    "read": _read,
    "placemarks": _placemarks,
    "columnar": _columnar,
    "vet": lambda asked, _: _vet(asked),
}


def _answer(asked: dict[str, Any], tell: Tell) -> dict[str, Any]:
    import pyogrio

    try:
        os.chdir(asked["out"])
        _limit_for_one(asked)
        pyogrio.set_gdal_config_options(asked["config"])
        return {"ok": _TASKS[asked["do"]](asked, tell)}
    except Refused as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"memory": True}


def _in_a_process_of_its_own(line: str, tell: Tell) -> int:
    """Answer one request; the number of the signal that ended the process, 0 for a good end and −1 for a bad one."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            tell(_answer(json.loads(line), tell))
            code = 0
        finally:
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return -status if status < 0 else -min(status, 1)


def main() -> None:
    """Say what is here, then answer until nobody asks any more."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def tell(said: dict[str, Any]) -> None:
        replies.write(json.dumps(said) + "\n")
        replies.flush()

    sys.meta_path.insert(0, _Unneeded())
    offline = _offline()
    _limit_for_life(int(sys.argv[1]), int(sys.argv[2]))
    import pyogrio
    import pyogrio.raw

    tell({"drivers": sorted(pyogrio.list_drivers()), "offline": offline})
    for line in sys.stdin:
        tell({"end": _in_a_process_of_its_own(line, tell)})


if __name__ == "__main__":
    main()
