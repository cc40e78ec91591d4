"""The shift of Chinese web maps against published points, and the way back."""

from __future__ import annotations

import numpy as np
import pytest

from spatial import crs
from spatial.datum import Datum, restored, shifted

PUBLISHED = [  # true and GCJ-02 longitude and latitude, from the tests of other implementations
    (121.5272106, 31.1774276, 121.531541859215, 31.17530398364597),
    (113.912316, 22.543847, 113.9171764808363, 22.540796131694766),
    (116.377817, 39.911954, 116.38404722455657, 39.91334545536069),
]


@pytest.fixture
def fengtai() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(20)
    return random.uniform(116.05, 116.45, 300), random.uniform(39.75, 39.92, 300)


def test_published_points() -> None:
    lon, lat, there_lon, there_lat = np.array(PUBLISHED).T
    found = shifted(lon, lat, "gcj02")
    assert np.abs(found[0] - there_lon).max() < 1e-12 and np.abs(found[1] - there_lat).max() < 1e-12


@pytest.mark.parametrize(("datum", "metres", "azimuth"), [("gcj02", 548, 74.5), ("bd09", 1355, 53.1)])
def test_how_far_fengtai_is_moved(
    fengtai: tuple[np.ndarray, np.ndarray], datum: Datum, metres: float, azimuth: float
) -> None:
    towards, _, length = crs.CGCS2000.inv(*fengtai, *shifted(*fengtai, datum))
    assert length.mean() == pytest.approx(metres, abs=5)
    assert towards.mean() == pytest.approx(azimuth, abs=1)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_there_and_back_to_a_tenth_of_a_millimetre(fengtai: tuple[np.ndarray, np.ndarray], datum: Datum) -> None:
    back = restored(*shifted(*fengtai, datum), datum)
    assert max(np.abs(back[0] - fengtai[0]).max(), np.abs(back[1] - fengtai[1]).max()) < 1e-9
    assert crs.CGCS2000.inv(*fengtai, *back)[2].max() < 1e-4
    forth = shifted(*restored(*fengtai, datum), datum)
    assert crs.CGCS2000.inv(*fengtai, *forth)[2].max() < 1e-4


def test_the_whole_of_china_comes_back() -> None:
    lon, lat = (side.ravel() for side in np.meshgrid(np.linspace(75, 134, 40), np.linspace(4, 53, 40)))
    for datum in ("gcj02", "bd09"):
        back = restored(*shifted(lon, lat, datum), datum)
        assert crs.CGCS2000.inv(lon, lat, *back)[2].max() < 0.01


def test_nothing_moves_outside_china_or_without_a_datum() -> None:
    lon, lat = np.array([-71.1, 0.0]), np.array([42.4, 0.0])
    assert np.array_equal(shifted(lon, lat, "bd09"), (lon, lat))
    assert np.array_equal(restored(lon, lat, "gcj02"), (lon, lat))
    assert shifted(lon, lat, "wgs84") == (lon, lat)
    assert restored(np.empty(0), np.empty(0), "gcj02")[0].shape == (0,)
