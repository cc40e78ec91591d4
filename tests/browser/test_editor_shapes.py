"""Drawing, cutting, joining and bending parcels by hand, read from the stored outlines."""

from __future__ import annotations

import pytest

from layers import applying, stores
from layers.changes import Actor, Asked
from layers.commands import Inserted, MoveVertices, OnEdge
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser


def kept(desk: Desk, before: float) -> None:
    """The area of all parcels is what it was."""
    assert desk.area() == pytest.approx(before, rel=1e-9, abs=0)


def test_a_drawn_line_splits_and_the_parts_are_seen_before(desk: Desk) -> None:
    before, area = desk.there(), desk.area()

    def act() -> None:
        desk.select("P00")  # lies elsewhere: it is not meant
        desk.press("s")
        desk.click(80, 30)
        desk.click(80, 95)
        desk.until("core => core.editor.options.line.textContent.includes('2 块')")
        assert desk.bar().count("m²") == 2
        assert desk.there() == before, "what is looked at is not done"
        desk.press("Enter")
        desk.settled()
        parts = desk.came(before)
        assert len(parts) == 2 and {desk.parents(key) for key in parts} == {"P11"}
        assert sorted(round(desk.shape(key).area) for key in parts) == pytest.approx([800, 1600], abs=60)
        kept(desk, area)

    desk.undone(act)


def test_a_line_that_catches_vertices_cuts_on_them_to_the_last_bit(desk: Desk) -> None:
    before = desk.there()

    def act() -> None:
        desk.press("s")
        desk.click(61, 41)
        desk.click(119, 79)
        desk.press("Enter")
        desk.settled()
        parts = [desk.shape(key) for key in desk.came(before)]
        assert [round(part.area, 6) for part in parts] == [1200.0, 1200.0]
        corners = {(60.0, 40.0), (120.0, 80.0)}
        assert all(corners <= set(part.exterior.coords) for part in parts)

    desk.undone(act)


def test_a_double_click_ends_a_line_and_waits(desk: Desk) -> None:
    before = desk.there()
    desk.press("s")
    desk.click(150, 30)
    desk.double(150, 95)
    desk.page.wait_for_timeout(200)
    assert desk.there() == before and desk.core("core => core.tools.tool.points.length") == 2
    desk.press("Escape")
    assert desk.core("core => core.tools.tool.points.length") == 0


def test_a_line_that_ends_inside_is_refused_with_the_reason(desk: Desk) -> None:
    before = desk.there()
    desk.press("s")
    desk.click(150, 30)
    desk.click(150, 60)
    desk.until("core => core.editor.options.line.className.includes('cz-warned')")
    desk.press("Enter")
    desk.settled()
    assert "cz-refused" in desk.core("core => core.furniture.line.className") and desk.there() == before


def test_equal_parts(desk: Desk) -> None:
    before, area = desk.there(), desk.area()

    def act() -> None:
        desk.select("P12")
        desk.press("q")
        desk.page.locator(".cz-options input[type=number]").fill("3")
        desk.until("core => core.editor.options.line.textContent.includes('3 块')")
        desk.press("Enter")
        desk.settled()
        parts = desk.came(before)
        assert [round(desk.shape(key).area, 6) for key in parts] == [800.0] * 3
        assert desk.selected() == parts, "what came is what is gone on with"
        kept(desk, area)

    desk.undone(act)


def test_a_road_is_cut_through_what_it_passes(desk: Desk) -> None:
    before, area = desk.there(), desk.area()

    def act() -> None:
        desk.press("r")
        desk.page.locator(".cz-options input[type=number]").fill("10")
        desk.click(150, -10)
        desk.click(150, 170)
        desk.until("core => core.editor.options.line.textContent.includes('9 块')")
        desk.press("Enter")
        desk.settled()
        assert before - desk.there() == {"P02", "P12", "P22", "P32"}
        parcels = desk.stored().table("parcels")
        road = parcels[parcels["land_use"] == "1207"]
        assert len(road) == 1 and road.geometry.iloc[0].area == pytest.approx(1600, abs=5)
        kept(desk, area)

    desk.undone(act)


def test_a_parcel_is_drawn_onto_the_corners_of_its_neighbours(desk: Desk) -> None:
    before = desk.there()

    def act() -> None:
        desk.press("d")
        desk.page.locator(".cz-options").get_by_label("地块编号").fill("新-1")
        for x, y in ((1, 159), (59, 161), (60, 175), (10, 175), (0, 175)):
            desk.click(x, y)
        desk.press("Backspace")
        desk.press("Backspace")
        desk.click(0, 175)
        desk.press("Enter")
        desk.settled()
        (key,) = desk.came(before)
        shape = desk.shape(key)
        assert {(0.0, 160.0), (60.0, 160.0)} <= set(shape.exterior.coords)
        parcels = desk.stored().table("parcels")
        assert parcels.loc[parcels["parcel_id"] == key, "parcel_no"].iloc[0] == "新-1"

    desk.undone(act)


def test_a_bow_tie_is_refused_with_the_reason(desk: Desk) -> None:
    before = desk.there()
    desk.press("d")
    for x, y in ((200, 165), (240, 175), (240, 165), (200, 175)):
        desk.click(x, y, "Alt")
    desk.press("Enter")
    desk.settled()
    assert "cz-refused" in desk.core("core => core.furniture.line.className") and desk.there() == before
    assert len(desk.said()) > 6


