"""The folder of base maps: what is found in it, what is refused and why, and that keys stay where they are."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from layers.map.bases import Bases
from layers.map.bases.remote import Remote
from spatial.errors import tell
from tests.layers.map.bases.making import at, geotiff, mbtiles, painted

TILE = painted((9, 9, 9))


def settled(folder: Path, *entries: dict[str, Any], **keys: str) -> Bases:
    (folder / "bases.json").write_text(json.dumps({"bases": list(entries)}, ensure_ascii=False), encoding="utf-8")
    return Bases(folder, keys)


def codes(bases: Bases) -> list[str]:
    return [problem.code for problem in bases.all()[1]]


def test_no_folder_is_no_base(tmp_path: Path) -> None:
    assert Bases().all() == ((), ())
    assert Bases(tmp_path / "not there").all() == ((), ())


def test_files_are_found_by_their_ending_and_named_by_their_name(tmp_path: Path) -> None:
    mbtiles(tmp_path / "影像 2024.mbtiles", {at(12): TILE})
    geotiff(tmp_path / "Ortho_1.tif", np.full((3, 64, 64), 9, dtype=np.uint8))
    (tmp_path / "readme.txt").write_text("x")
    found, problems = Bases(tmp_path).all()
    assert problems == ()
    assert [(base.title["zh-CN"], base.kind, base.edits) for base in found] == [
        ("Ortho_1", "raster", "allowed"),
        ("影像 2024", "raster", "allowed"),
    ]
    assert found[0].key == "ortho-1" and found[1].key.startswith("base-")


def test_settings_name_title_datum_and_credit(tmp_path: Path) -> None:
    mbtiles(tmp_path / "g.mbtiles", {at(12): TILE})
    bases = settled(
        tmp_path, {"key": "street", "file": "g.mbtiles", "title": "街道", "title_en": "Streets", "datum": "gcj02"}
    )
    (base,) = bases.all()[0]
    assert (base.key, base.datum, base.edits, base.title["en"]) == ("street", "gcj02", "blocked", "Streets")
    assert bases.get("street") == base and bases.get("g") is None


def test_a_file_that_is_put_there_later_is_found(tmp_path: Path) -> None:
    bases = Bases(tmp_path)
    assert bases.all()[0] == ()
    path = mbtiles(tmp_path / "a.mbtiles", {at(12): TILE})
    before = bases.get("a")
    assert before is not None
    os.utime(path, ns=(1, 1))
    after = bases.get("a")
    assert after is not None and after.tag != before.tag, "browsers must ask again"


def test_a_bad_file_is_told_and_keeps_no_other_out(tmp_path: Path) -> None:
    mbtiles(tmp_path / "good.mbtiles", {at(12): TILE})
    (tmp_path / "bad.mbtiles").write_bytes(b"<html>")
    (tmp_path / "bad.pmtiles").write_bytes(b"<html>")
    (tmp_path / "bad.tif").write_bytes(b"<html>")
    bases = Bases(tmp_path)
    found, problems = bases.all()
    assert [base.key for base in found] == ["good"] and codes(bases) == ["base_broken"] * 3
    for problem in problems:
        for language in ("zh-CN", "en"):
            told = tell(problem, language)
            assert str(tmp_path) not in json.dumps(told), "no path of this machine"


@pytest.mark.parametrize(
    "entry",
    [
        {"key": "a"},
        {"key": "a", "file": "../w.gpkg"},
        {"key": "a", "file": "none.tif"},
        {"key": "A b", "xyz": "http://h/{z}/{x}/{y}"},
        {"key": "a", "xyz": "http://h/{z}/{x}/{y}", "wmts": "http://h/"},
        {"key": "a", "xyz": "http://h/{z}/{x}/{y}", "datum": "mars"},
        {"key": "a", "xyz": "http://h/{z}/{x}/{y}", "zooms": [9]},
        {"key": "a", "xyz": "http://h/{z}/{x}/{y}", "zooms": [9, 3]},
        {"key": "a", "xyz": "http://h/{z}/{x}/{y}", "grid": "round"},
        {"key": "a", "xyz": "http://h/{z}/{x}/{y}", "follow_redirects": True},
        {"key": "a", "wmts": "http://h/wmts"},
        {"key": "a", "tianditu": ["../x"]},
        {"key": "a", "tianditu": "vec"},
        {"key": "a", "tianditu": ["vec"], "matrix": "q"},
        {"key": "a", "xyz": 7},
    ],
)
def test_settings_that_are_not_understood(tmp_path: Path, entry: dict[str, Any]) -> None:
    bases = settled(tmp_path, entry)
    assert bases.all()[0] == () and codes(bases) == ["base_setting_wrong"]


@pytest.mark.parametrize("text", ["", "[]", '{"bases": 3}', '{"bases": [3]}', "{" * 5000, "[" * 90000])
def test_settings_that_are_no_settings(tmp_path: Path, text: str) -> None:
    (tmp_path / "bases.json").write_text(text)
    assert codes(Bases(tmp_path)) == ["base_setting_wrong"]


def test_two_of_one_key_are_told(tmp_path: Path) -> None:
    entry = {"key": "a", "xyz": "http://h/{z}/{x}/{y}"}
    bases = settled(tmp_path, entry, entry)
    assert len(bases.all()[0]) == 1 and codes(bases) == ["base_setting_wrong"]


def test_a_vector_base_is_not_moved(tmp_path: Path) -> None:
    import gzip

    mbtiles(tmp_path / "v.mbtiles", {at(12): gzip.compress(b"\x1a\x00")}, format="pbf")
    bases = settled(tmp_path, {"file": "v.mbtiles", "datum": "gcj02"})
    assert codes(bases) == ["base_shifted_vector"]


def test_tianditu_is_there_once_its_key_is(tmp_path: Path) -> None:
    assert Bases(tmp_path).all() == ((), ())
    found, problems = Bases(tmp_path, {"TIANDITU": "s3cret"}).all()
    assert [(base.key, len(base.parts)) for base in found] == [("tianditu-vec", 2), ("tianditu-img", 2)]
    assert problems == () and "s3cret" not in repr(found)


def test_a_service_without_its_key_says_which_variable(tmp_path: Path) -> None:
    entry = {"key": "gov", "wmts": "https://h/wmts", "layer": "l", "matrix_set": "c", "key_name": "tk",
             "secret": "GOV", "grid": "geographic"}  # fmt: skip
    bases = settled(tmp_path, entry)
    assert codes(bases) == ["base_key_missing"]
    assert "CHENGZAI_KEY_GOV" in tell(bases.all()[1][0])["message"]
    (base,) = settled(tmp_path, entry, GOV="k").all()[0]
    assert isinstance(base.parts[0], Remote) and base.parts[0].grid == "geographic"
