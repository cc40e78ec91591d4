"""Templates of workbooks: what is filled in comes back as it was meant, and the example stays out."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from layers import stores
from layers.catalogue import LAYERS
from layers.readers.bring_in import Arrival, bring_in
from layers.readers.grids import EXAMPLE
from layers.readers.updates import Rule
from layers.readers.wish import Wish
from layers.rows import rows as told
from layers.workspace import Workspace
from layers.writers.templates import EXAMPLES, ordered, template
from layers.writers.workbook import NOTES, headings
from tests.world import demo


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def filled(path: Path, *rows: dict[str, Any]) -> Path:
    """The template of the projects with rows under its example, by our column names."""
    book = opened(template("projects"))
    sheet = book.worksheets[0]
    for at, row in enumerate(rows, start=3):
        for place, column in enumerate(ordered("projects"), start=1):
            sheet.cell(at, place).value = row.get(column.name)
    book.save(path)
    return path


def read(world: Workspace, path: Path, **more: Any) -> Arrival:
    return bring_in(world, Wish(str(path), "projects", **more))


def came(arrival: Arrival, name: str) -> dict[str, Any]:
    table = arrival.table
    row = table[table["name"] == name].iloc[0]
    return {str(key): value for key, value in row.items() if pd.notna(value)}


def test_a_template_names_every_column_once_and_shows_one_example() -> None:
    book = opened(template("projects"))
    assert book.sheetnames == ["项目", NOTES]
    head, example, *rest = book["项目"].iter_rows(values_only=True)
    columns = ordered("projects")
    assert list(head) == [headings(columns)[column.name] for column in columns]
    assert {column.name for column in columns} == set(LAYERS["projects"].names)
    assert str(example[0]).startswith(EXAMPLE) and not rest
    offered = {str(one.sqref).split(":")[0]: one.formula1 for one in book["项目"].data_validations.dataValidation}
    place = [column.name for column in columns].index("state")
    assert "线索,储备,入库,签约" in str(offered[f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[place]}2"])


def test_an_empty_template_brings_nothing_in(world: Workspace, tmp_path: Path) -> None:
    arrival = read(world, filled(tmp_path / "a.xlsx"))
    assert arrival.read == 0 and len(arrival.table) == len(world.table("projects"))
    assert "example_rows" in {one.code for one in arrival.notes}


def test_what_is_filled_in_comes_back_as_it_was_meant(world: Workspace, tmp_path: Path) -> None:
    row = {
        "name": "某信号企业", "state": "储备", "chain_segment": "中游", "function_mix": "研发设计60%、总部办公 40%",
        "requested_floor_area_m2": 12000, "need_by": 2028, "priority": 1.5, "may_zones": "东区；west",
        "exclusive": "是", "basis": "录入", "supervision_agreement": "监〔2026〕1号", "lead_partner": "甲企业",
    }  # fmt: skip
    other = {"name": "甲企业", "project_id": "XM-9", "must_zone": "西区", "headcount": "1,200", "state": "Signed"}
    arrival = read(world, filled(tmp_path / "a.xlsx", row, other))
    assert (arrival.read, arrival.accepted) == (2, 2)
    found = came(arrival, "某信号企业")
    assert (found["state"], found["chain_segment"], found["basis"]) == ("reserve", "midstream", "edited")
    assert (found["function_mix"], found["may_zones"]) == ("research=0.6; headquarters=0.4", "east; west")
    assert (found["requested_floor_area_m2"], found["need_by"], found["priority"]) == (12_000.0, 2028, 1.5)
    assert bool(found["exclusive"])
    assert (found["supervision_agreement"], found["lead_partner"]) == ("监〔2026〕1号", "XM-9")
    told = came(arrival, "甲企业")
    assert (told["project_id"], told["must_zone"], told["headcount"], told["state"]) == (
        "XM-9",
        "west",
        1200.0,
        "signed",
    )


def test_english_names_of_columns_and_words_come_in(world: Workspace, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["Company", "Status", "Chain segment", "Functions", "Floor area (sqm)", "Employees", "Need by year", "Zones"],
        ["Alpha", "Admitted", "Upstream", "R&D offices=0.5; Pilot plant=0.5", 800, 30, 2029, "西区"],
    ):
        book.active.append(row)
    book.save(tmp_path / "b.xlsx")
    found = came(read(world, tmp_path / "b.xlsx"), "Alpha")
    assert (found["state"], found["chain_segment"]) == ("admitted", "upstream")
    assert (found["function_mix"], found["may_zones"]) == ("research=0.5; pilot=0.5", "west")
    assert (found["requested_floor_area_m2"], found["headcount"], found["need_by"]) == (800.0, 30.0, 2029)


def test_a_name_that_nothing_has_is_kept_and_told(world: Workspace, tmp_path: Path) -> None:
    arrival = read(world, filled(tmp_path / "a.xlsx", {"name": "丁丁", "may_zones": "南区"}))
    assert came(arrival, "丁丁")["may_zones"] == "南区"
    assert [one.value for one in arrival.notes if one.code == "name_unknown"] == ["南区"]


def test_a_known_key_brings_its_project_up_to_date(world: Workspace, tmp_path: Path) -> None:
    path = filled(tmp_path / "a.xlsx", {"project_id": "p1", "name": "改名", "need_by": 2031})
    arrival = read(world, path, rule=Rule("number"))
    assert arrival.update is not None and [one.key for one in arrival.update.changed] == ["p1"]
    assert came(arrival, "改名")["need_by"] == 2031


def test_the_demo_keeps_every_project_through_a_template(tmp_path: Path) -> None:
    world = demo()
    projects = world.table("projects")
    rows = [{str(k): v for k, v in row.items() if pd.notna(v)} for row in projects.to_dict("records")]
    path = filled(tmp_path / "a.xlsx", *rows)
    arrival = read(world.with_tables(projects=projects.iloc[:0]), path)
    assert arrival.accepted == len(projects)
    stores.create(tmp_path / "w.gpkg", world.with_tables(projects=arrival.table))
    back = stores.read(tmp_path / "w.gpkg").table("projects")
    assert {row["project_id"]: row for row in told(back)} == {row["project_id"]: row for row in told(projects)}


@pytest.mark.parametrize("layer", EXAMPLES)
def test_an_example_would_be_sound_if_it_came_in(layer: str) -> None:
    known = {column.name for column in LAYERS[layer].columns}
    assert set(EXAMPLES[layer]) <= known
