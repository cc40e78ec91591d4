"""The obligations page without a browser: figures that add up, words in both languages, what a click does."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from layers import obliging, stores
from tests.layers.obliging.promised import ON, world
from tests.views.test_pages import MAIN
from tests.world import demo
from views.obligations import tables
from views.obligations.standing import Standing
from views.settings import settings
from views.text import texts

DAY = datetime.date.fromisoformat(ON)


def found(within: int = 90) -> Standing:
    full = world()
    table = obliging.obligations(full, DAY, within)
    return Standing(DAY, within, table, table, obliging.alerts(full, DAY), obliging.renewals(full, DAY, 365))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_table_says_what_the_obligations_say(language: str) -> None:
    say = texts(language)
    table = tables.obligations_table(found().table, world(), say)
    assert table[say("days_left")].tolist()[:3] == [-145, -1, 39]
    first = table.iloc[0]
    assert first[say("promised_achieved")] == f"2 / 1.5 {say('unit_investment')}"
    assert first[say("in_all")] == f"0.8 {say('unit_total_investment')}"
    assert first[say("light")] == f"● {say('reason_below')}"
    assert table[say("zone")].tolist() == ["东区"] * 9, "the zone that holds most of the parcel"


def test_the_lights_stand_by_zone_and_add_up() -> None:
    shown = tables.overview(world(), found(), texts("en"))
    assert shown.count("<tr") == 3, "a head, East and the total"
    assert shown.count('<span class="cz-light-red">2</span>') == 2
    assert shown.count("<span>9</span>") == 2


def test_units_of_the_demo_are_told_in_both_languages() -> None:
    table = obliging.obligations(demo(), DAY, 90)
    mine = table[(table["kind"] == "investment").to_numpy(dtype=bool)]
    assert mine["promised_total"].tolist() == [16.0, 7.6, 15.0], "2 亿元 on each 10,000 m²"
    assert set(mine["basis"]) == {"published"}
    for language, words in (("zh-CN", "2 / 未知 亿元/万m²"), ("en", "2 / unknown 100M yuan/10,000 m²")):
        say = texts(language)
        assert set(tables.obligations_table(mine, demo(), say)[say("promised_achieved")]) == {words}


def test_text_of_users_never_becomes_markup() -> None:
    full = world()
    zones = full.table("zones").assign(name="<img src=x onerror=alert(1)>", name_en=None)
    shown = tables.overview(full.with_tables(zones=zones), found(), texts("en"))
    assert "<img" not in shown and "&lt;img" in shown


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "workspace.gpkg"
    monkeypatch.setenv("CHENGZAI_WORKSPACE", str(path))
    settings.cache_clear()
    st.cache_resource.clear()
    stores.create(path, world())
    yield path
    settings.cache_clear()


def test_another_day_and_horizon_move_the_counts_and_no_data(place: Path) -> None:
    app = AppTest.from_file(MAIN, default_timeout=30)
    app.run()
    app.switch_page("obligations/page.py").run()
    assert not app.exception
    lights = " ".join(one.proto.body for one in app.get("html"))
    assert '<span class="cz-light-amber">1</span>' in lights
    day = next(one for one in app.date_input if str(one.key).startswith("obligations-on"))
    assert day.value == DAY
    day.set_value(datetime.date(2027, 1, 1)).run()
    assert not app.exception
    lights = " ".join(one.proto.body for one in app.get("html"))
    assert '<span class="cz-light-red">3</span>' in lights and "cz-light-amber" not in lights.split("</style>")[-1]
    with stores.open_store(place).reading() as tx:
        assert tx.revision() == 1
