"""Land-use codes of a wrong or unsaid standard: proposed by the list that they fit, with the shares of all lists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from layers.map.landuse import use
from layers.readers.arrival import Arrival
from layers.readers.bring_in import Wish, bring_in, bring_in_cured
from layers.readers.doubts import Finding
from layers.readers.doubts.uses import lists
from layers.workspace import Workspace
from tests.files import parcels, shapefile

EMPTY = Workspace("w", "EPSG:4548")
CODES = {
    "YDYH2023": ["100101", "0802", "0901", "1401"],
    "GB50137": ["M1", "A35", "B11", "U12"],
    "DB11/996": ["M4", "F3", "B23", "M1"],
    "GB/T21010": ["0601", "0804", "1207", "1106"],
}


def read(path: Path, **columns: list[Any]) -> Arrival:
    count = len(next(iter(columns.values())))
    frame = parcels(count, DKBH=[str(i) for i in range(count)], **columns)
    return bring_in(EMPTY, Wish(str(shapefile(path / "p.shp", frame)), "parcels"))


def about(arrival: Arrival) -> list[Finding]:
    return [found for found in arrival.findings if found.code.startswith("land_use")]


@pytest.mark.parametrize("true", ["YDYH2023", "GB50137", "DB11/996", "GB/T21010"])
def test_an_unsaid_standard_is_proposed_and_its_cure_says_it(tmp_path: Path, true: str) -> None:
    arrival = read(tmp_path, YDXZDM=CODES[true])
    (found,) = about(arrival)
    assert (found.code, found.severity, found.evidence["best"]) == ("land_use_standard_untold", "asks", true)
    assert found.evidence["shares"][true] == 1.0
    assert true in found.sentence("zh-CN") and true in found.sentence("en")
    assert [line[0] for line in found.evidence["side_by_side"][1:]] == list(lists())
    wish = Wish(str(tmp_path / "p.shp"), "parcels", cures=("land_use_standard_untold",))
    cured, better = bring_in_cured(EMPTY, wish)
    assert better.constants == {"classification": true}
    assert set(cured.table["classification"]) == {true}
    assert about(cured) == []


def test_a_standard_that_the_codes_contradict_is_told_and_one_that_they_keep_is_not(tmp_path: Path) -> None:
    arrival = read(tmp_path, YDXZDM=CODES["YDYH2023"], FLBZ=["GB50137"] * 4)
    (found,) = about(arrival)
    assert (found.code, found.rows) == ("land_use_other_standard", (0, 1, 2, 3))
    assert (found.evidence["share"], found.evidence["best_share"]) == (0.0, 1.0)
    for standard, codes in CODES.items():
        assert about(read(tmp_path, YDXZDM=codes, FLBZ=[standard] * 4)) == []


def test_a_single_code_that_no_list_has_is_told_by_its_parcel(tmp_path: Path) -> None:
    codes = [*CODES["YDYH2023"], "9999"]
    (found,) = about(read(tmp_path, YDXZDM=codes, FLBZ=["YDYH2023"] * 5))
    assert (found.code, found.severity, found.rows, found.cure) == ("land_use_unknown", "tells", (4,), None)


def test_codes_that_two_standards_share_are_told_apart_by_the_name_of_industry(tmp_path: Path) -> None:
    (tied,) = about(read(tmp_path, YDXZDM=["0601", "0602"]))
    assert tied.evidence["tied"] and tied.cure is None
    (found,) = about(read(tmp_path, YDXZDM=["0601", "0602"], DLMC=["工业用地", "采矿用地"]))
    assert (found.evidence["best"], found.evidence["tied"]) == ("GB/T21010", False)
    assert found.cure is not None


def test_a_zero_that_a_spreadsheet_took_is_seen(tmp_path: Path) -> None:
    found = {one.code: one for one in about(read(tmp_path, YDXZDM=["802", "901", "1001"], FLBZ=["YDYH2023"] * 3))}
    assert found["land_use_zero_lost"].rows == (0, 1)
    assert "802 → 0802" in found["land_use_zero_lost"].sentence("en")
    near = about(read(tmp_path, YDXZDM=["0802", "0901", "1001"], FLBZ=["YDYH2023"] * 3))
    assert near == []


def test_every_code_that_we_draw_is_in_the_list_of_its_standard() -> None:
    assert {len(codes) > 20 for codes in lists().values()} == {True}
    assert use("YDYH2023", "1001").name and "1001" in lists()["YDYH2023"]
    assert "M4" in lists()["DB11/996"] and "M4" not in lists()["GB50137"]
