"""Garbled text is seen where it is and nowhere else, shown both ways, and turned back only when somebody says so."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.readers.arrival import Arrival
from layers.readers.bring_in import Wish, bring_in, bring_in_cured
from layers.readers.doubts import Finding
from layers.readers.mojibake import recoded
from layers.workspace import Workspace
from tests.files import parcels, shapefile

EMPTY = Workspace("w", "EPSG:4548")
NAMES = ["丰台东区", "西区仓库", "中心广场"]


def one(arrival: Arrival, code: str) -> Finding:
    found = [finding for finding in arrival.findings if finding.code == code]
    assert len(found) == 1, [finding.code for finding in arrival.findings]
    assert found[0].sentence("zh-CN") and found[0].sentence("en")
    return found[0]


def frame(names: list[str] = NAMES) -> gpd.GeoDataFrame:
    return parcels(len(names), DKBH=[str(i) for i in range(len(names))], DKMC=names)


def saying(path: Path, encoding: str, cpg: str | None) -> Path:
    """A shapefile in one encoding whose .cpg names another."""
    file = shapefile(path, frame(), encoding)
    file.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg:
        file.with_suffix(".cpg").write_text(cpg)
    return file


def test_a_cpg_that_the_text_contradicts_is_told_with_both_readings(tmp_path: Path) -> None:
    arrival = bring_in(EMPTY, Wish(str(saying(tmp_path / "a.shp", "GBK", "UTF-8")), "parcels"))
    found = one(arrival, "encoding_contradicts")
    head, *body = found.evidence["side_by_side"]
    assert head == ["UTF-8", "GB18030"]
    assert [line[1] for line in body] == NAMES
    assert all("\ufffd" in line[0] for line in body)
    assert arrival.table["name"].tolist() == NAMES


@pytest.mark.parametrize("said", ["ISO-8859-1", None])
def test_a_cpg_that_reads_and_lies_is_doubted_and_its_cure_reads_it_right(tmp_path: Path, said: str | None) -> None:
    for encoding in ("UTF-8", "GBK"):
        file = saying(tmp_path / f"{encoding}.shp", encoding, said)
        arrival = bring_in(EMPTY, Wish(str(file), "parcels"))
        if said is None:  # the near miss: nothing is declared, and the bytes tell
            assert arrival.findings == ()
            assert arrival.table["name"].tolist() == NAMES
            continue
        found = one(arrival, "encoding_doubtful")
        assert found.severity == "asks"
        assert [line[1] for line in found.evidence["side_by_side"][1:]] == NAMES
        assert arrival.features.table["DKMC"].tolist() == [line[0] for line in found.evidence["side_by_side"][1:]]
        cured, wish = bring_in_cured(EMPTY, Wish(str(file), "parcels", cures=("encoding_doubtful",)))
        assert wish.encoding == found.evidence["likelier"]
        assert cured.table["name"].tolist() == NAMES


def test_text_that_was_garbled_before_the_file_was_saved_is_turned_back(tmp_path: Path) -> None:
    garbled = [name.encode().decode("gb18030", "replace") for name in NAMES]
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(frame(garbled).rename(columns={"DKMC": "地块名称".encode().decode("gb18030")}), path)
    arrival = bring_in(EMPTY, Wish(str(path), "parcels"))
    found = one(arrival, "encoding_doubtful")
    assert found.cure is not None and found.cure.name == "recode"
    assert "name" not in arrival.facts["columns"]
    cured, _ = bring_in_cured(EMPTY, Wish(str(path), "parcels", cures=("encoding_doubtful",)))
    assert cured.table["name"].tolist() == NAMES
    assert [said.code for said in cured.notes if said.code == "text_recoded"] == ["text_recoded"]


def test_characters_that_are_lost_are_told_and_have_no_cure(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(frame(["丰台\ufffd区", "西区", "naïve"]), path)
    arrival = bring_in(EMPTY, Wish(str(path), "parcels"))
    assert one(arrival, "characters_lost").cure is None
    assert "encoding_doubtful" not in [finding.code for finding in arrival.findings]


@pytest.mark.parametrize("name", ["联通", "naïve", "𠮷田䶮", "Müller", "丰台（东区）", "é"])
def test_sound_text_is_not_doubted(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(frame([name, "a", "b"]), path)
    assert bring_in(EMPTY, Wish(str(path), "parcels")).findings == ()


@given(st.text(alphabet=st.sampled_from("丰台东西区地块用科技园工业研发仓库广场中心0-A"), min_size=1, max_size=12))
def test_what_is_turned_back_is_what_was_written(text: str) -> None:
    garbled = text.encode().decode("latin-1")
    assert recoded(garbled, "latin-1", "utf-8") == text
    assert text.isascii() or recoded(text, "gb18030", "utf-8") is None
