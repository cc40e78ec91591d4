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
    "held": ("平台自持用地，由平台出租", "Held by its platform, which lets what it builds"),
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
_NEAR = 1e-9


@dataclass(frozen=True)
class Legal:
    """What stands between every project and every parcel.

    Parameters
    ----------
    blocked
        Bits of `RULES`, shape (2, projects, parcels), by source of the space; 0 where nothing does.
    there
        Whether a parcel has any floor area of a source to give, or may have, shape (2, parcels).
    """

    rules: Rules
    blocked: np.ndarray
    there: np.ndarray

    def room(self, source: int, project: int) -> np.ndarray:
        """What a project can find on each parcel on its own [m² as taken there], shape (parcels,)."""
        first = np.minimum(self.rules.ground.new, self.rules.cap) if source == 0 else self.rules.vacant(project)
        return np.asarray(np.maximum(np.minimum(first, self.rules.support(project)), 0.0))

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
    """The rules of a ground: those of a project are rows over the parcels, as a whole city has too many pairs."""

    ground: Ground

    def _none(self) -> np.ndarray:
        return np.zeros((len(self.ground.wanted), len(self.ground.base.table("parcels"))), dtype=bool)

    def land_use(self, project: int) -> np.ndarray:
        """Whether any function of the project may not stand there, shape (parcels,)."""
        return np.asarray(~self.ground.allowed[self.ground.mixes[project] > 0].all(axis=0))

    @cached_property
    def zone(self) -> np.ndarray:
        """Whether a project has to be, or may only be, elsewhere, shape (projects, parcels)."""
        projects, found = self.ground.base.table("projects"), self._none()
        known: dict[frozenset[str], np.ndarray] = {}
        kinds, of_parcel = self.ground.zones
        for row, (must, may) in enumerate(zip(projects["must_zone"], projects["may_zones"], strict=True)):
            wanted = frozenset(split_list(must) or split_list(may))
            if wanted:
                if wanted not in known:
                    known[wanted] = np.array([not wanted & zones for zones in kinds], dtype=bool)[of_parcel]
                found[row] = known[wanted]
        return found

    @cached_property
    def locked(self) -> np.ndarray:
        """Parcels of which a project has to stand on one, shape (projects, parcels)."""
        return self._listed("must_parcels")

    @cached_property
    def barred(self) -> np.ndarray:
        """Parcels on which a project may not stand, or that are not those on which it has to, of the same shape."""
        locked = self.locked
        elsewhere: np.ndarray = np.any(locked, axis=1, keepdims=True) & ~locked
        return np.asarray(self._listed("barred_parcels") | elsewhere)

    def _listed(self, column: str) -> np.ndarray:
        parcels = self.ground.base.table("parcels")
        place = {str(number): at for at, number in enumerate(parcels["parcel_no"]) if not pd.isna(number)}
        place |= {str(key): at for at, key in enumerate(parcels["parcel_id"])}
        found = self._none()
        for row, text in enumerate(self.ground.base.table("projects")[column]):
            found[row, [place[key] for key in split_list(text) if key in place]] = True
        return found

    def held(self, project: int) -> np.ndarray:
        """Land that a platform other than the project develops and holds itself (P11), shape (parcels,)."""
        return np.asarray((self.ground.holder != -1) & (self.ground.holder != project))

    def exclusive(self, project: int) -> np.ndarray:
        """Whether somebody who does not move is there, and one of the two wants the parcel alone."""
        mine, (there, count, alone) = self._alone[project], self._standing
        others, alone_there = count - there[project], alone - (there[project] & mine)
        return np.asarray((mine & (others > 0)) | (alone_there > 0))

    @cached_property
    def _alone(self) -> np.ndarray:
        return self.ground.base.table("projects")["exclusive"].to_numpy(dtype=bool, na_value=False)

    @cached_property
    def _standing(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Who stands where and does not move; how many those are on each parcel, and how many want it alone."""
        projects, given = self.ground.base.table("projects"), self.ground.base.table("assignments")
        live = (given["stage"] != "vacated").to_numpy(dtype=bool)
        at = self.ground.base.parcel_index.get_indexer(pd.Index(given["parcel_id"]))
        who = pd.Index(projects["project_id"]).get_indexer(pd.Index(given["project_id"]))
        there, known = self._none(), live & (at >= 0) & (who >= 0)
        there[who[known], at[known]] = True
        return there, there.sum(axis=0), there[self._alone].sum(axis=0)

    @cached_property
    def term(self) -> np.ndarray:
        """Parcels still to be supplied whose stated term the rules in force do not allow, shape (parcels,)."""
        parcels = self.ground.base.table("parcels")
        status = parcels["status"].astype("str")
        open_ = (status.isin(list(UNSUPPLIED)) | parcels["status"].isna()).to_numpy(dtype=bool)
        modes = [None if pd.isna(one) else str(one) for one in parcels["supply_mode"]]
        terms = parcels["term_years"].to_numpy(dtype=float, na_value=np.nan)
        found = np.zeros(len(parcels), dtype=bool)
        for row in np.flatnonzero(open_ & ~np.isnan(terms)).tolist():
            low, high = self.bounds(modes[row], row)
            found[row] = not low - _NEAR <= terms[row] <= high + _NEAR
        return found

    def bounds(self, mode: str | None, parcel: int) -> tuple[float, float]:
        """Least and most term [years] that the rules in force allow to everybody for a mode on a parcel."""
        here = tuple(kind for kind, share in self._under.items() if share[parcel] >= UNDER)
        key = (mode, here)
        if key not in self._bounds:
            mine = self._terms[
                (self._terms["supply_mode"].isna() | (self._terms["supply_mode"] == mode)).to_numpy(bool)
            ]
            mine = mine[(mine["constraint_kind"].isna() | mine["constraint_kind"].isin(here)).to_numpy(bool)]
            low, high = mine["low"].max(), mine["high"].min()
            self._bounds[key] = (0.0 if pd.isna(low) else float(low)), (np.inf if pd.isna(high) else float(high))
        return self._bounds[key]

    @cached_property
    def _bounds(self) -> dict[tuple[str | None, tuple[str, ...]], tuple[float, float]]:
        return {}

    @cached_property
    def _terms(self) -> pd.DataFrame:
        rules = self.ground.rules
        return rules[((rules["rule"] == "term") & rules["for_class"].isna()).to_numpy(dtype=bool)]

    def classes(self, parcel: int) -> tuple[str, ...]:
        """Classes of which whoever shows one may have the term of a parcel that is not for everybody."""
        row, rules = self.ground.base.table("parcels").iloc[parcel], self.ground.rules
        term, mode = row["term_years"], row["supply_mode"]
        here = [kind for kind, share in self._under.items() if share[parcel] >= UNDER]
        mine = rules[
            ((rules["rule"] == "term") & (rules["supply_mode"].isna() | (rules["supply_mode"] == mode))).to_numpy(
                bool
            )
        ]
        allows = ~((mine["low"] > term + _NEAR).fillna(False) | (mine["high"] < term - _NEAR).fillna(False)).to_numpy(
            bool
        )
        if not allows[mine["constraint_kind"].isin(here).to_numpy(bool)].all():
            return ()  # what holds on the land holds whatever is shown
        shown = (mine["for_class"].notna() & mine["constraint_kind"].isna()).to_numpy(bool)
        return tuple(dict.fromkeys(mine["for_class"][shown & allows].astype(str)))

    @cached_property
    def _under(self) -> Mapping[str, np.ndarray]:
        kinds = sorted(set(self._terms["constraint_kind"].dropna()))
        return {str(kind): overlaid.shares(self.ground.base, str(kind)) for kind in kinds}

    def late(self, project: int) -> np.ndarray:
        """Whether new floor area comes after the year in which the project needs it, shape (parcels,)."""
        return np.asarray(self.ground.from_year > self.ground.need_by[project])

    def vacant(self, project: int) -> np.ndarray:
        """Vacant floor area that is there in time [m²], shape (parcels,)."""
        steps = [total for year, total in self.ground.vacant if year <= self.ground.need_by[project]]
        return steps[-1] if steps else np.zeros(len(self.ground.from_year))

    def support(self, project: int) -> np.ndarray:
        """What a project may take within the share of support [m²], +∞ without a limit, shape (parcels,)."""
        share = self.ground.mixes[project, list(FUNCTIONS).index("support")]
        return self.ground.support / share if share > 0 else np.full(len(self.ground.from_year), np.inf)

    @cached_property
    def cap(self) -> np.ndarray:
        """What the caps of its zones leave to each parcel on its own [m²], +∞ without a cap, shape (parcels,)."""
        found = np.full(len(self.ground.from_year), np.inf)
        for _, left, part in self.ground.caps:
            found = np.minimum(found, np.divide(left, part, out=np.full(len(found), np.inf), where=part > 0))
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
    ground = rules.ground
    whole = ground.vacant[-1][1] if ground.vacant else np.zeros(len(ground.from_year))
    there = np.stack([(ground.new > 0) | ground.unknown, whole > 0])
    blocked = np.zeros((2, len(ground.wanted), len(ground.from_year)), dtype=np.int16)
    always = rules.term * BIT["term"] + ground.unknown * BIT["unknown"]
    for project in range(len(ground.wanted)):
        support, vacant = rules.support(project), rules.vacant(project)
        new, old = rules.least[project] - _CENT, rules.least[project] * ground.reuse - _CENT
        both = (
            rules.land_use(project) * BIT["land_use"]
            + rules.zone[project] * BIT["zone"]
            + rules.barred[project] * BIT["barred"]
            + rules.exclusive(project) * BIT["exclusive"]
        )
        blocked[0, project] = (
            both
            + always
            + rules.held(project) * BIT["held"]
            + rules.late(project) * BIT["year"]
            + (support < new) * BIT["support"]
            + ((ground.new < new) & ~ground.unknown) * BIT["room"]
            + ((rules.cap < new) & (ground.new >= new)) * BIT["cap"]
        )
        blocked[1, project] = (
            both
            + (support < old) * BIT["support"]
            + ((vacant < old) & (whole >= old)) * BIT["year"]
            + (whole < old) * BIT["room"]
        )
    return Legal(rules, blocked, there)


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
