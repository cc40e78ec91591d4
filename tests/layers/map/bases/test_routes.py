"""The addresses of base maps: for those who may see the map only, and no key on the way to a browser."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette

from layers.map.bases import Bases
from layers.map.board import Board
from layers.map.routes import addresses, routes
from layers.map.signing import Signer
from layers.workspace import Workspace
from tests.asking import ask
from tests.layers.map.bases.fake import KEY, Service, service
from tests.layers.map.bases.making import at, colours, mbtiles, painted, pmtiles

SIGNER = Signer(b"a secret of the test")


@pytest.fixture
def there() -> Iterator[Service]:
    with service() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    z, x, y = at(12)
    held = {(z, x + i, y + j): painted((200, 100 + 10 * i, 100 + 10 * j)) for i in (-1, 0, 1) for j in (-1, 0, 1)}
    mbtiles(tmp_path / "true.mbtiles", held)
    mbtiles(tmp_path / "moved.mbtiles", held)
    entry = {"file": "moved.mbtiles", "datum": "gcj02", "title": "<img src=x>{{7*7}}", "credit": "某公司"}
    (tmp_path / "bases.json").write_text(json.dumps({"bases": [entry]}), encoding="utf-8")
    return tmp_path


def app_of(world: Workspace, bases: Bases) -> Starlette:
    return Starlette(routes=routes(lambda _place, _scenario: world, lambda _request, _place: "wang", bases, SIGNER))


def listed(app: Starlette, world: Workspace, language: str = "zh-CN", holder: str = "wang") -> dict[str, Any]:
    status, headers, body = ask(app, addresses(Board(world), language, "here", holder, SIGNER)["bases"])
    assert status == 200 and headers["cache-control"] == "no-store"
    made: dict[str, Any] = json.loads(body)
    return made


def tile(app: Starlette, base: dict[str, Any], place: tuple[int, int, int], part: int = 0) -> Any:
    address = base["tiles"][part]
    for name, value in zip("zxy", place, strict=True):
        address = address.replace(f"{{{name}}}", str(value))
    return ask(app, address)


def test_the_list_says_what_the_chooser_needs(world: Workspace, folder: Path) -> None:
    made = listed(app_of(world, Bases(folder)), world)
    moved, true = made["bases"]
    assert (true["edits"], true["note"], true["zooms"]) == ("allowed", "", [12, 12])
    assert moved["edits"] == "blocked" and moved["note"] == "底图为 GCJ-02，仅供显示，编辑已停用"
    assert moved["title"] == "<img src=x>{{7*7}}" and moved["credit"] == "某公司"
    assert made["grid"]["lon0"] == 117.0 and "EPSG:4548" in made["words"]["kilometres"]
    assert "editing is off" in listed(app_of(world, Bases(folder)), world, "en")["bases"][0]["note"]


def test_tiles_come_with_seals_and_may_be_kept(world: Workspace, folder: Path) -> None:
    app = app_of(world, Bases(folder))
    true = listed(app, world)["bases"][1]
    status, headers, body = tile(app, true, at(12))
    assert (status, headers["content-type"]) == (200, "image/png") and body == painted((200, 100, 100))
    assert "max-age=86400" in headers["cache-control"] and headers["x-content-type-options"] == "nosniff"
    for place in (at(12, lon=110.0), at(11), at(13), (12, 5000, 1), (99, 1, 1)):
        assert tile(app, true, place).status == 204
    assert ask(app, true["tiles"][0].replace("/{z}/{x}/{y}", "/12/1/1").split("?")[0]).status == 403
    assert tile(app, {"tiles": [true["tiles"][0].replace("/true/", "/moved/")]}, at(12)).status == 403
    assert tile(app, {"tiles": [true["tiles"][0].replace("/0/", "/7/")]}, at(12)).status == 204
    assert ask(app, true["tiles"][0].replace("{z}/{x}/{y}", "12/-1/../x")).status == 404


def test_addresses_of_another_person_are_refused(world: Workspace, folder: Path) -> None:
    app = app_of(world, Bases(folder))
    assert ask(app, addresses(Board(world), "en", "here", "li", SIGNER)["bases"]).status == 403


def test_a_shifted_base_is_drawn_where_it_belongs(world: Workspace, folder: Path) -> None:
    """A parcel 548 m away on the tile is right on the map: the seam of two tiles moves by as much."""
    app = app_of(world, Bases(folder))
    moved = listed(app, world)["bases"][0]
    status, _, body = tile(app, moved, at(12))
    seam = np.flatnonzero(colours(body)[128, :, 1] > 105)
    metres = (256 - seam[0]) * 40075016.686 * np.cos(np.radians(39.83)) / 2**12 / 256
    assert status == 200 and metres == pytest.approx(548 * np.sin(np.radians(74.5)), abs=30)


def test_vector_tiles_of_a_file(world: Workspace, tmp_path: Path) -> None:
    pmtiles(tmp_path / "water.pmtiles")
    app = app_of(world, Bases(tmp_path))
    (base,) = listed(app, world)["bases"]
    status, headers, body = tile(app, base, at(12))
    assert (status, base["kind"], headers["content-type"]) == (200, "vector", "application/x-protobuf")
    assert b"water" in (gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body)


@pytest.mark.parametrize("matrix", ["w", "c"])
def test_tianditu_through_the_server(world: Workspace, tmp_path: Path, there: Service, matrix: str) -> None:
    entry = {"key": "t", "tianditu": ["vec", "cva"], "matrix": matrix, "host": there.address}
    (tmp_path / "bases.json").write_text(json.dumps({"bases": [entry]}))
    app = app_of(world, Bases(tmp_path, {"TIANDITU": KEY}))
    made = listed(app, world)
    (base,) = made["bases"]
    assert KEY not in json.dumps(made) and "k%26" not in json.dumps(made) and len(base["tiles"]) == 2
    status, headers, body = tile(app, base, at(12), part=1)
    assert status == 200 and KEY not in str(headers)
    grid = "mercator" if matrix == "w" else "geographic"
    z, x, y = at(12, grid=grid)
    shown = {tuple(colour) for colour in colours(body)[:, :, :3].reshape(-1, 3).tolist()}
    assert (z, x % 256, y % 256) in shown
    asked = len(there.asked)
    assert tile(app, base, at(12), part=1).body == body and len(there.asked) == asked, "it is remembered"


def test_a_service_that_is_away_is_no_error(world: Workspace, tmp_path: Path) -> None:
    entry = {"key": "x", "xyz": "http://127.0.0.1:1/{z}/{x}/{y}"}
    (tmp_path / "bases.json").write_text(json.dumps({"bases": [entry]}))
    app = app_of(world, Bases(tmp_path))
    (base,) = listed(app, world)["bases"]
    status, headers, body = tile(app, base, at(12))
    assert (status, body) == (204, b"") and "max-age=60" in headers["cache-control"]


def test_problems_are_told_in_both_languages(world: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(b"x")
    app = app_of(world, Bases(tmp_path))
    assert "无法读取" in listed(app, world)["problems"][0]
    assert "cannot be read" in listed(app, world, "en")["problems"][0]
