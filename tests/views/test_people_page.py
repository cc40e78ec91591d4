"""The pages for people and settings, while one person uses the workspace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from layers import people, stores
from layers.workspace import Workspace
from views.identity import identity
from views.settings import settings

MAIN = str(Path(__file__).parent.parent.parent / "views" / "main.py")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, world: Workspace) -> Iterator[Path]:
    stores.create(tmp_path / "w.gpkg", world)
    monkeypatch.setenv("CHENGZAI_WORKSPACE", str(tmp_path / "w.gpkg"))
    for cached in (settings, identity):
        cached.cache_clear()
    st.cache_resource.clear()
    yield tmp_path / "w.gpkg"
    for cached in (settings, identity):
        cached.cache_clear()


def opened(page: str, language: str = "zh-CN") -> AppTest:
    app = AppTest.from_file(MAIN, default_timeout=30)
    app.query_params["language"] = language
    app.run()
    return app.switch_page(page).run() if page else app


def said(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("page", ["people.py", "preferences.py"])
def test_each_page_runs(place: Path, page: str, language: str) -> None:
    app = opened(page, language)
    assert not app.exception and said(app)


def test_the_first_person_is_added_and_from_then_on_everybody_signs_in(place: Path) -> None:
    app = opened("people.py")
    app.text_input(key="new-name").set_value("wang")
    app.text_input(key="new-shown").set_value("<b>王工</b>")
    next(one for one in app.button if "add-person" in one.key).click()
    app.run()
    (found,) = people.listed(stores.open_store(place))
    assert (found.name, found.role, found.display) == ("wang", "admin", "<b>王工</b>")
    assert "尚未登录" in said(app) and "20,000" not in said(app)
    people.set_password(stores.open_store(place), "wang", app.code[0].value, "four plain words here")
    assert "尚未登录" in said(opened(""))


def test_a_refusal_is_said(place: Path) -> None:
    app = opened("people.py")
    app.text_input(key="new-name").set_value("-x")
    next(one for one in app.button if "add-person" in one.key).click()
    app.run()
    assert "用户名不可用" in said(app) and people.listed(stores.open_store(place)) == ()


def test_settings_say_how_people_are_known(place: Path) -> None:
    app = opened("preferences.py")
    assert "不需要登录" in said(app) and "w.gpkg" in said(app) and str(place.parent) not in said(app)
    app.radio[0].set_value("en").run()
    assert "only this machine" in said(app)
