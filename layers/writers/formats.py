"""Every format that goes out: what it needs, what can be chosen for it, and who writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from layers.writers import boundary_file, drawing, geodata, kml, plain, shapefile, workbook
from layers.writers.draft import Draft
from layers.writers.losses import Loss

ENCODINGS = tuple(shapefile.ENCODINGS)
Needs = Literal["", "geometry", "outlines"]
Where = Literal["any", "degrees", "metres", "none"]


@dataclass(frozen=True)
class Format:
    """One format.

    Parameters
    ----------
    key
        What people write after ``--format``; the ending of the file too.
    name
        What it is called in both languages.
    needs
        Whether a layer without geometry, or without outlines, cannot be written in it.
    where
        Which CRS may be chosen for it.
    encoding
        Encoding that it has where none is chosen; empty where there is nothing to choose.
    """

    key: str
    name: str
    write: Callable[[Draft], list[Loss]]
    needs: Needs = ""
    where: Where = "any"
    encoding: str = ""
    endings: tuple[str, ...] = ()

    @property
    def ending(self) -> str:
        """What the name of its main file ends in."""
        return f".{self.key}"

    def ends(self, name: str) -> bool:
        """Whether a name is one of its files."""
        return name.lower().endswith((self.ending, *self.endings))


FORMATS: dict[str, Format] = {
    one.key: one
    for one in (
        Format("shp", "Shapefile", shapefile.write, "geometry", encoding="utf-8"),
        Format("gpkg", "GeoPackage", geodata.write_gpkg),
        Format("gdb", "File Geodatabase", geodata.write_gdb),
        Format("geojson", "GeoJSON", geodata.write_geojson, where="degrees", endings=(".json",)),
        Format("kml", "KML", kml.write, "geometry", "degrees"),
        Format("dxf", "DXF (CAD)", drawing.write, "geometry", "metres"),
        Format("txt", "TXT", boundary_file.write, "outlines", "metres", encoding="gb18030"),
        Format("xlsx", "Excel", workbook.write, where="none"),
        Format("csv", "CSV", plain.write, where="none", encoding="utf-8"),
        Format("fgb", "FlatGeobuf", geodata.write_fgb, "geometry"),
        Format("parquet", "GeoParquet", geodata.write_parquet),
    )
}
"""Key to format, in the order in which they are offered."""
