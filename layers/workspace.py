"""A workspace: one study area at one revision, frozen.

It is the value that the mathematics and the screens work on. Nothing changes it; a change makes the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from layers.catalogue import LAYERS
from layers.errors import UnknownLayer
from spatial import crs as crs_
from spatial import location


@dataclass(frozen=True)
class Workspace:
    """Every layer of a study area, and what follows from where its parcels lie.

    Parameters
    ----------
    crs
        Working CRS, projected and in metres, as a text that PROJ reads.
    tables
        Layer name to table; a layer that is missing is empty.
    revision
        Counts committed changes from 1.
    """

    name: str
    crs: str
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    name_en: str = ""
    as_of: str = ""
    note: str = ""
    note_en: str = ""
    revision: int = 0

    def __post_init__(self) -> None:
        crs_.metric(crs_.parse(self.crs))
        whole = {
            name: self.tables[name] if name in self.tables else layer.empty(self.crs)
            for name, layer in LAYERS.items()
        }
        object.__setattr__(self, "tables", MappingProxyType(whole))

    def table(self, layer: str) -> pd.DataFrame:
        """The table of a layer; treat it as frozen.

        Raises
        ------
        UnknownLayer
            When no contract has that name.
        """
        if layer not in LAYERS:
            raise UnknownLayer(where=layer, layer=layer, known=", ".join(LAYERS))
        return self.tables[layer]

    def frame(self, layer: str) -> gpd.GeoDataFrame:
        """The table of a layer with geometry."""
        return gpd.GeoDataFrame(self.table(layer))

    def with_tables(self, **changed: pd.DataFrame) -> Workspace:
        """The next workspace, with some tables replaced; what still holds of the split is kept."""
        following = replace(self, tables={**self.tables, **changed})
        if "location" in self.__dict__ and not {"parcels", "zones"} & changed.keys():
            for kept in ("location", "leaves", "drawn_area_m2"):
                if kept in self.__dict__:
                    following.__dict__[kept] = self.__dict__[kept]
        return following

    @cached_property
    def pyproj_crs(self) -> CRS:
        """The working CRS as an object."""
        return crs_.parse(self.crs)

    @cached_property
    def drawn_area_m2(self) -> np.ndarray:
        """Planar area of each parcel's outline in the working CRS [m²]."""
        return np.asarray(shapely.area(self.shapes("parcels")))

    def shapes(self, layer: str) -> np.ndarray:
        """The geometries of a layer, shape (n,)."""
        return np.asarray(self.table(layer)["geometry"], dtype=object)

    @cached_property
    def leaves(self) -> location.Leaves:
        """The finest areas of the zones table that have an outline."""
        zones = self.table("zones")
        parents: list[str | None] = [
            None if value is None or value != value else str(value) for value in zones["parent"]
        ]
        return location.leaves([str(key) for key in zones["zone_id"]], parents, self.shapes("zones"))

    @cached_property
    def location(self) -> location.Split:
        """Parcels cut by the leaves; where no zone has an outline, parcels stand whole in the zone that was typed."""
        if len(self.leaves):
            return location.split(self.shapes("parcels"), self.leaves.shapes)
        count = len(self.table("parcels"))
        every = np.arange(count)
        return location.Split(
            every, np.full(count, location.OUTSIDE), np.ones(count), count, np.empty(0, dtype=np.int64)
        )
