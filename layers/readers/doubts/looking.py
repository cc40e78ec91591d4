"""Every doubt about a file, together: one look at what was read, after it was placed and its columns were filled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from layers.catalogue import LAYERS
from layers.contract import Complaint
from layers.readers.columns import Plan, unit_of
from layers.readers.doubts import (
    areas,
    between,
    cells,
    encodings,
    labels,
    limits,
    numbering,
    old_datums,
    outlines,
    percents,
    placing,
    shifting,
    uses,
    whereabouts,
)
from layers.readers.doubts.finding import Finding
from layers.readers.features import Features
from layers.readers.georeference import Placed
from layers.readers.limiting import lines_in
from layers.readers.notes import note
from layers.readers.row_names import RowNames, row_names
from layers.readers.source import Source
from layers.readers.synonyms import match
from layers.readers.watching import UNWATCHED, Watch
from layers.readers.wish import Wish
from layers.workspace import Workspace
from spatial import crs as crs_
from spatial.errors import ChengzaiError
from spatial.vertices import is_finite

_ORDER = {"stops": 0, "asks": 1, "tells": 2}


@dataclass(frozen=True)
class Look:
    """What was read, for those who doubt.

    Parameters
    ----------
    placed
        Geometries in the working CRS.
    how
        What each target was read from.
    rows
        Rows under our column names, as many as the file has.
    faulty
        Rows whose outline keeps no contract: a valid polygon was looked for already.
    """

    workspace: Workspace
    wish: Wish
    source: Source
    features: Features
    placed: Placed
    how: Plan
    rows: pd.DataFrame
    faulty: frozenset[int | None]

    @property
    def units(self) -> Mapping[str, str]:
        """Target to the unit that it was read in."""
        told = {target: unit_of(target, e, self.wish.units)[0] for target, e in self.how.reads.items()}
        return {target: unit for target, unit in told.items() if unit is not None}

    @property
    def kept(self) -> np.ndarray:
        """Rows that the user did not leave out, shape (n,)."""
        rows = np.ones(len(self.rows), dtype=bool)
        rows[[row for row in self.wish.skip_rows if row < len(rows)]] = False
        return rows

    @property
    def sound(self) -> np.ndarray:
        """Rows with a valid polygon that are not left out, shape (n,)."""
        kind, finite = shapely.get_type_id(self.shapes), is_finite(self.shapes)
        there = self.kept & np.isin(kind, (3, 6)) & finite
        if not self.wish.repair:
            there[list(self.placed.invalid)] = False
        there[[row for row in self.faulty if row is not None]] = False
        return there

    @property
    def held(self) -> np.ndarray:
        """Outlines that the layer holds and that stay, whatever comes in, shape (m,)."""
        appends = self.wish.rule.match == "append"
        return self.workspace.shapes(self.wish.layer) if appends else np.empty(0, dtype=object)

    @property
    def shapes(self) -> np.ndarray:
        """Geometries in the working CRS, shape (n,)."""
        return self.placed.shapes


def findings(look: Look, watch: Watch = UNWATCHED) -> tuple[Finding, ...]:
    """Every doubt, the weightiest first.

    Parameters
    ----------
    watch
        Told how many kinds of doubts were looked for.

    Raises
    ------
    Cancelled
    """
    names = row_names(look.features, look.how.report())
    found: list[Finding] = []
    for number, doubts in enumerate(_DOUBTS):
        watch.step("doubt", number, len(_DOUBTS))
        found += [_labelled(one, look.wish.layer, names) for one in doubts(look)]
    return tuple(sorted(found, key=lambda one: _ORDER[one.severity]))


def _labelled(finding: Finding, layer: str, names: RowNames) -> Finding:
    """The finding with names of its rows, and it and its cure with the Chinese name of its column."""
    finding = replace(finding, names={row: names.of(row) for row in finding.mentioned})
    if finding.column not in LAYERS[layer].names:
        return finding
    label = LAYERS[layer].column(finding.column).zh
    cure = finding.cure and replace(finding.cure, facts={**finding.cure.facts, "label": label})
    return replace(finding, label=label, cure=cure)


def nowhere(workspace: Workspace, wish: Wish, features: Features, refusal: ChengzaiError) -> tuple[Finding, ...]:
    """Doubts about a file whose coordinates cannot be placed."""
    if features.shapes is None:
        return ()
    declared = _declared(wish, features)
    found = placing.findings(features.shapes, declared, workspace, wish, refusal)
    if not found and declared is not None:
        # the middle lies well, so it is single rows that lie nowhere
        moved = crs_.transform(features.shapes, crs_.parse(declared), workspace.pyproj_crs)
        found = placing.strays(moved, workspace)
    known = match(wish.layer, list(map(str, features.table.columns)), set(), features.short)
    names = row_names(features, {**known, **wish.maps})
    return tuple(_labelled(one, wish.layer, names) for one in found)


def _declared(wish: Wish, features: Features) -> str | None:
    text = wish.crs or features.crs
    return crs_.label(crs_.parse(text).to_2d()) if text else None


def _where(look: Look) -> Iterator[Finding]:
    if look.features.shapes is None or look.placed.crs is None or not LAYERS[look.wish.layer].geometry:
        return
    far = placing.findings(look.features.shapes, look.placed.crs, look.workspace, look.wish, None)
    yield from far
    yield from placing.strays(look.shapes, look.workspace)
    if not far and look.wish.datum == "wgs84" and look.wish.offset is None:
        numbers = look.rows.get("parcel_no")
        read_as = crs_.parse(look.placed.crs)
        off = shifting.findings(look.shapes, numbers, look.workspace, look.wish.layer, read_as)
        yield from off
        yield from old_datums.unsure(look.placed.crs, any("residual_m" in one.evidence for one in off))
    yield from whereabouts.findings(look.shapes, (look.placed.crs, look.placed.basis), look.workspace)


def _cells(look: Look) -> Iterable[Finding]:
    wish, typed = look.wish, look.source.kind not in ("csv", "cass", "boundary")
    return cells.findings(look.features.table, look.how, typed, (wish.read_cells, frozenset(wish.dates)))


def _encoding(look: Look) -> Iterator[Finding]:
    if look.wish.recode is None:
        yield from encodings.findings(look.features, look.source.kind, look.wish.encoding)


def _outlines(look: Look) -> Iterator[Finding]:
    wish, layer, features = look.wish, LAYERS[look.wish.layer], look.features
    if not layer.geometry or features.shapes is None:
        return
    raw = features.shapes
    if wish.layer == "constraints":  # of lines it is asked how wide they are, not whether they are left out
        raw, drawn = raw.copy(), lines_in(raw)
        raw[drawn] = look.shapes[drawn] if wish.buffer_m is not None else None
    gaps = {row: one.gap_m for row, one in features.open_rings.items() if look.kept[row]}
    invalid = look.placed.invalid if raw is features.shapes else None
    seen = outlines.Drawn(look.kept, raw, look.shapes, features.unreadable, gaps, invalid)
    found = outlines.findings(seen, layer, (features.with_z, features.curved), repair=wish.repair)
    wide = raw is features.shapes or wish.buffer_m is not None
    yield from (one for one in found if wide or one.code != "geometry_missing")


def _limits(look: Look) -> Iterable[Finding]:
    wish, features = look.wish, look.features
    if wish.layer != "constraints":
        return ()
    names = [wish.source_layer or "", features.title, Path(wish.called or look.source.name).stem]
    return limits.findings(look.rows, features.shapes, [name for name in names if name], wish.buffer_m)


def _between(look: Look) -> Iterable[Finding]:
    return between.findings(look.shapes, look.sound, look.held) if look.wish.layer == "parcels" else ()


def _figures(look: Look) -> Iterator[Finding]:
    if look.wish.layer == "parcels":
        yield from areas.findings(look.rows, look.shapes, look.workspace.pyproj_crs, look.units)
        yield from percents.findings(look.rows, look.units)
        yield from uses.findings(look.rows, look.features.table)


def _labels(look: Look) -> Iterable[Finding]:
    drawn = look.source.kind == "dxf" and look.features.shapes is not None
    return labels.findings(look.features.table, look.how) if drawn else ()


def _numbering(look: Look) -> Iterable[Finding]:
    known = look.wish.layer == "parcels" and "parcel_no" in look.rows
    return numbering.findings(look.rows["parcel_no"]) if known else ()


_DOUBTS: tuple[Callable[[Look], Iterable[Finding]], ...] = (
    _where, _cells, _encoding, _outlines, _limits, _between, _figures, _numbering, _labels,
)  # fmt: skip
"""In the order in which they are told where they weigh the same."""


def warnings(found: Iterable[Finding]) -> list[Complaint]:
    """Doubts that stand in the list of rows too, where they always stood."""
    out = []
    for finding in found:
        said = finding.evidence
        if finding.code == "looks_like_share":
            out.append(note(finding.code, str(finding.column), severity="warning", value=f"{said['most']:g}"))
        elif finding.code == "area_unit_doubtful":
            facts = {"value": f"{said['ratio']:.4g}", "limit": said["unit"]}
            out.append(note(finding.code, str(finding.column), severity="warning", **facts))
        elif finding.code == "official_area_zero":
            out += [note(finding.code, str(finding.column), row=row, severity="warning") for row in finding.rows]
    return out
