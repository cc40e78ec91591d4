"""The editor under fingers: taps, brushes, held fingers, and two that move the map; read from the store."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession

from tests.browser.app_server import Server
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser

Place = tuple[float, float]


class Hand:
    """Fingers on the map of a desk; places are metres, two fingers are two places."""

    def __init__(self, desk: Desk, session: CDPSession) -> None:
        self.desk = desk
        self.session = session

    def tap(self, x: float, y: float) -> None:
        self.desk.page.touchscreen.tap(*self.desk.pixel(x, y))

    def take(self, name: str) -> None:
        self.desk.page.touchscreen.tap(*self.desk.middle(f'.cz-tool[data-name="{name}"]'))
        assert self.desk.core("core => core.tools.tool.name") == name

    def touch(self, kind: str, *pixels: Place) -> None:
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(pixels)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def drag(self, *places: Place) -> None:
        """One finger from place to place."""
        pixels = [self.desk.pixel(*place) for place in places]
        self.touch("touchStart", pixels[0])
        for (x, y), (to_x, to_y) in itertools.pairwise(pixels):
            for step in range(1, 7):
                self.touch("touchMove", (x + (to_x - x) * step / 6, y + (to_y - y) * step / 6))
        self.touch("touchEnd")

    def hold(self, x: float, y: float) -> None:
        """One finger that stays."""
        self.touch("touchStart", self.desk.pixel(x, y))
        self.desk.page.wait_for_timeout(700)
        self.touch("touchEnd")


@pytest.fixture(scope="module")
def touched(browser: Browser, grid_server: Server) -> Iterator[Hand]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, has_touch=True, locale="zh-CN")
    desk = Desk(browser, grid_server, context=context)
    yield Hand(desk, context.new_cdp_session(desk.page))
    desk.close()


@pytest.fixture
def hand(touched: Hand) -> Hand:
    touched.desk.fresh()
    return touched


def given(desk: Desk) -> list[str]:
    return sorted(desk.stored().table("assignments")["parcel_id"].astype(str))


def brush(hand: Hand) -> None:
    """Take the brush and choose the first project."""
    hand.take("brush")
    choice = hand.desk.page.locator(".cz-options select")
    hand.desk.page.wait_for_function("one => one.options.length > 1", arg=choice.element_handle())
    choice.select_option(index=1)


def view(desk: Desk) -> list[float]:
    return list(desk.core("({ map }) => [map.getCenter().lat, map.getCenter().lng, map.getZoom()]"))


def test_a_tap_selects_and_a_finger_that_stays_selects_one_more_or_one_less(hand: Hand) -> None:
    hand.tap(90, 60)
    assert hand.desk.selected() == ["P11"]
    hand.hold(150, 60)
    assert hand.desk.selected() == ["P11", "P12"]
    hand.hold(90, 60)
    assert hand.desk.selected() == ["P12"]


def test_a_finger_brushes_what_it_passes_as_one_act(hand: Hand) -> None:
    def act() -> None:
        brush(hand)
        hand.drag((30, 20), (150, 20))
        hand.desk.settled()
        assert given(hand.desk) == ["P00", "P01", "P02"]
        assert hand.desk.events()[0].kind == "assign_many"

    hand.desk.undone(act)


def test_a_second_finger_gives_the_map_back_and_nothing_is_brushed(hand: Hand) -> None:
    desk = hand.desk
    brush(hand)
    events, before = len(desk.events()), view(desk)
    (x, y), (u, v) = desk.pixel(90, 60), desk.pixel(210, 60)
    hand.touch("touchStart", (x, y))
    hand.touch("touchMove", (x + 12, y))
    hand.touch("touchStart", (x + 12, y), (u, v))
    for step in range(1, 9):
        hand.touch("touchMove", (x + 12 - 14 * step, y + 4 * step), (u + 14 * step, v + 4 * step))
    hand.touch("touchEnd")
    desk.until(f"core => core.map.getZoom() > {before[2]} && !core.map._animatingZoom")
    assert len(desk.events()) == events and given(desk) == [], "what the first finger had begun is dropped"
    assert desk.core("core => core.looks.over.size") == 0
    assert view(desk)[:2] != before[:2], "the map went with both fingers"
    desk.fresh()
    hand.tap(30, 20)
    assert desk.selected() == ["P00"], "the next tap is a tap again"


def test_one_finger_moves_the_map_where_nothing_is_in_hand(hand: Hand) -> None:
    before = view(hand.desk)
    hand.drag((90, 60), (150, 100))
    hand.desk.until("core => !core.map._panAnim?._inProgress")
    assert view(hand.desk)[:2] != before[:2] and hand.desk.selected() == []


def test_a_finger_pulls_a_vertex_and_one_that_stays_takes_it_out(hand: Hand) -> None:
    desk = hand.desk
    area = desk.area()
    hand.take("vertices")
    with desk.saved():
        hand.drag((150, 80), (150, 92))
    assert [len(desk.shape(key).exterior.coords) for key in ("P12", "P22")] == [6, 6]
    assert desk.area() == pytest.approx(area, rel=1e-9)
    (pulled,) = set(desk.shape("P12").exterior.coords) - {(120.0, 40.0), (180.0, 40.0), (180.0, 80.0), (120.0, 80.0)}
    with desk.saved():
        hand.hold(*pulled)
    assert [len(desk.shape(key).exterior.coords) for key in ("P12", "P22")] == [5, 5]


def test_a_finger_draws_a_parcel_and_splits_one(hand: Hand) -> None:
    desk = hand.desk
    before = desk.there()

    def draw() -> None:
        hand.take("draw")
        for place in ((1, 159), (59, 161), (60, 190), (10, 190)):
            hand.tap(*place)
        desk.page.get_by_role("button", name="完成").tap()
        desk.settled()
        (key,) = desk.came(before)
        assert {(0.0, 160.0), (60.0, 160.0)} <= set(desk.shape(key).exterior.coords)

    desk.undone(draw)
    desk.fresh()

    def split() -> None:
        hand.take("split")
        hand.tap(80, 30)
        hand.tap(80, 95)
        desk.until("core => core.editor.options.line.textContent.includes('2 块')")
        desk.page.get_by_role("button", name="完成").tap()
        desk.settled()
        assert {desk.parents(key) for key in desk.came(before)} == {"P11"}

    desk.undone(split)


def test_a_finger_draws_a_box(hand: Hand) -> None:
    hand.take("box")
    hand.drag((50, 30), (130, 90))
    assert hand.desk.selected() == ["P11"]
