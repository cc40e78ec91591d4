"""Many changes in bulk: the same as one by one, in every use that is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import applying, invariants, scenarios, stores
from layers.bulk import FEW, Bulk, Parts, bulk, by_layer, gone, keys_of, parts, plain
from layers.catalogue import LAYERS
from layers.changes import Actor, Asked, RowChange
from layers.commands import Bring, Edit
from layers.errors import ReferenceDangling, RowRefused, StillReferred
from layers.rows import gathered, rows, table_of, with_rows
from layers.stores.contract import Store
from layers.tables import differences
from layers.workspace import Workspace
from tests.layers.stores.scribbling import state
from tests.world import box, table, three_parcels

ME = Actor("tester")


def strip(count: int, first: int = 0, **more: object) -> list[dict[str, object]]:
    """Parcels of 10 m × 10 m in a row, far from the three of the world."""
    return [
        {
            "parcel_id": f"N{at:03d}",
            "parcel_no": f"{at}号",
            "far_max": at / 8,
            "geometry": box(10 * at, 900, 10 * at + 10, 910),
        }
        | more
        for at in range(first, first + count)
    ]


def many(count: int = FEW + 6, **more: object) -> Bulk:
    """Parcels that come, in bulk."""
    found = bulk("parcels", table("parcels", strip(count, **more)))
    assert found is not None
    return found


def one_by_one(changes: Sequence[RowChange]) -> tuple[RowChange, ...]:
    """The same changes, each a value of its own."""
    return tuple(RowChange(one.layer, one.key, one.before, one.after) for one in changes)


def test_a_bulk_is_a_sequence_of_changes() -> None:
    found = many(5, owner="甲")
    assert len(found) == 5
    assert found[1] == RowChange(
        "parcels", "N001", None, {"parcel_id": "N001", "parcel_no": "1号", "far_max": 0.125, "owner": "甲",
                                  "geometry": box(10, 900, 20, 910)}
    )  # fmt: skip
    assert found[-1].key == "N004"
    assert found == one_by_one(found)
    assert found != one_by_one(found)[:4]
    assert keys_of(found[1:3]) == ["N001", "N002"]
    assert [one.key for one in reversed(found)] == ["N004", "N003", "N002", "N001", "N000"]
    back = found.reversed()
    assert back == tuple(one.reversed() for one in found)
    assert (gone(found), gone(back)) == ([], keys_of(found))
    with pytest.raises(IndexError):
        _ = found[5]


def test_parts_are_one_sequence() -> None:
    come, edit = many(3), RowChange("zones", "E", {"zone_id": "E"}, {"zone_id": "E", "name": "东"})
    go = Bulk("parcels", table("parcels", strip(2, 8)), comes=False)
    whole = Parts((come, (edit,), go))
    flat = (*one_by_one(come), edit, *one_by_one(go))
    assert (len(whole), whole) == (6, flat)
    for start in range(7):
        for stop in range(start, 8):
            assert whole[start:stop] == flat[start:stop], (start, stop)
    assert [whole[at] for at in range(-6, 6)] == [flat[at] for at in range(-6, 6)]
    with pytest.raises(IndexError):
        _ = whole[6]
    with pytest.raises(ValueError, match="order"):
        _ = whole[::2]
    assert by_layer(whole) == {"parcels": [*come, *go], "zones": [edit]}
    assert isinstance(by_layer(Parts((come, (edit,))))["parcels"], Bulk)
    assert by_layer(come[:0]) == {}
    assert gone(whole) == ["N008", "N009"]
    assert parts(whole)[1] == (edit,)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("parcel_id", ["A", "A"]),
        ("parcel_id", ["A", None]),
        ("far_max", ["2", "zwei"]),
        ("available_from", [2026.5, 2027.0]),
    ],
)
def test_what_no_column_holds_is_never_bulk(column: str, values: list[object]) -> None:
    found = table("parcels", strip(2)).assign(**{column: values})
    assert bulk("parcels", LAYERS["parcels"].conform(found)) is None


def test_missing_columns_are_not_bulk() -> None:
    assert bulk("parcels", table("parcels", strip(2)).drop(columns="far_max")) is None


CELLS = st.none() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.booleans() | st.text(max_size=4)


@settings(max_examples=40, deadline=None)
@given(st.lists(CELLS, min_size=2, max_size=2))
def test_columns_of_a_user_give_the_values_that_rows_have(cells: list[object]) -> None:
    frame = table("parcels", strip(2)).assign(own=pd.Series(cells, dtype=object))
    found = bulk("parcels", frame)
    assert found is not None
    assert [row.get("own") for row in found.rows] == [row.get("own") for row in rows(frame)] == cells


def test_plain_values_of_every_type() -> None:
    for values, expected in (
        (pd.Series([1.5, np.nan]), [1.5, None]),
        (pd.Series([1, None], dtype="Int64"), [1, None]),
        (pd.Series([True, None], dtype="boolean"), [True, None]),
        (pd.Series(["甲", None], dtype="str"), ["甲", None]),
        (pd.Series([np.int64(3), pd.NA], dtype=object), [3, None]),
        (pd.Series([2, 3]), [2, 3]),
        (pd.Series([None, None], dtype="str"), [None, None]),
    ):
        told = plain(values)
        assert told == expected
        assert [type(value) for value in told] == [type(value) for value in expected]


@pytest.mark.parametrize("held", [0, 2])
def test_the_next_workspace_is_the_same(held: int) -> None:
    start = Workspace(name="测", crs="EPSG:4548", tables={"parcels": table("parcels", strip(held, 500))})
    come = many(FEW + 6, owner="甲")
    one, other = (with_rows(start, some) for some in (come, one_by_one(come)))
    pd.testing.assert_frame_equal(one.table("parcels"), other.table("parcels"))
    back = Parts((come.reversed()[:4], come.reversed()[4:]))
    assert state(with_rows(one, back)) == state(with_rows(other, one_by_one(come.reversed()))) == state(start)
    assert len(with_rows(one, come).table("parcels")) == held + FEW + 6, "what is there is not there twice"


def test_single_changes_are_gathered_where_all_come_or_all_go() -> None:
    come, edit = one_by_one(many()), RowChange("zones", "E", {"zone_id": "E"}, {"zone_id": "E", "name": "东"})
    back = tuple(one.reversed() for one in come)
    for some in (come, back):
        found = gathered(some, "EPSG:4548")
        assert isinstance(found, Bulk) and found == some
        mixed = gathered((*some, edit), "EPSG:4548")
        assert isinstance(mixed, Parts) and mixed == (*some, edit)
    for few in (come[:FEW], (*come[:50], *back[50:]), (edit,) * (FEW + 1), ()):
        assert gathered(few, "EPSG:4548") is few
    odd = tuple(RowChange("parcels", one.key, None, {**(one.after or {}), "far_max": "2"}) for one in come)
    assert gathered(odd, "EPSG:4548") is odd, "what is of no type stays what it is"


# -- rules


def test_the_same_is_refused() -> None:
    world = three_parcels()
    for more, error in (
        ({"far_max": -1.0}, RowRefused),
        ({"built_floor_area_m2": 1e13}, RowRefused),
        ({"own": 1e13}, RowRefused),
        ({"geometry": box(0, 0, 1, 1).boundary}, RowRefused),
    ):
        found = many(**more)
        told = []
        for some in (found, one_by_one(found)):
            with pytest.raises(error) as refused:
                invariants.refuse(world, with_rows(world, some), some)
            told.append(refused.value.facts)
        assert told[0] == told[1]


def test_keys_and_references_are_looked_at() -> None:
    world = three_parcels()
    again = Bulk("parcels", world.table("parcels"))
    with pytest.raises(RowRefused, match="not unique"):
        invariants.refuse(world, world, again)
    stray = [{"building_id": f"b{at}", "parcel_id": "Z" if at == 3 else "A", "floor_area_m2": 1.0} for at in range(5)]
    found = bulk("buildings", table("buildings", stray))
    assert found is not None
    with pytest.raises(ReferenceDangling) as refused:
        invariants.refuse(world, with_rows(world, found), found)
    assert (refused.value.facts["key"], refused.value.where) == ("Z", "b3")
    invariants.refuse(world, with_rows(world, found), found, "import")
    kept = table_of("assignments", [{"assignment_id": "a", "parcel_id": "A", "project_id": "p1", "floor_area_m2": 1.0,
                                     "source": "new", "stage": "intent"}], world.crs)  # fmt: skip
    taken = world.with_tables(assignments=kept)
    with pytest.raises(StillReferred):
        invariants.refuse(taken, with_rows(taken, again.reversed()), again.reversed())


# -- in a store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    stores.create(tmp_path / "w.gpkg", three_parcels(), actor="maker")
    return stores.open_store(tmp_path / "w.gpkg")


def asked(scenario: str = "main") -> Asked:
    return Asked(ME, uuid4().hex, scenario=scenario)


def now(store: Store, scenario: str = "main", revision: int | None = None) -> Workspace:
    with store.reading() as tx:
        return tx.workspace(scenario, revision)


def brought(store: Store, scenario: str = "main") -> Bring:
    """A file of many parcels, with a column of its user's own."""
    here = now(store, scenario)
    more = table("parcels", strip(FEW + 6, owner="甲", available_from=2027))
    both = pd.concat([here.table("parcels"), more], ignore_index=True)
    return Bring("parcels", LAYERS["parcels"].conform(both, here.crs), file="a.shp")


