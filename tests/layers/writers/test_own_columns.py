"""A user's own columns go out as what they hold, also after a workspace kept them value by value."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest

from layers import stores
from layers.workspace import Workspace
from layers.writers.formats import FORMATS
from layers.writers.hand_out import Order, hand_out

OWN = {"年份": [0, 2003, None], "旧号": ["a", 7, None], "已批": [True, None, False], "高": [1.5, 2, None]}


@pytest.fixture
def kept(world: Workspace, tmp_path: Path) -> Workspace:
    """As it is read from its file: whole numbers, text, and both in one column."""
    frame = world.table("parcels").assign(**OWN)
    frame["旧号"] = frame["旧号"].astype(object)
    stores.create(tmp_path / "w.gpkg", world.with_tables(parcels=frame))
    return stores.read(tmp_path / "w.gpkg")


@pytest.mark.parametrize("key", FORMATS)
def test_every_format_takes_them(kept: Workspace, tmp_path: Path, key: str) -> None:
    (tmp_path / "out").mkdir()
    assert hand_out(kept, Order(f"{tmp_path / 'out' / key}.zip", "parcels", key)).written == 3


def test_they_are_what_they_were(kept: Workspace, tmp_path: Path) -> None:
    hand_out(kept, Order(str(tmp_path / "a.gpkg"), "parcels"))
    read = gpd.read_file(tmp_path / "a.gpkg", layer="parcels").set_index("parcel_id")
    assert read["年份"].tolist()[:2] == [0, 2003] and read["高"].tolist()[:2] == [1.5, 2.0]
    assert read["旧号"].tolist()[:2] == ["a", "7"] and bool(read["已批"].iloc[0]) is True


def test_a_workbook_says_days_of_old_in_text(world: Workspace, tmp_path: Path) -> None:
    """A slip of the pen in a real file: the year 407."""
    frame = world.table("parcels").assign(改于=["0407-04-01", "2007-06-06", None], 到期=["1900-03-01", None, None])
    handed = hand_out(world.with_tables(parcels=frame), Order(str(tmp_path / "a.xlsx"), "parcels"))
    assert [(one.column, one.rows) for one in handed.losses if one.code == "date_as_text"] == [("改于", 2)]
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    (head,) = [row for row in sheet.iter_rows(values_only=True) if row and "改于" in row]
    cells = list(sheet.iter_rows(values_only=True))
    first = cells[cells.index(head) + 1]
    assert first[head.index("改于")] == "0407-04-01" and first[head.index("到期")].date().isoformat() == "1900-03-01"
