"""Sums that are kept from one edit to the next are the very sums that starting afresh gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from layers import accounts, posting
from layers.workspace import Workspace
from tests.bench import synthetic
from tests.world import box, table

COUNT = 400


@pytest.fixture
def study(monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(posting, "_ROWS", 37)
    made = synthetic.workspace(COUNT, cap=200_000.0).with_tables(assignments=synthetic.assignments(COUNT, 9))
    accounts.report(made)
    return made


def afresh(workspace: Workspace) -> Workspace:
    """The same tables with nothing kept."""
    return Workspace(workspace.name, workspace.crs, workspace.tables)


def change(workspace: Workspace, layer: str, column: str, row: int, value: object) -> dict[str, pd.DataFrame]:
    values = workspace.table(layer)[column].copy()
    values.iloc[row] = value
    return {layer: workspace.table(layer).assign(**{column: values})}


def test_any_edit_gives_what_starting_afresh_gives(study: Workspace) -> None:
    draw = np.random.default_rng(4)
    columns = [
        "far_max",
        "stated_floor_area_m2",
        "coverage_max_pct",
        "height_max_m",
        "storey_height_m",
        "official_area_m2",
        "built_floor_area_m2",
        "under_construction_floor_area_m2",
    ]
    here = study
    for turn in range(60):
        row, value = int(draw.integers(COUNT)), float(draw.choice([np.nan, 0.0, 3.0, 40.0, 9_000.0]))
        if turn % 6 == 0:
            given = here.table("assignments")
            edit = change(here, "assignments", "floor_area_m2", int(draw.integers(len(given))), 10.0 + turn)
        elif turn % 6 == 1:
            edit = {"assignments": here.table("assignments").iloc[1:].reset_index(drop=True)}
        elif turn == 20:
            edit = change(here, "zones", "floor_area_cap_m2", 3, 90_000.0)
        elif turn == 30:
            edit = change(here, "zones", "far_max", 1, 0.4)
        elif turn == 40:
            edit = change(here, "assumptions", "value", 0, 3.0)
        else:
            column = columns[int(draw.integers(len(columns)))]
            edit = change(here, "parcels", column, row, value or 2.0 if column == "storey_height_m" else value)
        here = here.with_tables(**edit)
        assert accounts.report(here) == accounts.report(afresh(here)), turn
        assert accounts.totals(here) == accounts.totals(afresh(here)), turn


def test_only_the_touched_runs_are_posted_again(study: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    posted: list[slice] = []
    post = posting.Opening.post

    def counted(self: posting.Opening, rows: slice) -> Any:
        posted.append(rows)
        return post(self, rows)

    monkeypatch.setattr(posting.Opening, "post", counted)
    accounts.report(study.with_tables(**change(study, "parcels", "far_max", 100, 2.5)))
    assert len(posted) == 1
    accounts.report(study.with_tables(parcels=study.table("parcels").copy()))
    assert len(posted) == 1


def test_a_column_written_to_in_place_is_noticed(study: Workspace) -> None:
    parcels = study.table("parcels")
    before = accounts.totals(study)["permitted_m2"]
    parcels.loc[0, "far_max"] = 50.0
    after = study.with_tables(parcels=parcels)
    assert accounts.totals(after) == accounts.totals(afresh(after))
    assert accounts.totals(after)["permitted_m2"] > before


def test_the_split_is_kept_while_outlines_stand(study: Workspace) -> None:
    parcels = study.table("parcels")
    kept = study.with_tables(**change(study, "parcels", "far_max", 0, 1.0))
    assert kept.location is study.location
    assert kept.places is study.places
    shapes = parcels.geometry.copy()
    shapes.iloc[5] = shapely.Polygon(shapes.iloc[5].exterior)
    for moved in (parcels.set_geometry(shapes), parcels.iloc[::-1], parcels.iloc[1:]):
        following = study.with_tables(parcels=moved)
        assert following.location is not study.location
        assert accounts.report(following) == accounts.report(afresh(following))


def test_typed_zones_are_read_again_when_they_change(study: Workspace) -> None:
    zones = study.table("zones").assign(geometry=None)
    bare = study.with_tables(zones=zones)
    assert [group["zone"] for group in accounts.report(bare)["groups"]] == [None]
    typed = bare.with_tables(parcels=bare.table("parcels").assign(zone="Z02"))
    assert [group["zone"] for group in accounts.report(typed)["groups"]] == ["Z02"]


def test_a_zone_without_a_name_takes_no_parcel_without_a_zone(world: Workspace) -> None:
    zones = table("zones", [{"zone_id": "east", "geometry": box(0, 0, 200, 100)}, {"zone_id": "undrawn"}])
    found = accounts.report(world.with_tables(zones=zones))["groups"]
    assert {group["zone"] for group in found} == {"east", None}


def test_rows_in_any_order_add_up_to_the_same(study: Workspace) -> None:
    mixed = study.table("parcels").sample(frac=1.0, random_state=1).reset_index(drop=True)
    one, other = accounts.report(study), accounts.report(study.with_tables(parcels=mixed))
    assert [group["zone"] for group in one["groups"]] == [group["zone"] for group in other["groups"]]
    for before, after in zip((one, *one["groups"]), (other, *other["groups"]), strict=True):
        for name in (*accounts.FIGURES, "parcels", "unknown_parcels"):
            assert after[name] == pytest.approx(before[name], rel=1e-9, abs=1e-6), name


@pytest.mark.parametrize("by", [("land_use",), ("zone", "status", "year"), ("year", "sub_area")])
def test_many_groups_are_told_by_pandas_alike(study: Workspace, by: tuple[str, ...]) -> None:
    held, parcels = accounts.books(study), study.table("parcels")
    labels = pd.DataFrame(
        {
            "zone": held.zone,
            "sub_area": held.sub_area,
            **{
                name: parcels[column].astype(object).to_numpy()[held.split.parcel]
                for name, column in (("land_use", "land_use"), ("status", "status"), ("year", "available_from"))
            },
            "figure": held.parts.available,
        }
    )
    sums = labels.groupby(list(by), dropna=False)["figure"].sum()
    found = {tuple(group[key] for key in by): group["available_m2"] for group in accounts.report(study, by)["groups"]}
    assert len(found) == len(sums)
    for key, value in sums.items():
        plain = tuple(None if pd.isna(part) else part for part in (key if isinstance(key, tuple) else (key,)))
        assert found[plain] == pytest.approx(value)
