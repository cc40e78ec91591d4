"""Formats that keep everything (GeoPackage, File Geodatabase, FlatGeobuf, GeoParquet) or nearly so (GeoJSON)."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from layers.field_names import key_of
from layers.writers import arrow, losses, verify
from layers.writers.arrow import Opened
from layers.writers.draft import Draft, cleaned, families, geometry_type, names_in_file, renamed
from layers.writers.looks import look
from layers.writers.losses import Loss
from layers.writers.reopening import opened, opened_parquet
from layers.writers.styles import Styled, into_geopackage
from layers.writers.systems import written

GEOJSON_DECIMALS = 9
_ROOM_DECIMALS = 13
"""Decimals that GDAL is given for them: with 9 it takes five nines in a row for a fault of rounding, and moves a
vertex such as 116.9999998 by up to a centimetre."""
_GDB_METRES, _GDB_DEGREES = 1e-4, 1e-9
"""Step of the coordinates of a geodatabase, as ArcGIS sets it where nobody says otherwise."""
_WORDS_OF_SQL = (
    "add alter and as asc between by column create date delete desc drop exists for from group in insert into is "
    "like not null or order select set table update value values where"
)
_OF_GDB = ("OBJECTID", "SHAPE", "SHAPE_Length", "SHAPE_Area", "FID", *_WORDS_OF_SQL.split())
"""Names that a geodatabase, or the SQL in it, keeps for itself."""


def write_gpkg(draft: Draft) -> list[Loss]:
    """A GeoPackage of one layer with its style; text, numbers and geometry are kept to the last bit."""
    names = names_in_file([column.name for column in draft.columns], ("fid", "geom"))
    frame, lost = cleaned(draft, text=losses.for_binary, number=_as_it_is)
    table = arrow.as_table(frame, draft.columns, names)
    draft.tell("writing")
    kind = {} if draft.shapes is None else {"geometry_type": geometry_type(draft.shapes)}
    crs = written(draft.crs)
    shapes = _promoted(draft.shapes)
    arrow.write(draft.path, table, shapes, crs, driver="GPKG", layer=draft.made.layer, tell=draft.tell, **kind)
    if draft.shapes is not None:
        style = Styled(look(draft.made), _kind(draft.shapes), draft.columns, names, _title(draft))
        into_geopackage(draft.path, draft.made.layer, "geom", style)
    _checked(draft, opened(draft, "GPKG", layer=draft.made.layer), table, draft.shapes)
    return lost + renamed(names, len(frame), "GeoPackage")


def write_gdb(draft: Draft) -> list[Loss]:
    """A File Geodatabase, each field with its Chinese name as alias."""
    names = names_in_file(
        [column.name for column in draft.columns], _OF_GDB, 60, lambda sign: sign.isalnum() and sign <= "\uffff"
    )
    names = {column: f"F_{name}"[:60] if not name[:1].isalpha() else name for column, name in names.items()}
    frame, lost = cleaned(draft, text=losses.for_binary, number=losses.finite)
    table = arrow.as_table(frame, draft.columns, names)
    options: dict[str, Any] = {}
    whole = [column.name for column in draft.columns if column.kind == "integer"]
    large = [name for name in whole if bool((frame[name].abs() > 2**53).any())]
    if large:
        options["layer_options"] = {"TARGET_ARCGIS_VERSION": "ARCGIS_PRO_3_2_OR_LATER"}
        lost += [Loss(name, "needs_arcgis_pro_3_2", len(frame)) for name in large]
    draft.tell("writing")
    parts = {"": np.ones(len(frame), dtype=bool)} if draft.shapes is None else families(draft.shapes)
    for kind, rows in parts.items():
        layer = draft.made.layer if len(parts) == 1 else f"{draft.made.layer}_{kind}"
        shapes = None if draft.shapes is None else draft.shapes[rows]
        more: dict[str, Any] = dict(options)
        if shapes is not None:
            more["geometry_type"] = geometry_type(shapes)
        if draft.path.exists():
            more["append"] = True
        part = table.filter(pa.array(rows))
        arrow.write(
            draft.path,
            part,
            _promoted(shapes),
            written(draft.crs),
            driver="OpenFileGDB",
            layer=layer,
            tell=draft.tell,
            **more,
        )
        draft.tell("checking")
        crs = None if shapes is None else written(draft.crs)
        step = _GDB_DEGREES if draft.crs.is_geographic else _GDB_METRES
        found = opened(draft, "OpenFileGDB", layer=layer)
        verify.same(draft.path.name, found, part, shapes=shapes, crs=crs, tolerance=0.51 * step)
    if draft.drawn:
        facts = {"decimals": 9, "size": "0.1 mm"} if draft.crs.is_geographic else {"decimals": 4, "size": "0.1 mm"}
        lost.append(Loss("geometry", "coordinates_rounded", draft.drawn, facts))
    return lost + renamed(names, len(frame), "FileGDB")


def write_fgb(draft: Draft) -> list[Loss]:
    """FlatGeobuf with its spatial index, which puts the rows in an order of its own."""
    names = names_in_file([column.name for column in draft.columns], (arrow.GEOMETRY,))
    frame, lost = cleaned(draft, text=losses.for_binary, number=_as_it_is)
    table = arrow.as_table(frame, draft.columns, names)
    assert draft.shapes is not None  # noqa: S101  refused before
    whole = draft.drawn == len(draft.shapes) and not shapely.is_empty(draft.shapes).any() and len(frame) > 0
    draft.tell("writing")
    arrow.write(
        draft.path, table, _promoted(draft.shapes), written(draft.crs), driver="FlatGeobuf", layer=draft.made.layer,
        tell=draft.tell, geometry_type=geometry_type(draft.shapes),
        layer_options={"SPATIAL_INDEX": "YES" if whole else "NO"},
    )  # fmt: skip
    key = names[key_of(draft.made.layer)]
    _checked(draft, opened(draft, "FlatGeobuf"), table, draft.shapes, key=key)
    return lost + renamed(names, len(frame), "FlatGeobuf")


def write_geojson(draft: Draft) -> list[Loss]:
    """RFC 7946: longitude and latitude, outer rings against the clock, no crs member."""
    names = names_in_file([column.name for column in draft.columns], ())
    frame, lost = cleaned(draft, text=losses.for_binary, number=losses.for_json)
    table = arrow.as_table(frame, draft.columns, names)
    shapes = np.full(len(frame), None, dtype=object) if draft.shapes is None else draft.shapes
    options = {"RFC7946": "YES", "COORDINATE_PRECISION": str(_ROOM_DECIMALS), "WRITE_NAME": "NO"}
    draft.tell("writing")
    rounded = shapely.transform(shapes, lambda points: np.round(points, GEOJSON_DECIMALS))
    arrow.write(
        draft.path, table, rounded, CRS("EPSG:4326"), driver="GeoJSON", layer=draft.made.layer,
        tell=draft.tell, geometry_type=geometry_type(shapes), layer_options=options,
    )  # fmt: skip
    draft.tell("checking")
    found = opened(draft, "GeoJSON", DATE_AS_STRING="YES")
    verify.same(draft.path.name, found, table, shapes=draft.shapes, tolerance=10.0**-GEOJSON_DECIMALS)
    if draft.drawn:
        facts = {"decimals": GEOJSON_DECIMALS, "size": "0.1 mm"}
        lost.append(Loss("geometry", "coordinates_rounded", draft.drawn, facts))
    return lost + renamed(names, len(frame), "GeoJSON")


def write_parquet(draft: Draft) -> list[Loss]:
    """GeoParquet 1.1 with the CRS in words (PROJJSON); a plain table without geometry is plain Parquet."""
    names = names_in_file([column.name for column in draft.columns], (arrow.GEOMETRY,))
    table = arrow.as_table(draft.made.frame, draft.columns, names)
    draft.tell("writing")
    if draft.shapes is None:
        pq.write_table(table, draft.path, compression="zstd")
    else:
        frame = gpd.GeoDataFrame(
            table.to_pandas(types_mapper=_nullable), geometry=gpd.GeoSeries(draft.shapes, crs=written(draft.crs))
        )
        frame.to_parquet(draft.path, index=False, compression="zstd", schema_version="1.1.0")
    _checked(draft, opened_parquet(draft), table, draft.shapes)
    return renamed(names, len(table), "GeoParquet")


def _nullable(kind: pa.DataType) -> Any:
    import pandas as pd

    return pd.ArrowDtype(kind)


def _as_it_is(values: Any, _column: str) -> tuple[Any, list[Loss]]:
    return values, []


def _promoted(shapes: np.ndarray | None) -> np.ndarray | None:
    """Every geometry as a multi one, where some are: a layer has one type."""
    if shapes is None or not geometry_type(shapes).startswith("Multi"):
        return shapes
    out = shapes.copy()
    for single, many in (
        (shapely.GeometryType.POINT, shapely.multipoints),
        (shapely.GeometryType.LINESTRING, shapely.multilinestrings),
        (shapely.GeometryType.POLYGON, shapely.multipolygons),
    ):
        rows = np.flatnonzero(shapely.get_type_id(shapes) == single)
        if len(rows):
            out[rows] = many(shapes[rows], indices=np.arange(len(rows)))
    return out


def _kind(shapes: np.ndarray) -> str:
    return next(iter(families(shapes)))


def _title(draft: Draft) -> str:
    return f"{draft.about.workspace} {draft.made.layer}"


def _checked(
    draft: Draft, found: Opened, table: pa.Table, shapes: np.ndarray | None, *, key: str | None = None
) -> None:
    crs = None if shapes is None else written(draft.crs)
    verify.same(draft.path.name, found, table, shapes=shapes, crs=crs, key=key)
