"""Old datums, WGS 84 and places that cannot be: told by what was measured, and never decided."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Proj

from layers.readers.arrival import Arrival
from layers.readers.bring_in import Wish, bring_in, bring_in_cured
from layers.readers.doubts import Finding, old_datums, shifting
from layers.workspace import Workspace
from spatial import datum
from spatial.crs import LONLAT, parse, transform
from tests.files import parcels, shapefile
from tests.world import box, table

EMPTY = Workspace("w", "EPSG:4548")
WORKING = parse("EPSG:4548")
MOVES = {"1954": (-45.2, 30.5), "1980": (12.4, 97.3)}
"""Added to X (north) and Y (east) [m] on the way to CGCS2000, as a transformation of a city might."""


def one(arrival: Arrival, code: str) -> Finding:
    found = [finding for finding in arrival.findings if finding.code == code]
    assert len(found) == 1, [finding.code for finding in arrival.findings]
    assert found[0].sentence("zh-CN") and found[0].sentence("en")
    return found[0]


def uneven(count: int = 8) -> gpd.GeoDataFrame:
    shapes = [box(100 * i, 0, 100 * i + 40 + 3 * i, 50 + 2 * i) for i in range(count)]
    return gpd.GeoDataFrame({"DKBH": [f"A-{i}" for i in range(count)]}, geometry=shapes, crs="EPSG:4548")


def holding(frame: gpd.GeoDataFrame, layer: str = "parcels") -> Workspace:
    rows = [
        {"parcel_id": number, "parcel_no": number, "geometry": shape}
        for number, shape in zip(frame["DKBH"], frame.geometry, strict=True)
    ]
    return Workspace("w", "EPSG:4548", {layer: table(layer, rows)})


def before(frame: gpd.GeoDataFrame, old: str, said: str) -> Path | gpd.GeoDataFrame:
    """The frame as a survey on an old datum has it, under a CRS that it says."""
    north, east = MOVES[old]
    flat = frame.geometry.translate(-east, -north).to_numpy()
    if said == "EPSG:4490":  # longitude and latitude on the ellipsoid of the datum
        back = Proj(f"+proj=tmerc +lon_0=117 +x_0=500000 +ellps={'krass' if old == '1954' else 'IAU76'}")
        flat = shapely.transform(flat, lambda p: np.column_stack(back(p[:, 0], p[:, 1], inverse=True)))
    if said in ("EPSG:4527",):
        flat = shapely.transform(flat, lambda p: p + np.array([39_000_000.0, 0.0]))
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=flat, crs=said)


@pytest.mark.parametrize("old", ["1954", "1980"])
@pytest.mark.parametrize("said", ["EPSG:4548", "EPSG:4527", "EPSG:4490"])
def test_an_old_datum_is_proposed_by_the_shift_against_our_parcels(tmp_path: Path, old: str, said: str) -> None:
    true = uneven()
    file = shapefile(tmp_path / "p.shp", before(true, old, said))
    wish = Wish(str(file), "parcels", skip_bad=True)
    found = one(bring_in(holding(true), wish), "shift_old_datum")
    assert found.severity == "asks" and old in found.evidence["datum"][0]
    if said != "EPSG:4490":
        assert (found.evidence["add_x"], found.evidence["add_y"]) == pytest.approx(MOVES[old], abs=0.01)
    heads, measured, *ways = found.evidence["side_by_side"]
    assert [line[-1] for line in ways].count("✓") == 1 and len(ways) == 2
    assert len(heads) == len(measured) == 4
    assert found.cure is not None and found.cure.name == "offset"
    again = bring_in(holding(true), found.cure.apply(wish))
    drawn = again.table["geometry"].iloc[len(true) :].to_numpy()
    assert max(drawn[i].hausdorff_distance(shape) for i, shape in enumerate(true.geometry)) < 0.05


def test_a_file_that_says_its_old_datum_is_measured_and_one_that_nothing_measures_is_told(tmp_path: Path) -> None:
    true = uneven()
    file = shapefile(tmp_path / "p.shp", before(true, "1954", "EPSG:2436"))
    found = one(bring_in(holding(true), Wish(str(file), "parcels", skip_bad=True)), "shift_old_datum")
    assert len(found.evidence["side_by_side"]) == 3, "the file names its datum: only that one is compared"
    alone = one(bring_in(EMPTY, Wish(str(file), "parcels")), "datum_unsure")
    assert "-62 … -29" in alone.sentence("en")
    sound = bring_in(EMPTY, Wish(str(shapefile(tmp_path / "s.shp", true)), "parcels"))
    assert sound.findings == ()


def test_a_shift_of_neither_datum_is_told_with_what_they_would_give() -> None:
    near = old_datums.expected(WORKING, (438_000.0, 4_410_000.0), WORKING)
    datum_, told = old_datums.compared((200.0, 5.0), near)
    assert datum_ is None
    assert [line[-1] for line in told["side_by_side"][2:]] == ["✗", "✗"]
    assert old_datums.compared((84.0, -29.0), near)[0] == "1954"
    assert old_datums.compared((84.5, -29.0), near)[0] is None


# --- web maps ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "said"), [("gcj02", LONLAT), ("bd09", LONLAT), ("gcj02", "EPSG:4548")])
def test_zones_tell_a_web_maps_shift_where_there_are_no_parcels(tmp_path: Path, name: datum.Datum, said: str) -> None:
    true = uneven()
    land = [{"zone_id": "e", "name": "东区", "kind": "east", "geometry": box(-20, -20, 820, 90)}]
    workspace = Workspace("w", "EPSG:4548", {"zones": table("zones", land)})
    degrees = transform(true.geometry.to_numpy(), WORKING, parse(LONLAT))
    moved = shapely.transform(degrees, lambda p: np.column_stack(datum.shifted(p[:, 0], p[:, 1], name)))
    frame = gpd.GeoDataFrame(true.drop(columns="geometry"), geometry=moved, crs=LONLAT).to_crs(said)
    wish = Wish(str(shapefile(tmp_path / "p.shp", frame)), "parcels")
    found = one(bring_in(workspace, wish), "shift_by_zones")
    assert (found.evidence["inside"], found.evidence["inside_after"]) == (0.0, 1.0)
    again, better = bring_in_cured(workspace, Wish(wish.file, "parcels", cures=("shift_by_zones",)))
    assert better.datum == name
    assert again.table.total_bounds == pytest.approx(true.total_bounds, abs=0.01)


def test_parcels_that_lie_in_the_zones_or_far_from_any_are_no_shift(tmp_path: Path) -> None:
    true = uneven()
    for land in (box(-20, -20, 820, 90), box(3000, 3000, 4000, 4000)):
        zones = table("zones", [{"zone_id": "e", "name": "东区", "kind": "east", "geometry": land}])
        workspace = Workspace("w", "EPSG:4548", {"zones": zones})
        file = shapefile(tmp_path / "p.shp", true.to_crs(LONLAT))
        codes = [found.code for found in bring_in(workspace, Wish(str(file), "parcels")).findings]
        assert "shift_by_zones" not in codes
    assert shifting.findings(true.geometry.to_numpy(), None, EMPTY, "parcels", WORKING) == []


# --- places -----------------------------------------------------------------------------------------------------


def test_wgs84_for_a_chinese_survey_is_told_and_changes_no_number(tmp_path: Path) -> None:
    file = shapefile(tmp_path / "p.shp", parcels(3).to_crs(4326))
    arrival = bring_in(EMPTY, Wish(str(file), "parcels"))
    assert one(arrival, "wgs84_said").severity == "tells"
    cured, wish = bring_in_cured(EMPTY, Wish(str(file), "parcels", cures=("wgs84_said",)))
    assert wish.crs == "EPSG:4490"
    assert cured.table.total_bounds.tolist() == arrival.table.total_bounds.tolist()
    near = shapefile(tmp_path / "q.shp", parcels(3).to_crs(4490))
    assert [found.code for found in bring_in(EMPTY, Wish(str(near), "parcels")).findings] == ["shift_untold"]


def test_the_report_says_where_data_lands(tmp_path: Path) -> None:
    arrival = bring_in(EMPTY, Wish(str(shapefile(tmp_path / "p.shp", parcels(3))), "parcels"))
    assert arrival.report("en")["place"].endswith("about Fengtai, Beijing")
    assert arrival.report("zh-CN")["place"].endswith("（北京市丰台区一带）")


def test_data_outside_the_zone_of_its_crs_or_outside_china_is_told(tmp_path: Path) -> None:
    belt = shapefile(tmp_path / "p.shp", parcels(3).to_crs("EPSG:4545"))
    found = one(bring_in(EMPTY, Wish(str(belt), "parcels")), "outside_zone")
    assert "106.5–109.51° E" in found.sentence("en")
    boston = gpd.GeoDataFrame({"DKBH": ["1"]}, geometry=[shapely.box(-71.11, 42.37, -71.10, 42.38)], crs="EPSG:4490")
    west = Workspace("w", "EPSG:32619")
    away = one(bring_in(west, Wish(str(shapefile(tmp_path / "q.shp", boston)), "parcels")), "outside_china")
    assert "42.3750° N" in away.sentence("en")
    near = shapefile(tmp_path / "r.shp", parcels(3).to_crs("EPSG:32650"))
    assert bring_in(EMPTY, Wish(str(near), "parcels")).findings == ()
