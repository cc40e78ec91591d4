"""Makers of outside files for tests, and the command line called in this process."""

from __future__ import annotations

import contextlib
import io
import json
import warnings
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio

import cli
from tests.world import box

STRIP = 100.0


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


def codes(answer: dict[str, Any], severity: str | None = None) -> list[str]:
    """Codes of a report's rows, in order."""
    return [row["code"] for row in answer["rows"] if severity in (None, row["severity"])]


def _refuse(text: str) -> Any:
    raise AssertionError(f"{text} in JSON")
