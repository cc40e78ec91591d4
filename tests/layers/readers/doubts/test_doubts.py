"""Doubts about figures, cells, outlines and shifts: each is found where it is and nowhere else; its cure cures it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.readers import rejected
from layers.readers.arrival import Arrival
from layers.readers.bring_in import Wish, bring_in, bring_in_cured
from layers.readers.doubts import Finding, between, shifting
from layers.workspace import Workspace
from spatial import datum, topology
from spatial.crs import LONLAT, parse, transform
from tests.bench import synthetic
from tests.files import parcels, shapefile
from tests.world import box, demo, table

EMPTY = Workspace("w", "EPSG:4548")
WORKING = parse("EPSG:4548")


def read(path: Path, frame: gpd.GeoDataFrame, workspace: Workspace = EMPTY, **wish: Any) -> Arrival:
    file = path / f"{len(list(path.iterdir()))}.shp"
    return bring_in(workspace, Wish(str(shapefile(file, frame)), "parcels", **wish))


def one(arrival: Arrival, code: str) -> Finding:
    found = [finding for finding in arrival.findings if finding.code == code]
    assert len(found) == 1, [finding.code for finding in arrival.findings]
    assert found[0].sentence("zh-CN") and found[0].sentence("en")
    return found[0]


def mended(workspace: Workspace, path: Path, frame: gpd.GeoDataFrame, code: str) -> Arrival:
    """What comes of reading again with the cure of one finding; the finding is gone."""
    file = shapefile(path / "c.shp", frame)
    arrival, _ = bring_in_cured(workspace, Wish(str(file), "parcels", cures=(code,)))
    assert code not in [finding.code for finding in arrival.findings]
    return arrival


# --- shifts -----------------------------------------------------------------------------------------------------


def uneven(count: int) -> gpd.GeoDataFrame:
    """Oblongs side by side, no two alike, with numbers."""
    shapes = [box(100 * i, 0, 100 * i + 40 + 3 * i, 50 + 2 * i) for i in range(count)]
    return gpd.GeoDataFrame({"DKBH": [f"A-{i}" for i in range(count)]}, geometry=shapes, crs="EPSG:4548")


def holding(frame: gpd.GeoDataFrame) -> Workspace:
    rows = [
        {"parcel_id": number, "parcel_no": number, "geometry": shape}
        for number, shape in zip(frame["DKBH"], frame.geometry, strict=True)
    ]
    return Workspace("w", "EPSG:4548", {"parcels": table("parcels", rows)})


def shifted(frame: gpd.GeoDataFrame, name: datum.Datum) -> gpd.GeoDataFrame:
    degrees = transform(frame.geometry.to_numpy(), WORKING, parse(LONLAT))
    moved = shapely.transform(degrees, lambda p: np.column_stack(datum.shifted(p[:, 0], p[:, 1], name)))
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=moved, crs=LONLAT)


@pytest.mark.parametrize(("name", "metres"), [("gcj02", 548), ("bd09", 1355)])
@pytest.mark.parametrize("numbered", [True, False])
def test_a_web_maps_shift_is_measured_and_taken_out(
    tmp_path: Path, name: datum.Datum, metres: float, numbered: bool
) -> None:
    true = uneven(8)
    frame = shifted(true if numbered else true.drop(columns="DKBH"), name)
    found = one(read(tmp_path, frame, holding(true)), f"shift_{name}")
    assert found.severity == "asks"
    assert found.evidence["shift_m"] == pytest.approx(metres, rel=0.05)
    assert found.evidence["residual_m"] < 0.01
    assert found.evidence["by"] == ("parcel_no" if numbered else "form")
    arrival = mended(Workspace("w", "EPSG:4548", {}), tmp_path, frame, "nothing")
    assert arrival.accepted == 8
    again, wish = bring_in_cured(
        holding(true), Wish(str(tmp_path / "c.shp"), "parcels", skip_bad=True, cures=(f"shift_{name}",))
    )
    assert wish.datum == name
    assert not [finding for finding in again.findings if finding.code.startswith("shift")]


def test_a_constant_offset_is_taken_out_as_measured(tmp_path: Path) -> None:
    true = uneven(8)
    frame = true.set_geometry(true.translate(-55.5, 23.25))
    found = one(read(tmp_path, frame, holding(true)), "shift_unexplained")
    assert (found.evidence["east_m"], found.evidence["north_m"]) == pytest.approx((-55.5, 23.25))
    assert found.cure is not None and found.cure.changes == {"offset": (55.5, -23.25)}


def test_the_same_parcels_again_raise_no_doubt_and_numbers_alone_prove_nothing(tmp_path: Path) -> None:
    true = uneven(8)
    assert not [f for f in read(tmp_path, true, holding(true)).findings if f.code.startswith("shift")]
    other = true.iloc[::-1].assign(DKBH=true["DKBH"].to_numpy()).reset_index(drop=True)
    assert not [f for f in read(tmp_path, other, holding(true)).findings if f.code.startswith("shift")]


def test_without_anything_to_compare_with_a_shift_cannot_be_told(tmp_path: Path) -> None:
    assert one(read(tmp_path, uneven(8).to_crs(LONLAT)), "shift_untold").severity == "tells"


# --- figures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("unit", "factor"), [("mu", 0.0015), ("ha", 1e-4), ("ft2", 1 / 0.09290304), ("km2", 1e-6)])
def test_the_unit_of_an_area_column_is_seen_in_the_outlines(tmp_path: Path, unit: str, factor: float) -> None:
    frame = uneven(8)
    frame["YDMJ"] = frame.area * factor
    frame.loc[0, "YDMJ"] *= 3
    found = one(read(tmp_path, frame), "area_unit_doubtful")
    assert (found.evidence["unit"], found.evidence["share"]) == (unit, pytest.approx(7 / 8))
    arrival = mended(EMPTY, tmp_path, frame, "area_unit_doubtful")
    assert arrival.table["official_area_m2"].tolist()[1:] == pytest.approx(frame.area.tolist()[1:], rel=1e-6)
    assert one(arrival, "area_disagrees").rows == (0,)


def test_ellipsoidal_areas_are_told_and_sound_ones_are_not(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(geometry=[box(0, 0, 400, 400), box(400, 0, 900, 400)], crs="EPSG:4548")
    good = frame.assign(YDMJ=frame.area.round(2))
    assert read(tmp_path, good).findings == ()
    found = one(read(tmp_path, good.assign(YDMJ=(frame.area * (1 - 93.9e-6)).round(2))), "area_is_ellipsoidal")
    assert found.evidence["planar_ppm"] == pytest.approx(93.9, abs=0.5)


def test_ratios_and_percentages(tmp_path: Path) -> None:
    frame = parcels(3, RJL=[250.0, 180.0, 90.0], JZMD=[0.4, 0.35, 0.5])
    arrival = read(tmp_path, frame)
    assert {one(arrival, code).column for code in ("far_in_percent", "looks_like_share")} == {
        "far_max",
        "coverage_max_pct",
    }
    cured, _ = bring_in_cured(EMPTY, Wish(str(shapefile(tmp_path / "x.shp", frame)), "parcels", cures=("all",)))
    assert cured.table["far_max"].tolist() == [2.5, 1.8, 0.9]
    assert cured.table["coverage_max_pct"].tolist() == [40.0, 35.0, 50.0]
    assert one(read(tmp_path, parcels(3, RJL=[2.0, 25.0, 1.0])), "far_unusual").rows == (1,)


def test_parcel_numbers(tmp_path: Path) -> None:
    arrival = read(tmp_path, parcels(8, DKBH=["A-1", "a – 1", "B2", "B2", None, "C3", "1-12", "11-2"]))
    assert one(arrival, "parcel_no_missing").rows == (4,)
    assert one(arrival, "parcel_no_duplicate").rows == (2, 3)
    assert one(arrival, "parcel_no_alike").rows == (0, 1)


# --- cells ------------------------------------------------------------------------------------------------------


def test_units_and_words_in_cells_come_in_by_their_cure(tmp_path: Path) -> None:
    frame = parcels(4, YDMJ=["1.0万m²", "15亩", "待定", "１００００"])
    arrival = read(tmp_path, frame)
    assert one(arrival, "units_in_cells").rows == (0, 1)
    assert one(arrival, "words_for_nothing").rows == (2,)
    assert one(arrival, "full_width_digits").rows == (3,)
    assert arrival.accepted == 1
    again = mended(EMPTY, tmp_path, frame, "units_in_cells")
    assert again.accepted == 4
    assert again.table["official_area_m2"].fillna(-1).tolist() == pytest.approx([10_000, 10_000, -1, 10_000])


def test_days_and_untidy_text(tmp_path: Path) -> None:
    frame = parcels(5, 批准日期=["2026年3月1日", "2026-02-30", "1899-12-30", "2026/4/5", "2026-01-02"])
    frame["业主"] = ["甲", "乙", "丙\x07", "丁", "戊"]
    arrival = read(tmp_path, frame)
    assert one(arrival, "dates_impossible").rows == (1,)
    assert one(arrival, "dates_for_nothing").rows == (2,)
    assert one(arrival, "text_untidy").rows == (2,)
    cured, wish = bring_in_cured(EMPTY, Wish(str(shapefile(tmp_path / "x.shp", frame)), "parcels", cures=("all",)))
    assert list(wish.dates.values()) == ["ymd"] and wish.tidy
    days = cured.table[next(iter(wish.dates))]
    assert days.tolist()[:2] == ["2026-03-01", "2026-02-30"] and days.tolist()[3:] == ["2026-04-05", "2026-01-02"]
    assert cured.table["业主"].tolist() == ["甲", "乙", "丙", "丁", "戊"]


# --- outlines ---------------------------------------------------------------------------------------------------


def test_an_outline_that_crosses_itself_is_told_with_the_place(tmp_path: Path) -> None:
    bow = shapely.Polygon([(438_000, 4_410_000), (438_100, 4_410_100), (438_100, 4_410_000), (438_000, 4_410_100)])
    frame = gpd.GeoDataFrame(geometry=[bow, box(200, 0, 300, 100), box(200, 0, 300, 100)], crs="EPSG:4548")
    arrival = read(tmp_path, frame)
    found = one(arrival, "geometry_invalid")
    assert found.rows == (0,)
    assert found.evidence["faults"][0]["place"] == pytest.approx([438_050, 4_410_050])
    assert one(arrival, "geometry_twice").rows == (2,)
    cured, _ = bring_in_cured(EMPTY, Wish(str(tmp_path / "0.shp"), "parcels", cures=("all",)))
    assert (cured.accepted, cured.refusal) == (2, None)


def test_seeded_faults_are_all_found_and_nothing_else() -> None:
    """Overlaps and gaps of 1e-4 to 10 m², along whole edges (thin) of a fabric without fault."""
    rng = np.random.default_rng(7)
    side, count = 30.0, 400
    shapes = np.array([shapely.box(x * side, y * side, (x + 1) * side, (y + 1) * side)
                       for y in range(20) for x in range(20)])  # fmt: skip
    seeded: dict[int, float] = {}
    for row in rng.choice(
        [r for r in range(count) if r % 20 % 2 == r // 20 % 2 == 0 and r % 20 < 18], 80, replace=False
    ):
        area = 10.0 ** rng.uniform(-4, 1) * rng.choice([-1, 1])
        west, south, east, north = shapes[row].bounds
        shapes[row] = shapely.box(west, south, east + area / side, north)
        seeded[int(row)] = area
    found = topology.faults(shapes, topology.suspects(shapes))
    meant = {row: "overlap" if area > 0 else "gap" for row, area in seeded.items()}
    told = {row for row, kind in meant.items() if any(f.kind == kind and row in f.rows for f in found)}
    assert {row for row, area in seeded.items() if abs(area) >= 0.01} <= told
    false = [f for f in found if not any(meant.get(row) == f.kind for row in f.rows)]
    assert len(false) <= 0.01 * len(found)
    assert {(f.kind, f.rows, round(f.area_m2, 6)) for f in found} == {
        (f.kind, f.rows, round(f.area_m2, 6)) for f in topology.faults(shapes)
    }


def test_overlaps_are_told_with_their_places_and_those_with_held_land_too() -> None:
    shapes = np.array([box(0, 0, 100, 100), box(99, 0, 200, 100), box(300, 0, 400, 100)])
    found = list(between.findings(shapes, np.ones(3, dtype=bool), np.array([box(350, 0, 450, 100)])))
    assert [(one.code, one.rows) for one in found] == [("parcels_overlap", (0, 1)), ("parcels_on_held", (2,))]
    assert found[0].evidence["area_m2"] == pytest.approx(100)
    assert found[1].evidence["area_m2"] == pytest.approx(5_000)


def test_a_sound_fabric_and_the_demo_raise_no_doubt() -> None:
    shapes = synthetic.parcels(900).geometry.to_numpy()
    assert list(between.findings(shapes, np.ones(900, dtype=bool), np.empty(0, dtype=object))) == []
    land = demo().shapes("parcels")
    assert shifting.findings(land, demo().table("parcels")["parcel_no"], demo(), "parcels", WORKING) == []


# --- rejected rows ----------------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(["1", "2", "=1+1", "", "x"]), st.sampled_from(["1", "-2", "abc", "1.2万", ""])),
        min_size=1,
        max_size=8,
    )
)
def test_what_is_read_is_accepted_or_rejected(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    file = tmp_path / "p.csv"
    pd.DataFrame(rows, columns=["project_id", "headcount"]).to_csv(file, index=False)
    arrival = bring_in(EMPTY, Wish(str(file), "projects", skip_bad=True))
    lost = rejected.rejected(arrival, "en")
    report = arrival.report()
    assert report["read"] == report["accepted"] + report["rejected"]
    assert len(lost) == report["rejected"] == int((~arrival.sound).sum())
    assert (lost["reason"] != "").all()


def test_rejected_rows_carry_their_reason_their_columns_and_no_formula(tmp_path: Path) -> None:
    frame = parcels(3, RJL=["1", "=cmd", "2"], owner=["a", "@b", "c"])
    arrival = read(tmp_path, frame, skip_bad=True)
    for ending in ("csv", "xlsx"):
        assert rejected.write_rejected(arrival, tmp_path / f"r.{ending}", "en") == 1
    again = pd.read_csv(tmp_path / "r.csv", dtype=str)
    sheet = pd.read_excel(tmp_path / "r.xlsx", dtype=str)
    for written in (again, sheet):
        assert written.iloc[0, 0] == "2"
        assert "not a number" in written["reason"][0]
        assert (written["RJL"][0], written["owner"][0]) == ("'=cmd", "'@b")
        assert shapely.from_wkt(written.iloc[0, 3]).equals(frame.geometry[1])
