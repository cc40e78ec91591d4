"""Made-up headcounts and floor areas say 示意 on every page, sheet, printed line and export that shows demand."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from layers import balancing, consequences
from layers.balancing import Options
from layers.printed import balance as printed
from layers.workspace import Workspace
from layers.writers.hand_out import Order, hand_out
from tests.world import demo, three_parcels
from views import balance_side, balance_targets, illustrative
from views.assumptions import effects, spread
from views.text import texts

FEW = Options(draws=400)
SAYS = {"zh-CN": "示意", "en": "illustrative"}


def made_up() -> Workspace:
    """Three parcels with one project whose headcount is made up, and one of which it is published."""
    projects = three_parcels().table("projects").assign(basis=pd.array(["published", "schematic"], dtype="str"))
    return three_parcels().with_tables(projects=projects)


def test_only_projects_that_are_made_up_and_still_there_are_named() -> None:
    assert balancing.illustrative(made_up()) == ["p2"]
    gone = made_up().table("projects").assign(state=pd.array([None, "exited"], dtype="str"))
    assert balancing.illustrative(made_up().with_tables(projects=gone)) == []
    assert illustrative.demand_mark(three_parcels(), texts("zh-CN")) == ""


@pytest.mark.parametrize("language", SAYS)
def test_every_panel_that_shows_demand_carries_the_mark(language: str) -> None:
    say, world = texts(language), made_up()
    both, years = balancing.outlook(world, FEW)
    behind = balancing.projects_behind(world, both, years[-1], (None, "research"))
    ranged = world.with_tables(projects=world.table("projects").assign(headcount_high=200.0))
    moved = consequences.moved(world, consequences.with_assumption(world, "norm", {"value": 30.0}))
    panels = {
        "behind a cell": balance_side.projects_table(world, behind, say),
        "both ways to count": balance_targets.by_cell(world, years[-1], say),
        "what an assumption moves": effects.effects(world, moved, years[-1].year, say),
        "what makes the range": spread.tornado(ranged, say),
    }
    assert [name for name, drawn in panels.items() if SAYS[language] not in drawn] == []


@pytest.mark.parametrize("language", SAYS)
def test_the_command_line_names_them(language: str) -> None:
    world = made_up()
    asked, balanced = balancing.demand(world, FEW), balancing.balance(world, how=FEW)
    assert asked["illustrative_projects"] == balanced["illustrative_projects"] == ["p2"]
    for text in (printed.demand(asked, language), printed.balance(balanced, language)):
        assert re.search(f"{SAYS[language]}.*p2", text)


@pytest.mark.parametrize("layer", ["projects", "assignments"])
def test_an_export_says_so_in_every_row_that_is_made_up(layer: str, tmp_path: Path) -> None:
    world = demo()
    hand_out(world, Order(str(tmp_path / "out.csv"), layer))
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8-sig"))))
    assert len(rows) == len(world.table(layer))
    assert all("示意" in row["note"] for row in rows)
    hand_out(world, Order(str(tmp_path / "out.xlsx"), layer))
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx", read_only=True).worksheets[0]
    lines = [" ".join(str(cell) for cell in row if cell is not None) for row in sheet.iter_rows(values_only=True)]
    assert "示意" in lines[1], "the head of the sheet says what the word means"
    assert all("示意" in line for line in lines[3:])
