"""What came of a reading: rows accepted and rejected, what there is to say, and the layer's table as it would be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.contract import Complaint, Layer
from layers.readers.doubts import Finding, whereabouts
from layers.readers.errors import RowsRefused
from layers.readers.features import Features
from layers.readers.keys import combine_zones
from layers.readers.row_names import RowNames, row_names, spoken
from layers.readers.updates import Update
from layers.readers.updating import updated
from layers.readers.wish import Wish
from layers.workspace import Workspace
from spatial import area as area_
from spatial.errors import ChengzaiError


@dataclass(frozen=True)
class Arrival:
    """What an import found.

    Parameters
    ----------
    table
        The layer's whole table with the accepted rows at its end.
    read, accepted
        Features of the source, and how many of them are sound.
    notes
        Everything there is to say, by row of the source.
    written
        Rows that are written: 0 when the file is refused, or says what the layer holds already.
    facts
        The further keys of the report.
    refusal
        Why nothing is written, if so.
    findings
        What is doubtful about the file, each with its evidence and perhaps a cure.
    features
        The file as it is, and which of its rows are sound, shape (n,).
    update
        What changes in the layer, row by row, where its rows are matched.
    """

    table: pd.DataFrame
    read: int
    accepted: int
    written: int
    notes: tuple[Complaint, ...]
    facts: Mapping[str, Any]
    refusal: ChengzaiError | None
    findings: tuple[Finding, ...]
    features: Features
    sound: np.ndarray
    update: Update | None = None

    @property
    def names(self) -> RowNames:
        """What people call the rows of the file."""
        return row_names(self.features, self.facts["columns"])

    def report(self, language: str = "zh-CN") -> dict[str, Any]:
        """The report of the command line: every row, its code and what is wrong, in a language."""
        names = self.names
        rows = [
            {
                "row": said.row,
                "line": None if said.row is None else names.of(said.row)[0],
                "key": None if said.row is None else names.of(said.row)[1],
                "code": said.code,
                "field": said.column,
                "message": said.message(language),
                "severity": said.severity,
            }
            for said in self.notes
        ]
        counts = {"read": self.read, "accepted": self.accepted, "rejected": self.read - self.accepted}
        more = {} if self.update is None else self.update.report()
        found = [finding.told(language) for finding in self.findings]
        at = self.facts.get("lands_at")
        where = {"place": whereabouts.place(at[0], at[1], language) if at else None}
        return counts | {"written": self.written, "rows": rows, "findings": found} | dict(self.facts) | where | more


def arrived(
    workspace: Workspace,
    layer: Layer,
    wish: Wish,
    rows: pd.DataFrame,
    notes: list[Complaint],
    told: tuple[dict[str, Any], tuple[Finding, ...], Features],
) -> Arrival:
    """The report of rows that were read, and the layer's table with those that are accepted.

    Parameters
    ----------
    rows
        All rows of the file under our column names, with keys.
    notes
        Everything there is to say about them.
    told
        Further keys of the report, findings, and the file as it is.
    """
    facts, findings, features = told
    errors = [said for said in notes if said.severity == "error"]
    good = sound_rows(rows, notes)
    accepted, origin = rows[good].reset_index(drop=True), np.flatnonzero(good)
    facts |= _extent(workspace, layer, accepted)
    if layer.name == "zones" and len(accepted):
        first = ~accepted["zone_id"].duplicated().to_numpy()
        accepted, said = combine_zones(layer, accepted)
        notes = notes + [_at(complaint, origin) for complaint in said]
        origin = origin[first]
    order = sorted(notes, key=lambda said: (-1 if said.row is None else said.row, said.severity != "error"))
    refused = bool(errors) and (not wish.skip_bad or not good.any())
    table, written, update = workspace.table(layer.name), len(accepted), None
    refusal: ChengzaiError | None = None
    if refused:
        refusal = _refusal(wish, good, errors[0], row_names(features, facts["columns"]))
    if wish.rule.match != "append":
        update = updated(workspace, layer, accepted.set_axis(origin), rows[~good], wish.rule, wish.file)
        refusal, written, table = refusal or update.refusal, update.written, update.table
    elif not refused and len(accepted):
        table = _appended(workspace, layer, accepted)
    return Arrival(
        table=table,
        read=len(rows),
        accepted=int(good.sum()),
        written=0 if refusal else written,
        notes=tuple(order),
        facts=facts,
        refusal=refusal,
        update=update,
        findings=findings,
        features=features,
        sound=good,
    )


def sound_rows(rows: pd.DataFrame, notes: list[Complaint]) -> np.ndarray:
    """Rows of which nothing is wrong and that nobody left out; none where something is wrong with the whole."""
    bad = {said.row for said in notes if said.severity == "error" or said.code == "row_left_out"}
    return np.full(len(rows), None not in bad) & ~np.isin(
        np.arange(len(rows)), [row for row in bad if row is not None]
    )


def _at(said: Complaint, origin: np.ndarray) -> Complaint:
    row = None if said.row is None else int(origin[said.row])
    return Complaint(row, said.column, said.code, said.severity, said.value, said.limit, said.texts)


def _refusal(wish: Wish, good: np.ndarray, first: Complaint, names: RowNames) -> RowsRefused:
    row = ("整个文件", "the whole file")
    if first.row is not None:
        row = spoken(names.of(first.row), "zh-CN"), spoken(names.of(first.row), "en")
    field = (f"「{first.column}」", f", {first.column}") if first.column else ("", "")
    return RowsRefused(
        where=wish.file,
        read=len(good),
        rejected=int((~good).sum()),
        first_zh_at=row[0] + field[0],
        first_en_at=row[1] + field[1],
        first_zh=first.message("zh-CN"),
        first_en=first.message("en"),
    )


def _extent(workspace: Workspace, layer: Layer, rows: pd.DataFrame) -> dict[str, Any]:
    empty: dict[str, Any] = {"planar_area_m2": None, "ellipsoidal_area_m2": None, "bounds": None}
    if not layer.geometry or len(rows) == 0:
        return empty
    shapes = rows["geometry"].to_numpy(dtype=object)
    drawn = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    if len(drawn) == 0:
        return empty
    return {
        "planar_area_m2": float(area_.planar(drawn).sum()),
        "ellipsoidal_area_m2": float(area_.ellipsoidal(drawn, workspace.pyproj_crs).sum()),
        "bounds": [float(side) for side in shapely.total_bounds(drawn)],
    }


def _appended(workspace: Workspace, layer: Layer, rows: pd.DataFrame) -> pd.DataFrame:
    """The layer's table with rows at its end; extra columns of both sides are kept, whatever their case."""
    table = workspace.table(layer.name)
    known = {str(name).casefold(): str(name) for name in table.columns}
    rows = rows.rename(columns={name: known[str(name).casefold()] for name in rows if str(name).casefold() in known})
    fresh = layer.conform(gpd.GeoDataFrame(rows, crs=workspace.crs) if layer.geometry else rows, workspace.crs)
    if len(table) == 0:
        return fresh
    if layer.replaces:
        table = table[~table[layer.key].isin(fresh[layer.key])]
    both = pd.concat([table, fresh], ignore_index=True)
    return layer.conform(gpd.GeoDataFrame(both, crs=workspace.crs) if layer.geometry else both, workspace.crs)
