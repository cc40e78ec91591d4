"""Permitted floor area, what stands, what is being built and how land is supplied, for the demo's parcels.

The sums that are published are met exactly; how they are shared out among parcels is schematic.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from data.fengtai.outlines import unit

STOREY_M = 4.0
HEIGHTS = (18.0, 24.0, 30.0, 36.0, 45.0, 60.0, 80.0)
TERM_YEARS = {"M4": 20, "B23": 50, "B4": 40, "F3": 40, "A35": 50, "R2": 70, "W": 20}

# Shares of parcels by supply status, in the order of the land's life; the last takes the rest.
Shares = tuple[tuple[str, float], ...]
WAVES: dict[str, Shares] = {
    "east-1": (("delivered", 0.04), ("under_construction", 0.09), ("built", 1.0)),
    "east-2": (("built", 1.0),),
    "east-3/west": (("delivered", 0.12), ("sold", 0.10), ("under_construction", 0.22), ("built", 1.0)),
    "east-3/east": (
        ("reserve", 0.22),
        ("planned", 0.20),
        ("announced", 0.16),
        ("sold", 0.12),
        ("delivered", 0.12),
        ("under_construction", 0.10),
        ("built", 1.0),
    ),
    "west-1/industry": (
        ("reserve", 0.14),
        ("planned", 0.18),
        ("announced", 0.20),
        ("sold", 0.12),
        ("delivered", 0.20),
        ("under_construction", 1.0),
    ),
    "west-1": (("reserve", 0.15), ("delivered", 0.2), ("under_construction", 0.2), ("built", 1.0)),
    "west-2": (("planned", 0.34), ("announced", 0.16), ("reserve", 1.0)),
}
FIRST_YEARS = {
    "reserve": (2029, 2031),
    "planned": (2028, 2029),
    "announced": (2027, 2028),
    "sold": (2027, 2028),
    "delivered": (2026, 2027),
    "under_construction": (2027, 2028),
}


@dataclass(frozen=True)
class Limits:
    """What a parcel may carry: floor area ratio, stated floor area [m²], coverage [%] and height [m]."""

    far: float | None = None
    stated: float | None = None
    coverage: float | None = None
    height: float | None = None

    def permitted(self, area: float) -> float | None:
        """Least of the limits that are present [m²], or None without any."""
        found = [self.stated] if self.stated is not None else []
        if self.far is not None:
            found.append(self.far * area)
        if self.coverage is not None and self.height is not None:
            found.append(self.coverage / 100 * area * math.floor(self.height / STOREY_M))
        return min(found) if found else None


@dataclass(frozen=True)
class Account:
    """What happened on a parcel so far."""

    status: str
    built: float = 0.0
    under_construction: float = 0.0
    underground: float | None = None
    supply_mode: str | None = None
    term_years: float | None = None
    available_from: int | None = None


def fitted(areas: list[float], ratios: list[float], total: float) -> list[Limits]:
    """Ratios scaled, and floor areas stated, so that the stated floor areas add up to the total exactly.

    A ratio has two decimals and never binds before the stated figure; what rounding leaves goes on the largest
    parcel.
    """
    scale = total / sum(a * r for a, r in zip(areas, ratios, strict=True))
    while sum(_stated(a, math.floor(r * scale * 100) / 100) for a, r in zip(areas, ratios, strict=True)) > total:
        scale *= 0.9999
    fars = [math.floor(r * scale * 100) / 100 for r in ratios]
    stated = [_stated(a, f) for a, f in zip(areas, fars, strict=True)]
    steps = sorted(range(len(areas)), key=lambda i: (-((ratios[i] * scale * 100) % 1), i))
    for i in steps * 2:
        raised = _stated(areas[i], fars[i] + 0.01)
        if sum(stated) - stated[i] + raised <= total:
            fars[i], stated[i] = round(fars[i] + 0.01, 2), raised
    largest = max(range(len(areas)), key=lambda i: areas[i] * fars[i])
    stated[largest] = round(stated[largest] + total - math.fsum(stated), 2)
    while fars[largest] * areas[largest] < stated[largest] + 1:
        fars[largest] = round(fars[largest] + 0.01, 2)
    return [_roomy(f, s) for f, s in zip(fars, stated, strict=True)]


def _stated(area: float, far: float) -> float:
    return max(0.0, 10.0 * math.floor((far * area - 1) / 10))


def _roomy(far: float, stated: float) -> Limits:
    """Coverage and height that leave the ratio its room at any storey height up to 4.5 m."""
    coverage = 40.0 if far > 1.2 else 35.0
    height = next((h for h in HEIGHTS if coverage / 100 * math.floor(h / 4.5) > 1.08 * far), 100.0)
    return Limits(far, stated, coverage, height)


def free_standing(far: float, area: float, key: str) -> Limits:
    """Limits of a parcel of a sub-area without a published floor area: sometimes the height binds."""
    draw = unit(f"{key}/limits")
    if far == 0.0:
        return Limits(far=0.0)
    if draw < 0.22:
        return Limits(far=far, coverage=35.0, height=18.0 if far < 2.6 else 24.0)
    if draw < 0.40:
        return Limits(stated=10.0 * round(far * area / 10))
    return _roomy(far, 10.0 * math.floor(far * area / 10)) if draw < 0.7 else Limits(far=far)


def account(wave: str, code: str, permitted: float, key: str) -> Account:
    """Opening balance and supply of a parcel, drawn from its sub-area's wave by its key."""
    if code in ("G1", "S1", "1401", "1207"):
        return Account("built", supply_mode="allocation")
    draw = unit(f"{key}/wave")
    shares = WAVES[wave]
    reached = itertools.accumulate(share for _, share in shares)
    status = next(name for (name, _), bound in zip(shares, reached, strict=True) if draw < bound)
    mode, years = _supply(code, status, key)
    if status == "built":
        return _standing(wave, permitted, key, mode, years)
    first, last = FIRST_YEARS[status]
    start = first + int(unit(f"{key}/year") * (last - first + 1))
    if status == "under_construction":
        rising = min(permitted, 10.0 * math.floor(permitted * (0.8 + 0.25 * unit(f"{key}/rise")) / 10))
        return Account(status, 0.0, rising, _below(rising, key), mode, years, start)
    return Account(status, 0.0, 0.0, None, mode, years, start)


