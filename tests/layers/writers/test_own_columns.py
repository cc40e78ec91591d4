"""A user's own columns go out as what they hold, also after a workspace kept them value by value."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
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
