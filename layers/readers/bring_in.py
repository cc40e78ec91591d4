"""A file comes in: read, placed, joined, mapped, checked — and reported row by row before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import shapely

from layers.catalogue import LAYERS
from layers.contract import Complaint, Layer, geometry_complaints
from layers.errors import FunctionMixRefused, UnknownLayer
from layers.matching import function_mix
from layers.readers import columns as columns_
from layers.readers import join as join_
from layers.readers.arrival import Arrival, arrived, sound_rows
from layers.readers.cleaning import clean
from layers.readers.doubts import cured, looking, whereabouts
from layers.readers.errors import CrsContradicts, CrsMissing
from layers.readers.features import Features
from layers.readers.georeference import Placed, place, wished
from layers.readers.keys import with_keys
from layers.readers.limiting import strips, usually
from layers.readers.naming import as_keys
from layers.readers.notes import note
from layers.readers.partners import partners
from layers.readers.registry import read_source
from layers.readers.source import Source
from layers.readers.updating import completed, shortages
from layers.readers.watching import UNWATCHED, Watch, portions
from layers.readers.wish import Wish
from layers.workspace import Workspace
from spatial import area as area_
from spatial.errors import ChengzaiError, UnsuitableCrs
from spatial.vertices import is_finite

__all__ = ["Arrival", "Wish", "bring_in", "bring_in_cured"]

_ROUNDS = 4
"""Readings after which nothing new is cured: one cure may lay bare the next doubt."""


def bring_in_cured(workspace: Workspace, wish: Wish, watch: Watch = UNWATCHED) -> tuple[Arrival, Wish]:
    """Read a file, apply the cures that the wish confirms beforehand, and read again until none of them is left.

    Returns
    -------
    Arrival, Wish
        What came of the last reading, and the wish with the cures.
    """
    arrival = bring_in(workspace, wish, watch)
    for _ in range(_ROUNDS):
        better = cured(wish, arrival.findings, wish.cures)
        if better == wish:
            break
        wish = better
        arrival = bring_in(workspace, wish, watch)
    return arrival, wish


def bring_in(workspace: Workspace, wish: Wish, watch: Watch = UNWATCHED) -> Arrival:
    """Read a file for a layer of a workspace; the workspace is not changed.

    Parameters
    ----------
    watch
        Told how far the reading is; may stop it.

    Raises
    ------
    UnknownLayer, FileRefused, UnknownCrs
        When the file as a whole cannot be read. Bad rows, and coordinates that lie nowhere, do not raise: `refusal`
        says why nothing is written, unless the user asked to skip the rows.
    Cancelled
        When the watch says so.
    """
    if wish.layer not in LAYERS:
        raise UnknownLayer(where="--layer", layer=wish.layer, known=", ".join(LAYERS))
    layer = LAYERS[wish.layer]
    source, features = read_source(wish.file, layer=wish.source_layer, encoding=wish.encoding, watch=watch)
    features = _outlined(source, features, layer)
    features, cleaned = clean(features, wish)
    asked = wished(features, wish)
    notes = [*_about_source(layer, features), *cleaned]
    watch.step("place")
    try:
        placed = _placed(source, asked, layer, wish, (workspace, watch))
    except (CrsMissing, CrsContradicts, UnsuitableCrs) as error:
        return _nowhere(workspace, asked, wish, notes, error)
    shapes, mended = _mended(placed, wish.repair)
    notes += [*placed.notes, *mended]
    watch.step("columns")
    rows, how, more, said = _rows(features, layer, wish, shapes)
    notes += said
    if layer.name == "constraints":
        rows, shapes, said = _limited(rows, shapes, wish)
        notes += said
    if layer.geometry:
        rows = rows.assign(geometry=pd.Series(shapes, index=rows.index, dtype=object))
    watch.step("match")
    table = workspace.table(layer.name)
    match = partners(layer, rows, table, wish.rule, wish.file)
    if wish.rule.match != "append":
        rows = completed(layer, rows, table, match.place)
    keyed, about_keys = with_keys(layer, rows, table[layer.key].drop(table.index[match.place[match.place >= 0]]))
    keyed, about_names = as_keys(workspace, layer, keyed)
    notes += [*match.notes, *about_keys, *about_names]
    said = _complaints(layer, keyed, features.unreadable, {} if wish.repair else placed.invalid, watch)
    faulty = frozenset(one.row for one in said if one.column == "geometry")
    known = {one.row for one in features.notes if one.severity == "error"}  # its reader has said why
    notes += [one for one in said if one.code != "geometry_missing" or one.row not in known]
    if wish.skip_rows:
        notes = [said for said in notes if said.row not in wish.skip_rows]
        notes += [note("row_left_out", "", row=row) for row in sorted(wish.skip_rows) if row < len(keyed)]
    notes += shortages(workspace, layer, keyed, sound_rows(keyed, notes))
    look = looking.Look(workspace, wish, source, asked, replace(placed, shapes=shapes), how, keyed, faulty)
    found = looking.findings(look, watch)
    notes += looking.warnings(found)
    at = whereabouts.middle_of(shapes, workspace.pyproj_crs)
    facts = _facts(features, placed, how, wish) | more | {"lands_at": at}
    return arrived(workspace, layer, wish, keyed, notes, (facts, found, features))


def _outlined(source: Source, features: Features, layer: Layer) -> Features:
    """A table whose coordinates are points, for a layer of outlines: they are columns as any other."""
    if source.kind not in ("csv", "xlsx") or features.shapes is None or "Point" in (layer.geometry or ("Point",)):
        return features
    kinds = shapely.get_type_id(features.shapes)
    if not np.isin(kinds, (-1, int(shapely.GeometryType.POINT))).all():
        return features
    told = note("points_no_outlines", "geometry", severity="warning")
    nothing = np.zeros(len(features.table), dtype=bool)
    return replace(features, shapes=None, crs=None, unreadable=nothing, notes=(*features.notes, told))


def _nowhere(
    workspace: Workspace, features: Features, wish: Wish, notes: list[Complaint], error: ChengzaiError
) -> Arrival:
    """What there is to say of a file whose coordinates cannot be placed: no row of it is accepted."""
    count = len(features.table)
    facts: dict[str, Any] = {
        "crs": None,
        "crs_basis": None,
        "datum": None,
        "encoding": features.encoding,
        "encoding_basis": features.encoding_basis,
        "columns": {},
        "planar_area_m2": None,
        "ellipsoidal_area_m2": None,
        "bounds": None,
    }
    found = looking.nowhere(workspace, wish, features, error)
    table = workspace.table(wish.layer)
    return Arrival(table, count, 0, 0, tuple(notes), facts, error, found, features, np.zeros(count, dtype=bool))


def _about_source(layer: Layer, features: Features) -> list[Complaint]:
    out = [*features.notes]
    if not len(features.table):
        out.append(note("nothing_read", "", severity="warning"))
    if features.contradicted:
        said = (features.contradicted, features.encoding)
        out.append(note("encoding_contradicts", "", severity="warning", value=said[0], limit=said[1]))
    for row, column, text in features.cut:
        out.append(note("text_cut", column, row=row, severity="warning", value=text))
    if features.with_z and layer.geometry:
        out.append(note("dimensions_dropped", "geometry", value=features.with_z))
    if features.curved and layer.geometry:
        out.append(note("curves_straightened", "geometry", severity="warning", value=features.curved))
    if features.aside:
        out.append(note("entities_left_out", "", value=features.aside))
    if features.shapes is not None and not layer.geometry:
        out.append(note("geometry_left_out", "geometry"))
    return out


def _placed(source: Source, features: Features, layer: Layer, wish: Wish, where: tuple[Workspace, Watch]) -> Placed:
    if not layer.geometry:
        return Placed(np.full(len(features.table), None, dtype=object), None, None, ())
    return place(source, features, wish, where[0].pyproj_crs, where[1])


def _mended(placed: Placed, repair: bool) -> tuple[np.ndarray, list[Complaint]]:
    """Invalid polygons made valid where the user asked for it; their polygonal part is kept."""
    shapes = placed.shapes
    if not repair:
        return shapes, []
    kind = shapely.get_type_id(shapes)
    polygons = np.isin(kind, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    with np.errstate(invalid="ignore"):
        finite = is_finite(shapes)
    invalid = ~shapely.is_valid(shapes) | np.isin(np.arange(len(shapes)), list(placed.invalid))
    bad = np.flatnonzero(polygons & finite & invalid)
    out, notes = shapes.copy(), []
    for row in bad:
        out[row] = _polygons(shapely.make_valid(shapes[row]))
        before, after = shapely.area(shapes[row]), 0.0 if out[row] is None else shapely.area(out[row])
        facts = {"value": f"{before:.2f}", "limit": f"{after:.2f}"}
        notes.append(note("geometry_repaired", "geometry", row=int(row), severity="warning", **facts))
    return out, notes


def _polygons(shape: shapely.Geometry) -> shapely.Geometry | None:
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _rows(
    features: Features, layer: Layer, wish: Wish, shapes: np.ndarray
) -> tuple[pd.DataFrame, columns_.Plan, dict[str, Any], list[Complaint]]:
    """Rows under our column names, and how they came by them."""
    table, known = features.table, list(features.table.columns)
    facts: dict[str, Any] = {}
    notes: list[Complaint] = []
    joined = _join(wish)
    if joined:
        known += list(join_.names(joined, known).values())
    how = columns_.plan(layer, known, wish.maps, features.short, fixed=wish.constants, drop=wish.drop)
    if joined:
        met = join_.attach(table, joined, how, area_.planar(shapes), skip_bad=wish.skip_bad)
        table, notes = met.table, met.notes
        facts = {
            "join_records": len(joined.records),
            "join_unmatched_features": met.unmatched_features,
            "join_unmatched_records": met.unmatched_records,
        }
    rows, said = columns_.fill(how, table, wish.units, wish.drop, cells=wish.read_cells)
    return rows, how, facts, notes + said


def _limited(rows: pd.DataFrame, shapes: np.ndarray, wish: Wish) -> tuple[pd.DataFrame, np.ndarray, list[Complaint]]:
    """Constraints with the widths and the effects that the user confirmed."""
    rows, shapes, notes = strips(rows, shapes, wish.buffer_m)
    rows, said = usually(rows) if wish.usual_effects else (rows, [])
    return rows, shapes, [*notes, *said]


def _join(wish: Wish) -> join_.Join | None:
    if not wish.join_file:
        return None
    left, _, right = (wish.join_on or "").partition("=")
    records = read_source(wish.join_file)[1].table
    return join_.Join(records, left.strip(), (right or left).strip(), wish.take)


def _complaints(
    layer: Layer, table: pd.DataFrame, unreadable: np.ndarray, invalid: Mapping[int, str], watch: Watch
) -> list[Complaint]:
    """What the contract says about the rows; combined zones may repeat their key."""
    plain = layer.conform(table.drop(columns="geometry", errors="ignore"))
    found = [
        said
        for said in layer.check(plain)
        if said.column != "geometry" and not (layer.name == "zones" and said.code == "key_duplicate")
    ]
    if layer.geometry:
        shapes = table["geometry"].to_numpy(dtype=object)
        lost = set(np.flatnonzero(unreadable).tolist())
        found += [note("geometry_unreadable", "geometry", row=row, severity="error") for row in sorted(lost)]
        required = layer.geometry_required
        for part in portions(len(shapes), watch, "check"):
            some = geometry_complaints(shapes[part], layer.geometry, required)
            here = (replace(said, row=(said.row or 0) + part.start) for said in some)
            found += [said for said in here if said.row not in lost]
        told = {said.row for said in found if said.column == "geometry"}
        for row in (row for row in invalid if row not in told):
            found.append(note("geometry_invalid", "geometry", row=row, severity="error", value=invalid[row]))
    if "function_mix" in table:
        found += _mixes(table["function_mix"])
    return found


def _mixes(values: pd.Series) -> list[Complaint]:
    out = []
    for row in np.flatnonzero(values.notna()):
        try:
            function_mix(values.iloc[int(row)])
        except FunctionMixRefused:
            text = values.iloc[int(row)]
            out.append(note("function_mix_refused", "function_mix", row=int(row), severity="error", value=text))
    return out


def _facts(features: Features, placed: Placed, how: columns_.Plan, wish: Wish) -> dict[str, Any]:
    return {
        "crs": placed.crs,
        "crs_basis": placed.basis,
        "datum": None if placed.crs is None else wish.datum,
        "encoding": features.encoding,
        "encoding_basis": features.encoding_basis,
        "columns": how.report(),
    }
