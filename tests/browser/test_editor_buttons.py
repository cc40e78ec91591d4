"""What the strip of tools does with the mouse alone, and how coordinates are copied; read from the store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shapely

from layers import applying, stores
from layers.changes import Actor, Asked
from layers.commands import At, AtVertex, Moved, MoveVertices
from spatial.boundary import as_text, boundary_points
from tests.browser.desk import Desk
from tests.world import X, Y

pytestmark = pytest.mark.browser


def kept(desk: Desk, before: float) -> None:
    assert desk.area() == pytest.approx(before, rel=1e-9, abs=0)


def test_equal_parts_and_merging_them_again(desk: Desk) -> None:
    before, area = desk.there(), desk.area()

    def act() -> None:
        desk.take("equal")
        desk.click(150, 60)
        parts = desk.page.locator(".cz-options input[type=number]")
        parts.fill("4")
        desk.until("core => core.editor.options.line.textContent.includes('4 块')")
        with desk.saved():
            desk.page.locator(".cz-options").get_by_text("完成").click()
        came = desk.came(before)
        assert [round(desk.shape(key).area, 6) for key in came] == [600.0] * 4 and desk.selected() == came
        with desk.saved():
            desk.take("merge")
        (whole,) = desk.came(before)
        assert desk.selected() == [whole] and desk.shape(whole).area == pytest.approx(2400, rel=1e-12)
        kept(desk, area)
        desk.page.locator('.cz-undo [data-act="undo"]').click()
        desk.settled()
        assert set(desk.came(before)) == set(came)

    desk.undone(act)


def test_merging_what_does_not_touch_is_refused_with_the_reason(desk: Desk) -> None:
    before = desk.there()
    desk.click(30, 20)
    desk.click(330, 20, "Control")
    desk.take("merge")
    desk.until("core => core.furniture.line.className.includes('cz-refused')")
    assert len(desk.said()) > 6 and desk.there() == before


def test_overlaps_are_trimmed_and_a_parcel_is_deleted(desk: Desk) -> None:
    desk.view(470, -20, 600, 60)

    def trim() -> None:
        desk.click(575, 20)
        with desk.saved():
            desk.take("trim")
        assert desk.shape("O2").area == pytest.approx(2000, rel=1e-9)

    desk.undone(trim)

    def delete() -> None:
        desk.click(495, 20)
        with desk.saved():
            desk.take("delete")
        assert "O1" not in desk.there()

    desk.undone(delete)


def test_undo_and_redo_by_their_buttons(desk: Desk) -> None:
    undo, redo = (desk.page.locator(f'.cz-undo [data-act="{name}"]') for name in ("undo", "redo"))
    desk.click(30, 140)
    with desk.saved():
        desk.take("delete")
    for button, there in ((undo, True), (redo, False), (undo, True)):
        with desk.saved():
            button.click()
        assert ("P30" in desk.there()) is there
    assert [event.kind for event in desk.events()][:4] == ["undo", "redo", "undo", "delete"]


@pytest.fixture
def gap(desk: Desk) -> Iterator[None]:
    """A colleague pulls `O1` to within 0.2 m of the grid: a gap of 0.2 m × 40 m."""
    store = stores.open_store(desk.server.workspace)
    corners = list(desk.shape("O1").exterior.coords)[:-1]
    steps = tuple(
        Moved(AtVertex("O1", 0, 0, i), At(X + 420.2, Y + y)) for i, (x, y) in enumerate(corners) if x == 480
    )
    assert applying.apply(store, Asked(Actor("李工"), "gap"), MoveVertices(steps)).status == "ok"
    yield
    assert applying.undo(store, Asked(Actor("李工"), "gap back")).status == "ok"


def test_faults_are_seen_as_they_arise_and_named(desk: Desk, request: pytest.FixtureRequest) -> None:
    desk.view(340, -20, 600, 60)
    desk.press("f")
    desk.page.locator(".cz-fault").first.wait_for()
    assert ["重叠" in one for one in desk.page.locator(".cz-fault").all_inner_texts()] == [True]
    request.getfixturevalue("gap")
    desk.until("core => core.map.getContainer().querySelectorAll('.cz-fault').length === 2")
    told = desk.page.locator(".cz-fault").all_inner_texts()
    stored = shapely.box(420, 0, 420.2, 40).area
    assert any("缝隙" in one and f"{stored:g} m²" in one for one in told), told
    assert desk.shape("O1").bounds[0] == pytest.approx(420.2)
    desk.press("f")
    assert desk.page.locator(".cz-fault").count() == 0


def test_boundary_points_are_copied_also_where_the_browser_gives_no_clipboard(desk: Desk) -> None:
    desk.visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    parcels = desk.stored().table("parcels").set_index("parcel_id")
    desk.select("P11")
    for way, key in (("asked", "P12"), ("commanded", "P13")):
        desk.page.evaluate("navigator.clipboard.writeText('nothing')")
        if way == "commanded":  # as over plain http, where pages have no clipboard
            desk.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
        desk.select(key)
        desk.take("points")
        desk.until(f"core => core.furniture.line.textContent.includes('{key}')")
        wanted = as_text(boundary_points(parcels.loc[key, "geometry"]))
        assert desk.page.evaluate("navigator.clipboard.readText()").replace("\r\n", "\n") == wanted, way
    desk.page.evaluate("() => { document.execCommand = () => false; }")
    desk.select("P14")
    desk.press("c")
    area = desk.page.locator(".cz-dialog textarea")
    assert area.input_value() == as_text(boundary_points(parcels.loc["P14", "geometry"]))
    desk.page.keyboard.press("Escape")
    desk.page.locator(".cz-dialog").wait_for(state="detached")
