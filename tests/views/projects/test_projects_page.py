"""The page of the projects without a browser: what is chosen, asked for, moved and changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from layers import stores
from layers.stores.contract import Event
from layers.workspace import Workspace
from tests.world import table
from views.settings import settings

MAIN = str(Path(__file__).parent.parent.parent.parent / "views" / "main.py")
PROJECTS = [
    {"project_id": "p", "name": "甲", "state": "admitted", "function_mix": "research",
     "requested_floor_area_m2": 5_000.0, "need_by": 2027},
    {"project_id": "q", "name": "乙", "state": "admitted", "supervision_agreement": "监-1",
     "function_mix": "research",
     "requested_floor_area_m2": 900.0, "need_by": 2027},
    {"project_id": "r", "name": "丙", "state": "lead"},
]  # fmt: skip
GIVEN = [
    {"assignment_id": "A1", "parcel_id": "A", "project_id": "p", "floor_area_m2": 400.0, "source": "new",
     "stage": "intent"},
    {"assignment_id": "A2", "parcel_id": "A", "project_id": "q", "floor_area_m2": 500.0, "source": "existing",
     "stage": "completed"},
]  # fmt: skip


@pytest.fixture
def place(tmp_path: Path, world: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "workspace.gpkg"
    monkeypatch.setenv("CHENGZAI_WORKSPACE", str(path))
    settings.cache_clear()
    st.cache_resource.clear()
    tables = {"projects": table("projects", PROJECTS), "assignments": table("assignments", GIVEN)}
    stores.create(path, world.with_tables(**tables))
    yield path
    settings.cache_clear()


@pytest.fixture
def platform(place: Path, world: Workspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As before, and o is a platform that holds parcel A itself, with 3,000.5 m² under construction there."""
    path = place.with_name("platform.gpkg")
    monkeypatch.setenv("CHENGZAI_WORKSPACE", str(path))
    settings.cache_clear()
    o = {"project_id": "o", "name": "平台", "state": "started", "supervision_agreement": "监-2"}
    held = {"assignment_id": "A3", "parcel_id": "A", "project_id": "o", "floor_area_m2": 3_000.5, "source": "new",
            "stage": "under_construction", "supply_mode": "self_held"}  # fmt: skip
    tables = {"projects": table("projects", [*PROJECTS, o]), "assignments": table("assignments", [*GIVEN, held])}
    parcels = world.table("parcels").assign(held_by=["o", None, None])
    stores.create(path, world.with_tables(parcels=parcels, **tables))
    return path


def held_and_let(path: Path) -> list[tuple[object, ...]]:
    given = stores.read(path).table("assignments")
    mine = given[given["stage"] == "under_construction"]
    return list(mine[["project_id", "floor_area_m2", "supply_mode"]].itertuples(index=False, name=None))


def opened(*chosen: str, about: str = "card", **query: str) -> AppTest:
    app = AppTest.from_file(MAIN, default_timeout=30)
    app.query_params["language"] = "zh-CN"
    app.session_state["projects-chosen"] = chosen
    app.session_state["projects-about"] = about
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    app.switch_page("projects/page.py").run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return " ".join(body for one in app.get("html") if not (body := one.proto.body).lstrip().startswith("<style"))


def named(elements: Any, beginning: str) -> Any:
    return next(one for one in elements if str(one.key).startswith(beginning))


def row(place: Path, key: str) -> dict[str, Any]:
    projects = stores.read(place).table("projects")
    return dict(projects[projects["project_id"] == key].iloc[0])


def last(place: Path) -> Event:
    with stores.open_store(place).reading() as tx:
        return next(iter(tx.events(newest_first=True, limit=1)))


def test_filters_count_and_stand_in_the_address(place: Path) -> None:
    app = opened()
    assert "3 / 3 个项目" in said(app)
    app.selectbox(key="sift-year").set_value(2027).run()
    app.toggle(key="sift-unsigned").set_value(True).run()
    assert "1 / 3 个项目" in said(app)
    assert app.query_params["year"] in ("2027", ["2027"]) and app.query_params["unsigned"] in ("1", ["1"])
    app.button(key="sift-clear").click().run()
    assert "3 / 3 个项目" in said(app) and "year" not in app.query_params


def test_of_several_that_are_chosen_the_viewer_says_whose_card_is_open(place: Path) -> None:
    app = opened("p", "q", "gone")
    assert app.selectbox(key="projects-one").options == ["甲", "乙"]
    assert "监-1" not in said(app)
    app.selectbox(key="projects-one").set_value(1).run()
    assert "监-1" in said(app)


def test_a_move_is_made_with_its_day_and_document(place: Path) -> None:
    app = opened("q")
    named(app.text_input, "document-signed").set_value("京丰〔2026〕1号").run()
    named(app.button, "move-signed").click().run()
    assert row(place, "q")["state"] == "signed"
    moves = stores.read(place).table("moves")
    assert moves[["row_key", "from_state", "to_state", "document"]].to_numpy().tolist() == [
        ["q", "admitted", "signed", "京丰〔2026〕1号"]
    ]
    assert last(place).kind == "advance" and "京丰〔2026〕1号" in said(app)


