"""Editing, drawing and deleting rows: values are looked at one by one, and nothing is left hanging."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.catalogue import LAYERS
from layers.changes import Command
from layers.commands import Assign, Delete, Draw, Edit, EditMany, Reassign, Reshape
from layers.commands.editing import LETTERS
from layers.commands.errors import ColumnRefused, MovedByAct, ValueUnfit
from layers.commands.values import LARGEST, plain
from layers.errors import NothingSuch, RoomGone, RowRefused, StillReferred, UnknownLayer
from layers.rows import canonical, encode
from layers.workspace import Workspace
from spatial.errors import ChengzaiError, tell
from tests.layers.commands.doing import changes, did, every_row, undone
from tests.world import X, Y, box, table

BOW = shapely.Polygon([(X, Y), (X + 10, Y + 10), (X + 10, Y), (X, Y + 10)])


def test_an_edit_changes_the_columns_that_it_names(world: Workspace) -> None:
    after = did(world, Edit.of("parcels", "A", far_max=3, note="临街", owner="甲"))
    row = after.table("parcels").iloc[0]
    assert (row["far_max"], row["note"], row["owner"], row["land_use"]) == (3.0, "临街", "甲", "M4")
    assert every_row(after)["parcels", "B"] == every_row(world)["parcels", "B"]


@pytest.mark.parametrize("nothing", [None, ""])
def test_none_and_an_empty_text_take_a_value_away(world: Workspace, nothing: object) -> None:
    after = did(world, Edit.of("parcels", "A", land_use=nothing))
    assert "land_use" not in every_row(after)["parcels", "A"]


def test_many_rows_take_the_same_values(world: Workspace) -> None:
    found = changes(world, EditMany("parcels", ("A", "C", "A"), (("status", "built"),)))
    assert [(change.key, sorted(change.fields)) for change in found] == [("A", ["status"]), ("C", ["status"])]
    with pytest.raises(NothingSuch):
        changes(world, EditMany("parcels", ("A", "Z"), (("status", "built"),)))


NUMBERS = [True, math.nan, math.inf, -math.inf, 1e308, 10**400, "2", "２", "1,5", [1], {"a": 1}, b"2", 2 + 1j]


@pytest.mark.parametrize("value", [*NUMBERS, np.float64("nan"), np.bool_(True)], ids=repr)
@pytest.mark.parametrize(("layer", "key", "column"), [("parcels", "A", "far_max"), ("projects", "p1", "need_by")])
def test_a_value_that_is_no_number_is_refused_by_name(
    world: Workspace, layer: str, key: str, column: str, value: object
) -> None:
    for command in (Edit.of(layer, key, **{column: value}), EditMany(layer, (key,), ((column, value),))):
        with pytest.raises(ValueUnfit) as refused:
            changes(world, command)
        assert refused.value.facts["column"] == column
        for language in ("zh-CN", "en"):
            tell(refused.value, language)["message"].encode("utf-8")


@pytest.mark.parametrize("value", [-0.01, -5])
def test_a_number_below_its_column_s_minimum_is_refused(world: Workspace, value: float) -> None:
    with pytest.raises(RowRefused):
        changes(world, Edit.of("parcels", "A", far_max=value))


@pytest.mark.parametrize("value", ["\ud800", "甲\udfff", "a\0b", "x" * 100_001, 3, True, ["a"], math.nan], ids=type)
def test_a_text_that_no_file_can_keep_is_refused(world: Workspace, value: object) -> None:
    with pytest.raises(ValueUnfit):
        changes(world, Edit.of("parcels", "A", note=value))


@pytest.mark.parametrize("value", [math.inf, math.nan, 10**400, "\ud800", {"a": math.nan}, [1]], ids=type)
def test_a_user_s_own_column_holds_plain_values_only(world: Workspace, value: object) -> None:
    with pytest.raises(ValueUnfit):
        changes(world, Edit.of("parcels", "A", own=value))


@pytest.mark.parametrize("column", ["parcel_id", "geometry", "parents", "fid", "rev", "", "a\nb", "x" * 121])
def test_columns_of_other_acts_are_refused(world: Workspace, column: str) -> None:
    with pytest.raises(ColumnRefused):
        changes(world, Edit("parcels", "A", ((column, "x"),)))


@pytest.mark.parametrize("kind", [Edit, EditMany])
def test_the_state_of_a_project_changes_by_its_own_acts(world: Workspace, kind: type[Edit | EditMany]) -> None:
    values = (("note", "n"), ("state", "signed"))
    command = Edit("projects", "p1", values) if kind is Edit else EditMany("projects", ("p1",), values)
    with pytest.raises(MovedByAct, match="state"):
        changes(world, command)
    assert changes(world, Edit("projects", "p1", (("note", "n"),)))


def test_values_outside_the_contract_are_refused_with_their_row(world: Workspace) -> None:
    for command in (
        Edit.of("zones", "east", kind="north"),
        Edit.of("parcels", "A", far_basis="both"),
        Edit.of("parcels", "A", available_from=2026.5),
        Edit.of("assumptions", "norm", value=None),
        EditMany("parcels", ("A", "B"), (("coverage_max_pct", 101),)),
    ):
        with pytest.raises(RowRefused):
            changes(world, command)


def test_a_change_that_takes_assigned_floor_area_away_is_refused(world: Workspace) -> None:
    given_ = did(world, Assign("A", "p1", 6_000.0))
    did(given_, Edit.of("parcels", "A", far_max=1.1))
    with pytest.raises(RoomGone) as refused:
        did(given_, Edit.of("parcels", "A", far_max=1.0))
    assert (refused.value.facts["parcel"], refused.value.facts["lack"]) == ("A", "1,000.00")
    with pytest.raises(RoomGone):
        did(given_, Reshape("parcels", "A", box(0, 0, 50, 100)))
    did(world, Edit.of("parcels", "A", far_max=0.1))


def test_another_outline_is_taken_as_it_is(world: Workspace) -> None:
    shape = shapely.force_3d(box(0, 0, 100, 90), 5.0)
    command = Reshape("parcels", "A", shape)
    after = did(world, command)
    assert after.shapes("parcels")[0].wkb == box(0, 0, 100, 90).wkb, "heights are left out, nothing is snapped"
    told = command.facts(world)
    assert (told["area_before_m2"], told["area_m2"]) == (10_000.0, 9_000.0)


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (BOW, RowRefused),
        (shapely.Polygon(), RowRefused),
        (shapely.Point(X, Y), RowRefused),
        (shapely.LineString([(X, Y), (X + 1, Y)]), RowRefused),
        (shapely.from_wkt("POLYGON ((0 0, inf 0, 1 1, 0 0))"), RowRefused),
        (None, ValueUnfit),
        ("POLYGON ((0 0, 1 0, 1 1, 0 0))", ValueUnfit),
    ],
    ids=str,
)
def test_an_outline_that_cannot_be_is_refused(world: Workspace, shape: object, reason: type[Exception]) -> None:
    with pytest.raises(reason):
        changes(world, Reshape("parcels", "A", shape))  # type: ignore[arg-type]
    with pytest.raises((reason, RowRefused)):
        changes(world, Draw("parcels", shape))  # type: ignore[arg-type]


def test_a_layer_without_geometry_takes_none(world: Workspace) -> None:
    for command in (Reshape("projects", "p1", box(0, 0, 1, 1)), Draw("projects", box(0, 0, 1, 1))):
        with pytest.raises(ColumnRefused):
            changes(world, command)


SMALLEST: dict[str, tuple[shapely.Geometry | None, dict[str, object]]] = {
    "zones": (None, {}),
    "parcels": (box(400, 0, 450, 50), {}),
    "buildings": (None, {"parcel_id": "A"}),
    "parks": (None, {}),
    "projects": (None, {"name": "丙"}),
    "assignments": (
        None,
        {"parcel_id": "A", "project_id": "p1", "floor_area_m2": 5, "source": "new", "stage": "intent"},
    ),
    "moves": (None, {"layer": "projects", "row_key": "p1", "to_state": "lead", "moved_on": "2026-01-02"}),
    "milestones": (None, {"assignment_id": "A00001", "kind": "start", "due": "2027-01-31"}),
    "stations": (shapely.Point(X, Y), {"kind": "metro"}),
    "constraints": (box(0, 0, 5, 5), {"effect": "exclude"}),
    "ways": (shapely.LineString([(X, Y), (X + 9, Y)]), {"kind": "path"}),
    "facilities": (shapely.Point(X, Y), {"kind": "clinic"}),
    "rasters": (None, {"sha256": "0" * 64}),
    "rulepacks": (None, {"pack": "x", "valid_from": "2020-01-01", "rule": "term"}),
    "targets": (None, {"measure": "staff"}),
    "criteria": (None, {"model": "m", "measure": "station_distance"}),
    "assumptions": (None, {"name": "vacancy", "value": 0.1}),
}


@pytest.mark.parametrize("layer", SMALLEST)
def test_a_row_of_any_layer_can_be_made_and_taken_away(world: Workspace, layer: str) -> None:
    shape, values = SMALLEST[layer]
    if layer == "milestones":
        world = did(world, Assign("A", "p1", 100.0))
    after = did(world, Draw(layer, shape, tuple(values.items())))
    key = after.table(layer)[LAYERS[layer].key].iloc[-1]
    assert key.startswith(LETTERS[layer])
    assert len(after.table(layer)) == len(world.table(layer)) + 1
    assert every_row(did(after, Delete(layer, key))) == every_row(world)


def test_every_layer_has_a_letter_of_its_own() -> None:
    assert LETTERS.keys() == LAYERS.keys()
    assert len(set(LETTERS.values())) == len(LETTERS)


@pytest.mark.parametrize(
    "command",
    [
        Delete("parcels", "A"),
        Delete("zones", "east"),
        Delete("projects", "p1"),
        Delete("parcels", "A", with_buildings=True),
    ],
)
def test_what_something_refers_to_stays(world: Workspace, command: Delete) -> None:
    given_ = did(world, Assign("A", "p1", 100.0))
    with pytest.raises(StillReferred) as refused:
        changes(given_, command)
    assert refused.value.facts["count"] == 1
    assert "{" not in tell(refused.value)["message"]


def test_a_zone_with_sub_areas_or_in_a_list_of_a_project_stays(world: Workspace) -> None:
    under = did(world, Edit.of("zones", "east", parent="west"))
    with pytest.raises(StillReferred):
        changes(under, Delete("zones", "west"))
    with pytest.raises(StillReferred):
        changes(did(world, Edit.of("projects", "p2", may_zones="east; west")), Delete("zones", "west"))
    assert len(did(world, Delete("zones", "west")).table("zones")) == 1


def test_a_parcel_goes_with_its_buildings_and_leaves_the_park(world: Workspace) -> None:
    park = {"park_id": "k", "member_parcels": "A; B", "geometry": None}
    here = world.with_tables(parks=table("parks", [park]))
    found = changes(here, Delete("parcels", "A", with_buildings=True))
    after = did(here, Delete("parcels", "A", with_buildings=True))
    assert len(after.table("buildings")) == 0
    assert after.table("parks")["member_parcels"].tolist() == ["B"]
    assert every_row(undone(after, found)) == every_row(here)


@pytest.mark.parametrize(
    "command",
    [
        Edit.of("streets", "A", name="x"),
        Edit.of("parcels", "Z", name="x"),
        Reshape("streets", "A", box(0, 0, 1, 1)),
        Draw("streets", None),
        Delete("streets", "A"),
        Delete("parcels", "Z"),
        EditMany("streets", ("A",), (("name", "x"),)),
    ],
)
def test_rows_and_layers_that_are_not_there(world: Workspace, command: Command) -> None:
    with pytest.raises((UnknownLayer, NothingSuch)):
        changes(world, command)


@pytest.mark.parametrize(
    "command",
    [
        Edit.of("parcels", "A", far_max=2.5, land_use=None, own="x"),
        EditMany("parcels", ("A", "B", "C"), (("status", "built"),)),
        Reshape("parcels", "A", box(0, 0, 90, 100)),
        Draw("parcels", box(400, 0, 450, 50), (("parcel_no", "新"),)),
        Delete("zones", "west"),
    ],
)
def test_taking_it_back_gives_the_same_rows(world: Workspace, command: Command) -> None:
    assert every_row(undone(did(world, command), changes(world, command))) == every_row(world)


def test_an_assignment_is_changed_as_if_it_were_made_anew(world: Workspace) -> None:
    given_ = did(world, Assign("A", "p1", 10_000.0))
    assert did(given_, Reassign("A00001", 15_000.0)).table("assignments")["floor_area_m2"].tolist() == [15_000.0]
    vacated = did(given_, Reassign("A00001", stage="completed"), Reassign("A00001", stage="vacated"))
    assert did(vacated, Assign("A", "p2", source="existing")).table("assignments")["floor_area_m2"].tolist() == [
        10_000.0,
        12_000.0,
    ]
    for value in (15_000.02, *NUMBERS, 0, -1):
        with pytest.raises(ChengzaiError):
            changes(given_, Reassign("A00001", value))  # type: ignore[arg-type]
        with pytest.raises(ChengzaiError):
            changes(vacated, Reassign("A00001", value if value != 15_000.02 else -1.0))  # type: ignore[arg-type]
    for value in (*NUMBERS, -1, 71):
        with pytest.raises(ChengzaiError):
            changes(given_, Reassign("A00001", term_years=value))  # type: ignore[arg-type]
        with pytest.raises(ChengzaiError):
            changes(world, Assign("A", "p1", 10.0, term_years=value))  # type: ignore[arg-type]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(max_size=4) | st.characters(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=3,
)


@given(st.sampled_from(["far_max", "available_from", "note", "parents", "own", "geometry_basis"]), ANYTHING)
def test_whatever_is_entered_is_kept_as_text_or_refused(column: str, value: object) -> None:
    try:
        found = plain("parcels", {column: value})
    except (ValueUnfit, ColumnRefused):
        return
    canonical(encode(found)).encode("utf-8")
    kept = found[column]
    assert kept is None or not isinstance(kept, (int, float)) or abs(kept) <= LARGEST
