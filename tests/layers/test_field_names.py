"""Field names of shapefiles: published, unique, ten ASCII bytes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.field_names import FIELDS, SHEETS, document, field_name, shapefile_names

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("layer", list(SHEETS))
def test_every_column_has_a_field_of_its_own(layer: str) -> None:
    names = [field_name(layer, column.name) for column in SHEETS[layer]]
    assert all(name and re.fullmatch(r"[A-Z][A-Z0-9_]{0,9}", name) for name in names)
    assert len(set(names)) == len(names)


def test_no_field_means_two_columns() -> None:
    assert len(set(FIELDS.values())) == len(FIELDS)


@given(st.lists(st.text(min_size=1, max_size=15), unique=True, max_size=25))
def test_columns_of_the_users_own_get_safe_and_unique_names(columns: list[str]) -> None:
    every = [*(column.name for column in SHEETS["parcels"]), *columns]
    names = shapefile_names("parcels", dict.fromkeys(every))
    assert len({name.upper() for name in names.values()}) == len(names)
    assert all(re.fullmatch(r"[A-Z][A-Z0-9_]{0,9}", name) for name in names.values())
    assert names["parcel_no"] == "DKBH"


def test_many_long_names_that_begin_alike() -> None:
    names = shapefile_names("parcels", [f"planned_floor_area_{i}" for i in range(1200)])
    assert len(set(names.values())) == 1200
    assert max(map(len, names.values())) <= 10


def test_the_published_table_is_the_generated_one() -> None:
    assert (ROOT / "docs" / "field-names.md").read_text(encoding="utf-8") == document()
