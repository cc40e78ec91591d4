"""The draft of an import: what was said stays while one goes back and forth, and goes when it means nothing."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from layers.exchange.inbox import Upload
from layers.readers.columns import Units
from layers.readers.doubts.finding import Cure, Finding
from views.exchange.draft import STEPS, Draft, doubt

SHAPE = Upload("001shp", "地块.shp", Path("/p/001/source.shp"), 10, "aa", ("dbf", "shp", "shx"))
TABLE = Upload("002xlsx", "权属.xlsx", Path("/p/002/source.xlsx"), 5, "bb")
CRS = Finding("crs_missing", "stops", cure=Cure("crs", {"crs": "EPSG:4548"}, {"crs": "EPSG:4548"}))
UNIT = Finding(
    "area_unit_doubtful",
    "asks",
    column="official_area_m2",
    cure=Cure("unit", {"units": Units(columns={"official_area_m2": "mu"})}),
)


@pytest.fixture
def draft() -> Draft:
    return Draft().with_uploads((TABLE, SHAPE))


def test_it_is_one_frozen_value(draft: Draft) -> None:
    with pytest.raises(FrozenInstanceError):
        draft.step = "found"  # type: ignore[misc]


def test_a_file_with_outlines_is_chosen_before_a_table(draft: Draft) -> None:
    assert draft.chosen == SHAPE and draft.others == (TABLE,)
    assert draft.wish is not None and (draft.wish.file, draft.wish.layer) == ("/p/001/source.shp", "parcels")


def test_going_back_and_forth_loses_nothing(draft: Draft) -> None:
    said = draft.saying(crs="EPSG:4490", drop=frozenset({"x"})).mapping("far_max", "RJL*1").curing(UNIT, on=True)
    walked = said
    for step in (*STEPS, *reversed(STEPS)):
        walked = walked.at(step)
    assert walked.wish == said.wish and walked.cures == said.cures and walked.chosen == SHAPE


def test_another_file_begins_anew_and_the_same_one_does_not(draft: Draft) -> None:
    said = draft.saying(crs="EPSG:4490").curing(UNIT, on=True)
    assert said.choosing(SHAPE) == said
    other = said.choosing(TABLE)
    assert other.wish is not None and other.wish.crs is None and other.cures == ()


def test_a_file_more_changes_nothing_of_what_was_said(draft: Draft) -> None:
    said = draft.saying(crs="EPSG:4490").at("columns")
    more = Upload("003csv", "x.csv", Path("/p/003/source.csv"), 1, "cc")
    assert said.with_uploads((TABLE, SHAPE, more)) == said.with_uploads(said.uploads).with_uploads(
        (TABLE, SHAPE, more)
    )
    assert said.with_uploads((TABLE, SHAPE, more)).wish == said.wish


def test_other_contents_under_the_same_name_begin_anew(draft: Draft) -> None:
    said = draft.saying(crs="EPSG:4490").at("preview")
    other = Upload("001shp", "地块.shp", SHAPE.path, 11, "dd", SHAPE.parts)
    fresh = said.with_uploads((TABLE, other))
    assert fresh.chosen == other and fresh.step == "file" and fresh.wish is not None and fresh.wish.crs is None


def test_the_last_file_that_goes_leaves_nothing_behind(draft: Draft) -> None:
    empty = draft.with_uploads(())
    assert empty.chosen is None and empty.wish is None and empty.step == "file"
    assert empty.saying(crs="EPSG:4490") == empty and empty.mapping("far_max", "1") == empty


def test_another_layer_forgets_columns_and_keeps_what_is_of_the_file(draft: Draft) -> None:
    said = draft.saying(crs="EPSG:4490", drop=frozenset({"x"})).mapping("far_max", "RJL").into("zones")
    assert said.layer == "zones" and said.wish is not None
    assert (said.wish.layer, said.wish.crs, dict(said.wish.maps), said.wish.drop) == ("zones", "EPSG:4490", {}, set())
    assert said.into("zones") == said


def test_a_cure_is_part_of_the_wish_for_as_long_as_it_is_confirmed(draft: Draft) -> None:
    on = draft.curing(CRS, on=True).curing(UNIT, on=True)
    assert on.wish is not None and on.wish.crs == "EPSG:4548" and on.wish.units.columns == {"official_area_m2": "mu"}
    assert on.curing(CRS, on=True).cures == (UNIT, CRS), "confirmed twice is confirmed once"
    off = on.curing(CRS, on=False)
    assert off.wish is not None and off.wish.crs is None and off.wish.units.columns == {"official_area_m2": "mu"}
    assert on.curing(CRS, on=False).curing(UNIT, on=False) == draft


def test_what_the_user_says_wins_over_a_cure_of_the_same_thing(draft: Draft) -> None:
    said = draft.curing(CRS, on=True).curing(UNIT, on=True).saying(crs="EPSG:4527")
    assert said.wish is not None and said.wish.crs == "EPSG:4527" and said.cures == (UNIT,)


def test_what_a_cure_said_besides_is_kept_when_the_user_speaks(draft: Draft) -> None:
    on = draft.curing(UNIT, on=True)
    assert on.wish is not None
    units = Units(area="ha", columns=on.wish.units.columns)
    assert on.saying(units=units).wish == on.saying(units=units).curing(UNIT, on=False).wish
    assert on.saying(units=units).cures == ()


def test_doubts_about_other_columns_are_other_doubts() -> None:
    other = Finding("area_unit_doubtful", "asks", column="stated_floor_area_m2", cure=UNIT.cure)
    draft = Draft().with_uploads((SHAPE,)).curing(UNIT, on=True).curing(other, on=True)
    assert len(draft.cures) == 2 and doubt(UNIT) != doubt(other)


def test_a_column_is_left_to_its_name_again(draft: Draft) -> None:
    said = draft.mapping("far_max", "RJL*1").mapping("note", "BZ")
    assert said.wish is not None and dict(said.wish.maps) == {"far_max": "RJL*1", "note": "BZ"}
    again = said.mapping("far_max", None)
    assert again.wish is not None and dict(again.wish.maps) == {"note": "BZ"}
