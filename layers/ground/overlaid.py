"""Constraints over parcels: what each cause takes, what lies under each kind, how they score the land.

The figures are those of `Workspace.excluding`, on which the accounts rest: there is no second overlay that could
say otherwise. Rows of one kind act together; `side` outside means that land beyond all of them is concerned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from layers import causes
from layers.accounts import books
from layers.vocabulary import CONSTRAINT_KINDS
from layers.workspace import Workspace, same_columns
from spatial import overlay

Floats = np.ndarray

TERM_KINDS = ("green_belt",)
"""Kinds of constraint on which rules of land terms depend (京政发〔2025〕29号: 绿化隔离地区)."""

TOUCHED_M2 = 1.0
"""Land below which a parcel only brushes a constraint, where parcels are counted [m²]; areas leave nothing out."""

UNTOUCHED = 100.0
"""Factor of land that no constraint scores."""


@dataclass(frozen=True)
class Losses:
    """Land that parcels lose to constraints, by cause.

    Parameters
    ----------
    kinds
        Kind of each cause, in the order in which land under several is counted.
    lost
        What the site area of each parcel loses [m²], shape (n,); 0 where the ratio is on net land.
    by_cause
        The same by cause, shape (n, k); the causes of a parcel add up to what it loses.
    under
        Land of the outline under each cause [m²], shape (n, k), lost or not; overlapping causes count for each.
    alone
        Land under a cause and no other [m²], shape (n, k).
    covered
        Land under any cause [m²], shape (n,).
    gross
        Where the ratio is on gross land, shape (n,).
    """

    kinds: tuple[str, ...]
    lost: Floats
    by_cause: Floats
    under: Floats
    alone: Floats
    covered: Floats
    gross: np.ndarray

    def of(self, row: int) -> list[dict[str, Any]]:
        """The causes of one parcel in the words of the command line, the one that takes most first."""
        found = [
            {"kind": kind, "area_m2": float(taken), "under_m2": float(under), "alone_m2": float(alone)}
            for kind, taken, under, alone in zip(
                self.kinds, self.by_cause[row], self.under[row], self.alone[row], strict=True
            )
            if under > 0
        ]
        return sorted(found, key=lambda one: -one["area_m2"])


@dataclass(frozen=True)
class Lying:
    """A kind of constraint on one parcel.

    Parameters
    ----------
    area_m2
        Land of the outline that it concerns.
    share
        The same as a share of the outline.
    """

    kind: str
    effect: str
    area_m2: float
    share: float


@dataclass(frozen=True)
class Slot:
    """A kind of constraint, and what a workspace holds of it.

    Parameters
    ----------
    areas
        How many rows; 0 where the slot is empty.
    effects, sides
        Codes that its rows have.
    area_m2
        Area of their outlines, added up.
    parcels
        How many parcels it concerns with more than `TOUCHED_M2`.
    under_m2
        Land of parcels that it concerns.
    lost_m2
        What parcels lose to it, where land under several causes counts for the first of them.
    sources
        Where its rows come from.
    """

    kind: str
    areas: int
    effects: tuple[str, ...]
    sides: tuple[str, ...]
    area_m2: float
    parcels: int
    under_m2: float
    lost_m2: float
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """Land of one parcel under one set of causes, all of which take it."""

    kinds: tuple[str, ...]
    area_m2: float


def losses(workspace: Workspace) -> Losses:
    """Land that each parcel loses to constraints, by cause."""
    found = workspace.excluding
    land, lost = found.land, workspace.excluded_area_m2
    with np.errstate(invalid="ignore", divide="ignore"):
        of_cover = np.where(land.covered > 0, lost / land.covered, 0.0)
    gross = (workspace.table("parcels")["far_basis"] == "gross").to_numpy(dtype=bool, na_value=False)
    return Losses(
        found.kinds, lost, land.first * of_cover[:, None], land.under, land.alone, land.covered, np.asarray(gross)
    )


def with_losses(workspace: Workspace, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of parcels, in the order of their table, with net area and what is lost by cause."""
    net, lost = net_area_m2(workspace).tolist(), workspace.excluded_area_m2.tolist()
    found = losses(workspace) if any(lost) else None
    return [
        row
        | {
            "net_area_m2": net[place],
            "excluded_area_m2": lost[place],
            "excluded_by": found.of(place) if found is not None and lost[place] > 0 else [],
        }
        for place, row in enumerate(rows)
    ]


def net_area_m2(workspace: Workspace) -> Floats:
    """Area of each parcel that its floor area ratio counts on [m²], shape (n,)."""
    return np.asarray(books(workspace).site_area - workspace.excluded_area_m2)


def shares(workspace: Workspace, kind: str) -> Floats:
    """Share of each parcel that constraints of a kind concern, whatever their effect; 0 to 1, shape (n,).

    Examples
    --------
    >>> shares(Workspace("empty", "EPSG:4548"), "green_belt").tolist()
    []
    """
    kinds, land = _every_kind(workspace)
    if kind not in kinds:
        return np.zeros(len(workspace.table("parcels")))
    return _share(land.under[:, kinds.index(kind)], land.size)


