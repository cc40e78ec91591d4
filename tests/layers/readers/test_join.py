"""Records joined to features: one a key, never more rows, no square metre counted twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import stores
from layers.parcels import PARCELS
from layers.readers import columns, join
from layers.workspace import Workspace
from tests.files import call, codes, parcels, shapefile

CSV = """ML,Land,Gross,Use,Text
A,100,10,x,甲
A,100,20,y,
 A ,100,30,z,
B,50,5,,乙
C,7,-3,q,丙
C,7,4,q,丙
,1,1,n,n
Z,9,9,z,z
"""


@pytest.fixture
def w(tmp_path: Path) -> Path:
    path = tmp_path / "w.gpkg"
    stores.create(path, Workspace("w", "EPSG:4548"))
    return path


def bring(w: Path, tmp_path: Path, keys: list[Any], *words: object, text: str = CSV) -> tuple[int, dict[str, Any]]:
    source = shapefile(tmp_path / "p.shp", parcels(len(keys), ML=keys, n=list(range(len(keys)))))
    (tmp_path / "tax.csv").write_text(text, encoding="utf-8")
    return call("import", w, source, "--layer", "parcels", "--join", tmp_path / "tax.csv", "--on", "ML", *words)


MAPS = ("--map", "parcel_no=ML", "official_area_m2=Land", "built_floor_area_m2=Gross")


def test_records_of_a_key_become_one(w: Path, tmp_path: Path) -> None:
    take = ("--take", "Land=max", "Gross=sum", "Use=first", "Text=first")
    status, answer = bring(w, tmp_path, ["A", "B", "D", None], *take, *MAPS)
    assert status == 0
    kept = stores.read(w).table("parcels")
    assert kept["official_area_m2"].tolist()[:2] == [100, 50]
    assert kept["built_floor_area_m2"].tolist()[:2] == [60, 5]
    assert kept["Use"].iloc[0] == "x"
    assert kept["Text"].tolist()[:2] == ["甲", "乙"]
    assert kept.loc[2:, ["official_area_m2", "built_floor_area_m2", "Use"]].isna().all(axis=None)
    assert (answer["read"], answer["join_unmatched_features"]) == (4, 2)
    assert answer["join_unmatched_records"] == 4  # two of C, one without a key, one of Z
    assert codes(answer, "info") == ["join_unmatched_features", "join_unmatched_records"]


@pytest.mark.parametrize(
    ("rule", "value"), [("sum", 60), ("max", 30), ("min", 10), ("mean", 20), ("first", 10), ("count", 3)]
)
def test_every_rule(w: Path, tmp_path: Path, rule: str, value: float) -> None:
    bring(w, tmp_path, ["A"], "--take", f"Gross={rule}")
    assert float(stores.read(w).table("parcels")["Gross"].iloc[0]) == value


def test_a_key_on_several_features_shares_what_adds_up(w: Path, tmp_path: Path) -> None:
    take = ("--take", "Land=max", "Gross=sum", "Use=first")
    status, answer = bring(w, tmp_path, ["A", "A", "B"], *take, *MAPS)
    assert status == 0
    kept = stores.read(w).table("parcels")
    assert kept["official_area_m2"].tolist() == pytest.approx([50, 50, 50])
    assert kept["built_floor_area_m2"].tolist() == pytest.approx([30, 30, 5])
    assert kept["Use"].tolist()[:2] == ["x", "x"]
    shared = [row["row"] for row in answer["rows"] if row["code"] == "join_shared"]
    assert shared == [0, 1]


def test_a_negative_record_keeps_the_file_out_unless_it_may_be_left_out(w: Path, tmp_path: Path) -> None:
    status, answer = bring(w, tmp_path, ["A", "C"], "--take", "Gross=sum", "--map", "built_floor_area_m2=Gross")
    assert (status, codes(answer, "error")) == (1, ["join_record_below_minimum"])
    assert [row["row"] for row in answer["rows"] if row["severity"] == "error"] == [1]
    words = ("--take", "Gross=sum", "--map", "built_floor_area_m2=Gross", "--skip-bad")
    status, answer = bring(w, tmp_path, ["A", "C"], *words)
    assert (status, answer["rejected"]) == (0, 0)
    assert "join_record_ignored" in codes(answer, "warning")
    assert stores.read(w).table("parcels")["built_floor_area_m2"].tolist() == [60, 4]


def test_text_where_numbers_are_summed_is_told(w: Path, tmp_path: Path) -> None:
    status, answer = bring(w, tmp_path, ["A"], "--take", "G=sum", text="ML,G\nA,1\nA,x\n")
    assert (status, codes(answer, "error")) == (1, ["join_not_a_number"])


def test_the_joined_file_may_be_in_gb18030_and_have_another_key(w: Path, tmp_path: Path) -> None:
    source = shapefile(tmp_path / "p.shp", parcels(1, ML=["甲"]))
    (tmp_path / "t.csv").write_bytes("编号,容积率\n甲,2.5\n".encode("gb18030"))
    words = ("--join", tmp_path / "t.csv", "--on", "ML=编号", "--take", "容积率=max")
    status, answer = call("import", w, source, "--layer", "parcels", *words)
    assert (status, answer["columns"]) == (0, {"far_max": "容积率"})
    assert stores.read(w).table("parcels")["far_max"].tolist() == [2.5]


def test_a_name_that_both_files_have_is_kept_apart(w: Path, tmp_path: Path) -> None:
    bring(w, tmp_path, ["A"], "--take", "n=sum", text="ML,n\nA,7\n")
    kept = stores.read(w).table("parcels")
    assert (kept["n"].iloc[0], kept["n_joined"].iloc[0]) == (0, 7)


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (("--take", "Nothing=sum"), 1, "column_unknown"),
        (("--take", "Gross=median"), 2, "expression_refused"),
        (("--take", "Gross"), 2, "call_wrong"),
    ],
)
def test_wrong_wishes(w: Path, tmp_path: Path, words: tuple[str, ...], status: int, code: str) -> None:
    found, answer = bring(w, tmp_path, ["A"], *words)
    assert (found, answer["error"]["code"]) == (status, code)


RECORDS = st.lists(st.tuples(st.sampled_from("ABCDE"), st.integers(0, 1000)), min_size=1, max_size=30)
FEATURES = st.lists(st.tuples(st.sampled_from("ABCDX") | st.none(), st.integers(0, 50)), min_size=1, max_size=20)


@settings(max_examples=150, deadline=None)
@given(FEATURES, RECORDS)
def test_nothing_is_multiplied_and_nothing_lost(
    features: list[tuple[str | None, int]], records: list[tuple[str, int]]
) -> None:
    table = pd.DataFrame({"k": pd.Series([key for key, _ in features], dtype="str")})
    area = np.array([float(size) for _, size in features])
    wish = join.Join(pd.DataFrame(records, columns=["k", "v"]), "k", "k", {"v": "sum"})
    how = columns.plan(PARCELS, ["k", "v"], {"built_floor_area_m2": "v"})
    met = join.attach(table, wish, how, area, skip_bad=False)
    assert len(met.table) == len(features)
    held = {key for key, _ in features if key}
    assert met.table["v"].sum() == pytest.approx(sum(value for key, value in records if key in held))
    for key in held & {key for key, _ in records}:
        total = met.table.loc[table["k"] == key, "v"].sum()
        assert total == pytest.approx(sum(value for other, value in records if other == key))
