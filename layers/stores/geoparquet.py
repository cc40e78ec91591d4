"""A workspace kept as a folder of GeoParquet, to be read only: for studies of more parcels than one wants in memory.

```
workspace.json        name, working CRS and what else a workspace says of itself
parcels.parquet       or parcels/*.parquet, any number of files with the same columns
zones.parquet, …      every other layer of the catalogue that has rows
```
`report` passes the parcels through the formulas of a workspace in memory, `ROWS` at a time.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS
from spatial import crs as crs_

from layers.accounts import tally, told
from layers.catalogue import LAYERS
from layers.errors import NotAWorkspace, WorkspaceExists, WorkspaceMissing
from layers.tally import added
from layers.workspace import Workspace

ROWS = 100_000
"""Parcels in a row group, and parcels that are held in memory at a time."""

_HEAD = "workspace.json"
_FORMAT = "chengzai"
_META = ("name", "name_en", "crs", "as_of", "note", "note_en")
_TEXTS = ("parcel_id", "zone", "sub_area", "land_use", "far_basis", "status")
"""Columns of text that accounts read of parcels; they read no others, and may read any number."""
_PARTLY = {
    "buildings": ("parcel_id", "floor_area_m2", "vacant_floor_area_m2"),
    "assignments": ("parcel_id", "floor_area_m2", "source", "stage", "supply_mode"),
}
"""Tables that may be as long as that of the parcels, and the columns that accounts read of them."""
_WHOLE = ("zones", "assumptions", "constraints")


def is_folder_workspace(path: Path) -> bool:
    """Whether a path is a folder that says it is a workspace, or at least holds parcels."""
    return path.is_dir() and ((path / _HEAD).is_file() or bool(_files(path, "parcels")))


def write(folder: Path, workspace: Workspace, parcels: Iterable[gpd.GeoDataFrame] | None = None) -> None:
    """Write a workspace to a new folder; it appears whole or not at all.

    Parameters
    ----------
    parcels
        The parcels in pieces, where they are too many to stand in the workspace; each becomes a file.

    Raises
    ------
    WorkspaceExists
        A folder or file of that name is never overwritten.
    """
    if folder.exists():
        raise WorkspaceExists(where=str(folder), path=folder.name)
    folder.parent.mkdir(parents=True, exist_ok=True)
    head = {key: getattr(workspace, key) for key in (*_META, "revision")}
    text = json.dumps({"format": _FORMAT, "version": 1} | head, ensure_ascii=False, indent=1)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as beside:
        draft = Path(beside) / folder.name
        draft.mkdir()
        (draft / _HEAD).write_text(text + "\n", encoding="utf-8")
        for name in LAYERS:
            table = workspace.table(name)
            if name == "parcels" and parcels is not None:
                (draft / name).mkdir()
                for number, piece in enumerate(parcels):
                    _write(piece, draft / name / f"{number:05d}.parquet")
            elif name == "parcels" or len(table):
                _write(table, draft / f"{name}.parquet")
        try:
            draft.rename(folder)
        except OSError as error:
            raise WorkspaceExists(where=str(folder), path=folder.name) from error


def read(folder: Path) -> Workspace:
    """The whole workspace in memory.

    Raises
    ------
    WorkspaceMissing, NotAWorkspace
    """
    head = _head(folder)
    with _kindly(folder):
        tables = {name: _read(folder, name, head["crs"]) for name in LAYERS if _files(folder, name)}
        return Workspace(tables=tables, **head)


def around(folder: Path) -> Workspace:
    """The workspace but for its parcels, and what hangs on them: zones, assumptions, constraints.

    Raises
    ------
    WorkspaceMissing, NotAWorkspace
    """
    head = _head(folder)
    with _kindly(folder):
        tables = {name: _read(folder, name, head["crs"]) for name in _WHOLE if _files(folder, name)}
        return Workspace(tables=tables, **head)


def report(folder: Path, by: Iterable[str] = ("zone",)) -> dict[str, Any]:
    """Accounts of everything and of each group, as `layers.accounts.report` gives them.

    Parcels pass by some rows at a time, so that memory does not grow with their number.

    Parameters
    ----------
    by
        Any of `layers.accounts.GROUPINGS`.

    Raises
    ------
    WorkspaceMissing, NotAWorkspace
    """
    keys, bare = list(by), around(folder)
    with _kindly(folder):
        hung = {name: _columns(folder, name, names) for name, names in _PARTLY.items() if _files(folder, name)}
        bare = bare.with_tables(**hung)
        # `map` lets go of a piece before the next is read: a loop variable would keep two of them in memory
        found = added(map(lambda piece: tally(bare.with_tables(parcels=piece), keys), _pieces(folder, bare)))
        return told(found or tally(bare, keys), bare.table("zones"), keys)


def _head(folder: Path) -> dict[str, Any]:
    if not is_folder_workspace(folder):
        raise WorkspaceMissing(where=str(folder), path=folder.name)
    if not (folder / _HEAD).is_file():
        return _told_by_parcels(folder)
    try:
        told_ = json.loads((folder / _HEAD).read_text(encoding="utf-8"))
        if told_["format"] != _FORMAT:
            raise ValueError(told_["format"])
        return {key: str(told_.get(key, "")) for key in _META} | {"revision": int(told_.get("revision", 0))}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotAWorkspace(where=str(folder), path=folder.name, reason=_HEAD) from error


def _told_by_parcels(folder: Path) -> dict[str, Any]:
    """A folder that somebody else wrote is called what it is called, in the CRS of its parcels."""
    with _kindly(folder), pq.ParquetFile(_files(folder, "parcels")[0]) as file:
        meta = json.loads((file.schema_arrow.metadata or {})[b"geo"])
        crs = CRS.from_user_input(meta["columns"][meta["primary_column"]].get("crs") or "OGC:CRS84")
        return dict.fromkeys(_META, "") | {"name": folder.name, "crs": crs_.label(crs), "revision": 0}


@contextlib.contextmanager
def _kindly(folder: Path) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, shapely.errors.ShapelyError, OSError, ValueError, KeyError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise NotAWorkspace(where=str(folder), path=folder.name, reason=reason) from error


def _files(folder: Path, layer: str) -> list[Path]:
    """Files of a layer, in the order of their names."""
    one = folder / f"{layer}.parquet"
    return [one] if one.is_file() else sorted((folder / layer).glob("*.parquet"))


def _write(table: pd.DataFrame, path: Path) -> None:
    table.to_parquet(path, index=False, compression="zstd", row_group_size=ROWS)


def _read(folder: Path, layer: str, crs: str) -> pd.DataFrame:
    contract = LAYERS[layer]
    reader = gpd.read_parquet if contract.geometry else pd.read_parquet
    table = pd.concat([reader(path) for path in _files(folder, layer)], ignore_index=True)
    if isinstance(table, gpd.GeoDataFrame):
        _same_crs(table.crs, crs, layer)
        table = table.rename_geometry("geometry") if table.geometry.name != "geometry" else table
    return contract.conform(table, crs)


def _columns(folder: Path, layer: str, names: tuple[str, ...]) -> pd.DataFrame:
    """Some columns of a table, without its geometry."""
    kinds = {column.name: column.kind for column in LAYERS[layer].columns}
    tables = [_typed(pq.read_table(path, columns=list(names)), names, kinds) for path in _files(folder, layer)]
    return pd.concat(tables, ignore_index=True)


def _pieces(folder: Path, bare: Workspace) -> Iterator[pd.DataFrame]:
    """Parcels with what accounts read of them, `ROWS` at a time."""
    kinds = {column.name: column.kind for column in LAYERS["parcels"].columns}
    names = tuple(name for name, kind in kinds.items() if name in _TEXTS or kind in ("number", "integer"))
    files = _files(folder, "parcels")
    if not files:
        raise ValueError("parcels.parquet")
    _ = bare.leaves  # once, for all pieces
    met: list[np.ndarray] = []
    for path in files:
        with pq.ParquetFile(path) as file:
            geometry = _geometry_column(file, bare.crs)
            there = [name for name in names if name in file.schema_arrow.names]
            for batch in file.iter_batches(batch_size=ROWS, columns=[*there, geometry]):
                rows = pa.Table.from_batches([batch])
                met.append(_unique(pd.util.hash_array(rows.column("parcel_id").to_pandas().to_numpy(dtype=object))))
                shapes = gpd.GeoSeries(_shapes(rows.column(geometry), path.name), crs=bare.crs)
                piece = [_typed(rows, names, kinds).assign(geometry=shapes)]
                del batch, rows, shapes
                yield piece.pop()
    _unique(np.concatenate([np.empty(0, dtype=np.uint64), *met]))


def _unique(keys: np.ndarray) -> np.ndarray:
    """Hashes of keys, eight bytes each; a key that comes twice would take its assignments twice."""
    found = np.unique(keys)
    if len(found) < len(keys):
        raise ValueError("parcels: parcel_id is not unique")
    return found


def _geometry_column(file: pq.ParquetFile, crs: str) -> str:
    """Name of the geometry of a GeoParquet file, once its CRS and encoding are what they should be."""
    meta = json.loads((file.schema_arrow.metadata or {})[b"geo"])
    name = str(meta["primary_column"])
    told_ = meta["columns"][name]
    if told_["encoding"] != "WKB":
        raise ValueError(f"parcels: geometry is encoded as {told_['encoding']}, not as WKB")
    # a file that does not say is in longitude and latitude: so the format has it
    _same_crs(CRS.from_user_input(told_.get("crs", "OGC:CRS84") or crs), crs, "parcels")
    return name


def _same_crs(found: Any, crs: str, layer: str) -> None:
    if found is not None and not CRS.from_user_input(found).equals(CRS.from_user_input(crs), ignore_axis_order=True):
        raise ValueError(f"{layer}: {CRS.from_user_input(found).name}, not {crs}")


def _shapes(column: pa.ChunkedArray, name: str) -> np.ndarray:
    shapes = np.asarray(shapely.from_wkb(column.to_numpy()), dtype=object)
    polygons = np.isin(shapely.get_type_id(shapes), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    bad = np.flatnonzero(~(polygons & shapely.is_valid(shapes)))
    if len(bad):
        raise ValueError(f"{name}: {len(bad)} parcels without a valid polygon")
    return shapes


def _typed(rows: pa.Table, names: tuple[str, ...], kinds: Mapping[str, str]) -> pd.DataFrame:
    """Columns in the types of their contract; one that the file lacks is empty."""
    types = {"number": pa.float64(), "integer": pa.int64()}
    data: dict[str, Any] = {}
    for name in names:
        kind = types.get(kinds[name], pa.large_string())
        column = rows.column(name) if name in rows.column_names else pa.nulls(rows.num_rows, kind)
        is_text = pa.types.is_large_string(column.type) or pa.types.is_string(column.type)
        if is_text != (kind == pa.large_string()) and not pa.types.is_null(column.type):
            raise ValueError(f"{name}: {column.type}, not {kinds[name]}")
        data[name] = column.cast(kind).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    return pd.DataFrame(data)
