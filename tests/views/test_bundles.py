"""What a viewer takes away: an archive of ASCII names, and what the format lost in words before it is taken."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from layers import scratch
from layers.workspace import Workspace
from layers.writers.errors import NeedsGeometry
from layers.writers.hand_out import Order
from tests.hostile import hostile
from views.bundles import bundled, formats_for, report, shown_name
from views.exchange.handing_out import Wish, order_of
from views.text import Text

ZH, EN = Text("zh-CN"), Text("en")


def test_an_archive(world: Workspace) -> None:
    made = bundled(replace(world, revision=12), Order("", "parcels", "shp"))
    assert (made.name, made.layer, made.revision) == ("parcels-r12-shp.zip", "parcels", 12)
    with zipfile.ZipFile(BytesIO(made.content())) as whole:
        assert {"parcels-r12-shp.shp", "parcels-r12-shp.shp.losses.csv"} <= set(whole.namelist())


def test_a_workbook_comes_as_itself(world: Workspace) -> None:
    made = bundled(world, Order("", "zones", "xlsx"))
    assert made.name == "zones-r0.xlsx"
    assert openpyxl.load_workbook(BytesIO(made.content())).worksheets[0]["A1"].value == "三地块 · 分区"


@pytest.mark.parametrize("name", ["../../方案", "a/b", "CON", "方案甲", "x" * 300])
def test_the_name_of_a_branch_makes_no_path(world: Workspace, name: str) -> None:
    made = bundled(replace(world, scenario=name), Order("", "parcels", "csv"))
    assert made.name.isascii() and "/" not in made.name and ".." not in made.name
    assert made.path.parent.parent == scratch.home()


def test_an_order_does_not_say_where_it_goes(world: Workspace) -> None:
    made = bundled(world, Order("/etc/passwd", "parcels", "csv"))
    assert made.name == "parcels-r0-csv.zip"


def test_nothing_stays_of_what_is_refused(world: Workspace) -> None:
    with pytest.raises(NeedsGeometry):
        bundled(world, Order("", "projects", "shp"))


def test_the_report_groups_losses_and_escapes(world: Workspace) -> None:
    frame = world.table("parcels").assign(**{"<b>own": ["长" * 200, "a", "b"]})
    made = bundled(world.with_tables(parcels=frame), Order("", "parcels", "shp"))
    said = report(made, ZH)
    assert "已重新打开核对" in said and "3 行" in said
    assert "&lt;b&gt;own" in said and "<b>own" not in said
    assert said.index("下载前请注意") < said.index("说明")
    assert "Before you download" in report(made, EN)
    clean = report(bundled(world, Order("", "zones", "gpkg")), ZH)
    assert "没有任何内容丢失" in clean


def test_hostile_text_is_shown_as_text() -> None:
    made = bundled(hostile(), Order("", "parcels", "kml"))
    assert "<img" not in report(made, ZH).replace("&lt;img", "")


def test_formats_of_a_layer() -> None:
    assert "shp" not in formats_for("projects") and "xlsx" in formats_for("projects")
    assert "txt" not in formats_for("stations") and "shp" in formats_for("stations")
    assert set(formats_for("remaining")) == set(formats_for("parcels"))


def test_columns_are_called_as_people_call_them() -> None:
    assert shown_name("parcels", "official_area_m2", ZH) == "用地面积"
    assert shown_name("remaining", "official_area_m2", EN) == "Official area"
    assert (shown_name("parcels", "geometry", EN), shown_name("parcels", "业主", EN)) == ("Geometry", "业主")


def test_a_line_of_conditions_becomes_keys(world: Workspace) -> None:
    wish = Wish("parcels", "gpkg", None, None, "main", None, "M4")
    assert order_of(wish, world).only == ("A", "B")
    assert order_of(replace(wish, query=""), world).only is None
    assert order_of(replace(wish, layer="zones"), world).only is None


def test_what_was_selected_is_what_is_ordered(world: Workspace) -> None:
    wish = Wish("parcels", "gpkg", None, None, "main", None, only=("B", "gone"))
    made = bundled(world, order_of(wish, world))
    assert (made.handed.written, made.name) == (1, "parcels-part-r0-gpkg.zip")
