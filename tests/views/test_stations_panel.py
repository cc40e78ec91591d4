"""The stations panel on workspaces of every kind: a demo, streets and services, nothing at all, hostile text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from layers import stores
from layers.ground import catchments
from layers.workspace import Workspace
from tests.hostile import hostile
from tests.layers.ground.reach_world import reach_world
from views.settings import settings

MAIN = str(Path(__file__).parent.parent.parent / "views" / "main.py")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "workspace.gpkg"
    monkeypatch.setenv("CHENGZAI_WORKSPACE", str(path))
    settings.cache_clear()
    st.cache_resource.clear()
    yield path
    settings.cache_clear()


def opened(language: str = "zh-CN") -> AppTest:
    app = AppTest.from_file(MAIN, default_timeout=30)
    app.query_params["language"] = language
    app.session_state["ground-tab"] = "stations"
    app.run()
    app.switch_page("ground/page.py").run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def radius(app: AppTest, ring: str) -> object:
    return next(one for one in app.number_input if str(one.key).startswith(f"radius-{ring}"))


@pytest.mark.parametrize(
    ("language", "words"), [("zh-CN", ("直线距离", "均无资料")), ("en", ("straight-line", "none is made up"))]
)
def test_without_streets_distances_are_straight_and_services_empty(
    place: Path, language: str, words: tuple[str, ...]
) -> None:
    world = reach_world(ways=False)
    stores.create(place, world.with_tables(facilities=world.table("facilities").iloc[:0]))
    told = said(opened(language)).lower()
    assert all(word.lower() in told for word in words)


def test_with_streets_it_is_a_walk_and_what_lacks_is_counted(place: Path) -> None:
    stores.create(place, reach_world())
    told = said(opened())
    assert "步行距离" in told and "走不到任何车站的地块 0 个" in told
    assert "缺 360 人" in told


def test_a_radius_is_one_act_and_can_be_taken_back(place: Path) -> None:
    stores.create(place, reach_world(ways=False))
    app = opened()
    radius(app, "near").set_value(350.0).run()  # type: ignore[attr-defined]
    assert not app.exception
    assert catchments.radius(stores.read(place), "near") == 350
    next(one for one in app.button if one.key == "undo").click().run()
    assert catchments.radius(stores.read(place), "near") == 500


@pytest.mark.parametrize("make", [hostile, lambda: Workspace("空", "EPSG:4548")])
def test_hostile_and_empty_workspaces_are_shown(place: Path, make: object) -> None:
    stores.create(place, make())  # type: ignore[operator]
    told = said(opened())
    assert "<img" not in told and "<script" not in told
    assert "这一步没有完成" not in told and "配套覆盖" in told
