"""Selecting, walking and measuring on the editor's map, by mouse and by keyboard."""

from __future__ import annotations

import pytest

from tests.browser.desk import Desk

pytestmark = pytest.mark.browser


def test_clicks_choose_one_and_with_keys_more_and_less(desk: Desk) -> None:
    desk.click(90, 60)
    assert desk.selected() == ["P11"]
    desk.click(150, 60, "Control")
    desk.click(210, 60, "Shift")
    assert desk.selected() == ["P11", "P12", "P13"]
    desk.click(150, 60, "Control")
    assert desk.selected() == ["P11", "P13"]
    desk.until("core => core.editor.status.line.textContent.includes('9,600')")
    told = desk.core("core => core.editor.status.line.textContent")
    assert "已选 2 块" in told and "4,800 m²" in told and "9,600 m²" in told
    desk.press("Escape")
    assert desk.selected() == []


def test_a_box_and_a_loop_take_in_what_has_its_middle_inside(desk: Desk) -> None:
    desk.page.keyboard.down("Shift")
    desk.drag((20, 10), (160, 75))
    desk.page.keyboard.up("Shift")
    assert desk.selected() == ["P00", "P01", "P02", "P10", "P11", "P12"]
    desk.take("lasso")
    desk.drag((75, 45), (105, 45), (105, 110), (75, 110), (75, 50))
    assert desk.selected() == ["P11", "P21"]
    desk.take("box")
    desk.drag((200, 50), (220, 70))
    assert desk.selected() == ["P13"]


def test_ctrl_a_takes_in_the_view(desk: Desk) -> None:
    desk.view(0, 0, 420, 160)
    desk.press("Control+a")
    assert set(desk.selected()) >= {f"P{row}{column}" for row in range(4) for column in range(7)}


def test_arrows_walk_and_enter_selects(desk: Desk) -> None:
    desk.select("P11")
    desk.press("ArrowRight", "ArrowRight", "ArrowUp", "Enter")
    assert desk.selected() == ["P23"]


def test_the_strip_is_reached_by_keys_and_says_what_is_in_hand(desk: Desk) -> None:
    desk.page.locator('.cz-tool[data-name="select"]').focus()
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("Enter")
    assert desk.core("core => core.tools.tool.name") == "lasso"
    pressed = desk.page.locator('.cz-tool[aria-pressed="true"]').all()
    assert [one.get_attribute("data-name") for one in pressed] == ["lasso"]
    for one in desk.page.locator(".cz-tool").all():
        box = one.bounding_box()
        assert box and min(box["width"], box["height"]) >= 36 and one.get_attribute("aria-label")
    for letter, name in {
        "b": "brush",
        "d": "draw",
        "s": "split",
        "r": "strip",
        "n": "vertices",
        "t": "measure",
    }.items():
        desk.press(letter)
        assert desk.core("core => core.tools.tool.name") == name
    desk.press("v")
    assert desk.core("core => core.tools.tool.name") == "select"


def test_measures_are_said_in_the_plane_and_on_the_ellipsoid(desk: Desk) -> None:
    desk.take("measure")
    for place in ((60, 40), (120, 40), (120, 80)):
        desk.click(*place)
    desk.until("core => core.editor.options.line.textContent.includes('椭球面')")
    desk.until("core => core.editor.options.line.textContent.includes('面积')")
    told = desk.bar()
    assert "平面 100 m" in told and "平面 1,200 m²" in told, told


def test_boundary_points_are_copied_and_said(desk: Desk) -> None:
    desk.visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.select("P11")
    desk.press("c")
    desk.until("core => core.furniture.line.textContent.includes('4 个界址点')")
    text = desk.page.evaluate("navigator.clipboard.readText()")
    assert "438060" in text.replace(",", "") and "EPSG:4548" in desk.said()


def test_what_a_role_may_not_use_is_shown_with_the_reason(desk: Desk) -> None:
    desk.core("core => { core.editor.may.delete('draw'); }")
    desk.press("d")
    assert desk.core("core => core.tools.tool.name") == "select" and desk.said() == "当前角色不能使用"
    desk.core("core => { core.editor.may.add('draw'); }")
