"""A file comes in: read, placed, joined, mapped, checked — and reported row by row before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.catalogue import LAYERS
from layers.contract import Complaint, Layer, geometry_complaints
from layers.errors import FunctionMixRefused, UnknownLayer
from layers.matching import function_mix
from layers.readers import columns as columns_
from layers.readers import join as join_
from layers.readers.columns import Units
from layers.readers.doubts import doubts
from layers.readers.errors import FileRefused, RowsRefused
from layers.readers.features import Features
from layers.readers.georeference import Placed, place
from layers.readers.keys import combine_zones, with_keys
from layers.readers.notes import note
from layers.readers.partners import partners
from layers.readers.registry import read_source
from layers.readers.source import Source
from layers.readers.updates import Rule, Update
from layers.readers.updating import completed, shortages, updated
from layers.readers.watching import UNWATCHED, Watch
from layers.workspace import Workspace
from spatial import area as area_
from spatial.datum import Datum


@dataclass(frozen=True)
class Wish:
    """What the user asks of an import.

    Parameters
    ----------
    file, layer
        The file, and the layer of the workspace that it comes into.
    source_layer, crs, encoding
        What the user knows about the file; None lets the file speak.
    datum
        The shift in its longitudes and latitudes, which no file tells of itself.
    maps
        Target to expression.
    join_file, join_on, take
        A second file, the key that both have (``left=right`` where its name differs), and column to rule.
    units
        Units of areas and heights.
    skip_bad
        Leave bad rows out instead of refusing the file.
    repair
        Mend invalid polygons, each with a warning.
    rule
        How rows are matched with those that the layer holds.
    """

    file: str
    layer: str
    source_layer: str | None = None
    crs: str | None = None
    encoding: str | None = None
    datum: Datum = "wgs84"
    maps: Mapping[str, str] = field(default_factory=dict)
    join_file: str | None = None
    join_on: str | None = None
    take: Mapping[str, str] = field(default_factory=dict)
    units: Units = field(default_factory=Units)
    skip_bad: bool = False
    repair: bool = False
    rule: Rule = field(default_factory=Rule)


@dataclass(frozen=True)
class Arrival:
    """What an import found.

    Parameters
    ----------
    table
        The layer's whole table with the accepted rows at its end.
    read, accepted
        Features of the source, and how many of them are sound.
    notes
        Everything there is to say, by row of the source.
    written
        Rows that are written: 0 when the file is refused, or says what the layer holds already.
    facts
        The further keys of the report.
    update
        What changes in the layer, row by row, where its rows are matched.
    """

    table: pd.DataFrame
    read: int
    accepted: int
    written: int
    notes: tuple[Complaint, ...]
    facts: Mapping[str, Any]
    refusal: FileRefused | None
    update: Update | None = None

    def report(self, language: str = "zh-CN") -> dict[str, Any]:
        """The report of the command line: every row, its code and what is wrong, in a language."""
        rows = [
            {
                "row": said.row,
                "code": said.code,
                "field": said.column,
                "message": said.message(language),
                "severity": said.severity,
            }
            for said in self.notes
        ]
        counts = {"read": self.read, "accepted": self.accepted, "rejected": self.read - self.accepted}
        more = {} if self.update is None else self.update.report()
        return counts | {"written": self.written, "rows": rows} | dict(self.facts) | more


def bring_in(workspace: Workspace, wish: Wish, watch: Watch = UNWATCHED) -> Arrival:
    """Read a file for a layer of a workspace; the workspace is not changed.

    Parameters
    ----------
    watch
        Told how far the reading is; may stop it.

    Raises
    ------
    UnknownLayer, FileRefused, UnsuitableCrs, UnknownCrs
        When the file as a whole cannot come in. Bad rows do not raise: they are in the report, with `refusal` set
        unless the user asked to skip them.
    Cancelled
        When the watch says so.
    """
    if wish.layer not in LAYERS:
        raise UnknownLayer(where="--layer", layer=wish.layer, known=", ".join(LAYERS))
    layer = LAYERS[wish.layer]
    source, features = read_source(wish.file, layer=wish.source_layer, encoding=wish.encoding, watch=watch)
    notes = _about_source(layer, features)
    watch.step("place", 0, len(features.table))
    placed = _placed(source, features, layer, wish, workspace)
    shapes, mended = _mended(placed, wish.repair)
    notes += [*placed.notes, *mended]
    watch.step("columns", 0, len(shapes))
    rows, how, more, said = _rows(features, layer, wish, shapes)
    notes += said
    if layer.geometry:
        rows = rows.assign(geometry=pd.Series(shapes, index=rows.index, dtype=object))
    watch.step("check", 0, len(rows))
    table = workspace.table(layer.name)
    match = partners(layer, rows, table, wish.rule, wish.file)
    if wish.rule.match != "append":
        rows = completed(layer, rows, table, match.place)
    keyed, about_keys = with_keys(layer, rows, table[layer.key].drop(table.index[match.place[match.place >= 0]]))
    notes += [*match.notes, *about_keys]
    notes += _complaints(layer, keyed, features.unreadable, {} if wish.repair else placed.invalid)
    notes += shortages(workspace, layer, keyed, _good(keyed, notes))
    return _arrival(workspace, layer, wish, keyed, notes, _facts(features, placed, how, wish.datum) | more)


def _about_source(layer: Layer, features: Features) -> list[Complaint]:
    out = []
    if features.contradicted:
        said = (features.contradicted, features.encoding)
        out.append(note("encoding_contradicts", "", severity="warning", value=said[0], limit=said[1]))
    for row, column, text in features.cut:
        out.append(note("text_cut", column, row=row, severity="warning", value=text))
    if features.with_z and layer.geometry:
        out.append(note("dimensions_dropped", "geometry", value=features.with_z))
    if features.shapes is not None and not layer.geometry:
        out.append(note("geometry_left_out", "geometry"))
    return out


def _placed(source: Source, features: Features, layer: Layer, wish: Wish, workspace: Workspace) -> Placed:
    if not layer.geometry:
        return Placed(np.full(len(features.table), None, dtype=object), None, None, ())
    return place(source, features, wish.crs, workspace.pyproj_crs, wish.datum)


def _mended(placed: Placed, repair: bool) -> tuple[np.ndarray, list[Complaint]]:
    """Invalid polygons made valid where the user asked for it; their polygonal part is kept."""
    shapes = placed.shapes
    kind = shapely.get_type_id(shapes)
    polygons = np.isin(kind, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    with np.errstate(invalid="ignore"):
        finite = np.isfinite(shapely.bounds(shapes)).all(axis=1)
    invalid = ~shapely.is_valid(shapes) | np.isin(np.arange(len(shapes)), list(placed.invalid))
    bad = np.flatnonzero(polygons & finite & invalid) if repair else np.empty(0, dtype=int)
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
    how = columns_.plan(layer, known, wish.maps, features.short)
    if joined:
        met = join_.attach(table, joined, how, area_.planar(shapes), skip_bad=wish.skip_bad)
        table, notes = met.table, met.notes
        facts = {
            "join_records": len(joined.records),
            "join_unmatched_features": met.unmatched_features,
            "join_unmatched_records": met.unmatched_records,
        }
    rows, said = columns_.fill(how, table, wish.units)
    return rows, how, facts, notes + said


def _join(wish: Wish) -> join_.Join | None:
    if not wish.join_file:
        return None
    left, _, right = (wish.join_on or "").partition("=")
    records = read_source(wish.join_file)[1].table
    return join_.Join(records, left.strip(), (right or left).strip(), wish.take)


def _complaints(
    layer: Layer, table: pd.DataFrame, unreadable: np.ndarray, invalid: Mapping[int, str]
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
        found += [said for said in geometry_complaints(shapes, layer.geometry, required) if said.row not in lost]
        told = {said.row for said in found if said.column == "geometry"}
        for row in (row for row in invalid if row not in told):
            found.append(note("geometry_invalid", "geometry", row=row, severity="error", value=invalid[row]))
    if "function_mix" in table:
        found += _mixes(table["function_mix"])
    return found + (doubts(table) if layer.name == "parcels" else [])


def _mixes(values: pd.Series) -> list[Complaint]:
    out = []
    for row in np.flatnonzero(values.notna()):
        try:
            function_mix(values.iloc[int(row)])
        except FunctionMixRefused:
            text = values.iloc[int(row)]
            out.append(note("function_mix_refused", "function_mix", row=int(row), severity="error", value=text))
    return out


def _facts(features: Features, placed: Placed, how: columns_.Plan, datum: Datum) -> dict[str, Any]:
    return {
        "crs": placed.crs,
        "crs_basis": placed.basis,
        "datum": None if placed.crs is None else datum,
        "encoding": features.encoding,
        "encoding_basis": features.encoding_basis,
        "columns": how.report(),
    }


def _arrival(
    workspace: Workspace, layer: Layer, wish: Wish, rows: pd.DataFrame, notes: list[Complaint], facts: dict[str, Any]
) -> Arrival:
    errors = [said for said in notes if said.severity == "error"]
    good = _good(rows, notes)
    accepted, origin = rows[good].reset_index(drop=True), np.flatnonzero(good)
    facts |= _extent(workspace, layer, accepted)
    if layer.name == "zones" and len(accepted):
        first = ~accepted["zone_id"].duplicated().to_numpy()
        accepted, said = combine_zones(layer, accepted)
        notes = notes + [_at(complaint, origin) for complaint in said]
        origin = origin[first]
    order = sorted(notes, key=lambda said: (-1 if said.row is None else said.row, said.severity != "error"))
    refused = bool(errors) and (not wish.skip_bad or not good.any())
    table, written, update = workspace.table(layer.name), len(accepted), None
    refusal: FileRefused | None = None
    if refused:
        refusal = _refusal(wish, len(rows), len(rows) - int(good.sum()), errors[0])
    if wish.rule.match != "append":
        update = updated(workspace, layer, accepted.set_axis(origin), rows[~good], wish.rule, wish.file)
        refusal, written, table = refusal or update.refusal, update.written, update.table
    elif not refused and len(accepted):
        table = _appended(workspace, layer, accepted)
    return Arrival(
        table=table,
        read=len(rows),
        accepted=int(good.sum()),
        written=0 if refusal else written,
        notes=tuple(order),
        facts=facts,
        refusal=refusal,
        update=update,
    )


def _good(rows: pd.DataFrame, notes: list[Complaint]) -> np.ndarray:
    """Rows of which nothing is wrong; none where something is wrong with the whole."""
    bad = {said.row for said in notes if said.severity == "error"}
    return np.full(len(rows), None not in bad) & ~np.isin(
        np.arange(len(rows)), [row for row in bad if row is not None]
    )


def _at(said: Complaint, origin: np.ndarray) -> Complaint:
    row = None if said.row is None else int(origin[said.row])
    return Complaint(row, said.column, said.code, said.severity, said.value, said.limit, said.texts)


def _refusal(wish: Wish, read: int, rejected: int, first: Complaint) -> RowsRefused:
    return RowsRefused(
        where=wish.file,
        read=read,
        rejected=rejected,
        row="—" if first.row is None else first.row,
        field=first.column,
        first_zh=first.message("zh-CN"),
        first_en=first.message("en"),
    )


def _extent(workspace: Workspace, layer: Layer, rows: pd.DataFrame) -> dict[str, Any]:
    empty: dict[str, Any] = {"planar_area_m2": None, "ellipsoidal_area_m2": None, "bounds": None}
    if not layer.geometry or len(rows) == 0:
        return empty
    shapes = rows["geometry"].to_numpy(dtype=object)
    drawn = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    if len(drawn) == 0:
        return empty
    return {
        "planar_area_m2": float(area_.planar(drawn).sum()),
        "ellipsoidal_area_m2": float(area_.ellipsoidal(drawn, workspace.pyproj_crs).sum()),
        "bounds": [float(side) for side in shapely.total_bounds(drawn)],
    }


def _appended(workspace: Workspace, layer: Layer, rows: pd.DataFrame) -> pd.DataFrame:
    """The layer's table with rows at its end; extra columns of both sides are kept, whatever their case."""
    table = workspace.table(layer.name)
    known = {str(name).casefold(): str(name) for name in table.columns}
    rows = rows.rename(columns={name: known[str(name).casefold()] for name in rows if str(name).casefold() in known})
    fresh = layer.conform(gpd.GeoDataFrame(rows, crs=workspace.crs) if layer.geometry else rows, workspace.crs)
    if len(table) == 0:
        return fresh
    if layer.replaces:
        table = table[~table[layer.key].isin(fresh[layer.key])]
    both = pd.concat([table, fresh], ignore_index=True)
    return layer.conform(gpd.GeoDataFrame(both, crs=workspace.crs) if layer.geometry else both, workspace.crs)
