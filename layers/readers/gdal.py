"""The formats that GDAL reads: asked of a child process, checked again here, and given as features."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from layers.contract import Complaint
from layers.readers.children import POOL
from layers.readers.dbf import Encoding, column_name, decode, encoding_of
from layers.readers.errors import FileBroken
from layers.readers.features import Choice, Features, FoundLayer, described, distinct
from layers.readers.grouping import OF_QGIS, chosen
from layers.readers.isolation import DRIVERS, limits_of
from layers.readers.notes import note
from layers.readers.open_rings import noted, of_wkb
from layers.readers.source import Source
from layers.readers.watching import UNWATCHED, Watch, portions

_MOST_LAYERS = 500
_ONE_LAYER = ("geojson", "fgb")
_COUNTED = ("shapefile", "gpkg", "gdb", "fgb")
"""Kinds of files whose head says how many features follow."""


def read_features(source: Source, choice: Choice) -> Features:
    """Read one layer of a source.

    Raises
    ------
    ChooseLayer, EncodingRefused, FileRefused, Cancelled
    """
    path, name = _where(source, choice)
    settled = _settled(source, path, choice)
    with tempfile.TemporaryDirectory(prefix="chengzai-", dir=source.path.parent) as out:
        counted = {"total": source.features, "counted": source.kind in _COUNTED}
        (layer,) = _ask(source, path, choice, "read", out, layers=[name], **counted)
        found = with_lost(_features(source, layer, settled, choice.watch), source.lost.get(name or "", {}))
    title = name or next((one for one, file in source.layers.items() if file == path), "")
    return replace(found, title=title)


def read_whole(source: Source, choice: Choice, task: str = "read") -> Features:
    """Read a source that has one layer, whatever the user chose in it.

    Parameters
    ----------
    task
        What the child is asked to do.

    Raises
    ------
    FileRefused, Cancelled
    """
    with tempfile.TemporaryDirectory(prefix="chengzai-", dir=source.path.parent) as out:
        (layer,) = _ask(source, source.path, choice, task, out, layers=[None])
        return _features(source, layer, None, choice.watch)


def look_at_features(source: Source, choice: Choice) -> tuple[FoundLayer, ...]:
    """The layers of a source, each with what its first rows hold.

    Raises
    ------
    EncodingRefused, FileRefused, Cancelled
    """
    out: list[FoundLayer] = []
    for title, path in (source.layers or {"": source.path}).items():
        settled = _settled(source, path, choice)
        with tempfile.TemporaryDirectory(prefix="chengzai-", dir=source.path.parent) as folder:
            for layer in _ask(source, path, choice, "look", folder, most=_MOST_LAYERS, without=OF_QGIS):
                name = title or (Path(source.name).stem if source.kind in _ONE_LAYER else str(layer["name"]))
                seen = described(name, _features(source, layer, settled))
                count = int(layer["features"]) + len(source.lost.get("" if source.kind in _ONE_LAYER else name, {}))
                out.append(replace(seen, rows=count, geometry=layer["geometry"]))
    return tuple(out)


def _where(source: Source, choice: Choice) -> tuple[Path, str | None]:
    """The file to open, and the layer in it to read; None for the only one.

    Raises
    ------
    ChooseLayer
    """
    if source.layers:
        return source.layers[chosen(list(source.layers), choice.layer, source)], None
    if source.kind in _ONE_LAYER and choice.layer in (None, Path(source.name).stem):
        return source.path, None
    with tempfile.TemporaryDirectory(prefix="chengzai-", dir=source.path.parent) as out:
        request = {"do": "names", "path": str(source.path), "out": out}
        answer = POOL.ask(DRIVERS[source.kind], request, limits_of(source.path), source.name, choice.watch)
    known = [str(name) for name in answer["names"]]
    return source.path, chosen(known, choice.layer, source)


def _settled(source: Source, path: Path, choice: Choice) -> Encoding | None:
    """The encoding of a shapefile; other texts are settled already."""
    return encoding_of(path, source.name, choice.encoding) if source.kind == "shapefile" else None


def _ask(source: Source, path: Path, choice: Choice, do: str, out: str, **more: Any) -> list[dict[str, Any]]:
    options: dict[str, Any] = {"DATE_AS_STRING": "YES"} if source.kind == "geojson" else {}
    if source.kind == "shapefile":
        options["encoding"] = "ISO-8859-1"  # every byte comes back as one character; decoding is ours
    request = {"do": do, "path": str(path), "out": out, "options": options, **more}
    answer = POOL.ask(DRIVERS[source.kind], request, limits_of(path), source.name, choice.watch)
    layers = answer.get("layers")
    if not isinstance(layers, list) or not all(Path(str(layer["file"])).parent == Path(out) for layer in layers):
        raise FileBroken(where=source.name, path=source.name, reason=do)
    return layers


def _features(source: Source, layer: dict[str, Any], settled: Encoding | None, watch: Watch = UNWATCHED) -> Features:
    """A layer that a child left as Arrow, believed only as far as it is checked here.

    Raises
    ------
    FileBroken
    """
    import pyarrow as pa

    try:
        with pa.memory_map(str(layer["file"])) as data:
            arrow = pa.ipc.open_file(data).read_all()
            arrow.validate(full=True)
            names = arrow.column_names[:-1] if layer["geometry"] is not None else arrow.column_names
            columns = [_column(arrow.column(at)) for at in range(len(names))]
            blobs = None
            if layer["geometry"] is not None:
                blobs = arrow.column(len(names)).to_numpy()
            count = arrow.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        raise FileBroken(where=source.name, path=source.name, reason=str(error)[:200]) from error
    table = pd.concat(columns, axis="columns", ignore_index=True) if columns else pd.DataFrame(index=range(count))
    shapes, unreadable, with_z = None, np.zeros(count, dtype=bool), 0
    if blobs is not None:
        shapes, unreadable, with_z = _shapes(blobs, watch)
    cut: list[tuple[int, str, str]] = []
    short: dict[str, bool] = {}
    if settled is not None:
        names, short = _named(names, settled.codec)
        table, cut = _decoded(table.set_axis(names, axis="columns"), settled.codec)
    crs = layer["crs"] if source.kind not in ("geojson", "dxf") or source.has_crs else None
    found = Features(
        table=table.set_axis(distinct(names), axis="columns"),
        shapes=shapes,
        unreadable=unreadable,
        with_z=with_z,
        curved=int(layer["curved"]),
        crs=str(crs) if crs else None,
        encoding=settled.name if settled else source.encoding,
        encoding_basis=settled.basis if settled else source.encoding_basis,
        contradicted=settled.contradicted if settled else None,
        cut=tuple(cut),
        short=short,
        notes=_left(layer.get("left")),
    )
    if blobs is None or not unreadable.any():
        return found
    open_ = {int(row): one for row in np.flatnonzero(unreadable) if (one := of_wkb(blobs[row])) is not None}
    return noted(found, open_)


def _left(left: Any) -> tuple[Complaint, ...]:
    """What the file holds that is no feature, counted."""
    if not isinstance(left, dict) or not left:
        return ()
    said = ", ".join(f"{str(name)[:40]} × {int(count)}" for name, count in sorted(left.items()))
    return (note("elements_left_out", "", severity="warning", value=sum(map(int, left.values())), limit=said),)


def with_lost(features: Features, lost: Mapping[int, str]) -> Features:
    """Features with a row for every member of the file that the library passed over, and why it holds nothing.

    Parameters
    ----------
    lost
        Places of such members among all of them, and what they are.
    """
    if not lost or features.shapes is None:
        return features
    count = len(features.table) + len(lost)
    apart = max(lost) < count
    rows = np.array(sorted(lost) if apart else range(len(features.table), count), dtype=np.int64)
    kept = np.setdiff1d(np.arange(count), rows)
    shapes, unreadable = np.full(count, None, dtype=object), np.zeros(count, dtype=bool)
    shapes[kept], unreadable[kept] = features.shapes, features.unreadable
    table = features.table.set_axis(kept).reindex(range(count))
    said = [
        note("not_a_feature", "geometry", row=row, severity="error", value=what)
        for row, what in zip(rows.tolist(), lost.values(), strict=True)
    ]
    moved = [replace(one, row=None if one.row is None else int(kept[one.row])) for one in features.notes]
    return replace(
        features,
        table=table,
        shapes=shapes,
        unreadable=unreadable,
        open_rings={int(kept[row]): one for row, one in features.open_rings.items()},
        notes=(*moved, *said),
    )


def _column(values: Any) -> pd.Series:
    """An Arrow column in a type that keeps every value: whole numbers stay whole beside missing ones."""
    import pyarrow as pa

    kind = values.type
    if pa.types.is_integer(kind):
        return pd.Series(values.to_pandas(integer_object_nulls=True), dtype="Int64")
    if pa.types.is_boolean(kind):
        return pd.Series(values.to_pylist(), dtype="boolean")
    if pa.types.is_floating(kind):
        return pd.Series(values.to_pandas(), dtype="float64")
    if pa.types.is_string(kind):
        return pd.Series(values.to_pandas(), dtype="str")
    return pd.Series([_plain(value) for value in values.to_pylist()], dtype="str")


def _plain(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (list, dict)):
        import json

        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _shapes(blobs: np.ndarray, watch: Watch) -> tuple[np.ndarray, np.ndarray, int]:
    shapes, unreadable, deep = np.full(len(blobs), None, dtype=object), np.zeros(len(blobs), dtype=bool), 0
    for part in portions(len(blobs), watch, "take"):
        read = shapely.from_wkb(blobs[part], on_invalid="ignore")
        unreadable[part] = ~pd.isna(blobs[part]) & shapely.is_missing(read)
        high = shapely.has_z(read) | shapely.has_m(read)
        deep += int(high.sum())
        shapes[part] = shapely.force_2d(read) if high.any() else read
    return shapes, unreadable, deep


def _named(names: list[str], codec: str) -> tuple[list[str], dict[str, bool]]:
    """True and distinct names of columns whose names came byte for byte; and which may have been cut."""
    raw = [name.encode("latin-1") for name in names]
    read = [column_name(data, codec) for data in raw]
    found = distinct([name for name, _ in read])
    short = {
        name: torn for name, data, (_, torn) in zip(found, raw, read, strict=True) if torn or len(data) >= _CUT_AT
    }
    return found, short


_CUT_AT = 9
"""Bytes of a field's name from which on it may have been cut."""


def _decoded(table: pd.DataFrame, codec: str) -> tuple[pd.DataFrame, list[tuple[int, str, str]]]:
    """A table whose text came byte for byte, in its true encoding."""
    out: dict[str, pd.Series] = {}
    cut: list[tuple[int, str, str]] = []
    for name in map(str, table.columns):
        values = table[name]
        if pd.api.types.is_string_dtype(values):
            known: dict[str, tuple[str, bool]] = {text: _whole(text, codec) for text in values.dropna().unique()}
            for row in np.flatnonzero(values.isin([text for text, (_, half) in known.items() if half])):
                cut.append((int(row), name, known[values.iloc[int(row)]][0]))
            values = values.map({text: whole for text, (whole, _) in known.items()}).astype("str")
        out[name] = values
    return pd.DataFrame(out, index=table.index), cut


def _whole(text: str, codec: str) -> tuple[str, bool]:
    data = text.encode("latin-1")
    try:
        return data.decode(codec), False
    except UnicodeDecodeError:
        return decode(data, len(data), codec) or "", True
