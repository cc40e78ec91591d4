"""Everything without a mouse: the cross goes by arrows, points are put by Enter or typed, and all is on file."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
import shapely
from playwright.sync_api import Request
from pyproj import Geod

from tests.browser.desk import Desk
from tests.world import X, Y

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def near(desk: Desk) -> None:
    """A view in which a stride of the cross is a few metres."""
    desk.view(0, 30, 240, 200)


def put(desk: Desk, *places: tuple[float, float]) -> None:
    """Go to each place and press Enter there."""
    for place in places:
        desk.cross(*place)
        desk.page.keyboard.press("Enter")


def kept(desk: Desk, before: float) -> None:
    assert desk.area() == pytest.approx(before, rel=1e-9, abs=0)


def test_a_parcel_is_drawn_onto_corners_of_others(desk: Desk) -> None:
    before = desk.there()

    def act() -> None:
        desk.press("d")
        put(desk, (61, 159), (119, 161), (115, 180), (65, 180))
        desk.page.keyboard.press("Enter")
        desk.settled()
        (key,) = desk.came(before)
        assert {(60.0, 160.0), (120.0, 160.0)} <= set(desk.shape(key).exterior.coords)
        assert desk.selected() == [key]

    desk.undone(act)


def test_what_is_caught_on_an_edge_travels_as_a_reference_and_lies_on_the_stored_edge(desk: Desk) -> None:
    before = desk.there()
    sent: list[Any] = []
    desk.page.on("request", lambda one: sent.extend(drawn(one)))

    def act() -> None:
        desk.press("d")
        put(desk, (85, 160), (105, 160), (95, 180))
        desk.page.keyboard.press("Enter")
        desk.settled()
        (key,) = desk.came(before)
        low = [point for point in desk.shape(key).exterior.coords if point[1] < 170]
        assert {y for _, y in low} == {160.0}

    desk.undone(act)
    assert [next(iter(point)) for point in sent] == ["edge", "edge", "at"]
    assert {point["edge"][0] for point in sent[:2]} == {"P31"}


def drawn(request: Request) -> list[Any]:
    """The corners of what is drawn by a request."""
    if "/map/acts" not in request.url:
        return []
    acts = json.loads(request.post_data or "{}").get("acts", [])
    return [point for act in acts if act["do"] == "draw" for point in act["ring"]]


def test_a_parcel_is_split_by_a_line(desk: Desk) -> None:
    before, area = desk.there(), desk.area()

    def act() -> None:
        desk.press("s")
        put(desk, (80, 70), (80, 130))
        desk.until("core => core.editor.options.line.textContent.includes('2 块')")
        desk.page.keyboard.press("Enter")
        desk.settled()
        parts = desk.came(before)
        assert len(parts) == 2 and {desk.parents(key) for key in parts} == {"P21"}
        kept(desk, area)

    desk.undone(act)


def test_a_road_is_cut_through_what_is_selected_on_its_way(desk: Desk) -> None:
    before, area = desk.there(), desk.area()

    def act() -> None:
        desk.select("P22", "P00")
        desk.press("r")
        width = desk.page.locator(".cz-options input[type=number]")
        width.focus()
        desk.page.keyboard.press("Control+a")
        desk.page.keyboard.type("6")
        put(desk, (150, 80), (150, 120))
        desk.until("core => core.editor.options.line.textContent.includes('3 块')")
        desk.page.keyboard.press("Enter")
        desk.settled()
        parcels = desk.stored().table("parcels")
        (road,) = parcels[parcels["land_use"] == "1207"].geometry
        assert road.area == pytest.approx(240, abs=3) and before - desk.there() == {"P22"}
        kept(desk, area)

    desk.undone(act)


def test_typed_coordinates_are_stored_to_the_last_digit(desk: Desk) -> None:
    before = desk.there()

    def act() -> None:
        desk.press("d")
        desk.type_place(f"{X + 300.125:.3f} {Y + 170.375:.3f}")
        desk.type_place(f"{Y + 170.375:.3f}, {X + 340.5:.3f}")
        desk.type_place("@0 20")
        desk.type_place("@-40.375 0")
        field = desk.page.locator(".cz-place input")
        field.press("Enter")
        desk.page.keyboard.press("Enter")
        desk.settled()
        (key,) = desk.came(before)
        parcels = desk.stored().table("parcels")
        stored = parcels.loc[parcels["parcel_id"] == key, "geometry"].iloc[0]
        x, y = X + 300.125, Y + 170.375
        assert stored.equals(shapely.box(x, y, x + 40.375, y + 20)) and set(stored.exterior.coords) == {
            (x, y),
            (x + 40.375, y),
            (x + 40.375, y + 20),
            (x, y + 20),
        }

    desk.undone(act)


def test_what_is_no_place_is_refused_and_stays_to_be_mended(desk: Desk) -> None:
    desk.press("s")
    field = desk.page.locator(".cz-place input")
    field.fill("12 个")
    field.press("Enter")
    desk.until("core => core.furniture.line.className.includes('cz-refused')")
    assert "不是本工作空间里的位置" in desk.said() and "@" in desk.said() and field.input_value() == "12 个"


def test_typed_lines_split_and_measure(desk: Desk) -> None:
    before, area = desk.there(), desk.area()
    desk.press("t")
    for text in (f"{X + 60} {Y + 40}", "@60 0", "@0 40"):
        desk.type_place(text)
    desk.until("core => core.editor.options.line.textContent.includes('面积 平面')")
    corners = [(60, 40), (120, 40), (120, 80)]
    stored = set(desk.shape("P11").exterior.coords)
    assert set(corners) <= stored, "the points that were typed are corners on file"
    assert "平面 100 m" in desk.bar() and f"平面 {shapely.Polygon(corners).area:,.0f} m²" in desk.bar()
    on_ellipsoid = float(re.findall(r"椭球面 ([\d,.]+) m²", desk.bar())[0].replace(",", ""))
    ring = shapely.transform(shapely.Polygon(corners), lambda at: np.array([desk.lonlat(x, y) for x, y in at]))
    wanted = abs(Geod(ellps="GRS80").geometry_area_perimeter(ring)[0])
    assert on_ellipsoid == pytest.approx(wanted, abs=0.01) and wanted != pytest.approx(1200, abs=0.01)
    desk.press("Escape", "Escape")

    def act() -> None:
        desk.press("s")
        desk.type_place(f"{X + 185.5} {Y + 70}")
        desk.type_place("@0 60")
        desk.until("core => core.editor.options.line.textContent.includes('2 块')")
        desk.press("Enter")
        desk.settled()
        parts = [desk.shape(key) for key in desk.came(before)]
        assert sorted(round(part.area, 6) for part in parts) == [220.0, 2180.0]
        kept(desk, area)

    desk.undone(act)


def test_a_box_and_a_loop_select(desk: Desk) -> None:
    desk.press("w")
    put(desk, (50, 70), (200, 110))
    assert desk.selected() == ["P21", "P22"]
    desk.press("l")
    put(desk, (70, 50), (110, 50), (110, 110), (70, 110))
    desk.page.keyboard.press("Enter")
    assert desk.selected() == ["P11", "P21"]
    inside = shapely.box(70, 50, 110, 110)
    assert all(desk.shape(key).centroid.within(inside) for key in desk.selected())


def test_a_vertex_is_put_in_and_taken_out(desk: Desk) -> None:
    area = desk.area()
    desk.press("n")
    desk.cross(150, 80)
    desk.page.keyboard.press("Enter")
    desk.cross(150, 90)
    desk.page.keyboard.press(" ")
    desk.settled()
    assert [len(desk.shape(key).exterior.coords) for key in ("P12", "P22")] == [6, 6]
    kept(desk, area)
    desk.page.keyboard.press("Control+ArrowLeft")
    desk.page.keyboard.press("Delete")
    desk.settled()
    assert [len(desk.shape(key).exterior.coords) for key in ("P12", "P22")] == [5, 5]
    kept(desk, area)


def test_arrows_select_and_shift_enter_adds(desk: Desk) -> None:
    desk.select("P11")
    desk.press("ArrowRight", "Enter", "ArrowUp", "Shift+Enter")
    assert desk.selected() == ["P12", "P22"]
    desk.press("Shift+Enter")
    assert desk.selected() == ["P12"]
