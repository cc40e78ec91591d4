"""Any sequence of moves, exits, lets and undos: every square metre in one account, every wish counted once."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import balancing
from layers.accounts import books, totals
from layers.balancing.answer import by_parcel, outlook
from layers.changes import Command, RowChange
from layers.commands import Admit, Advance, Assign, Edit, Leave, Let, Supply, Unassign
from layers.matching import ask, housed, supply_by_zone, top_zones
from layers.rows import with_rows
from layers.vocabulary import PARCEL_STATUS, PROJECT_STATES
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from tests.layers.commands.doing import changes, did, every_row, undone
from tests.layers.orders_world import study
from tests.layers.soundness import sound
from tests.world import Put

ACCOUNTS = ("reserved_m2", "committed_m2", "under_construction_m2", "built_m2")
FEW = balancing.Options(draws=50)


def start() -> Workspace:
    """The study: a platform holds parcel A itself and builds 3,000 m² there, and p3 uses 2,000 m² on D."""
    return did(
        study(),
        Edit.of("parcels", "A", held_by="p1", supply_mode="self_held"),
        Put.of("projects", "p1", state="started", supervision_agreement="监管 1 号"),
        Assign("A", "p1", 3_000.0, stage="under_construction", supply_mode="self_held"),
        Put.of("projects", "p3", state="operating", supervision_agreement="监管 3 号"),
        Assign("D", "p3", 2_000.0, stage="completed"),
    )


projects = st.sampled_from(["p1", "p2", "p3"])
states = st.sampled_from([*PROJECT_STATES])
parcels = st.sampled_from("ABCDE")
days = st.integers(10, 28).map("2026-11-{}".format)
area = st.integers(1, 4_000).map(float)
acts = st.one_of(
    st.builds(Admit, projects, days),
    st.builds(
        Advance, projects, st.sampled_from([*PROJECT_STATES]), days, st.just("理由"), agreement=st.just("2 号")
    ),
    st.builds(Leave, projects, days, st.just("腾退")),
    st.builds(Assign, parcels, projects, area, st.sampled_from(["new", "existing"])),
    st.builds(Unassign, st.integers(1, 6).map("A{:05d}".format)),
    st.builds(Let, st.just("A00001"), projects, area),
    st.builds(Supply, parcels, st.sampled_from([*PARCEL_STATUS]), days, st.just(2027), reason=st.just("理由")),
    st.just("undo"),
)


def counted_once(world: Workspace) -> None:
    """Floor area that assignments take stands in one account, and who asks is housed, or not, or has left."""
    rows = world.table("assignments")
    now, opening = totals(world), totals(world.with_tables(assignments=rows[:0]))
    live, new = rows["stage"] != "vacated", rows["source"] == "new"
    beyond = rows["parcel_id"].isin(unlimited(world))
    # vacant space that is taken was built before; on land without a limit every row stands beside the accounts
    adds = (new | beyond).to_numpy()
    more = sum(now[name] - opening[name] for name in (*ACCOUNTS, "unknown_assigned_m2"))
    assert more == pytest.approx(rows["floor_area_m2"][adds].sum(), abs=0.01)
    by_project = rows[live].groupby("project_id")["floor_area_m2"].sum()
    for key, mine in zip(world.table("projects")["project_id"], housed(world), strict=True):
        assert mine == pytest.approx(by_project.get(key, 0.0))
    gone = (world.table("projects")["state"] == "exited").to_numpy()
    assert (ask(world).total()[gone] == 0).all()
    assert ask(world).total().sum() <= ask(start()).total().sum() + 0.01, "nobody asks for more by being moved"


def unlimited(world: Workspace) -> list[str]:
    return [str(key) for key in world.table("parcels")["parcel_id"][books(world).unknown()]]


def alike(world: Workspace) -> None:
    """What the balance attributes adds up to the same over zones, functions and parcels."""
    both, years = outlook(world, FEW)
    last = years[-1]
    whole = float(last.attributed.sum())
    answer = balancing.balance(world, how=FEW)
    mine = [one for one in answer["groups"] if one["year"] == last.year]
    for key in ("zone", "function"):
        sums: dict[Any, float] = {}
        for one in mine:
            sums[one[key]] = sums.get(one[key], 0.0) + one["attributed_m2"]
        assert sum(sums.values()) == pytest.approx(whole, abs=0.01)
    assert sum(one["hosted_m2"] for one in mine) <= whole + 0.01
    assert by_parcel(world, both, last).sum() == pytest.approx(whole, abs=0.01)
    assert whole <= sum(supply_by_zone(world).get(zone, 0.0) for zone in top_zones(world)) + 0.01
    assert np.isfinite(whole)


@settings(max_examples=20, deadline=None)
@given(st.lists(acts, min_size=1, max_size=14))
def test_any_sequence(some: list[Command | str]) -> None:
    world, done = start(), list[tuple[Workspace, tuple[RowChange, ...]]]()
    for one in some:
        with contextlib.suppress(ChengzaiError):
            if isinstance(one, str):
                if done:
                    before, found = done.pop()
                    world = undone(world, found)
                    assert every_row(world) == every_row(before), "undo∘do is the identity"
                continue
            found = changes(world, one)
            after = with_rows(world, found)
            done.append((world, found))
            world = after
        sound(world)
        counted_once(world)
    alike(world)
    steps = world.table("moves")
    assert len(steps) == sum(change.layer == "moves" for _, found in done for change in found), "each step once"