@pytest.mark.parametrize("scenario", ["main", "方案二"])
def test_it_is_kept_taken_back_and_done_again(store: Store, scenario: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layers.stores.gestures.CHUNK", 40)
    scenarios.branch(store, asked(), "方案二")
    start, other = state(now(store, scenario)), "main" if scenario == "方案二" else "方案二"
    command = brought(store, scenario)
    done = applying.apply(store, asked(scenario), command)
    assert done.status == "ok" and isinstance(done.changes, Bulk) and len(done.changes) == FEW + 6
    full = state(now(store, scenario))
    assert len(full["parcels"]) == len(start["parcels"]) + FEW + 6
    geo = stores.geopackage
    geo.close(Path(store.address))
    assert state(now(store, scenario)) == full, "what is read anew is what was kept"
    assert state(now(store, other)) == start, "the other branch does not see it"
    with store.reading() as tx:
        written = [change for event in tx.events(after=done.revision - 2) for change in event.changes]
    assert sorted(one.key for one in written) == sorted(keys_of(done.changes))
    assert applying.apply(store, asked(scenario), Edit("parcels", "N003", (("note", "甲"),))).status == "ok"
    assert applying.undo(store, asked(scenario)).status == "ok"
    back = applying.undo(store, asked(scenario))
    assert (back.status, state(now(store, scenario))) == ("ok", start)
    assert isinstance(back.changes, Bulk)
    again = applying.redo(store, asked(scenario))
    assert (again.status, state(now(store, scenario))) == ("ok", full)
    assert state(now(store, scenario, done.revision)) == full
    assert list(store.faults()) == []


def test_somebody_else_may_have_changed_one_of_them(store: Store) -> None:
    done = applying.apply(store, asked(), brought(store))
    edit = Edit("parcels", "N003", (("far_max", 9.0),))
    assert applying.apply(store, Asked(Actor("other"), "x"), edit).status == "ok"
    with store.reading() as tx:
        (event,) = tx.events(after=done.revision - 1, until=done.revision)
    clash = applying.undo(store, asked(), event.gesture)
    assert (clash.status, [one.key for one in clash.clashes]) == ("conflict", ["N003"])
    assert differences("parcels", now(store).table("parcels"), now(store).table("parcels")) == ()
