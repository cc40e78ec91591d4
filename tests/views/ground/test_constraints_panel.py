"""The panel of constraints: every kind is there, empty or not; one parcel by cause; an area changes by commands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from layers import stores
from layers.vocabulary import CONSTRAINT_KINDS
from layers.workspace import Workspace
from tests.world import box, table
from views.ground.lying import limits_view
from views.settings import settings
from views.text import texts

MAIN = str(Path(__file__).parent.parent.parent.parent / "views" / "main.py")
BELT = {
    "constraint_id": "g",
    "name": "<b>绿隔</b>",
    "kind": "green_belt",
    "effect": "exclude",
    "source": "批复 <i>1</i>",
    "geometry": box(0, 0, 60, 100),
}
FLOOD = {"constraint_id": "f", "kind": "flood_control", "effect": "exclude", "geometry": box(40, 0, 90, 100)}
OWN = {"constraint_id": "o", "kind": "<u>自定", "effect": "inform", "geometry": box(0, 0, 10, 100)}


@pytest.fixture
def held(world: Workspace) -> Workspace:
    parcels = world.table("parcels").assign(far_basis=["gross", "net", None])
    return world.with_tables(parcels=parcels, constraints=table("constraints", [BELT, FLOOD, OWN]))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "workspace.gpkg"
    monkeypatch.setenv("CHENGZAI_WORKSPACE", str(path))
    settings.cache_clear()
    st.cache_resource.clear()
    yield path
    settings.cache_clear()


def opened(parcel: str | None = None) -> AppTest:
    app = AppTest.from_file(MAIN, default_timeout=30)
    app.query_params["language"] = "zh-CN"
    app.session_state["ground-tab"] = "constraints"
    if parcel:
        app.session_state["parcel"] = parcel
    app.run()
    app.switch_page("ground/page.py").run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return " ".join(body for one in app.get("html") if not (body := one.proto.body).lstrip().startswith("<style"))


def test_a_workspace_without_constraints_shows_every_slot_as_empty(place: Path, world: Workspace) -> None:
    stores.create(place, world)
    page = said(opened())
    assert "空缺图层 12 类" in page and "官方图层未公开，请从批复成果导入" in page
    assert all(zh in page for kind, (zh, _) in CONSTRAINT_KINDS.items() if kind != "other")


def test_what_is_held_is_told_with_its_source_and_never_as_markup(place: Path, held: Workspace) -> None:
    stores.create(place, held)
    page = said(opened("A"))
    assert "空缺图层 10 类" in page
    assert "5,000" in page and "4,000" in page and "9,000" in page, "lost by cause, and in all"
    assert "批复 &lt;i&gt;1" in page and "&lt;u&gt;自定" in page
    assert "<u>" not in page and "<i>1" not in page


def test_one_parcel_by_cause_adds_up(held: Workspace) -> None:
    page = limits_view(held, 0, texts("en"))
    assert page.count("data-kind=") == 3
    for figure in ("4,000.00", "3,000.00", "2,000.00", "9,000.00"):
        assert f"{figure} m²" in page
    assert "Net area 1,000 m² = site 10,000 m² − excluded 9,000 m²" in page
    assert "60.0% lies in “Green belt”" in page
    assert limits_view(held, 2, texts("en")) == ""


def test_a_parcel_on_net_land_is_told_that_nothing_is_taken_off(held: Workspace) -> None:
    parcels = held.table("parcels").assign(far_basis="net")
    page = limits_view(held.with_tables(parcels=parcels), 0, texts("zh-CN"))
    assert "容积率按净用地计" in page and "净用地 " not in page


def test_an_area_changes_its_effect_and_is_taken_back(place: Path, held: Workspace) -> None:
    stores.create(place, held)
    app = opened()
    choice = next(one for one in app.selectbox if str(one.key).startswith("limit-"))
    choice.set_value("g").run()
    next(one for one in app.selectbox if str(one.key).startswith("limit-effect-")).set_value("inform")
    next(one for one in app.selectbox if str(one.key).startswith("limit-side-")).set_value("outside")
    next(one for one in app.button if one.label == "保存").click().run()
    assert not app.exception
    row = stores.read(place).table("constraints").set_index("constraint_id").loc["g"]
    assert (row["effect"], row["side"], row["name"]) == ("inform", "outside", "<b>绿隔</b>")
    assert "空缺图层 10 类" in said(app) and "提示、范围外" in said(app)
    app.button(key="undo").click().run()
    assert stores.read(place).table("constraints").set_index("constraint_id").loc["g", "effect"] == "exclude"


def test_an_area_can_be_removed(place: Path, held: Workspace) -> None:
    stores.create(place, held)
    app = opened()
    next(one for one in app.selectbox if str(one.key).startswith("limit-")).set_value("f").run()
    next(one for one in app.button if one.label == "删除此约束").click().run()
    assert stores.read(place).table("constraints")["constraint_id"].tolist() == ["g", "o"]
