"""Where areas are true, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from spatial import crs
from spatial.errors import NotMetric, UnknownCrs, UnsuitableCrs, tell

FENGTAI = (116.10, 39.78, 116.40, 39.90)
PARK = (116.28, 39.82, 116.32, 39.85)


def test_the_published_check_point() -> None:
    point = np.array([shapely.Point(116.28, 39.83)])
    moved = crs.transform(point, crs.parse("EPSG:4490"), crs.parse("EPSG:4548"))[0]
    assert (round(moved.x, 3), round(moved.y, 3)) == (438363.930, 4410901.479)


@pytest.mark.parametrize(
    ("code", "share", "verdict"),
    [
        ("EPSG:4548", 0.0001, "good"),
        ("EPSG:4547", 0.00095, "warn"),
        ("EPSG:32650", -0.00071, "warn"),
        ("EPSG:4528", 0.00247, "warn"),
    ],
)
def test_distortion_in_the_park(code: str, share: float, verdict: str) -> None:
    found = crs.distortion(crs.parse(code), PARK)
    assert found.verdict == verdict
    assert found.share == pytest.approx(share, rel=0.12)


def test_web_mercator_is_refused_with_the_cure() -> None:
    with pytest.raises(UnsuitableCrs) as refused:
        crs.require(crs.parse("EPSG:3857"), FENGTAI)
    for language in ("zh-CN", "en"):
        said = tell(refused.value, language)
        assert said["code"] == "crs_unsuitable"
        assert "EPSG:4548" in said["cure"]


@pytest.mark.parametrize("code", ["EPSG:4490", "EPSG:4326", "EPSG:2249"])
def test_degrees_and_feet_are_refused(code: str) -> None:
    with pytest.raises(NotMetric):
        crs.require(crs.parse(code), FENGTAI)


@pytest.mark.parametrize("text", ["", "EPSG:0", "北京2000", "+proj=nonsense"])
def test_a_crs_that_nobody_knows(text: str) -> None:
    with pytest.raises(UnknownCrs):
        crs.parse(text)


def test_a_pasted_local_definition_is_accepted() -> None:
    local = crs.parse("+proj=tmerc +lat_0=0 +lon_0=116.35 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +type=crs")
    assert crs.require(local, FENGTAI).verdict == "good"
    assert crs.parse(crs.label(local)) == local


@pytest.mark.parametrize("longitude", [75.0, 91.3, 104.1, 116.28, 126.6, 134.9])
def test_the_suggestion_is_good_wherever_it_is_made(longitude: float) -> None:
    box = (longitude - 0.1, 30.0, longitude + 0.1, 30.2)
    # a 3° belt reaches 1.5° from its meridian, where areas are 0.05 to 0.07 % too large
    assert abs(crs.distortion(crs.parse(crs.suggestion(longitude, 30.1)), box).share) < 0.0008


def test_bounds_come_back_as_degrees() -> None:
    to_metres = Transformer.from_crs("EPSG:4490", "EPSG:4548", always_xy=True)
    corner, other = to_metres.transform(116.28, 39.82), to_metres.transform(116.30, 39.84)
    found = crs.lonlat_bounds(np.array([shapely.box(*corner, *other)]), crs.parse("EPSG:4548"))
    assert found == pytest.approx((116.28, 39.82, 116.30, 39.84), abs=2e-3)
