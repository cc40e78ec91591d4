"""What a layer looks like when it goes out: its own columns, those that Chengzai computes, and the user's own."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import shapely

from layers.accounts import FIGURES, books, parcel_rows
from layers.catalogue import LAYERS
from layers.contract import Column, Kind
from layers.errors import UnknownLayer
from layers.field_names import ASSIGNED, CATCHMENTS, COMPUTED, LOCATED, REMAINING, SHEETS, TYPED
from layers.ground import catchments
from layers.ground.overlaid import net_area_m2
from layers.matching import allowed, for_enterprises
from layers.vocabulary import FUNCTIONS
from layers.workspace import Workspace
from spatial import area as area_

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CENT = 0.01
"""Floor area [m²] below which nothing remains."""


@dataclass(frozen=True)
class Sheet:
    """One layer, ready to be handed out.

    Parameters
    ----------
    layer
        Name that the user asked for.
    frame
        Rows in index 0 … n − 1; `geometry` is there when `shapes` is.
    columns
        Every column of the frame but the geometry, with unit and meaning.
    shapes
        Shape (n,) in the working CRS, or None for a table without geometry.
    """

    layer: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    shapes: np.ndarray | None


def sheet(workspace: Workspace, layer: str) -> Sheet:
    """A layer of a workspace as it goes out.

    Parameters
    ----------
    layer
        Any layer of the catalogue; ``catchments`` of stations in a straight line; or ``remaining``: parcels whose
        land use and zone hold some function besides support and that have floor area left, available or vacant.

    Raises
    ------
    UnknownLayer
    """
    if layer not in SHEETS:
        raise UnknownLayer(where="--layer", layer=layer, known=", ".join(SHEETS))
    if layer in ("parcels", "remaining"):
        return _parcels(workspace, layer)
    if layer == "assignments":
        return _assignments(workspace)
    if layer == "catchments":
        return _catchments(workspace)
    table = workspace.table(layer)
    shapes = workspace.shapes(layer) if LAYERS[layer].geometry else None
    return _made(layer, pd.DataFrame(table.drop(columns="geometry", errors="ignore")), LAYERS[layer].columns, shapes)


def _catchments(workspace: Workspace) -> Sheet:
    """Both rings of every station in a straight line, with the floor area within; none where there is no radius."""
    stations, found = workspace.table("stations"), catchments.floor_area(workspace)
    found = found[found["station"] != catchments.ALL].reset_index(drop=True)
    drawn = {ring: catchments.outlines(workspace, ring) for ring in catchments.RINGS}
    shapes = np.concatenate([*drawn.values(), np.empty(0, dtype=object)])
    rows = found["station"].to_numpy(dtype=np.int64)
    frame = pd.DataFrame(
        {
            "catchment_id": stations["station_id"].astype("str").to_numpy()[rows] + "-" + found["ring"].astype("str"),
            **{name: stations[name].to_numpy()[rows] for name in ("station_id", "name", "kind")},
            "ring": found["ring"],
            "distance": "straight",
            **{name: found[name] for name in ("radius_m", "parcels", "unknown_parcels", "permitted_m2")},
            "available_m2": found["available_m2"],
            "built_m2": found["built_m2"],
            "built_vacant_m2": found["vacant_m2"],
        }
    )
    there = ~shapely.is_missing(shapes)
    return _made("catchments", frame[there], CATCHMENTS, shapes[there])


def _made(layer: str, frame: pd.DataFrame, known: tuple[Column, ...], shapes: np.ndarray | None) -> Sheet:
    names = {column.name for column in known}
    own = [name for name in frame.columns if name not in names]
    frame = frame.assign(**{str(name): _of_one_type(frame[name]) for name in own})
    extras = tuple(_extra(frame[name]) for name in own)
    present = tuple(column for column in known if column.name in frame)
    ordered = frame[[column.name for column in (*present, *extras)]].reset_index(drop=True)
    return Sheet(layer, ordered, (*present, *extras), shapes)


_PLAIN = {"integer": "Int64", "boolean": "boolean", "floating": "float64", "mixed-integer-float": "float64"}


def _of_one_type(values: pd.Series) -> pd.Series:
    """A user's own column in one type: a workspace keeps it value by value, as the file had it.

    >>> _of_one_type(pd.Series([1, None, 2003], dtype=object)).dtype, _of_one_type(pd.Series([1, "a", None])).tolist()
    (Int64Dtype(), ['1', 'a', nan])
    """
    if values.dtype != object:
        return values
    kind = pd.api.types.infer_dtype(values, skipna=True)
    try:
        if kind in _PLAIN:
            return values.astype(_PLAIN[kind])  # type: ignore[call-overload]
    except (OverflowError, TypeError, ValueError):  # whole numbers beyond 64 bits are digits
        pass
    return values if kind in ("string", "empty") else values.map(str, na_action="ignore").astype("str")


def _extra(values: pd.Series) -> Column:
    name = str(values.name)
    kind: Kind = "text"
    if pd.api.types.is_bool_dtype(values):
        kind = "boolean"
    elif pd.api.types.is_integer_dtype(values):
        kind = "integer"
    elif pd.api.types.is_float_dtype(values):
        kind = "number"
    elif _are_dates(values):
        kind = "date"
    return Column(name, kind, name, "Column of the user's own")


def _are_dates(values: pd.Series) -> bool:
    """Whether a column of text holds nothing but days as ISO 8601 writes them, and some."""
    texts = values.dropna().astype("str").unique()
    if not len(texts) or not all(_DAY.fullmatch(text) for text in texts):
        return False
    try:
        return bool([date.fromisoformat(text) for text in texts])
    except ValueError:
        return False


def _parcels(workspace: Workspace, layer: str) -> Sheet:
    table = workspace.table("parcels")
    shapes = workspace.shapes("parcels")
    frame = pd.DataFrame(table.drop(columns="geometry"))
    rows = pd.DataFrame(parcel_rows(workspace), columns=["zone", "sub_area", "parks", "binding_limit", *FIGURES])
    computed = pd.DataFrame(index=frame.index)
    for level in ("zone", "sub_area"):
        computed[level] = rows[level].astype("str").where(rows[level].notna(), None)
        typed = frame[level]
        if bool((typed.notna() & (typed != computed[level])).any()):
            computed[f"{level}_typed"] = typed
    computed["parks"] = pd.Series(["; ".join(keys) for keys in rows["parks"]], index=frame.index, dtype="str")
    computed["binding_limit"] = rows["binding_limit"].astype("str")
    computed["planar_area_m2"] = workspace.drawn_area_m2
    computed["ellipsoidal_area_m2"] = area_.ellipsoidal(shapes, workspace.pyproj_crs)
    computed["site_area_m2"] = books(workspace).site_area
    computed["excluded_area_m2"] = workspace.excluded_area_m2
    computed["net_area_m2"] = net_area_m2(workspace)
    for column in COMPUTED:
        if column.name in FIGURES and column.name != "site_area_m2":
            computed[column.name] = rows[column.name].astype(float)
    frame = frame.assign(**{str(name): computed[name] for name in computed})
    known = (*(_located(column) for column in LAYERS["parcels"].columns), *COMPUTED, *TYPED)
    if layer == "parcels":
        return _made(layer, frame, known, shapes)
    fits = allowed(workspace)
    names = list(FUNCTIONS)
    words = ["; ".join(name for name, fit in zip(names, column, strict=True) if fit) for column in fits.T]
    frame = frame.assign(functions_allowed=pd.Series(words, index=frame.index, dtype="str"))
    left = np.nan_to_num(frame["available_m2"].to_numpy(dtype=float)) + np.nan_to_num(
        frame["built_vacant_m2"].to_numpy(dtype=float)
    )
    stays = (left > _CENT) & for_enterprises(workspace)
    return _made(layer, frame[stays], (*known, *REMAINING), shapes[stays])


def _located(column: Column) -> Column:
    """The contract's column, but for zone and sub-area, which go out as located and not as typed."""
    found = next((located for located in LOCATED if located.name == column.name), None)
    return column if found is None else replace(found)


