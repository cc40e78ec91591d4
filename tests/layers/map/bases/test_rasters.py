"""Rasters of a workspace as base maps: sealed like the others, placed where they lie, nothing beyond."""

from __future__ import annotations

import io
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pyproj import Transformer
from starlette.applications import Starlette

from layers import services, stores
from layers.changes import Actor
from layers.ground.bringing_rasters import Order
from layers.map.bases import Bases
from layers.map.bases.rasters import bases_of, coded, scaled
from layers.map.board import Board
from layers.map.routes import addresses, routes
from layers.map.signing import Signer
from layers.map.styles import RASTER_COLOURS
from layers.workspace import Workspace
from tests.asking import ask
from tests.rasters import tif
from tests.world import X, Y, three_parcels

SIGNER = Signer(b"a secret of the test")
ZOOM = 15


@pytest.fixture
def world(tmp_path: Path) -> Workspace:
    """Ten rows of 20 m that rise to the east, without a value in the southern half."""
    home = tmp_path / "w.gpkg"
    stores.create(home, three_parcels())
    values = np.tile(np.arange(20.0), (10, 1))
    values[5:] = -1
    order = Order(str(tif(tmp_path / "高程.tif", values, nodata=-1)))
    services.import_raster(str(home), order, actor=Actor("test", "operator"))
    return stores.read(home)


def app_of(world: Workspace) -> Starlette:
    return Starlette(routes=routes(lambda _place, _scenario: world, lambda _request, _place: "wang", Bases(), SIGNER))


def listed(world: Workspace) -> dict[str, Any]:
    address = addresses(Board(world), "zh-CN", "here", "wang", SIGNER)["bases"]
    _status, _headers, body = ask(app_of(world), address)
    made: dict[str, Any] = json.loads(body)["bases"][0]
    return made


def tile_at(east: float, north: float) -> tuple[int, int, int]:
    lon, lat = Transformer.from_crs("EPSG:4548", "EPSG:4326", always_xy=True).transform(X + east, Y + north)
    many = 2**ZOOM
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * many
    return ZOOM, int((lon + 180) / 360 * many), int(y)


def asked(world: Workspace, base: dict[str, Any], place: tuple[int, int, int], more: str = "") -> Any:
    address = base["tiles"][0] + more
    for name, value in zip("zxy", place, strict=True):
        address = address.replace(f"{{{name}}}", str(value))
    return ask(app_of(world), address)


def status(answer: Any) -> int:
    code, _headers, _body = answer
    return int(code)


def test_a_raster_is_among_the_base_maps_with_its_name_and_extent(world: Workspace) -> None:
    base = listed(world)
    assert base["title"] == "栅格 · 高程"
    assert base["zooms"][0] < ZOOM <= base["zooms"][1]
    (south, west), (north, east) = base["bounds"]
    assert west < 116.278 < east and south < 39.822 < north


def test_a_tile_shows_values_where_they_are_and_nothing_where_there_are_none(world: Workspace) -> None:
    code, headers, body = asked(world, listed(world), tile_at(200, 150))
    assert (code, headers["content-type"]) == (200, "image/png")
    shown = np.asarray(Image.open(io.BytesIO(body)).convert("RGBA"))
    there = shown[..., 3] > 0
    assert 0 < there.sum() < there.size
    row = np.flatnonzero(there.sum(axis=1) > 60)[0]
    red = shown[row, there[row], 0].astype(int)
    assert red[0] > red[-1]  # it rises to the east, and high ground is dark


def test_far_away_there_is_no_tile(world: Workspace) -> None:
    assert status(asked(world, listed(world), tile_at(50_000, 50_000))) == 204


def test_an_address_that_was_changed_or_was_never_sealed_is_refused(world: Workspace) -> None:
    base = listed(world)
    assert status(asked(world, base, tile_at(200, 150), "&scenario=other")) in (400, 403)
    plain = base | {"tiles": [base["tiles"][0].split("?")[0]]}
    assert status(asked(world, plain, tile_at(200, 150))) == 403


def test_a_raster_whose_file_is_gone_has_no_tiles(world: Workspace) -> None:
    base = listed(world)
    for path in Path(world.files).iterdir():
        path.unlink()
    assert status(asked(world, base, tile_at(200, 150))) == 204


def test_a_row_without_a_place_is_left_out(world: Workspace) -> None:
    rasters = world.table("rasters")
    assert not bases_of(world.with_tables(rasters=rasters.assign(geometry=None)))


def test_colours_go_from_the_lowest_to_the_highest_and_codes_have_their_own() -> None:
    ends = scaled(np.array([[0.0, 10.0, np.nan]]), 0.0, 10.0)[0]
    assert [f"#{r:02x}{g:02x}{b:02x}" for r, g, b, _ in ends[:2].tolist()] == [RASTER_COLOURS[0], RASTER_COLOURS[-1]]
    assert ends[:, 3].tolist() == [255, 255, 0]
    codes = coded(np.array([[1.0, 2.0, 1.0, np.nan]]))[0]
    assert (codes[0] == codes[2]).all() and (codes[0] != codes[1]).any()
    assert codes[3, 3] == 0
