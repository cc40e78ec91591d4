"""Any acts on two sides, merged with any choices: nobody's work is lost but what a choice gave up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString

from layers import invariants
from layers.accounts import totals
from layers.catalogue import LAYERS
from layers.changes import Command, Row, Scene, differing
from layers.commands import (
    Assign,
    Delete,
    Draw,
    Edit,
    EditMany,
    Leave,
    MergeParcels,
    Reassign,
    Split,
    Unassign,
)
from layers.commands.editing import frozen
from layers.merging import MergePlan, plan
from layers.rows import rows, with_rows
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from tests.layers.orders_world import study
from tests.layers.soundness import over_caps, shortage, sound
from tests.world import Y

Acts = Sequence[tuple[str, int, int]]
Rows = dict[tuple[str, str], Row]


def command(workspace: Workspace, kind: str, pick: int, value: int) -> Command:
    """An act on whatever is there."""

    def one(layer: str) -> str:
        keys = sorted(workspace.table(layer)[LAYERS[layer].key])
        return str(keys[pick % len(keys)]) if keys else "none"

    values = [{"far_max": 1.0 + value / 10}, {"note": f"n{value}"}, {"land_use": "B1"}, {"official_area_m2": 9000.0}]
    west, _, east, _ = workspace.table("parcels")["geometry"].iloc[pick % len(workspace.table("parcels"))].bounds
    line = LineString([(west + (east - west) * (value + 1) / 11, Y - 9), (west + (east - west) / 2, Y + 309)])
    keys = workspace.table("parcels")["parcel_id"].tolist()
    pair = (keys[pick % len(keys)], keys[(pick + 1) % len(keys)])
    agree = frozen({"far_max": 1.5, "land_use": "M4", "stated_floor_area_m2": None, "official_area_m2": 9999.0})
    make: dict[str, Callable[[], Command]] = {
        "edit": lambda: Edit("parcels", one("parcels"), frozen(values[value % 4])),
        "edit_many": lambda: EditMany("parcels", pair, frozen(values[value % 3])),
        "project": lambda: Edit(
            "projects", one("projects"), frozen({"note": "x"} if value % 2 else {"headcount": 9.0})
        ),
        "zone": lambda: Edit("zones", one("zones"), frozen({"floor_area_cap_m2": 20_000.0 + 500 * value})),
        "assign": lambda: Assign(one("parcels"), f"p{1 + value % 3}", 100.0 * (value + 1)),
        "reassign": lambda: Reassign(one("assignments"), 300.0 + value),
        "unassign": lambda: Unassign(one("assignments")),
        "split": lambda: Split(str(keys[pick % len(keys)]), line=line),
        "merge": lambda: MergeParcels(pair, agree),
        "delete": lambda: Delete("parcels", one("parcels"), with_buildings=True),
        "leave": lambda: Leave(one("projects"), "2026-11-20", ""),
        "draw": lambda: Draw("parcels", line.buffer(5.0), frozen({"parcel_no": f"N{value}"})),
    }
    return make[kind]()


def done(workspace: Workspace, acts: Acts, side: str) -> Workspace:
    """The workspace after those acts that may be."""
    number = count(1)
    scene = Scene(side, "2026-11-23T08:00:00Z", lambda prefix: f"{prefix}{side}{next(number)}")
    for act in acts:
        try:
            found = command(workspace, *act).changes(workspace, scene)
            after = with_rows(workspace, found)
            invariants.refuse(workspace, after, found)
        except ChengzaiError:
            continue
        workspace = after
    return workspace


acts = st.lists(
    st.tuples(
        st.sampled_from(["edit", "edit", "edit_many", "project", "zone", "assign", "assign", "reassign", "unassign",
                         "split", "merge", "delete", "leave", "draw"]),
        st.integers(0, 6), st.integers(0, 9),
    ),
    min_size=1, max_size=5,
)  # fmt: skip
START = done(study(), [("assign", 0, 3), ("assign", 3, 5)], "0")


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(mine=acts, theirs=acts, choices=st.lists(st.integers(0, 9), min_size=6, max_size=6))
def test_nothing_is_lost_but_what_was_given_up(mine: Acts, theirs: Acts, choices: list[int]) -> None:
    sides = done(START, mine, "m"), done(START, theirs, "t")
    number = count(1)
    found = plan(START, *sides, lambda prefix: f"{prefix}·{next(number)}")
    chosen = {}
    for conflict, choice in zip(found.conflicts, choices * 9, strict=False):
        offered = [way.choice for way in conflict.resolutions if way.refused is None]
        assert offered, "there is a way out"
        chosen[conflict.id] = offered[choice % len(offered)]
    try:
        after = found.after(chosen)
    except ChengzaiError:
        # choices may not go together; those that keep the one side always do
        after = found.after(chosen := dict.fromkeys(chosen, "mine"))
    sound(after)
    assert totals(after) == found.account(chosen)
    for zone, over in over_caps(after).items():
        chose = found.conflicts and set(chosen.values()) != {"mine"}
        assert chose or over <= max(over_caps(side).get(zone, 0.0) for side in sides) + 0.1
    assert (
        any(one.kind == "together" for one in found.conflicts)
        or shortage(after) <= max(shortage(START), *map(shortage, sides)) + 0.1
    )
    kept(found, chosen, sides, after)


def kept(found: MergePlan, chosen: dict[str, str], sides: tuple[Workspace, Workspace], after: Workspace) -> None:
    """Row by row, what either side changed is there, but for what a choice gave up."""
    base, mine, theirs, now = (all_rows(one) for one in (START, *sides, after))
    for name, side in (("mine", mine), ("theirs", theirs)):
        for at in base.keys() | side.keys():
            asked = [one for one in found.conflicts if any(at in unit.changes for unit in getattr(one, name))]
            if all(chosen[one.id] == name for one in asked):
                told(base.get(at), now.get(at), side.get(at), at)
    made = {change.at for one in found.conflicts for way in one.resolutions for change in way.changes}
    assert now.keys() <= base.keys() | mine.keys() | theirs.keys() | made
    for at in base.keys() - {key for one in found.conflicts for key in one.keys}:
        if not differing(base[at], mine.get(at)) and not differing(base[at], theirs.get(at)):
            assert not differing(base[at], now.get(at)), "nobody touched it"


def told(base: Row | None, now: Row | None, side: Row | None, at: tuple[str, str]) -> None:
    """Every column that a side changed is as that side has it."""
    for name in differing(base, side):
        assert not differing({name: (side or {}).get(name)}, {name: (now or {}).get(name)}), (at, name)


def all_rows(workspace: Workspace) -> Rows:
    return {(n, str(row[c.key])): row for n, c in LAYERS.items() for row in rows(workspace.table(n))}
