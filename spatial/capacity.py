"""Permitted floor area of a parcel, the limit that binds, and the figures that follow from it.

```
net area  = site area − excluded overlay          (only where the floor area ratio is on gross land)
permitted = min over the limits that are present of
            FAR × net area · stated floor area · coverage × net area × ⌊height ÷ storey height⌋
```
No limit present gives `unknown`: never 0, never without bound. A ratio of 0 is a limit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LIMITS = ("far", "stated_floor_area", "coverage_height")
"""Names of the limits, in the order in which a tie is decided."""

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Permitted:
    """Permitted floor area and what binds it.

    Parameters
    ----------
    floor_area
        [m²], shape (n,); NaN where no limit is present.
    limits
        Every limit [m²], shape (3, n), in the order of `LIMITS`; NaN where it is not present.
    """

    floor_area: Floats
    limits: Floats

    @property
    def unknown(self) -> NDArray[np.bool_]:
        """Where no limit is present, shape (n,)."""
        return np.isnan(self.floor_area)

    def binding(self) -> NDArray[np.object_]:
        """Name of the limit that binds, shape (n,); `unknown` where there is none."""
        equal = self.limits == self.floor_area
        names = np.array((*LIMITS, UNKNOWN), dtype=object)
        return names[np.where(equal.any(axis=0), equal.argmax(axis=0), len(LIMITS))]


def site_area(official: Floats, drawn: Floats) -> Floats:
    """Site area [m²]: the official figure where there is one, else the planar area of the drawn outline."""
    return np.where(np.isnan(official), drawn, official)


def net_area(site: Floats, excluded: Floats, on_gross_land: NDArray[np.bool_]) -> Floats:
    """Area [m²] that the floor area ratio counts on.

    Parameters
    ----------
    site, excluded
        Site area and the part of it under excluding overlays [m²], shape (n,).
    on_gross_land
        Where the ratio is on gross land; elsewhere it already is on net land and nothing is taken off.
    """
    return np.where(on_gross_land, np.maximum(site - excluded, 0.0), site)


def permitted(
    net: Floats, *, far: Floats, stated: Floats, coverage: Floats, height: Floats, storey_height: Floats
) -> Permitted:
    """Permitted floor area [m²], shape (n,).

    Parameters
    ----------
    net
        Area that the ratio counts on [m²].
    far
        Highest floor area ratio, NaN where there is none.
    stated
        Floor area above ground that plan or contract states [m²], NaN where there is none.
    coverage
        Highest coverage as a share of 1, NaN where there is none.
    height, storey_height
        Highest building and storey height [m]; the envelope needs both and the coverage.

    Examples
    --------
    >>> one = lambda value: np.array([value])
    >>> nan = float("nan")
    >>> found = permitted(one(6400.0), far=one(2.5), stated=one(nan), coverage=one(0.4), height=one(24.0),
    ...                   storey_height=one(4.0))
    >>> found.floor_area.tolist(), found.binding().tolist()
    ([15360.0], ['coverage_height'])
    """
    # 44.95 m over storeys of 4.495 m are ten storeys, whatever the last bit of the division says
    storeys = np.floor(height / storey_height + 1e-9)
    limits = np.empty((len(LIMITS), len(net)))
    np.multiply(far, net, out=limits[0])
    limits[1] = stated
    np.multiply(coverage * net, storeys, out=limits[2])
    return Permitted(np.fmin.reduce(limits, axis=0), limits)


def disagreement(found: Permitted) -> NDArray[np.bool_]:
    """Where ratio × area and the stated floor area differ by more than 1 %: a thing to flag, never to average."""
    ratio, stated = found.limits[0], found.limits[1]
    with np.errstate(invalid="ignore"):
        return np.abs(ratio - stated) > 0.01 * np.maximum(ratio, stated)


def persons(floor_area: Floats, per_person: float, vacancy: float) -> Floats:
    """People that floor area holds: floor area × (1 − vacancy) ÷ m² per person."""
    return floor_area * (1.0 - vacancy) / per_person


def renewal(permitted_area: Floats, built: Floats, threshold: float) -> Floats:
    """Renewal capacity [m²] (城市更新): permitted above built, where what stands uses less than the threshold.

    Bare land is no renewal: it has no building to renew.

    >>> renewal(np.array([100.0, 100.0, 100.0]), np.array([30.0, 80.0, 0.0]), 0.5).tolist()
    [70.0, 0.0, 0.0]
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        candidate = (built > 0) & (built / permitted_area < threshold)
    return np.where(candidate, permitted_area - built, 0.0)


def expected(nominal: Floats, availability_factor: float) -> Floats:
    """Floor area [m²] that comes to the market: nominal × availability factor."""
    return nominal * availability_factor
