"""Every page runs without a browser, in both languages, and says calmly what it cannot do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from layers import applying, services, stores
from layers.changes import Actor, Asked
from layers.commands import Edit
from layers.workspace import Workspace
from tests.hostile import hostile
from tests.world import put, three_parcels
from views.settings import Settings, settings

MAIN = str(Path(__file__).parent.parent.parent / "views" / "main.py")
PAGES = (
    "overview.py", "projects/page.py", "balance.py", "remaining.py", "scenarios.py", "log.py", "workspaces.py",
    "people.py", "preferences.py", "exchange/page.py", "ground/page.py", "assumptions/page.py",
    "obligations/page.py", "allocation/page.py",
)  # fmt: skip

OWN_PICTURE = re.compile(
    r'<img class="cz-fan" src="data:image/svg\+xml;base64,[A-Za-z0-9+/=]+" alt="[^"<>]*" title="[^"<>]*"></img>'
)
"""The one picture that pages draw themselves; it holds figures and nothing of a user."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "workspace.gpkg"
    monkeypatch.setenv("CHENGZAI_WORKSPACE", str(path))
    settings.cache_clear()
    st.cache_resource.clear()
    yield path
    settings.cache_clear()


def opened(page: str = "overview.py", language: str = "zh-CN") -> AppTest:
    app = AppTest.from_file(MAIN, default_timeout=30)
    app.query_params["language"] = language
    app.run()
    if page != "overview.py":
        app.switch_page(page).run()
    return app


def chosen(app: AppTest, key: str) -> Selectbox:
    """The first list whose key begins so."""
    return next(one for one in app.selectbox if str(one.key).startswith(key))


def said(app: AppTest) -> str:
    """The HTML of the page."""
    return " ".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_runs(place: Path, world: Workspace, page: str, language: str) -> None:
    stores.create(place, world)
    app = opened(page, language)
    assert not app.exception
    assert said(app)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_runs_on_a_workspace_that_holds_nothing(place: Path, page: str) -> None:
    services.make_new(str(place), "EPSG:4548", "新城")
    app = opened(page)
    assert not app.exception
    assert "cz-refused" not in said(app).split("</style>")[-1]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_runs_on_hostile_text(place: Path, page: str) -> None:
    stores.create(place, hostile())
    app = opened(page)
    assert not app.exception
    pages = OWN_PICTURE.sub("", said(app))
    assert "<img" not in pages and "<script" not in pages


def test_a_workspace_that_is_missing_is_said_with_its_cure(place: Path) -> None:
    app = opened()
    assert not app.exception
    assert "没有工作空间 workspace.gpkg" in said(app) and "demo" in said(app)


def test_a_file_that_is_no_workspace_is_said(place: Path) -> None:
    place.write_bytes(b"not a database at all, but long enough to look like one")
    assert "不是承载的工作空间" in said(opened())


def test_a_parcel_can_be_found_assigned_and_taken_back_without_the_map(place: Path, world: Workspace) -> None:
    stores.create(place, world)
    app = opened()
    app.selectbox(key="find").set_value(0).run()
    assert "容积率 2 × 10,000 m² = 20,000 m²" in said(app)
    chosen(app, "project-").set_value("p1").run()
    button = next(one for one in app.button if one.key.startswith("assign-"))
    button.click().run()
    given = stores.read(place).table("assignments")
    assert given[["parcel_id", "project_id", "floor_area_m2"]].to_numpy().tolist() == [["A", "p1", 8000.0]]
    assert "已保存" in said(app)
    next(one for one in app.button if one.key.startswith("back-")).click().run()
    assert len(stores.read(place).table("assignments")) == 0


def test_an_unknown_parcel_takes_nothing_and_says_why(place: Path, world: Workspace) -> None:
    stores.create(place, world)
    app = opened()
    app.selectbox(key="find").set_value(2).run()
    assert "承载未知" in said(app)
    chosen(app, "project-").set_value("p2").run()
    next(one for one in app.button if one.key.startswith("assign-")).click().run()
    assert "先补充容积率" in said(app)
    assert stores.revision(place) == 1


def test_another_session_is_seen_at_the_next_run(place: Path, world: Workspace) -> None:
    stores.create(place, world)
    app = opened()
    assert "第 1 版" in said(app)
    put(place, "parcels", world.table("parcels").assign(note="他人"))
    app.run()
    assert "第 2 版" in said(app)


def test_the_language_changes_and_is_kept_in_the_address(place: Path, world: Workspace) -> None:
    stores.create(place, world)
    app = opened()
    app.button(key="switch-language").click().run()
    assert "Permitted floor area" in said(app)
    assert app.query_params["language"] in ("en", ["en"])


def test_settings_come_from_the_environment_alone() -> None:
    found = Settings.read({"CHENGZAI_WORKSPACE": "/x/y.gpkg", "CHENGZAI_LANG": "en", "CHENGZAI_ACTOR": "li"})
    assert (found.workspace, found.language, found.actor) == (Path("/x/y.gpkg"), "en", "li")
    assert Settings.read({}).workspace.parts[-2:] == ("workspaces", "demo.gpkg")


def test_base_maps_and_their_keys_are_settings_too() -> None:
    found = Settings.read({"CHENGZAI_BASES": "/x/maps", "CHENGZAI_KEY_TIANDITU": "s3cret", "CHENGZAI_KEY_GOV": "k"})
    assert str(found.bases) == "/x/maps" and found.keys == {"TIANDITU": "s3cret", "GOV": "k"}
    assert "s3cret" not in repr(found)
    assert Settings.read({}).bases.name == "bases" and Settings.read({}).keys == {}


def headline(app: AppTest) -> list[str]:
    """Figures above the balance: demand, supply, housed, short, and for how long it lasts."""
    (line,) = (one.proto.body for one in app.get("html") if "cz-headline cz-balance" in one.proto.body)
    return re.findall(r"<b>([^<]*)</b>", line)


def test_an_edit_of_one_session_reaches_the_open_balance_of_another(place: Path) -> None:
    """Available and vacant space for enterprises is 1.7 of 10,000 m²; parcel A with FAR 3 gives 1 more."""
    stores.create(place, three_parcels())
    mine, theirs = (opened("balance.py") for _ in range(2))
    before = headline(theirs)
    assert headline(mine) == before and before[1] == "1.70"
    asked = Asked(Actor("李工"), "more")
    assert applying.apply(stores.open_store(place), asked, Edit.of("parcels", "A", far_max=3.0)).status == "ok"
    for app in (mine, theirs):
        assert headline(app) == before, "what is before somebody's eyes stays until they touch it"
        (margin,) = (one for one in app.get("button_group") if one.key == "balance-margin")
        margin.set_value("none").run()
        assert not app.exception
        assert headline(app)[:2] == [before[0], "2.70"]
