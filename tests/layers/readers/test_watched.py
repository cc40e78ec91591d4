"""A reading says how far it is by rows of rows, and ends wherever somebody says so: nothing is left then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from layers import scratch
from layers.readers import watching
from layers.readers.bring_in import Wish, bring_in
from layers.readers.watching import STAGES, Cancelled, Stage, Watch
from layers.workspace import Workspace
from tests.files import geojson, parcels, shapefile

ROWS = 7


class Listener:
    """Hears every step; at one of them it wants no more. How often one is told again is a matter of time."""

    def __init__(self, last: tuple[Stage, int, int] | None = None) -> None:
        self.heard: list[tuple[Stage, int, int]] = []
        self._last = last

    def step(self, stage: Stage, done: int = 0, total: int = 0) -> None:
        if (stage, done, total) == self._last:
            raise Cancelled(where=stage)
        self.heard.append((stage, done, total))


def gpkg(path: Path, frame: gpd.GeoDataFrame) -> Path:
    pyogrio.write_dataframe(frame, path)
    return path


def csv(path: Path, frame: gpd.GeoDataFrame) -> Path:
    pd.DataFrame(frame.drop(columns="geometry")).assign(wkt=frame.geometry.to_wkt()).to_csv(path, index=False)
    return path


MAKERS: dict[str, Callable[[Path, gpd.GeoDataFrame], Path]] = {
    "gpkg": gpkg, "shp": shapefile, "geojson": geojson, "csv": csv,
}  # fmt: skip


@pytest.fixture(params=MAKERS)
def wish(request: pytest.FixtureRequest, tmp_path: Path) -> Wish:
    kind = str(request.param)
    frame = parcels(ROWS, DKBH=[f"p{n}" for n in range(ROWS)])
    return Wish(str(MAKERS[kind](tmp_path / f"a.{kind}", frame)), "parcels", crs="EPSG:4548")


def bring(wish: Wish, watch: Watch) -> int:
    return bring_in(Workspace("w", "EPSG:4548"), wish, watch).accepted


def test_every_stage_is_told_in_order_and_with_the_rows_where_they_are_known(wish: Wish) -> None:
    listener = Listener()
    assert bring(wish, listener) == ROWS
    stages = list(dict.fromkeys(stage for stage, _, _ in listener.heard))
    assert stages == sorted(stages, key=get_args(Stage).index) and {"open", "read", "place", "check"} <= {*stages}
    assert ("place", 0, ROWS) in listener.heard and ("check", 0, ROWS) in listener.heard
    if not wish.file.endswith(".csv"):
        assert ("read", ROWS, ROWS) in listener.heard, "features read of features announced"
    assert all(0 <= done <= total for _, done, total in listener.heard if total)


def test_it_ends_at_any_step_and_leaves_nothing(wish: Wish) -> None:
    listener = Listener()
    bring(wish, listener)
    for last in dict.fromkeys(listener.heard):
        with pytest.raises(Cancelled):
            bring(wish, Listener(last))
        assert [path.name for path in scratch.home().iterdir() if path.is_dir()] == []


def test_many_rows_are_told_portion_by_portion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_PORTION", 3)
    listener = Listener()
    file = shapefile(tmp_path / "a.shp", parcels(ROWS))
    bring(Wish(str(file), "parcels"), listener)
    for stage in ("take", "place", "check"):
        assert [done for told, done, total in listener.heard if told == stage and total == ROWS] == [0, 3, 6]


def test_each_stage_has_words_in_both_languages() -> None:
    assert set(STAGES) == set(get_args(Stage)) and all(len(pair) == 2 and all(pair) for pair in STAGES.values())
