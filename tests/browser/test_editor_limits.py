"""A constraint is drawn on the editor's map, shows there hatched, and is taken back."""

from __future__ import annotations

import pytest

from tests.browser.desk import Desk

pytestmark = pytest.mark.browser


def test_a_constraint_is_drawn_by_hand_and_taken_back(desk: Desk) -> None:
    desk.press("d")
    fields = desk.page.locator(".cz-options .cz-option:visible")
    every = fields.count()
    desk.page.locator(".cz-options select").select_option("pipeline")
    assert fields.count() == every - 3, "what is of parcels only is put away"
    for corner in ((60, 40), (180, 40), (180, 80)):
        desk.click(*corner)
    desk.press("Enter")
    desk.until("core => core.ready && core.context.limits.length === 1")
    row = desk.stored().table("constraints").iloc[0]
    assert (row["kind"], row["effect"], row["side"]) == ("pipeline", "exclude", "inside")
    corners = {(x - 438_000, y - 4_410_000) for x, y in row.geometry.exterior.coords}
    assert corners == {(60.0, 40.0), (180.0, 40.0), (180.0, 80.0)}, "corners of parcels, to the last bit"
    hatched = desk.page.locator('.leaflet-limits-pane path[fill^="url(#cz-limit-falling-6"]')
    assert hatched.count() == 1
    assert desk.page.locator(".leaflet-limits-pane pattern").count() == 1
    assert desk.page.locator(".cz-limits .cz-text").text_content() == "管线走廊 · 扣除"
    desk.until("core => core.editor")
    desk.press("Control+z")
    desk.until("core => core.ready && core.context.limits.length === 0")
    assert len(desk.stored().table("constraints")) == 0
