"""Values that are the same in every row, and columns of a file that are left out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from cli import main
from layers import stores
from layers.workspace import Workspace
from tests.files import call, codes, parcels, shapefile


@pytest.fixture
def w(tmp_path: Path) -> Path:
    path = tmp_path / "w.gpkg"
    stores.create(path, Workspace("w", "EPSG:4548"))
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return shapefile(
        tmp_path / "p.shp", parcels(2, DKBH=["a", "b"], YDXZ=["M1", "M2"], 业主=["甲", "乙"], YDMJ=[1.0, 2.0])
    )


def held(w: Path) -> pd.DataFrame:
    return stores.read(w).table("parcels")


def test_a_fixed_value_is_taken_as_it_is_written(w: Path, file: Path) -> None:
    """0601 is a code and no number; a figure, a word of a vocabulary and a name of one's own are what they are."""
    words = ("--set", "land_use=0601", "FAR_max=2.5", "status=成交", "批次=2026-11 = 甲", "--layer", "parcels")
    status, answer = call("import", w, file, *words)
    assert status == 0, answer
    row = held(w)
    assert row["land_use"].tolist() == ["0601"] * 2 and row["status"].tolist() == ["sold"] * 2
    assert row["far_max"].tolist() == [2.5, 2.5] and row["批次"].tolist() == ["2026-11 = 甲"] * 2
    assert row["YDXZ"].tolist() == ["M1", "M2"], "what its name would have made the land use is kept beside it"
    assert answer["columns"]["land_use"] == '"0601"' and answer["columns"]["parcel_no"] == "DKBH"


def test_a_column_that_is_dropped_is_not_kept_and_not_matched(w: Path, file: Path) -> None:
    words = ("--drop", "业主", "--drop", "YDXZ", "--drop", "YDMJ", "--map", "official_area_m2=YDMJ*2")
    status, answer = call("import", w, file, "--layer", "parcels", *words)
    row = held(w)
    assert status == 0 and "业主" not in row and "YDXZ" not in row and "YDMJ" not in row
    assert row["land_use"].isna().all() and row["official_area_m2"].tolist() == [2.0, 4.0]
    assert "land_use" not in answer["columns"]


def test_a_slip_in_what_is_dropped_is_told(w: Path, file: Path) -> None:
    status, answer = call("import", w, file, "--layer", "parcels", "--drop", "业王")
    assert status == 0 and "nothing_to_drop" in codes(answer, "warning") and "业主" in held(w)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--set", "far_max=二"), "constant_refused"),
        (("--set", "geometry=x"), "target_refused"),
        (("--set", "far_max"), "call_wrong"),
        (("--set", "far_max=1", "--map", "far_max=YDMJ"), "call_wrong"),
    ],
)
def test_what_makes_no_sense_is_a_wrong_call(w: Path, file: Path, words: tuple[str, ...], code: str) -> None:
    status, answer = call("import", w, file, "--layer", "parcels", *words)
    assert (status, answer["error"]["code"]) == (2, code) and not len(held(w))


def test_a_fixed_value_is_checked_as_any_other(w: Path, file: Path) -> None:
    status, answer = call("import", w, file, "--layer", "parcels", "--set", "far_max=-1")
    assert status == 1 and answer["rejected"] == 2 and {row["field"] for row in answer["rows"]} >= {"far_max"}


def test_the_help_names_both(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["import", "--help"])
    said = capsys.readouterr().out
    assert "--set COLUMN=VALUE" in said and "--drop COLUMN" in said
