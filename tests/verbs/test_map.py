"""The verb that saves a map as one page."""

from __future__ import annotations

from pathlib import Path

from layers import stores
from layers.workspace import Workspace
from tests.files import call, plain


def test_a_map_is_saved_and_nothing_is_replaced_unasked(world: Workspace, tmp_path: Path) -> None:
    path, out = tmp_path / "w.gpkg", tmp_path / "map.html"
    stores.create(path, world)
    status, answer = call("map", path, out)
    assert (status, answer["parcels"], answer["revision"]) == (0, 3, 1)
    assert b"chengzai-outlines" in out.read_bytes() and answer["bytes"] == out.stat().st_size
    status, answer = call("map", path, out)
    assert (status, answer["error"]["code"]) == (1, "out_exists")
    assert call("map", path, out, "--overwrite")[0] == 0
    assert "3 个地块" in plain("map", path, out, "--overwrite")[1]
    status, answer = call("map", path, path, "--overwrite")
    assert (status, answer["error"]["code"]) == (1, "out_is_workspace")
    status, answer = call("map", path, tmp_path / "nowhere" / "map.html")
    assert (status, answer["error"]["code"]) == (1, "out_unwritable")
    assert [one.name for one in tmp_path.iterdir() if one.suffix in (".html", ".draft")] == ["map.html"]