def supply_year(of: Account) -> int | None:
    """Year of the supply plan (schematic): two years before floor area can be taken, one once it is announced."""
    ahead = {"planned": 2, "announced": 1, "sold": 1}.get(of.status)
    return None if ahead is None or of.available_from is None else of.available_from - ahead


def _standing(wave: str, permitted: float, key: str, mode: str, years: float | None) -> Account:
    draw = unit(f"{key}/built")
    share, start = 0.86 + 0.14 * draw, None
    if wave == "east-1" and draw < 0.24:  # older works of one to three storeys: candidates for renewal
        share, start = 0.2 + draw, 2027 + int(unit(f"{key}/year") * 4)
    elif wave in ("east-1", "east-2") and draw > 0.9:  # a few stand above their limit
        share = 1.0 + 0.8 * (draw - 0.88)
    elif wave == "east-2":
        share = 0.95 + 0.05 * draw
    built = 10.0 * math.floor(permitted * share / 10)
    return Account("built", built, 0.0, _below(built, key), mode, years, start)


def _below(above: float, key: str) -> float:
    return 10.0 * math.floor(above * (0.18 + 0.2 * unit(f"{key}/below")) / 10)


def _supply(code: str, status: str, key: str) -> tuple[str, float | None]:
    """Supply mode and term [years]; terms keep 京政发〔2017〕39号 and 〔2025〕29号, as standards record them."""
    if code in ("A33", "A5", "U", "A35") and not (code == "A35" and unit(f"{key}/mode") > 0.5):
        return "allocation", None
    if code != "M4":
        return "transfer", TERM_YEARS.get(code, 50)
    if status == "built":
        return "transfer", 50
    draw = unit(f"{key}/mode")
    if draw < 0.3:
        return "agreement", 20
    if draw < 0.55:
        return "flexible_transfer", 20
    if draw < 0.7:
        return "lease", 15
    if draw < 0.85:
        return "lease_then_transfer", 20
    return "self_held", 30
