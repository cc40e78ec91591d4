"""What an import would change, in figures that can be worked out by hand, and that it changes nothing itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from layers import stores
from layers.contract import Complaint
from layers.exchange.previews import KINDS, Extent, Preview, by_code, extent, preview
from layers.readers.bring_in import bring_in
from layers.readers.wish import Wish
from layers.workspace import Workspace
from tests.files import STRIP, parcels, shapefile
from tests.world import X, Y


def seen(workspace: Workspace, path: Path, layer: str = "parcels", **said: object) -> Preview:
    wish = Wish(file=str(path), layer=layer, **said)  # type: ignore[arg-type]
    return preview(workspace, layer, bring_in(workspace, wish))


def test_rows_that_come_are_counted_beside_those_that_stay(world: Workspace, tmp_path: Path) -> None:
    found = seen(world, shapefile(tmp_path / "a.shp", parcels(2, parcel_no=["n1", "n2"])))
    assert found.counts == {"unchanged": 3, "added": 2, "changed": 0, "removed": 0} and found.changes == 2
    assert found.before == Extent(3, 30_000.0, (X, Y, X + 400, Y + 100))
    assert found.after == Extent(5, 50_000.0, (X, Y, X + 400, Y + 100))
    assert len(found.rows) == len(found.kinds) == 5


def test_an_empty_layer_has_no_extent_before(tmp_path: Path) -> None:
    empty = Workspace(name="新", crs="EPSG:4548")
    found = seen(empty, shapefile(tmp_path / "a.shp", parcels(3, parcel_no=list("abc"))))
    assert found.before == Extent(0, 0.0, None)
    assert found.after == Extent(3, 3 * STRIP * STRIP, (X, Y, X + 3 * STRIP, Y + STRIP))
    assert found.counts["added"] == 3


def test_a_refused_file_changes_nothing_and_says_which_rows(world: Workspace, tmp_path: Path) -> None:
    frame = parcels(3, parcel_no=["a", "b", "c"], far_max=["2", "many", "-1"])
    found = seen(world, shapefile(tmp_path / "a.shp", frame))
    assert found.changes == 0 and found.arrival.refusal is not None and found.after == found.before
    assert {row: [one.code for one in said] for row, said in found.rejected.items()} == {
        1: ["not_a_number"],
        2: ["below_minimum"],
    }


def test_bad_rows_are_left_out_where_that_is_asked_for(world: Workspace, tmp_path: Path) -> None:
    frame = parcels(3, parcel_no=["a", "b", "c"], far_max=["2", "many", "-1"])
    found = seen(world, shapefile(tmp_path / "a.shp", frame), skip_bad=True)
    assert found.arrival.read == found.arrival.accepted + len(found.rejected) == 3
    assert found.counts["added"] == 1 and found.after.area_m2 == 40_000.0


def test_rows_that_go_and_that_differ_stand_in_their_classes(world: Workspace, tmp_path: Path) -> None:
    arrival = bring_in(world, Wish(str(shapefile(tmp_path / "a.shp", parcels(1, parcel_no=["n"]))), "parcels"))
    table = arrival.table[arrival.table["parcel_id"] != "C"].copy()
    table.loc[table["parcel_id"] == "A", "far_max"] = 3.0
    changed = preview(world, "parcels", replace(arrival, table=table.reset_index(drop=True)))
    assert changed.counts == {"unchanged": 1, "added": 1, "changed": 1, "removed": 1}
    of = dict(zip(changed.rows["parcel_id"], changed.kinds, strict=True))
    assert {key: KINDS[of[key]] for key in "ABC"} == {"A": "changed", "B": "unchanged", "C": "removed"}
    assert changed.after.rows == 3 and changed.after.area_m2 == 30_000.0


def test_a_table_without_outlines_has_rows_and_no_area(world: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "p.csv"
    file.write_text("项目编号,项目名称,需求面积\np9,丙,900\n", encoding="utf-8")
    found = seen(world, file, "projects")
    assert found.counts["added"] == 1 and found.before == Extent(2, 0.0, None) and found.after.bounds is None


def test_nothing_is_written_by_looking(world: Workspace, tmp_path: Path) -> None:
    stores.create(tmp_path / "w.gpkg", world)
    before = stores.read(tmp_path / "w.gpkg")
    seen(before, shapefile(tmp_path / "a.shp", parcels(1, parcel_no=["n"])))
    assert stores.revision(tmp_path / "w.gpkg") == before.revision and len(before.table("parcels")) == 3


def test_rows_without_an_outline_count_but_measure_nothing(world: Workspace) -> None:
    table = world.table("parcels").copy()
    table.loc[0, "geometry"] = None
    assert extent("parcels", table) == Extent(3, 20_000.0, (X + 150, Y, X + 400, Y + 100))
    table["geometry"] = None
    assert extent("parcels", table) == Extent(3, 0.0, None)


def test_what_there_is_to_say_is_said_once_and_the_worst_first() -> None:
    notes = (
        Complaint(None, "note", "value_missing", "info"),
        Complaint(2, "far_max", "not_a_number", "error", "x"),
        Complaint(1, "far_max", "above_maximum", "warning", "9"),
        Complaint(5, "far_max", "not_a_number", "error", "y"),
    )
    found = by_code(notes)
    assert list(found) == [
        ("error", "not_a_number", "far_max"),
        ("warning", "above_maximum", "far_max"),
        ("info", "value_missing", "note"),
    ]
    assert [one.row for one in found["error", "not_a_number", "far_max"]] == [2, 5]
