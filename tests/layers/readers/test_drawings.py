"""Drawings: texts that could be numbers or uses are proposed, and what no library reads is counted."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import ezdxf
import pyogrio
import pytest

from layers.readers.bring_in import Wish, bring_in, bring_in_cured
from layers.readers.errors import ViewInside
from layers.workspace import Workspace
from tests.files import parcels

EMPTY = Workspace("w", "EPSG:4548")
X, Y = 438_000.0, 4_410_000.0


def drawn(path: Path, texts: list[list[tuple[str, str]]], *, odd: bool = False) -> Path:
    """Outlines side by side with these (layer, text) in each."""
    document = ezdxf.new("R2000")
    space = document.modelspace()
    for place, inside in enumerate(texts):
        west = X + 100 * place
        ring = [(west, Y), (west + 80, Y), (west + 80, Y + 80), (west, Y + 80)]
        space.add_lwpolyline(ring, close=True, dxfattribs={"layer": "地界"})
        for number, (layer, text) in enumerate(inside):
            space.add_text(text, dxfattribs={"layer": layer}).set_placement((west + 20, Y + 20 + 10 * number))
    if odd:
        space.add_xline((0, 0), (1, 1))
        space.add_ray((0, 0), (1, 1))
        space.add_line((X, Y - 50), (X + 9, Y - 50))
    document.saveas(path, encoding="cp936")
    return path


def wish(path: Path, *cures: str) -> Wish:
    return Wish(str(path), "parcels", crs="EPSG:4548", cures=cures)


def test_texts_in_outlines_become_numbers_and_uses_when_somebody_says_so(tmp_path: Path) -> None:
    texts = [[("注记1", f"FT-{i}"), ("注记2", code)] for i, code in enumerate(["M4", "B23", "G1", "M4", "R2"])]
    path = drawn(tmp_path / "a.dxf", [*texts, []])
    arrival = bring_in(EMPTY, wish(path))
    found = [one for one in arrival.findings if one.code == "texts_could_be"]
    assert {one.column: one.evidence["layer"] for one in found} == {"parcel_no": "注记1", "land_use": "注记2"}
    assert [(one.evidence["one"], one.evidence["none"]) for one in found] == [(pytest.approx(5 / 6), 1)] * 2
    assert "83%" in found[0].sentence("zh-CN") and "83%" in found[0].sentence("en")
    assert arrival.table["parcel_no"].isna().all(), "nothing is decided unasked"
    cured, better = bring_in_cured(EMPTY, wish(path, "texts_could_be"))
    assert better.maps == {"parcel_no": "注记1", "land_use": "注记2"}
    assert cured.table["parcel_no"].tolist()[:5] == [f"FT-{i}" for i in range(5)]
    assert cured.table["land_use"].tolist()[:5] == ["M4", "B23", "G1", "M4", "R2"]


@pytest.mark.parametrize(
    "texts",
    [
        [[("注记", "临时")] for _ in range(6)],  # all the same: no number, no use
        [[("注记", f"A{i}")] if i < 2 else [] for i in range(6)],  # too few
        [[("注记", f"A{i}"), ("注记", f"B{i}")] for i in range(6)],  # two in each
        [[("地块编号", f"A{i}")] for i in range(6)],  # its layer says it already
    ],
)
def test_other_texts_are_not_proposed_as_numbers(tmp_path: Path, texts: list[list[tuple[str, str]]]) -> None:
    arrival = bring_in(EMPTY, wish(drawn(tmp_path / "a.dxf", texts)))
    assert not [one for one in arrival.findings if one.code == "texts_could_be"]


def test_entities_that_nothing_reads_are_counted_by_kind(tmp_path: Path) -> None:
    texts = [[("地块编号", "A")], [("地块编号", "B")]]
    arrival = bring_in(EMPTY, wish(drawn(tmp_path / "a.dxf", texts, odd=True)))
    left = [said for said in arrival.notes if said.code == "elements_left_out"]
    assert [(said.value, said.limit) for said in left] == [("2", "RAY × 1, XLINE × 1")]
    near = bring_in(EMPTY, wish(drawn(tmp_path / "b.dxf", texts)))
    assert not [said for said in near.notes if said.code == "elements_left_out"]


def test_a_view_in_a_geopackage_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(parcels(2), path)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE VIEW 现状 AS SELECT 1")
    connection.close()
    with pytest.raises(ViewInside, match="现状"):
        bring_in(EMPTY, Wish(str(path), "parcels"))