def test_a_parcel_over_others_keeps_off_them(desk: Desk) -> None:
    before = desk.there()

    def act() -> None:
        desk.press("d")
        for x, y in ((200, 140), (230, 140), (230, 175), (200, 175)):
            desk.click(x, y, "Alt")
        desk.click(200, 140, "Alt")
        desk.settled()
        (key,) = desk.came(before)
        assert desk.shape(key).bounds[1] == pytest.approx(160, abs=0.01)

    desk.undone(act)


def test_a_shared_vertex_moves_in_all_neighbours_and_the_area_stays(desk: Desk) -> None:
    area = desk.area()

    def act() -> None:
        desk.press("n")
        desk.drag((60, 40), (72, 47))
        desk.settled()
        shapes = [desk.shape(key) for key in ("P00", "P01", "P10", "P11")]
        moved = [set(shape.exterior.coords) for shape in shapes]
        assert all((60.0, 40.0) not in points for points in moved)
        (place,) = set.intersection(*moved)
        assert place == pytest.approx((72, 47), abs=1)
        kept(desk, area)

    desk.undone(act)


def test_a_vertex_is_put_in_and_taken_out(desk: Desk) -> None:
    area = desk.area()
    desk.press("n")
    desk.drag((150, 80), (150, 88))
    desk.settled()
    for key in ("P12", "P22"):
        assert len(desk.shape(key).exterior.coords) == 6, key
    kept(desk, area)
    desk.double(150, 88)
    desk.settled()
    assert len(desk.shape("P12").exterior.coords) == len(desk.shape("P22").exterior.coords) == 5


def test_a_vertex_is_moved_by_keys(desk: Desk) -> None:
    def act() -> None:
        desk.press("n")
        x, y = desk.core("core => { const s = core.map.getSize(); return [s.x / 2, s.y / 2]; }")
        at = desk.core(
            "(core, x, y) => { const p = core.map.containerPointToLatLng([x, y]); return [p.lng, p.lat]; }", x, y
        )
        corner = desk.lonlat(180, 80)
        desk.core(
            "(core, dx, dy) => core.map.panBy([0, 0]) && core.map.setView([core.map.getCenter().lat + dy,"
            " core.map.getCenter().lng + dx], core.map.getZoom(), {animate: false})",
            corner[0] - at[0],
            corner[1] - at[1],
        )
        desk.press("ArrowRight", "ArrowLeft", " ", "ArrowRight", "ArrowRight", " ")
        desk.settled()
        assert (180.0, 80.0) not in desk.shape("P12").exterior.coords

    desk.undone(act)


def test_neighbours_are_merged_and_what_differs_is_asked_for(desk: Desk) -> None:
    before, area = desk.there(), desk.area()

    def same() -> None:
        desk.select("P00", "P01")
        with desk.saved():
            desk.press("m")
        (key,) = desk.came(before)
        assert desk.parents(key) == "P00; P01" and desk.selected() == [key]
        kept(desk, area)

    desk.undone(same)

    def different() -> None:
        desk.select("P34", "P35")
        desk.press("m")
        choice = desk.page.locator(".cz-dialog select")
        choice.wait_for()
        assert choice.locator("option").all_inner_texts() == ["2", "1"]
        choice.select_option(index=1)
        with desk.saved():
            desk.page.locator(".cz-dialog .cz-strong").click()
        (key,) = desk.came(before)
        parcels = desk.stored().table("parcels")
        assert float(parcels.loc[parcels["parcel_id"] == key, "far_max"].iloc[0]) == 1.0

    desk.undone(different)


def test_overlaps_are_seen_flown_to_and_trimmed(desk: Desk) -> None:
    desk.view(470, -20, 600, 60)
    desk.take("faults")
    row = desk.page.locator(".cz-fault").first
    row.wait_for()
    assert "重叠" in row.inner_text() and "400 m²" in row.inner_text()
    row.click()
    assert desk.core("core => core.map.getZoom()") >= 18

    def act() -> None:
        desk.select("O2")
        with desk.saved():
            desk.press("x")
        assert desk.shape("O2").area == pytest.approx(2000, rel=1e-9)
        desk.until("core => !core.map.getContainer().querySelector('.cz-fault')")

    desk.undone(act)
    desk.take("faults")


def test_deleting_asks_where_buildings_stand(desk: Desk) -> None:
    def plain() -> None:
        desk.select("P33")
        with desk.saved():
            desk.press("Delete")
        assert "P33" not in desk.there()

    desk.undone(plain)

    def built() -> None:
        desk.select("P36")
        desk.press("Delete")
        with desk.saved():
            desk.page.locator(".cz-dialog .cz-strong").click()
        assert "P36" not in desk.there() and not len(desk.stored().table("buildings"))

    desk.undone(built)


def test_what_was_caught_of_an_outline_that_a_colleague_changes_is_dropped(desk: Desk) -> None:
    desk.press("s")
    desk.click(241, 41)
    assert desk.core("core => core.tools.tool.points[0].ref.vertex[0]") in {"P03", "P04", "P13", "P14"}
    bent = MoveVertices(
        (Inserted(OnEdge(str(desk.core("core => core.tools.tool.points[0].ref.vertex[0]")), 0, 0, 0, 0.4)),)
    )
    asked = Asked(Actor("李工"), "bend")
    assert applying.apply(stores.open_store(desk.server.workspace), asked, bent).status == "ok"
    desk.until("core => core.tools.tool.points.length === 0")
    assert "请重画" in desk.said()