def _assignments(workspace: Workspace) -> Sheet:
    given, parcels = workspace.table("assignments"), workspace.table("parcels")
    projects = workspace.table("projects")
    row = pd.Index(parcels["parcel_id"]).get_indexer(pd.Index(given["parcel_id"]))
    project = pd.Index(projects["project_id"]).get_indexer(pd.Index(given["project_id"]))
    located = pd.DataFrame(parcel_rows(workspace), columns=["zone", "sub_area"])
    shapes = np.full(len(given), None, dtype=object)
    shapes[row >= 0] = workspace.shapes("parcels")[row[row >= 0]]

    def taken(values: pd.Series, at: np.ndarray) -> pd.Series:
        kept = values.reset_index(drop=True).reindex(at).astype(object)
        return pd.Series(kept.where(kept.notna(), None).to_numpy(), index=given.index, dtype="str")

    frame = pd.DataFrame(given).assign(
        parcel_no=taken(parcels["parcel_no"], row),
        project_name=taken(projects["name"], project),
        zone=taken(located["zone"], row),
        sub_area=taken(located["sub_area"], row),
        geometry_basis=taken(parcels["geometry_basis"], row),
    )
    return _made("assignments", frame, (*LAYERS["assignments"].columns, *ASSIGNED), shapes)