def slots(workspace: Workspace) -> list[Slot]:
    """What the workspace holds of every kind: those of the vocabulary in their order, then kinds of one's own.

    A kind that nobody brought in is a slot without rows: it is there, and it is empty.
    """
    table, found = workspace.table("constraints"), losses(workspace)
    every, land = _every_kind(workspace)
    kinds = causes.kinds_of(table)
    named = [*CONSTRAINT_KINDS, *(kind for kind in every if kind not in CONSTRAINT_KINDS)]
    out = []
    for kind in named:
        rows = table[kinds == kind]
        under = land.under[:, every.index(kind)] if kind in every else np.zeros(0)
        lost = found.by_cause[:, found.kinds.index(kind)] if kind in found.kinds else np.zeros(0)
        out.append(
            Slot(
                kind,
                len(rows),
                tuple(sorted({str(effect) for effect in rows["effect"].dropna()})),
                tuple(sorted({str(side) for side in rows["side"].dropna()} or {"inside"} if len(rows) else ())),
                float(shapely.area(np.asarray(rows["geometry"], dtype=object)).sum()),
                int((under > TOUCHED_M2).sum()),
                float(under.sum()),
                float(lost.sum()),
                tuple(dict.fromkeys(str(source) for source in rows["source"].dropna())),
            )
        )
    return out


def factors(workspace: Workspace) -> Floats:
    """Factor of each parcel by area, 0 to 100, shape (n,); 100 where no constraint scores it.

    Where areas that score overlap, the lowest factor holds. A row that says to score and gives no factor scores
    nothing: it is listed by the checks, and no figure is made up for it.
    """
    rows = causes.with_effect(workspace.table("constraints"), "factor")
    rows = rows[rows["factor"].notna()]
    if len(rows) == 0:
        return np.full(len(workspace.table("parcels")), UNTOUCHED)
    names, land = _kept(workspace, "factor", rows, ("kind", "side", "factor"))
    levels = np.array([float(name.partition(" ")[0]) for name in names])
    free = 1.0 - _share(land.covered, land.size)
    parts = _share(land.first, land.size[:, None])
    return np.asarray(parts @ levels + free * UNTOUCHED)


def term_shares(workspace: Workspace) -> dict[str, Floats]:
    """Share of each parcel under each kind on which a term may depend: what a rule of terms asks for."""
    return {kind: shares(workspace, kind) for kind in TERM_KINDS}


def lying_on(workspace: Workspace, row: int) -> list[Lying]:
    """Every kind of constraint, with each of its effects, that concerns some land of one parcel.

    Only this parcel is cut, so that a card does not wait for all others.
    """
    constraints = workspace.table("constraints")
    shape = workspace.shapes("parcels")[[row]]
    if len(constraints) == 0:
        return []
    found: list[Lying] = []
    for effect in ("exclude", "factor", "inform"):
        areas = causes.by_kind(causes.with_effect(constraints, effect))
        land = overlay.overlay(shape, areas.areas)
        for kind, area in zip(areas.names, land.under[0].tolist(), strict=True):
            if area > 0:
                found.append(Lying(kind, effect, area, area / float(land.size[0])))
    return found


def parts_of(workspace: Workspace, row: int) -> list[Part]:
    """The land of one parcel under each set of causes that take land: «alone» and «both» add up to all of it."""
    found = workspace.excluding
    return [Part(tuple(found.kinds[i] for i in each), area) for each, area in found.land.parts(row)]


def _by_factor(rows: pd.DataFrame) -> causes.Causes:
    """The causes of rows that score: one a factor and kind, the lowest factor first."""
    factor, kinds, outside = rows["factor"].to_numpy(dtype=float), causes.kinds_of(rows), causes.outside_of(rows)
    shapes = np.asarray(rows["geometry"], dtype=object)
    pairs = sorted(set(zip(factor.tolist(), kinds.tolist(), strict=True)))
    held = [(factor == level) & (kinds == kind) for level, kind in pairs]
    areas = tuple(overlay.Cause.of(shapes[rows], outside[rows]) for rows in held)
    return causes.Causes(tuple(f"{level!r} {kind}" for level, kind in pairs), areas)


def _share(area: Floats, size: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(size > 0, np.clip(area / size, 0.0, 1.0), 0.0)


def _every_kind(workspace: Workspace) -> tuple[tuple[str, ...], overlay.Overlay]:
    """Parcels cut by all constraints by kind, whatever their effect."""
    return _kept(workspace, "kinds", workspace.table("constraints"), ("kind", "side"))


def _kept(
    workspace: Workspace, what: str, rows: pd.DataFrame, columns: tuple[str, ...]
) -> tuple[tuple[str, ...], overlay.Overlay]:
    """Causes of some constraints, and parcels cut by them: made again only where an outline or a column changed."""
    kept, parcels = workspace.__dict__.setdefault("overlaid", {}), workspace.table("parcels")
    before = kept.get(what)
    if isinstance(before, _Kept) and before.holds(parcels, rows, columns):
        return before.causes.names, before.land
    areas = _by_factor(rows) if "factor" in columns else causes.by_kind(rows)
    made = _Kept(parcels, rows, areas, overlay.overlay(workspace.shapes("parcels"), areas.areas))
    kept[what] = made
    return areas.names, made.land


@dataclass(frozen=True)
class _Kept:
    """An overlay with the tables that it was made of."""

    parcels: pd.DataFrame
    rows: pd.DataFrame
    causes: causes.Causes
    land: overlay.Overlay

    def holds(self, parcels: pd.DataFrame, rows: pd.DataFrame, columns: tuple[str, ...]) -> bool:
        same = same_columns(self.parcels, parcels, ("geometry",))
        return same and same_columns(self.rows, rows, (*columns, "geometry"))
