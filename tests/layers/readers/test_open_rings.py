"""Outlines that are not closed are named by parcel and gap, stay out, and are closed only when somebody says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import ezdxf
import pytest
import shapely

from layers.readers.arrival import Arrival
from layers.readers.bring_in import Wish, bring_in, bring_in_cured
from layers.workspace import Workspace

EMPTY = Workspace("w", "EPSG:4548")
X, Y = 438_000.0, 4_410_000.0
HEAD = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n带号=39\n[地块坐标]\n"


def corners(place: int) -> list[tuple[float, float]]:
    west = X + 100 * place
    return [(west, Y), (west + 80, Y), (west + 80, Y + 80), (west, Y + 80)]


def boundary(path: Path, gap: float) -> Path:
    lines = []
    for place in range(3):
        ring = [*corners(place), corners(place)[0]]
        if place == 1:
            ring[4] = (ring[4][0], ring[4][1] + gap)
        lines.append(f"5,0.64,FT-{place},名,面,,,,@")
        lines += [f"J{n % 4 + 1},1,{y:.3f},{x + 39e6:.3f}" for n, (x, y) in enumerate(ring)]
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def drawing(path: Path, gap: float) -> Path:
    document = ezdxf.new("R2000")
    space = document.modelspace()
    for place in range(3):
        ring = [*corners(place), corners(place)[0]]
        if place == 1:
            ring[4] = (ring[4][0], ring[4][1] + gap)
        space.add_lwpolyline(ring, dxfattribs={"layer": "地界"})
        label = space.add_text(f"FT-{place}", dxfattribs={"layer": "地块编号"})
        label.set_placement((ring[0][0] + 40, Y + 40))
    space.add_lwpolyline(
        [(X, Y + 300), (X + 80, Y + 300), (X + 80, Y + 380), (X, Y + 380)], dxfattribs={"layer": "路"}
    )
    document.saveas(path, encoding="cp936")
    return path


def cass(path: Path, gap: float) -> Path:
    lines = []
    for place in range(3):
        ring = [*corners(place), corners(place)[0]]
        if place == 1:
            ring[4] = (ring[4][0], ring[4][1] + gap)
        lines += [f"{len(lines) + n + 1},FT-{place},{x:.3f},{y:.3f},40" for n, (x, y) in enumerate(ring)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def wkt(path: Path, gap: float) -> Path:
    lines = ["地块编号,wkt"]
    for place in range(3):
        ring = [*corners(place), corners(place)[0]]
        if place == 1:
            ring[4] = (ring[4][0], ring[4][1] + gap)
        lines.append(f'FT-{place},"POLYGON(({", ".join(f"{x} {y}" for x, y in ring)}))"')
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


MAKERS: dict[str, tuple[Any, str]] = {
    "txt": (boundary, "a.txt"), "dxf": (drawing, "a.dxf"), "cass": (cass, "a.dat"), "csv": (wkt, "a.csv"),
}  # fmt: skip


def read(path: Path, **wish: Any) -> Arrival:
    return bring_in(EMPTY, Wish(str(path), "parcels", crs="EPSG:4548" if path.suffix != ".txt" else None, **wish))


@pytest.mark.parametrize("kind", MAKERS)
def test_an_open_outline_is_named_by_parcel_and_gap_and_closed_by_its_cure(tmp_path: Path, kind: str) -> None:
    make, name = MAKERS[kind]
    path = make(tmp_path / name, 0.35)
    arrival = read(path, skip_bad=True)
    assert (arrival.read, arrival.accepted) == (3, 2)
    (found,) = [one for one in arrival.findings if one.code == "rings_open"]
    assert found.severity == "asks" and found.evidence["widest_m"] == pytest.approx(0.35, abs=1e-6)
    (row,) = found.rows
    if kind != "cass":  # a code is no number of a parcel
        assert found.names[row][1] == "FT-1"
        assert "FT-1" in found.sentence("zh-CN")
    assert [said.row for said in arrival.notes if said.code == "ring_open"] == [row]
    cures = ("rings_open",)
    crs = None if kind == "txt" else "EPSG:4548"
    cured, wish = bring_in_cured(EMPTY, Wish(str(path), "parcels", crs=crs, cures=cures))
    assert wish.close_rings and cured.accepted == 3
    assert [said.code for said in cured.notes if said.code.startswith("ring_")] == ["ring_closed"]
    area = shapely.area(cured.table["geometry"].to_numpy())
    assert area == pytest.approx([6400] * 3, abs=20)


@pytest.mark.parametrize("kind", MAKERS)
def test_closed_outlines_raise_no_doubt(tmp_path: Path, kind: str) -> None:
    make, name = MAKERS[kind]
    arrival = read(make(tmp_path / name, 0.0))
    assert (arrival.read, arrival.accepted) == (3, 3)
    assert not [one for one in arrival.findings if one.code == "rings_open"]
    assert not [said for said in arrival.notes if said.code.startswith("ring_")]


def test_a_slip_of_centimetres_between_points_of_one_number_is_told(tmp_path: Path) -> None:
    arrival = read(boundary(tmp_path / "a.txt", 0.02))
    assert arrival.accepted == 3
    (said,) = [one for one in arrival.notes if one.code.startswith("ring_")]
    assert (said.code, said.row, said.value) == ("ring_end_moved", 1, "0.020")


def test_an_open_ring_of_a_kml_is_measured_and_a_geojson_says_that_nothing_is_left(
    tmp_path: Path,
) -> None:
    ring = [[116.28, 39.80], [116.281, 39.80], [116.281, 39.801], [116.28, 39.801]]
    shape = {"type": "Polygon", "coordinates": [[*ring, [116.28, 39.800001]]]}
    feature = {"type": "Feature", "properties": {"地块编号": "A"}, "geometry": shape}
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    numbers = " ".join(f"{x},{y}" for x, y in shape["coordinates"][0])  # type: ignore[index]
    kml = tmp_path / "a.kml"
    kml.write_text(
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><Polygon><outerBoundaryIs><LinearRing>'
        f"<coordinates>{numbers}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>"
    )
    found = next(one for one in bring_in(EMPTY, Wish(str(kml), "parcels")).findings if one.code == "rings_open")
    assert found.evidence["widest_m"] == pytest.approx(0.111, abs=0.001)
    arrival = bring_in(EMPTY, Wish(str(path), "parcels"))  # the library below leaves an empty outline
    assert (arrival.read, arrival.accepted) == (1, 0)
    empty = next(one for one in arrival.findings if one.code == "geometry_empty")
    assert "未闭合" in empty.sentence("zh-CN") and "not closed" in empty.sentence("en")
