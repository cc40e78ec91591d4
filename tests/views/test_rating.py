"""The panel of suitability without a browser: weights, pairs, keeping a model, and what can be taken away."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import rasterio
import streamlit as st
from streamlit.testing.v1 import AppTest

from layers import stores
from layers.workspace import Workspace
from spatial.robustness import robustness
from tests.world import table
from views.ground.ranking import ranked
from views.ground.rating import shown
from views.ground.taking import raster, workbook
from views.settings import settings
from views.text import Text

MAIN = str(Path(__file__).parent.parent.parent / "views" / "main.py")
ROW = {"model": "示意", "measure": "parcel_value", "missing": "pass_on"}
FAR = ROW | {"criterion_id": "far", "name": "=容积率", "subject": "far_max", "worst": 0.0, "best": 4.0, "weight": 3.0}
BUILT = ROW | {
    "criterion_id": "built",
    "name": "已建",
    "subject": "built_floor_area_m2",
    "worst": 12_000.0,
    "best": 0.0,
}
BUILT["weight"] = 1.0


@pytest.fixture
def rated(world: Workspace) -> Workspace:
    return world.with_tables(criteria=table("criteria", [FAR, BUILT]))


@pytest.fixture
def place(tmp_path: Path, rated: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "workspace.gpkg"
    stores.create(path, rated)
    monkeypatch.setenv("CHENGZAI_WORKSPACE", str(path))
    settings.cache_clear()
    st.cache_resource.clear()
    yield path
    settings.cache_clear()


def opened() -> AppTest:
    app = AppTest.from_file(MAIN, default_timeout=30)
    app.query_params["language"] = "en"
    app.run()
    return app.switch_page("ground/page.py").run()


def said(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def test_a_slider_moves_the_score_of_the_parcel_and_saving_is_one_act_that_can_be_undone(place: Path) -> None:
    app = opened()
    app.selectbox(key="find").set_value(0).run()
    assert ">52.1<" in said(app) and "2 m²" not in said(app)
    slider = next(one for one in app.slider if "built" in str(one.key))
    slider.set_value(3.0).run()
    assert not app.exception and ">54.2<" in said(app), "50 and 58.33, both weighing half"
    assert stores.read(place).table("criteria")["weight"].tolist() == [3.0, 1.0], "nobody else sees it yet"
    app.button(key="rate-save").click().run()
    assert stores.read(place).table("criteria")["weight"].tolist() == [3.0, 3.0]
    app.button(key="undo").click().run()
    assert stores.read(place).table("criteria")["weight"].tolist() == [3.0, 1.0] and ">52.1<" in said(app)


def test_pairs_give_weights_and_say_how_well_they_agree(place: Path) -> None:
    app = opened()
    app.selectbox(key="find").set_value(0).run()
    way = next(one for one in app.get("button_group") if str(one.key).startswith("rate-way"))
    way.set_value("pairs").run()
    pair = next(one for one in app.selectbox if str(one.key).startswith("pair-"))
    pair.set_value(1.0).run()
    assert not app.exception and ">54.2<" in said(app) and "Consistency ratio 0.000" in said(app)


def test_what_is_taken_away_opens_again_and_text_stays_text(rated: Workspace) -> None:
    st.session_state.clear()
    found = shown(rated)
    assert found is not None and found.made is not None and found.rating is not None
    frame = ranked(rated, found, robustness(found.made.scores, found.weights, 1, 50), Text("zh-CN"))
    assert frame["地块编号"].tolist()[0] == "C" and frame["名次"].tolist() == [1, 2, 3]
    book = openpyxl.load_workbook(io.BytesIO(workbook(found, frame, Text("zh-CN"))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"] and any(cell.value == 0.75 for cell in cells)
    with zipfile.ZipFile(io.BytesIO(raster(rated, found))) as archive:
        assert sorted(archive.namelist()) == ["suitability.qml", "suitability.tif"]
        with rasterio.MemoryFile(archive.read("suitability.tif")) as file, file.open() as tif:
            assert tif.read(1).max() == pytest.approx(found.rating.total.max())
