"""The map that folium builds is the same for every workspace, and asks nobody outside for anything."""

from __future__ import annotations

import dataclasses
import re

import branca.colormap
import folium
import pytest

from layers.live import routes as live
from layers.map.board import BOARDS
from layers.map.folium_map import Message, assert_offline, capacity_map, carrier
from layers.map.routes import addresses
from layers.workspace import Workspace
from tests.hostile import PAYLOADS, hostile


def message(workspace: Workspace) -> Message:
    board = BOARDS.of("test", workspace)
    own = {"epoch": board.epoch, "revision": 0, "memory": "chengzai-test", "selected": 2, "fly": 1}
    return Message(**addresses(board, "zh-CN", "test"), **live.addresses(board, "zh-CN", "test", "王"), **own)


def written(made: folium.Map) -> str:
    """What folium writes, without the random names that it gives to elements."""
    return re.sub(r"[0-9a-f]{32}", "", made.get_root().render())


def test_nothing_comes_from_the_internet() -> None:
    assert "//" not in re.sub(r"<!--.*?-->", "", written(capacity_map())).replace("http-equiv", "")


def test_the_script_is_the_same_each_time() -> None:
    assert written(capacity_map()) == written(capacity_map())


def test_no_text_of_the_workspace_reaches_a_template() -> None:
    workspace = hostile()
    made = capacity_map()
    carrier(message(workspace)).add_to(made)
    page = written(made)
    texts = {
        str(value)
        for table in workspace.tables.values()
        for name in table.columns.drop("geometry", errors="ignore")
        for value in table[name].dropna()
        if isinstance(value, str) and len(value) > 3
    }
    assert any(payload in text for payload in PAYLOADS for text in texts)
    assert not [text for text in texts - {"intent", "metro", "water", "research"} if text in page]
    assert "XSS" not in page and "{{" not in page and "{%" not in page


def test_branca_still_renders_twice_so_that_the_guard_is_needed() -> None:
    """What folium's own parts are given is run on the server; where this fails, branca is another."""
    made = capacity_map()
    folium.Marker([0, 0], tooltip="{{7*7}}").add_to(made)
    assert "49" in written(made) and "{{7*7}}" not in written(made)


@pytest.mark.parametrize("address", [*PAYLOADS, "//elsewhere.cn/x\n", "javascript:alert(1)"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    good = message(hostile())
    for field in ("outlines", "names", "state", "context", "parcel", "bases", "acts", "feed"):
        with pytest.raises(ValueError, match="address"):
            dataclasses.replace(good, **{field: address})
    for field in ("memory", "epoch"):
        with pytest.raises(ValueError, match="key"):
            dataclasses.replace(good, **{field: address})
    with pytest.raises(TypeError):
        dataclasses.replace(good, selected=address)


@pytest.mark.parametrize(
    "part",
    [
        folium.TileLayer("OpenStreetMap"),
        folium.plugins.Draw() if hasattr(folium, "plugins") else folium.TileLayer("OpenStreetMap"),
        branca.colormap.LinearColormap(["red", "green"]),
    ],
    ids=["tiles", "draw", "colour map"],
)
def test_a_part_from_elsewhere_is_refused(part: folium.MacroElement) -> None:
    made = capacity_map()
    made.add_child(part)
    with pytest.raises(RuntimeError, match="internet"):
        assert_offline(made)
