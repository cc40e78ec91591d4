"""Makers of outside files for tests, and the command line called in this process."""

from __future__ import annotations

import contextlib
import io
import json
import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

import cli
from layers import stores
from tests.world import box

STRIP = 100.0
POINTS_HEAD = """[属性描述]
格式版本号=1.01
数据产生单位=丰台分局
数据产生日期=2026-11-22
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=39
精度=0.001
转换参数=,,,,,,
[地块坐标]
"""
"""How a file of boundary points in zone 39 begins."""


def parcels(count: int = 3, **columns: list[Any]) -> gpd.GeoDataFrame:
    """Squares of 1 ha side by side in EPSG:4548, with these columns."""
    shapes = [box(i * STRIP, 0, (i + 1) * STRIP, STRIP) for i in range(count)]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4548")


def shapefile(path: Path, frame: gpd.GeoDataFrame, encoding: str = "UTF-8") -> Path:
    """A shapefile as other programs write it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # names longer than ten bytes are cut, which is the point
        pyogrio.write_dataframe(frame, path, encoding=encoding)
    return path


def geojson(path: Path, frame: gpd.GeoDataFrame, **members: Any) -> Path:
    """A GeoJSON with the coordinates as they are, and these members of the collection."""
    document = json.loads(frame.to_json(drop_id=True))
    document.pop("crs", None)
    path.write_text(json.dumps(document | members, ensure_ascii=False), encoding="utf-8")
    return path


def call(*words: object) -> tuple[int, dict[str, Any]]:
    """One call with --json: exit code and the one object on stdout."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = cli.main([*map(str, words), "--json"])
    text = out.getvalue()
    assert text.count("\n") == 1, text
    answer: dict[str, Any] = json.loads(text, parse_constant=_refuse)
    return status, answer


def plain(*words: object) -> tuple[int, str, str]:
    """One call for people: exit code, stdout, stderr."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = cli.main([*map(str, words)])
    return status, out.getvalue(), err.getvalue()


def bring(workspace: Path, file: Path, *words: object, layer: str = "parcels") -> tuple[int, dict[str, Any]]:
    """One import by the command line: exit code and report, in which every row is accounted for."""
    status, answer = call("import", workspace, file, "--layer", layer, "--lang", "en", *words)
    if "read" in answer:
        assert answer["read"] == answer["accepted"] + answer["rejected"]
    return status, answer


def held(workspace: Path, layer: str = "parcels") -> pd.DataFrame:
    """The rows of a layer that a workspace holds."""
    return stores.read(workspace).table(layer)


def codes(answer: dict[str, Any], severity: str | None = None) -> list[str]:
    """Codes of a report's rows, in order."""
    return [row["code"] for row in answer["rows"] if severity in (None, row["severity"])]


def _refuse(text: str) -> Any:
    raise AssertionError(f"{text} in JSON")
