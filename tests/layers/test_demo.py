"""The demo as a workspace."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from layers.accounts import report
from layers.checks import problems
from layers.demo import FOLDER, demo
from layers.errors import TableRefused
from layers.workspace import Workspace


@pytest.fixture(scope="module")
def made() -> Workspace:
    return demo()


def test_every_file_is_a_layer(made: Workspace) -> None:
    for path in FOLDER.iterdir():
        if path.suffix == ".geojson":
            rows = len(json.loads(path.read_text(encoding="utf-8"))["features"])
            assert len(made.table(path.stem)) == rows, path.name
    assert made.crs == "EPSG:4548"
    assert made.name
    assert made.name_en
    assert made.note != made.note_en


def test_it_holds_together(made: Workspace) -> None:
    assert [problem.told("en") for problem in problems(made) if problem.severity == "error"] == []


def test_its_zones_are_east_west_and_expanded(made: Workspace) -> None:
    assert [group["zone"] for group in report(made)["groups"]] == ["east", "west", "expanded"]


def test_a_file_that_breaks_its_contract_is_refused(tmp_path: Path) -> None:
    (tmp_path / "workspace.json").write_text('{"name": "x", "crs": "EPSG:4548"}')
    (tmp_path / "projects.csv").write_text("project_id,state\na,dancing\n")
    with pytest.raises(TableRefused):
        demo(tmp_path)
