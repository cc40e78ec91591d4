"""A workspace: one study area at one revision, frozen.

It is the value that the mathematics and the screens work on. Nothing changes it; a change makes the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import is_
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from layers import causes
from layers import places as places_
from layers.catalogue import LAYERS
from layers.errors import UnknownLayer
from spatial import capacity, location, overlay
from spatial import crs as crs_
from spatial.covering import Coverage
from spatial.grid import Grid


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
        The last change that it holds, counted over the whole store from 1.
    scenario
        The branch (方案) that it is the state of.
    files
        Folder of the files of its rasters; empty where they lie nowhere.
    """

    name: str
    crs: str
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    name_en: str = ""
    as_of: str = ""
    note: str = ""
    note_en: str = ""
    revision: int = 0
    scenario: str = "main"
    files: str = field(default="", compare=False)

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
        if "assignments" in changed:
            _ = self.parcel_index  # its look-up table is built at the first use, for this and all that follow
        for kept in self._still_hold(changed) & self.__dict__.keys():
            following.__dict__[kept] = self.__dict__[kept]
        return following

    def at(self, revision: int, scenario: str | None = None) -> Workspace:
        """The same tables under another revision, with everything that is known to follow from them."""
        same = replace(self, revision=revision, scenario=self.scenario if scenario is None else scenario)
        for kept in {"books", *_DERIVED} & self.__dict__.keys():
            same.__dict__[kept] = self.__dict__[kept]
        return same

    def _still_hold(self, changed: Mapping[str, pd.DataFrame]) -> set[str]:
        """What follows from where parcels lie and does not change with some tables."""
        parcels, now = self.table("parcels"), changed.get("parcels", self.table("parcels"))
        # these compare what they were made of with what is there, so they may always go along
        kept = {"sums", "overlaid", "measured", "assembled", "reaching", "criteria_read"}
        if not {"projects", "assumptions"} & changed.keys():
            kept |= {"asked", "drawn"}
        if same_columns(parcels, now, ("parcel_id",)):
            kept |= {"parcel_index"} if "assignments" in changed else {"parcel_index", "moves"}
        if not same_columns(parcels, now, ("geometry",)):
            return kept if "zones" in changed else kept | {"leaves"}
        kept |= {"drawn_area_m2", "coverages"}
        if self._excludes_the_same(changed):
            kept.add("excluding")
            if same_columns(parcels, now, ("far_basis", "official_area_m2")):
                kept.add("excluded_area_m2")
        if "zones" not in changed:
            kept |= {"leaves", "location"}
            if same_columns(parcels, now, ("zone", "sub_area")):
                kept.add("places")
                if same_columns(parcels, now, ("classification", "land_use")):
                    kept.add("allowed")
        return kept

    def _excludes_the_same(self, changed: Mapping[str, pd.DataFrame]) -> bool:
        """Whether the areas that take land out stay what they are."""
        if "constraints" not in changed:
            return True
        tables = (self.table("constraints"), changed["constraints"])
        before, after = (causes.with_effect(table, "exclude") for table in tables)
        return same_columns(before, after, ("kind", "side", "geometry"))

    @cached_property
    def pyproj_crs(self) -> CRS:
        """The working CRS as an object."""
        return crs_.parse(self.crs)

    @cached_property
    def parcel_index(self) -> pd.Index:
        """Keys of the parcels, to look rows up by."""
        return pd.Index(self.table("parcels")["parcel_id"])

    @cached_property
    def drawn_area_m2(self) -> np.ndarray:
        """Planar area of each parcel's outline in the working CRS [m²]."""
        return np.asarray(shapely.area(self.shapes("parcels")))

    @cached_property
    def coverages(self) -> dict[Grid, Coverage]:
        """Which cells of a grid the parcels cover, for each grid asked for; the one thing here that grows."""
        return {}

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

    @cached_property
    def places(self) -> places_.Places:
        """Zone and sub-area of each part of `location`."""
        return places_.places(self.leaves, self.location, self.table("zones"), self.table("parcels"))

    @cached_property
    def excluding(self) -> causes.Covered:
        """Parcels cut by the constraints that take land out, whatever their floor area ratio is on."""
        areas = causes.by_kind(causes.with_effect(self.table("constraints"), "exclude"))
        return causes.Covered(areas.names, overlay.overlay(self.shapes("parcels"), areas.areas))

    @cached_property
    def excluded_area_m2(self) -> np.ndarray:
        """What the site area of each parcel loses to constraints [m²]: nothing where its ratio is on net land.

        A parcel that lies wholly under them loses its site area, whatever its official area says; none loses more.
        """
        parcels = self.table("parcels")
        gross = (parcels["far_basis"] == "gross").to_numpy(dtype=bool, na_value=False)
        if not gross.any() or not (self.table("constraints")["effect"] == "exclude").any():
            return np.zeros(len(parcels))
        land = self.excluding.land
        site = capacity.site_area(parcels["official_area_m2"].to_numpy(dtype=float, na_value=np.nan), land.size)
        lost = np.where(land.whole, site, np.minimum(land.covered, site))
        return np.where(gross & (land.covered > 0), lost, 0.0)


_DERIVED = (
    "pyproj_crs",
    "parcel_index",
    "drawn_area_m2",
    "coverages",
    "leaves",
    "location",
    "places",
    "excluding",
    "excluded_area_m2",
    "overlaid",
    "moves",
    "sums",
    "opening",
    "allowed",
    "asked",
    "measured",
    "assembled",
    "drawn",
    "reaching",
    "criteria_read",
)
"""What a workspace works out once; the names under which it is kept."""


def same_columns(before: pd.DataFrame, after: pd.DataFrame, columns: tuple[str, ...]) -> bool:
    """Whether columns hold the same values; geometries count as the same where they are the same objects."""
    if before is after:
        return True
    for column in columns:
        if column not in after or len(before) != len(after):
            return False
        if column != "geometry":
            same = before[column].reset_index(drop=True).equals(after[column].reset_index(drop=True))
        else:
            old, new = (np.asarray(table[column], dtype=object) for table in (before, after))
            one = old.ctypes.data == new.ctypes.data and old.strides == new.strides
            same = one or all(map(is_, old, new))
        if not same:
            return False
    return True
