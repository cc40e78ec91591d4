"""Which rules stand between a project and a parcel, before anybody else is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from layers.allocating.grounds import Ground
from layers.contract import split_list
from layers.ground import overlaid
from layers.ruling import UNDER
from layers.vocabulary import FUNCTIONS, Terms

RULES: Terms = {
    "land_use": ("用地或分区功能不允许", "Land use or the zone's functions"),
    "zone": ("不在指定或可选分区", "Not in a zone that it may be in"),
    "barred": ("已排除，或锁定在别处", "Barred, or locked elsewhere"),
    "exclusive": ("独占使用冲突", "Exclusive use"),
    "unknown": ("承载未知", "Capacity unknown"),
    "term": ("年期不符合现行规则", "Term against the rules in force"),
    "year": ("需用年份前不能提供", "Not there by the year of need"),
    "support": ("配套占比上限", "Share of support"),
    "cap": ("分区规模上限", "Cap of the zone"),
    "room": ("剩余面积不足", "Too little floor area left"),
}
"""Rules by name, those that no planner can move first."""

BIT = {name: 1 << at for at, name in enumerate(RULES)}
SOURCES = ("new", "existing")
UNSUPPLIED = ("reserve", "planned", "announced")
"""Land that is still to be supplied: its term has to keep to the rules in force."""

_LEAST_M2 = 1.0
"""Less than this is no place, even for a project that takes a part."""

_CENT = 0.005


@dataclass(frozen=True)
class Legal:
    """What stands between every project and every parcel.

    Parameters
    ----------
    blocked
        Bits of `RULES`, shape (2, projects, parcels), by source of the space; 0 where nothing does.
    room
        What a project can find on a parcel on its own [m² as taken there], of the same shape.
    there
        Whether a parcel has any floor area of a source to give, or may have, shape (2, parcels).
    """

    blocked: np.ndarray
    room: np.ndarray
    there: np.ndarray

    def least(self, project: int, parcel: int | None = None) -> tuple[int, int]:
        """The smallest set of rules between a project and any parcel, or one, and of how many parcels it is all.

        A parcel that gives nothing to anybody is looked at only where no other is left.
        """
        parcels = slice(None) if parcel is None else slice(parcel, parcel + 1)
        bits, there = self.blocked[:, project, parcels], self.there[:, parcels]
        found = fewest(bits[there] if there.any() else bits.ravel())
        same = (bits == found) & (there if there.any() else True)
        return found, int(same.any(axis=0).sum())


@dataclass(frozen=True)
class Rules:
    """The rules of a ground, one matrix each."""

    ground: Ground

    @property
    def _count(self) -> tuple[int, int]:
        return len(self.ground.wanted), len(self.ground.base.table("parcels"))

    @cached_property
    def land_use(self) -> np.ndarray:
        """Whether any function of the project may not stand there."""
        wanted = self.ground.mixes > 0
        return np.asarray(wanted.astype(int) @ (~self.ground.allowed).astype(int) > 0)

    @cached_property
    def zone(self) -> np.ndarray:
        """Whether the project has to be, or may only be, elsewhere."""
        projects = self.ground.base.table("projects")
        found = np.zeros(self._count, dtype=bool)
        known: dict[frozenset[str], np.ndarray] = {}
        for row, (must, may) in enumerate(zip(projects["must_zone"], projects["may_zones"], strict=True)):
            wanted = frozenset(split_list(must) or split_list(may))
            if wanted:
                if wanted not in known:
                    known[wanted] = np.array([not wanted & zones for zones in self.ground.zones], dtype=bool)
                found[row] = known[wanted]
        return found

    @cached_property
    def locked(self) -> np.ndarray:
        """Parcels of which a project has to stand on one."""
        return self._listed("must_parcels")

    @cached_property
    def barred(self) -> np.ndarray:
        """Parcels on which it may not, or that are not those on which it has to."""
        locked = self.locked
        elsewhere: np.ndarray = np.any(locked, axis=1, keepdims=True) & ~locked
        return np.asarray(self._listed("barred_parcels") | elsewhere)

    def _listed(self, column: str) -> np.ndarray:
        parcels = self.ground.base.table("parcels")
        place = {str(number): at for at, number in enumerate(parcels["parcel_no"]) if not pd.isna(number)}
        place |= {str(key): at for at, key in enumerate(parcels["parcel_id"])}
        found = np.zeros(self._count, dtype=bool)
        for row, text in enumerate(self.ground.base.table("projects")[column]):
            found[row, [place[key] for key in split_list(text) if key in place]] = True
        return found

    @cached_property
    def exclusive(self) -> np.ndarray:
        """Whether somebody who does not move is there, and one of the two wants the parcel alone."""
        projects, given = self.ground.base.table("projects"), self.ground.base.table("assignments")
        alone = projects["exclusive"].to_numpy(dtype=bool, na_value=False)
        live = (given["stage"] != "vacated").to_numpy(dtype=bool)
        at = self.ground.base.parcel_index.get_indexer(pd.Index(given["parcel_id"]))
        who = pd.Index(projects["project_id"]).get_indexer(pd.Index(given["project_id"]))
        there = np.zeros(self._count, dtype=bool)
        known = live & (at >= 0) & (who >= 0)
        there[who[known], at[known]] = True
        others = there.sum(axis=0)[None, :] - there
        alone_there = (there & alone[:, None]).sum(axis=0)[None, :] - (there & alone[:, None])
        return np.asarray((alone[:, None] & (others > 0)) | (alone_there > 0))

    @cached_property
    def term(self) -> np.ndarray:
        """Parcels still to be supplied whose stated term the rules in force do not allow, shape (parcels,)."""
        parcels = self.ground.base.table("parcels")
        status = parcels["status"].astype("str")
        open_ = (status.isin(list(UNSUPPLIED)) | parcels["status"].isna()).to_numpy(dtype=bool)
        modes, terms = parcels["supply_mode"], parcels["term_years"].to_numpy(dtype=float, na_value=np.nan)
        found = np.zeros(len(parcels), dtype=bool)
        for row in np.flatnonzero(open_ & ~np.isnan(terms)).tolist():
            low, high = self.bounds(modes.iloc[row], row)
            found[row] = not low - 1e-9 <= terms[row] <= high + 1e-9
        return found

    def bounds(self, mode: object, parcel: int) -> tuple[float, float]:
        """Least and most term [years] that the rules in force allow to everybody for a mode on a parcel."""
        mine = self._terms[(self._terms["supply_mode"].isna() | (self._terms["supply_mode"] == mode)).to_numpy(bool)]
        here = [kind for kind, share in self._under.items() if share[parcel] >= UNDER]
        mine = mine[(mine["constraint_kind"].isna() | mine["constraint_kind"].isin(here)).to_numpy(bool)]
        low, high = mine["low"].max(), mine["high"].min()
        return (0.0 if pd.isna(low) else float(low)), (np.inf if pd.isna(high) else float(high))

    @cached_property
    def _terms(self) -> pd.DataFrame:
        rules = self.ground.rules
        return rules[((rules["rule"] == "term") & rules["for_class"].isna()).to_numpy(dtype=bool)]

    @cached_property
    def _under(self) -> Mapping[str, np.ndarray]:
        kinds = sorted(set(self._terms["constraint_kind"].dropna()))
        return {str(kind): overlaid.shares(self.ground.base, str(kind)) for kind in kinds}

    @cached_property
    def late(self) -> np.ndarray:
        """Whether new floor area comes after the year in which the project needs it."""
        return np.asarray(self.ground.from_year[None, :] > self.ground.need_by[:, None])

    @cached_property
    def vacant(self) -> np.ndarray:
        """Vacant floor area that is there in time [m²]."""
        found = np.zeros(self._count)
        for year, total in self.ground.vacant:
            found[self.ground.need_by >= year] = total
        return found

    @cached_property
    def least(self) -> np.ndarray:
        """What a project has to find in one place [m²], shape (projects,)."""
        projects = self.ground.base.table("projects")
        some = np.zeros(len(projects), dtype=bool)
        for column in ("splittable", "partial"):
            some |= projects[column].to_numpy(dtype=bool, na_value=False)
        return np.where(some, np.minimum(_LEAST_M2, self.ground.wanted), self.ground.wanted)


def legal(rules: Rules) -> Legal:
    """Look at every rule for every project and parcel."""
    ground, (projects, parcels) = rules.ground, rules._count
    common = (
        rules.land_use * BIT["land_use"]
        + rules.zone * BIT["zone"]
        + rules.barred * BIT["barred"]
        + rules.exclusive * BIT["exclusive"]
    )
    blocked = np.stack([common, common]).astype(np.int64)
    share = ground.mixes[:, list(FUNCTIONS).index("support")]
    with np.errstate(divide="ignore", invalid="ignore"):
        support = np.where(share[:, None] > 0, ground.support[None, :] / share[:, None], np.inf)
    cap = np.full(parcels, np.inf)
    for _, left, part in ground.caps:
        cap = np.minimum(cap, np.divide(left, part, out=np.full(parcels, np.inf), where=part > 0))
    every = np.broadcast_to(ground.new[None, :], (projects, parcels))
    whole = ground.vacant[-1][1] if ground.vacant else np.zeros(parcels)
    room = np.stack([np.minimum(np.minimum(every, support), cap[None, :]), np.minimum(rules.vacant, support)])
    for at, factor in ((0, 1.0), (1, ground.reuse)):
        least = (rules.least * factor)[:, None] - _CENT
        blocked[at] |= (support < least) * BIT["support"]
        if at == 0:
            blocked[at] |= rules.late * BIT["year"] + rules.term[None, :] * BIT["term"]
            blocked[at] |= ground.unknown[None, :] * BIT["unknown"]
            blocked[at] |= ((every < least) & ~ground.unknown[None, :]) * BIT["room"]
            blocked[at] |= ((cap[None, :] < least) & (every >= least)) * BIT["cap"]
        else:
            blocked[at] |= ((rules.vacant < least) & (whole[None, :] >= least)) * BIT["year"]
            blocked[at] |= (whole[None, :] < least) * BIT["room"]
    there = np.stack([(ground.new > 0) | ground.unknown, whole > 0])
    return Legal(blocked, np.maximum(room, 0.0), there)


def names_of(bits: int) -> tuple[str, ...]:
    """Rules of some bits, in their order.

    >>> names_of(BIT["zone"] | BIT["room"])
    ('zone', 'room')
    """
    return tuple(name for name, bit in BIT.items() if bits & bit)


def fewest(bits: np.ndarray) -> int:
    """The smallest set of rules among those that block a project anywhere.

    Of equally small ones it is the most frequent, then the one that is easiest to give up.

    >>> fewest(np.array([3, 4, 4, 1])), fewest(np.array([1, 4]))
    (4, 4)
    """
    met, count = np.unique(bits, return_counts=True)
    order = sorted(
        zip(met.tolist(), count.tolist(), strict=True), key=lambda one: (one[0].bit_count(), -one[1], -one[0])
    )
    return int(order[0][0]) if order else 0