def test_a_guard_says_in_place_what_is_missing_and_takes_it_there(place: Path) -> None:
    app = opened("p")
    named(app.button, "move-signed").click().run()
    assert row(place, "p")["state"] == "admitted"
    assert said(app).count("cz-refused") == 1 and "监管协议" in said(app)
    named(app.text_input, "agreement-signed").set_value("监-9").run()
    named(app.button, "move-signed").click().run()
    assert (row(place, "p")["state"], row(place, "p")["supervision_agreement"]) == ("signed", "监-9")
    assert "cz-refused" not in said(app)


def test_an_exit_tells_what_it_frees_and_frees_it(place: Path) -> None:
    app = opened("q")
    assert "A：500 m² 腾退，转为空置" in said(app)
    named(app.text_input, "reason-exited").set_value("迁出").run()
    named(app.button, "move-exited").click().run()
    given = stores.read(place).table("assignments").set_index("assignment_id")
    assert row(place, "q")["state"] == "exited" and given.loc["A2", "stage"] == "vacated"
    assert "400 m² 收回，退回本地块" in said(opened("p"))
    assert "退出不释放空间" in said(opened("r"))


def test_a_platform_lets_a_part_of_what_it_holds_and_takes_it_back(platform: Path) -> None:
    app = opened("o")
    assert not [one for one in app.button if str(one.key).startswith("move-let")], "nobody is chosen yet"
    user = named(app.selectbox, "let-to")
    assert "平台" not in " ".join(user.options) and len(user.options) == 3
    user.set_value("p").run()
    area = named(app.number_input, "let-area")
    assert (area.value, area.max) == (3_000.5, 3_000.5), "甲 wants 4,600 m², the platform has 3,000.5 m² left"
    area.set_value(1_000.0).run()
    named(app.number_input, "let-years").set_value(10.0).run()
    named(app.text_input, "document-let").set_value("租-1").run()
    named(app.button, "move-let").click().run()
    assert "cz-refused" not in said(app)
    assert held_and_let(platform) == [("o", 2_000.5, "self_held"), ("p", 1_000.0, "lease")]
    assert stores.read(platform).table("assignments")["term_years"].iloc[-1] == 10.0
    moves = stores.read(platform).table("moves")
    assert moves[["from_state", "to_state", "document"]].to_numpy().tolist() == [["self_held", "lease", "租-1"]]
    assert last(platform).kind == "let"
    app.button(key="undo").click().run()
    assert held_and_let(platform) == [("o", 3_000.5, "self_held")]
    assert stores.read(platform).table("moves").empty


def test_a_letting_that_cannot_be_says_so_in_place(platform: Path) -> None:
    app = opened("o")
    named(app.selectbox, "let-to").set_value("q").run()
    named(app.number_input, "let-area").set_value(0.0).run()
    named(app.button, "move-let").click().run()
    assert said(app).count("cz-refused") == 1 and "平台尚有 3,000.50 m² 可出租" in said(app)
    assert held_and_let(platform) == [("o", 3_000.5, "self_held")]


def test_only_a_platform_that_holds_something_can_let(platform: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [one for one in opened("q").selectbox if str(one.key).startswith("let")]
    assert [one for one in opened("o").selectbox if str(one.key).startswith("let")]
    monkeypatch.setattr("views.session.roles.may", lambda _role, kind: kind != "let")
    assert not [one for one in opened("o").selectbox if str(one.key).startswith("let")]


def test_many_are_changed_as_one_act_and_only_those_that_differ(place: Path) -> None:
    app = opened("p", "q", "r", about="many")
    named(app.number_input, "many-value").set_value(2030).run()
    assert "3 个会变，0 个" in said(app)
    named(app.button, "many-save").click().run()
    assert [row(place, key)["need_by"] for key in "pqr"] == [2030, 2030, 2030]
    assert last(place).kind == "edit_many"
    app.button(key="undo").click().run()
    assert [row(place, key)["need_by"] for key in "pq"] == [2027, 2027]
    named(app.number_input, "many-value").set_value(2027).run()
    assert "1 个会变，2 个" in said(app)


def test_a_column_can_be_emptied_for_many(place: Path) -> None:
    app = opened("p", "q", about="many")
    named(app.toggle, "many-clear").set_value(True).run()
    named(app.button, "many-save").click().run()
    assert [str(row(place, key)["need_by"]) for key in "pq"] == ["<NA>", "<NA>"]


def test_a_viewer_has_nothing_to_press(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("views.session.roles.may", lambda _role, _kind: False)
    app = opened("q")
    keys = [str(one.key) for one in app.button]
    assert not [key for key in keys if key.startswith(("move", "assign", "many", "term"))]
    assert "many" not in app.session_state["projects-subject"]
    app = opened("q", about="files")
    assert not [one for one in app.get("page_link") if "into" in str(one.proto)]


def test_the_past_is_only_looked_at(place: Path) -> None:
    app = opened("q", revision="1")
    assert not [one for one in app.button if str(one.key).startswith("move")]
