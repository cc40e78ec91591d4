"""Bringing whole tables: only rows that differ are written, and they lead exactly to the table."""

from __future__ import annotations

import time

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.changes import RowChange
from layers.commands import Assign, Bring, bringing
from layers.errors import CapGone, ReferenceDangling, RoomGone, RowRefused, StillReferred
from layers.rows import rows, with_rows
from layers.tables import differences
from layers.workspace import Workspace
from tests.bench import synthetic
from tests.layers.commands.doing import changes, did, every_row, undone
from tests.world import after, box, table


def test_only_what_differs_is_written(world: Workspace) -> None:
    parcels = world.table("parcels")
    moved = gpd.GeoSeries([parcels.geometry[0], parcels.geometry[1], box(300, 0, 400, 90)], crs=world.crs)
    changed = parcels.assign(far_max=[2.0, 1.5, None], geometry=moved)
    found = changes(world, Bring("parcels", changed))
    assert [(change.key, sorted(change.fields)) for change in found] == [("B", ["far_max"]), ("C", ["geometry"])]
    assert Bring("parcels", changed).facts(world)["rows"] == 2, "the log tells how many, not by how many more"
    assert changes(world, Bring("parcels", parcels.iloc[::-1].reset_index(drop=True))) == ()


def test_the_rows_that_differ_are_looked_for_once(world: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def count(layer: str, before: pd.DataFrame, after: pd.DataFrame) -> tuple[RowChange, ...]:
        looked.append(layer)
        return differences(layer, before, after)

    monkeypatch.setattr(bringing, "differences", count)
    command = Bring("parcels", world.table("parcels").assign(far_max=[2.0, 1.5, None]))
    found = changes(world, command)
    assert (command.facts(world)["rows"], looked) == (1, ["parcels"])
    assert changes(after(world, command), command) == (), "another state is looked at anew"
    assert changes(world, command) == found


def test_rows_come_and_go(world: Workspace) -> None:
    fresh = {"parcel_id": "D", "parcel_no": "D", "geometry": box(400, 0, 450, 50)}
    whole = [*world.table("parcels").iloc[:2].to_dict("records"), fresh]
    command = Bring("parcels", table("parcels", whole), file="a.shp")
    found = changes(world, command)
    assert [(change.key, change.before is None, change.after is None) for change in found] == [
        ("C", False, True),
        ("D", True, False),
    ]
    after = did(world, command)
    assert rows(after.table("parcels")) == rows(table("parcels", whole))
    assert every_row(undone(after, found)) == every_row(world)


def test_a_user_s_own_columns_come_along(world: Workspace) -> None:
    after = did(world, Bring("parcels", world.table("parcels").assign(owner=["甲", None, "丙"])))
    assert [row.get("owner") for row in rows(after.table("parcels"))] == ["甲", None, "丙"]
    again = did(after, Bring("parcels", world.table("parcels")))
    assert [row.get("owner") for row in rows(again.table("parcels"))] == [None, None, None]


def test_an_import_breaks_no_rule(world: Workspace) -> None:
    parcels = world.table("parcels")
    given_ = did(world, Assign("A", "p1", 6_000.0))
    with pytest.raises(RoomGone):
        changes(given_, Bring("parcels", parcels.assign(far_max=[1.0, 1.0, None])))
    with pytest.raises(StillReferred):
        changes(given_, Bring("parcels", parcels.iloc[1:].reset_index(drop=True)))
    with pytest.raises(RowRefused):
        changes(world, Bring("parcels", parcels.assign(far_max=[1e308, 1.0, None])))
    stray = {"parcel_id": "Z", "project_id": "p1", "floor_area_m2": 5.0, "source": "new", "stage": "intent"}
    with pytest.raises(ReferenceDangling):
        changes(world, Bring("assignments", table("assignments", [{"assignment_id": "x", **stray}])))
    capped = world.with_tables(zones=world.table("zones").assign(floor_area_cap_m2=[12_000.0, None]))
    plan = [{"assignment_id": "x", **stray, "parcel_id": "A", "floor_area_m2": 9_000.0}]
    with pytest.raises(CapGone):
        changes(capped, Bring("assignments", table("assignments", plan), kind="plan"))


CELLS = st.none() | st.floats(0, 9, allow_nan=False)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from("ABCDEFG"), CELLS, max_size=7),
    st.dictionaries(st.sampled_from("ABCDEFG"), CELLS, max_size=7),
)
def test_differences_lead_from_one_table_to_the_other(
    world: Workspace, before: dict[str, float | None], after: dict[str, float | None]
) -> None:
    tables = [
        table("assumptions", [{"assumption_id": key, "name": key, "value": value} for key, value in one.items()])
        for one in (before, after)
    ]
    found = differences("assumptions", *tables)
    here = with_rows(world.with_tables(assumptions=tables[0]), found)
    kept = {row["assumption_id"]: row for row in rows(here.table("assumptions"))}
    assert kept == {row["assumption_id"]: row for row in rows(tables[1])}
    same = {key for key in before.keys() & after.keys() if before[key] == after[key]}
    assert {change.key for change in found} == (before.keys() | after.keys()) - same


def test_a_hundred_thousand_rows_are_compared_as_a_whole() -> None:
    before = synthetic.parcels(100_000)
    after = before.assign(far_max=np.where(np.arange(len(before)) % 25_000 == 3, 9.0, before["far_max"]))
    clock = time.perf_counter()
    found = differences("parcels", before, pd.DataFrame(after))
    taken = time.perf_counter() - clock
    assert [change.key for change in found] == [f"P{i:07d}" for i in (3, 25_003, 50_003, 75_003)]
    assert all(isinstance(change, RowChange) and change.fields == {"far_max"} for change in found)
    assert taken < 5, "row by row it takes minutes"
