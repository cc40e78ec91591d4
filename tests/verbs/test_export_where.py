"""The command line hands out the parcels that a line of conditions finds."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest

from layers import stores
from layers.workspace import Workspace
from tests.files import call


@pytest.fixture
def w(world: Workspace, tmp_path: Path) -> Path:
    stores.create(tmp_path / "w.gpkg", world)
    return tmp_path / "w.gpkg"


def test_conditions_choose_the_rows(w: Path, tmp_path: Path) -> None:
    status, answer = call("export", w, tmp_path / "a.gpkg", "--layer", "parcels", "--where", "M4")
    assert (status, answer["written"], answer["verified"]) == (0, 2, True)
    assert sorted(gpd.read_file(tmp_path / "a.gpkg", layer="parcels")["parcel_id"]) == ["A", "B"]


@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        (("--layer", "zones", "--where", "M4"), "call_wrong", 2),
        (("--layer", "parcels", "--where", "可供 > 很多"), "query_refused", 1),
    ],
)
def test_what_cannot_be_asked_is_told(
    w: Path, tmp_path: Path, words: tuple[str, ...], code: str, status: int
) -> None:
    told = call("export", w, tmp_path / "a.gpkg", *words)
    assert (told[0], told[1]["error"]["code"]) == (status, code) and not (tmp_path / "a.gpkg").exists()
