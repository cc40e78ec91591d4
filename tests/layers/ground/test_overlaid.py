"""What constraints take from parcels: by cause, without counting land twice, and in step with the accounts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from layers import accounts, causes
from layers.ground import overlaid
from layers.vocabulary import CONSTRAINT_KINDS
from layers.workspace import Workspace
from tests.world import box, table

BELT = {"constraint_id": "g", "kind": "green_belt", "effect": "exclude", "geometry": box(0, 0, 60, 100)}
FLOOD = {"constraint_id": "f", "kind": "flood_control", "effect": "exclude", "geometry": box(40, 0, 90, 100)}
NOISE = {"constraint_id": "n", "kind": "noise", "effect": "factor", "factor": 40.0, "geometry": box(0, 0, 50, 100)}
QUIET = {"constraint_id": "q", "kind": "noise", "effect": "factor", "factor": 80.0, "geometry": box(0, 0, 100, 100)}


def limited(world: Workspace, *rows: dict[str, object], basis: str | None = "gross") -> Workspace:
    """The world with constraints; the ratio of parcel A is on gross land."""
    parcels = world.table("parcels").assign(far_basis=[basis, "net", None])
    return world.with_tables(parcels=parcels, constraints=table("constraints", list(rows)))


def test_by_cause_and_in_all(world: Workspace) -> None:
    found = overlaid.losses(limited(world, BELT, FLOOD))
    assert found.kinds == ("flood_control", "green_belt")
    assert found.lost == pytest.approx([9_000, 0, 0])
    assert found.under[0] == pytest.approx([5_000, 6_000])
    assert found.alone[0] == pytest.approx([3_000, 4_000])
    assert found.by_cause[0] == pytest.approx([5_000, 4_000])
    assert found.of(0) == [
        {"kind": "flood_control", "area_m2": 5_000, "under_m2": 5_000, "alone_m2": 3_000},
        {"kind": "green_belt", "area_m2": 4_000, "under_m2": 6_000, "alone_m2": 4_000},
    ]


def test_parts_of_a_parcel_are_told_by_their_set_of_causes(world: Workspace) -> None:
    parts = {part.kinds: part.area_m2 for part in overlaid.parts_of(limited(world, BELT, FLOOD), 0)}
    assert parts == pytest.approx(
        {("green_belt",): 4_000, ("flood_control",): 3_000, ("flood_control", "green_belt"): 2_000}
    )


def test_permitted_falls_by_the_ratio_times_what_is_lost_on_gross_land_only(world: Workspace) -> None:
    free, held = (accounts.books(one).parcels().permitted for one in (limited(world), limited(world, BELT, FLOOD)))
    lost = overlaid.losses(limited(world, BELT, FLOOD)).lost
    assert (free - held)[0] == 2.0 * lost[0]
    assert held[1] == free[1]
    net = limited(world, BELT, FLOOD, basis="net")
    assert accounts.books(net).parcels().permitted[0] == 20_000
    assert overlaid.losses(net).covered[0] == pytest.approx(9_000)
    assert overlaid.with_losses(net, [{}, {}, {}])[0] == {
        "net_area_m2": 10_000,
        "excluded_area_m2": 0,
        "excluded_by": [],
    }


def test_the_accounts_balance_whatever_is_excluded(world: Workspace) -> None:
    sums = accounts.books(limited(world, BELT, FLOOD)).parcels()
    assert np.abs(sums.imbalance()).max() <= 1e-9
    assert accounts.totals(limited(world, BELT, FLOOD))["permitted_m2"] == pytest.approx(2_000 + 10_000)


def test_only_what_excludes_takes_land(world: Workspace) -> None:
    told = limited(world, {**BELT, "effect": "inform"}, NOISE)
    assert overlaid.losses(told).lost.tolist() == [0, 0, 0]
    assert overlaid.shares(told, "green_belt") == pytest.approx([0.6, 0, 0])
    assert overlaid.term_shares(told)["green_belt"] == pytest.approx([0.6, 0, 0])
    assert overlaid.shares(told, "blue_line").tolist() == [0, 0, 0]


def test_a_growth_boundary_takes_what_lies_outside_it(world: Workspace) -> None:
    boundary = {
        "constraint_id": "u",
        "kind": "growth_boundary",
        "effect": "exclude",
        "side": "outside",
        "geometry": box(-500, -500, 80, 500),
    }
    found = limited(world, boundary)
    assert overlaid.losses(found).lost == pytest.approx([2_000, 0, 0])
    assert overlaid.shares(found, "growth_boundary") == pytest.approx([0.2, 1, 1])


def test_a_parcel_wholly_under_constraints_has_no_net_area_whatever_its_official_area(world: Workspace) -> None:
    whole = limited(world, {**BELT, "geometry": box(-10, -10, 110, 110)})
    for official in (9_900.0, 10_050.0):
        parcels = whole.table("parcels").assign(official_area_m2=[official, np.nan, np.nan])
        changed = whole.with_tables(parcels=parcels)
        assert overlaid.net_area_m2(changed)[0] == 0
        assert overlaid.losses(changed).by_cause[0].sum() == pytest.approx(official)
        assert accounts.books(changed).parcels().permitted[0] == 0


def test_no_parcel_loses_more_than_its_official_area(world: Workspace) -> None:
    held = limited(world, BELT)
    small = held.with_tables(parcels=held.table("parcels").assign(official_area_m2=[5_000.0, np.nan, np.nan]))
    assert overlaid.losses(small).lost[0] == 5_000
    assert overlaid.net_area_m2(small).min() >= 0


def test_factors_are_weighted_by_area_and_the_lowest_holds_where_two_meet(world: Workspace) -> None:
    assert overlaid.factors(limited(world)).tolist() == [100, 100, 100]
    assert overlaid.factors(limited(world, NOISE)) == pytest.approx([70, 100, 100])
    assert overlaid.factors(limited(world, NOISE, QUIET)) == pytest.approx([60, 100, 100])
    silent = {**NOISE, "constraint_id": "s", "factor": None}
    assert overlaid.factors(limited(world, silent)).tolist() == [100, 100, 100]


def test_one_parcel_alone_says_the_same_as_all(world: Workspace) -> None:
    held = limited(world, BELT, FLOOD, NOISE)
    found = {one.kind: (one.effect, one.area_m2, one.share) for one in overlaid.lying_on(held, 0)}
    assert found == {
        "flood_control": ("exclude", pytest.approx(5_000), pytest.approx(0.5)),
        "green_belt": ("exclude", pytest.approx(6_000), pytest.approx(0.6)),
        "noise": ("factor", pytest.approx(5_000), pytest.approx(0.5)),
    }
    assert overlaid.lying_on(held, 2) == []


def test_the_cut_is_kept_until_an_outline_that_excludes_changes(world: Workspace) -> None:
    held = limited(world, BELT, NOISE)
    first = held.excluding
    _ = overlaid.shares(held, "green_belt")
    kept = held.__dict__["overlaid"]["kinds"]
    renamed = held.table("constraints").assign(name=["甲", "乙"], factor=[None, 10.0])
    for tables in (
        {"parcels": held.table("parcels").assign(far_max=[3.0, 1.0, None])},
        {"parcels": held.table("parcels").assign(far_basis="gross", official_area_m2=9_000.0)},
        {"constraints": renamed},
    ):
        following = held.with_tables(**tables)
        assert following.excluding is first
        _ = overlaid.shares(following, "green_belt")
        assert following.__dict__["overlaid"]["kinds"] is kept
    assert overlaid.losses(held.with_tables(parcels=held.table("parcels").assign(far_basis="gross"))).lost[0] == 6_000
    moved = held.with_tables(constraints=table("constraints", [{**BELT, "geometry": box(0, 0, 10, 100)}, NOISE]))
    assert overlaid.losses(moved).lost[0] == pytest.approx(1_000)
    assert overlaid.shares(moved, "green_belt")[0] == pytest.approx(0.1)


def test_every_kind_has_a_slot_and_most_are_empty(world: Workspace) -> None:
    own = {**QUIET, "kind": "自定义", "source": "甲局"}
    found = {slot.kind: slot for slot in overlaid.slots(limited(world, BELT, FLOOD, own))}
    assert list(found) == [*CONSTRAINT_KINDS, "自定义"]
    assert [kind for kind, slot in found.items() if slot.areas] == ["green_belt", "flood_control", "自定义"]
    belt = found["green_belt"]
    assert (belt.parcels, belt.area_m2, belt.under_m2) == (1, 6_000, pytest.approx(6_000))
    assert belt.lost_m2 == pytest.approx(4_000)
    assert (belt.effects, belt.sides, belt.sources) == (("exclude",), ("inside",), ())
    assert (found["自定义"].lost_m2, found["自定义"].sources) == (0, ("甲局",))
    empty = found["ecological_red_line"]
    assert (empty.areas, empty.effects, empty.sides, empty.parcels, empty.lost_m2) == (0, (), (), 0, 0)


def test_the_order_of_causes_names_every_kind_and_takes_any_other(world: Workspace) -> None:
    assert set(causes.PRECEDENCE) == set(CONSTRAINT_KINDS)
    odd = [{**BELT, "constraint_id": kind, "kind": kind} for kind in ("乙类", "甲类", None, "noise")]
    found = overlaid.losses(limited(world, *odd))
    assert found.kinds == ("noise", "other", "乙类", "甲类")
    assert found.by_cause[0] == pytest.approx([6_000, 0, 0, 0])


def test_a_thousand_random_studies_add_up(world: Workspace) -> None:
    draw = np.random.default_rng(7)
    kinds = [*CONSTRAINT_KINDS, "自定义"]
    for _ in range(20):
        rows = []
        for number in range(12):
            west, south = draw.uniform(-50, 350), draw.uniform(-50, 80)
            rows.append(
                {
                    "constraint_id": f"c{number}",
                    "kind": kinds[draw.integers(len(kinds))],
                    "effect": "exclude",
                    "side": "outside" if draw.random() < 0.1 else "inside",
                    "geometry": box(west, south, west + draw.uniform(1, 200), south + draw.uniform(1, 200)),
                }
            )
        parcels = world.table("parcels").assign(far_basis="gross", far_max=[2.0, 1.0, 0.5])
        held = world.with_tables(parcels=parcels, constraints=table("constraints", rows))
        found = overlaid.losses(held)
        assert found.by_cause.sum(axis=1) == pytest.approx(found.lost, abs=1e-6)
        assert [sum(p.area_m2 for p in overlaid.parts_of(held, i)) for i in range(3)] == pytest.approx(found.lost)
        free = accounts.books(world.with_tables(parcels=parcels)).parcels().permitted
        fallen = free - accounts.books(held).parcels().permitted
        assert fallen == pytest.approx(np.array([2.0, 1.0, 0.5]) * found.lost, abs=1e-6)
        rows = overlaid.with_losses(held, accounts.parcel_rows(held))
        assert [row["net_area_m2"] + row["excluded_area_m2"] for row in rows] == pytest.approx([10_000] * 3)
        assert all(
            sum(one["area_m2"] for one in row["excluded_by"]) == pytest.approx(row["excluded_area_m2"])
            for row in rows
        )


def test_a_table_without_rows_says_nothing() -> None:
    empty = Workspace("empty", "EPSG:4548")
    assert overlaid.losses(empty).lost.tolist() == []
    assert overlaid.factors(empty).tolist() == []
    assert overlaid.with_losses(empty, []) == []
    assert isinstance(empty.table("constraints"), pd.DataFrame)
