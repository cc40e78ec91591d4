"""Survey points of CASS."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.readers.features import Features
from layers.readers.registry import read_source

POINTS = "1,JZD,438000.0,4410000.0,45.1\n2,JZD,438100.0,4410000.0,45.2\n3,JZD,438100.0,4410100.0,45.3\n"


def read(folder: Path, text: str, encoding: str = "utf-8") -> Features:
    path = folder / "points.dat"
    path.write_bytes(text.encode(encoding))
    source, found = read_source(str(path))
    assert source.kind == "cass"
    return found


def told(found: Features) -> list[tuple[str, str, str]]:
    return [(one.code, one.value, one.limit) for one in found.notes]


def test_points_that_close_nothing_are_points(tmp_path: Path) -> None:
    found = read(tmp_path, POINTS)
    assert found.shapes is not None
    assert (found.shapes[0].x, found.shapes[0].y) == (438_000.0, 4_410_000.0), "east comes first"
    assert found.table.iloc[0].to_dict() == {"点名": "1", "编码": "JZD", "高程": "45.1"}
    assert told(found) == [("points_kept", "3", "")]


@pytest.mark.parametrize(
    "end", ["4,JZD-C,438000.0,4410100.0,45.4\n", "4,JZD,438000,4410100,1\n5,JZD,438000.001,4410000.0,45.1\n"]
)
def test_codes_and_order_close_outlines(tmp_path: Path, end: str) -> None:
    found = read(tmp_path, POINTS + end + "9,KZD,438500.0,4410000.0,45.1\n", "gb18030")
    assert found.shapes is not None
    assert [one.area for one in found.shapes] == [10_000.0]
    assert found.table.iloc[0].to_dict() == {"编码": "JZD", "界址点号": "1 2 3 4"}
    assert told(found) == [("points_closed", "1", "1")]


def test_another_code_is_another_outline(tmp_path: Path) -> None:
    second = POINTS.replace("JZD", "FW").replace("4381", "4382")
    closing = "4,JZD-C,438000.0,4410100.0,0\n"
    found = read(tmp_path, POINTS + closing + second + closing.replace("JZD", "FW"))
    assert found.table["编码"].tolist() == ["JZD", "FW"]


def test_a_count_in_the_first_line_and_a_bad_line(tmp_path: Path) -> None:
    more = "".join(f"{i},,43{i:04}.0,4410000.0,0\n" for i in range(1000, 1030))
    found = read(tmp_path, "34\n" + POINTS + more + "x,y\n")
    assert found.shapes is not None
    assert len(found.shapes) == 33
    assert told(found) == [("point_line_left_out", "x,y", "35"), ("points_kept", "33", "")]
