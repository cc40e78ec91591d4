"""A layer brought up to date by a file: what differs, what comes and goes, and what stands on rows that go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.changes import Key
from layers.contract import Complaint, Layer, split_list
from layers.readers.notes import note
from layers.readers.partners import differs, drawn, shapes_of
from layers.readers.updates import (
    NOTHING,
    SAME_PLACE_M,
    Changed,
    Come,
    FieldChange,
    Gone,
    Rule,
    Standing,
    StandingRefused,
    Update,
)
from layers.standing import standing
from layers.workspace import Workspace
from spatial.area import planar

_ROUNDING = 0.02
"""Floor area [m²] by which room may be short of what is assigned: figures are entered to 0.01 m²."""

_PART = 0.1
"""Share of the smaller of two parcels, an old and a new one, that both cover for the new to be of the old: less is
how far two surveys of the same boundary lie apart."""


def completed(layer: Layer, rows: pd.DataFrame, table: pd.DataFrame, place: np.ndarray) -> pd.DataFrame:
    """Rows of a file with what the layer knows of the same rows where the file has no such column.

    A file without any geometry leaves outlines as they are. The key is that of the layer.
    """
    known = np.flatnonzero(place >= 0)
    out = rows.copy()
    for name in table.columns:
        if name == layer.key or name not in out:
            given = out[name] if name in out else pd.Series([None] * len(out), index=out.index)
            values = given.astype(object).to_numpy(copy=True)
            taken = table[name].iloc[place[known]].astype(object)
            values[known] = taken.where(taken.notna(), None).to_numpy()
            kind = "str" if name == layer.key else object if name not in layer.names else table[name].dtype
            out[name] = pd.Series(list(values), index=out.index, dtype=object if name == "geometry" else kind)
    if layer.geometry and "geometry" in rows and not drawn(rows).any():
        shapes = np.full(len(out), None, dtype=object)
        shapes[known] = shapes_of(table)[place[known]]
        out["geometry"] = pd.Series(shapes, index=out.index, dtype=object)
    return out


def shortages(workspace: Workspace, layer: Layer, rows: pd.DataFrame, sound: np.ndarray) -> list[Complaint]:
    """Rows that would leave floor area that is assigned on their parcel without room.

    Parameters
    ----------
    rows
        Rows of the file with the keys of the layer.
    sound
        Rows that are otherwise accepted, shape (n,).
    """
    given = workspace.table("assignments")
    if layer.name != "parcels" or not len(given):
        return []
    place = workspace.parcel_index.get_indexer(pd.Index(rows["parcel_id"]))
    at = np.flatnonzero((place >= 0) & sound & rows["parcel_id"].isin(given["parcel_id"]).to_numpy())
    if not len(at):
        return []
    before = workspace.table("parcels").iloc[place[at]].reset_index(drop=True)
    after = _conformed(layer, rows.iloc[at].reset_index(drop=True), workspace.crs)
    short = [standing(workspace.with_tables(parcels=one), np.arange(len(at))).short for one in (before, after)]
    lack = short[1] - short[0]
    return [
        note("assigned_without_room", "parcel_id", row=int(at[i]), severity="error", value=f"{lack[i]:,.2f}")
        for i in np.flatnonzero(lack > _ROUNDING)
    ]


def _conformed(layer: Layer, rows: pd.DataFrame, crs: str) -> pd.DataFrame:
    return layer.conform(gpd.GeoDataFrame(rows, crs=crs) if layer.geometry else rows, crs)


def updated(
    workspace: Workspace,
    layer: Layer,
    rows: pd.DataFrame,
    rejected: pd.DataFrame,
    rule: Rule,
    where: str,
) -> Update:
    """What accepted rows of a file change in a layer.

    Parameters
    ----------
    rows
        Accepted rows, completed and with the keys of the layer; their index is their row of the file.
    rejected
        The others: rows of the layer that they match stay as they are.
    """
    table, source = workspace.table(layer.name), rows.index.to_numpy()
    keys, names = table[layer.key].astype(object).to_numpy(), _called(layer, table)
    fresh = _conformed(layer, rows.reset_index(drop=True), workspace.crs)
    place = pd.Index(keys).get_indexer(pd.Index(fresh[layer.key].astype(object)))
    held = _held(layer, table, rejected, place)
    known, new = np.flatnonzero(place >= 0), np.flatnonzero(place < 0)
    stands = standing_on(workspace, layer)
    gone = np.setdiff1d(np.arange(len(table)), np.array([*place[known], *held], dtype=np.int64))
    area = _areas(table)
    removed = tuple(
        _gone(str(keys[at]), names[at], area[at], stands.get(str(keys[at]), NOTHING), rule) for at in gone.tolist()
    )
    going = gone[[not one.stays for one in removed]] if len(gone) else gone
    fresh = _merged(layer, table, fresh, known, going)
    fields, moved = _differences(layer, table, fresh, place[known], known)
    changed = tuple(
        _changed(str(keys[at]), names[at], int(source[i]), fields.get(at, ()), moved.get(at), stands)
        for at, i in zip(place[known].tolist(), known.tolist(), strict=True)
        if at in fields or at in moved
    )
    came, fresh = _come(
        layer, table, fresh, (new, source), np.concatenate([gone, np.array([*moved], dtype=np.int64)])
    )
    result = _changed_table(table, fresh, place[known], known, fields, moved)
    result = result.drop(index=result.index[going]).reset_index(drop=True)
    differ = {one.key for one in changed}
    return Update(
        rule=rule,
        added=came,
        removed=removed,
        changed=changed,
        unchanged=tuple(str(key) for key in keys[place[known]] if str(key) not in differ),
        held=tuple(str(keys[at]) for at in held),
        table=_joined(layer, result, fresh.iloc[new], workspace.crs),
        drops=_drops(workspace, layer, [one.key for one in removed if not one.stays and one.standing]),
        refusal=_refusal(layer, removed, rule, where),
    )


def _held(layer: Layer, table: pd.DataFrame, rejected: pd.DataFrame, place: np.ndarray) -> list[int]:
    """Places of rows that only rejected rows of the file match, by key or, where they have none there, by number."""
    mine = table[layer.key].isin(rejected[layer.key]).to_numpy(dtype=bool, na_value=False).copy()
    if layer.name == "parcels" and "parcel_no" in rejected:
        numbers = rejected["parcel_no"][~rejected["parcel_id"].isin(table["parcel_id"])].dropna()
        mine |= table["parcel_no"].isin(numbers).to_numpy(dtype=bool, na_value=False)
    mine[place[place >= 0]] = False
    return [int(at) for at in np.flatnonzero(mine)]


Fields = dict[int, tuple[FieldChange, ...]]
Moved = dict[int, tuple[float, float, float]]


def _differences(
    layer: Layer, table: pd.DataFrame, fresh: pd.DataFrame, at: np.ndarray, known: np.ndarray
) -> tuple[Fields, Moved]:
    """Values that differ, and planar areas [m²] before, after and covered by one only; by place in the table."""
    fields: dict[int, list[FieldChange]] = {}
    for name in fresh.columns:
        if name in (layer.key, "geometry"):
            continue
        new = fresh[name].iloc[known]
        old = table[name].iloc[at] if name in table else pd.Series([None] * len(at), dtype=object)
        for i in np.flatnonzero(differs(old, new)).tolist():
            change = FieldChange(str(name), _plain(old.iloc[i]), _plain(new.iloc[i]))
            fields.setdefault(int(at[i]), []).append(change)
    moved: Moved = {}
    if layer.geometry:
        old_shapes, new_shapes = shapes_of(table)[at], shapes_of(fresh)[known]
        there = ~(shapely.is_missing(old_shapes) & shapely.is_missing(new_shapes))
        other = np.flatnonzero(there & ~shapely.equals_exact(old_shapes, new_shapes, SAME_PLACE_M))
        other = other[~shapely.equals_exact(old_shapes[other], new_shapes[other], SAME_PLACE_M, normalize=True)]
        before, after = np.nan_to_num(planar(old_shapes[other])), np.nan_to_num(planar(new_shapes[other]))
        off = np.nan_to_num(shapely.area(shapely.symmetric_difference(*_valid(old_shapes[other], new_shapes[other]))))
        figures = np.column_stack([before, after, off]).round(4).tolist()
        moved = {int(at[i]): (one[0], one[1], one[2]) for i, one in zip(other.tolist(), figures, strict=True)}
    return {place: tuple(some) for place, some in fields.items()}, moved


def _valid(*pair: np.ndarray) -> tuple[np.ndarray, ...]:
    return tuple(np.where(shapely.is_valid(some), some, shapely.make_valid(some)) for some in pair)


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    return value.item() if isinstance(value, np.generic) else value


def _changed_table(
    table: pd.DataFrame, fresh: pd.DataFrame, at: np.ndarray, known: np.ndarray, fields: Fields, moved: Moved
) -> pd.DataFrame:
    """The layer's table with what differs put in its place; everything else is what it was, to the last bit."""
    row_of = np.full(len(table), -1, dtype=np.int64)
    row_of[at] = known
    places: dict[str, list[int]] = {}
    for place, some in fields.items():
        for one in some:
            places.setdefault(one.column, []).append(place)
    out: dict[str, Any] = {}
    for name, where in places.items():
        column = table[name].copy() if name in table else pd.Series([None] * len(table), index=table.index)
        values = fresh[name].iloc[row_of[where]]
        if column.dtype != values.dtype:
            column, values = column.astype(object), values.astype(object)
        column.iloc[where] = values.array
        out[name] = column
    if moved:
        shapes = shapes_of(table).copy()
        shapes[[*moved]] = shapes_of(fresh)[row_of[[*moved]]]
        out["geometry"] = gpd.GeoSeries(shapes, index=table.index, crs=getattr(table, "crs", None))
    return table.assign(**out) if out else table


def _changed(
    key: str,
    number: str,
    row: int,
    fields: tuple[FieldChange, ...],
    moved: tuple[float, float, float] | None,
    stands: Mapping[str, Standing],
) -> Changed:
    before, after, off = moved or (None, None, None)
    return Changed(key, number, row, fields, before, after, off, stands.get(key, NOTHING))


def _gone(key: str, number: str, area: float | None, stands: Standing, rule: Rule) -> Gone:
    stays = rule.removed == "keep" or (bool(stands) and rule.assigned != "release")
    return Gone(key, number, area, stands, stays)


def _come(
    layer: Layer, table: pd.DataFrame, fresh: pd.DataFrame, rows: tuple[np.ndarray, np.ndarray], before: np.ndarray
) -> tuple[tuple[Come, ...], pd.DataFrame]:
    """New rows, and the table in which new parcels say from which old ones they come.

    Parameters
    ----------
    rows
        Places of the new rows, and the row of the file of every row.
    before
        Places of rows whose land may have become theirs.
    """
    new, source = rows
    keys, names, area = fresh[layer.key].astype(object).to_numpy(), _called(layer, fresh), _areas(fresh)
    came_from = _parents(table, fresh, new, before) if layer.name == "parcels" else {}
    if came_from:
        text = fresh["parents"].astype(object).to_numpy(copy=True)
        for at, parents in came_from.items():
            if _plain(text[at]) is None:
                text[at] = "; ".join(parents)
        fresh = fresh.assign(parents=pd.Series(text, index=fresh.index, dtype="str"))
    came = tuple(
        Come(str(keys[at]), names[at], int(source[at]), area[at], came_from.get(at, ())) for at in new.tolist()
    )
    return came, fresh


def _merged(
    layer: Layer, table: pd.DataFrame, fresh: pd.DataFrame, known: np.ndarray, going: np.ndarray
) -> pd.DataFrame:
    """Parcels that stay, and whose outline takes in others that go, with these among what they come from."""
    came_from = _parents(table, fresh, known, going) if layer.name == "parcels" else {}
    if not came_from:
        return fresh
    text, keys = (fresh[name].astype(object).to_numpy(copy=True) for name in ("parents", "parcel_id"))
    for at, parents in came_from.items():
        line = dict.fromkeys([*parents, *split_list(_plain(text[at]))])
        text[at] = "; ".join(key for key in line if key != keys[at])  # what goes may once have been cut from it
    return fresh.assign(parents=pd.Series(text, index=fresh.index, dtype="str"))


def _parents(
    table: pd.DataFrame, fresh: pd.DataFrame, new: np.ndarray, before: np.ndarray
) -> dict[int, tuple[str, ...]]:
    """Old parcels whose land became that of each new one, those with most of it first, and what these came from."""
    if not len(before) or not len(new):
        return {}
    old_shapes, new_shapes = _valid(shapes_of(table)[before], shapes_of(fresh)[new])
    k, i = shapely.STRtree(old_shapes).query(new_shapes, predicate="intersects")
    both = shapely.area(shapely.intersection(old_shapes[i], new_shapes[k]))
    part = both > 0
    part &= both >= _PART * np.minimum(shapely.area(old_shapes)[i], shapely.area(new_shapes)[k])
    keys, earlier = table["parcel_id"].astype(object).to_numpy(), table["parents"].astype(object).to_numpy()
    out: dict[int, list[str]] = {}
    pairs = zip(new[k[part]].tolist(), (-both[part]).round(4).tolist(), before[i[part]].tolist(), strict=True)
    found = [(at, old) for at, _, old in sorted(pairs)]
    for at, old in found:
        out.setdefault(at, []).append(str(keys[old]))
    for at, old in found:
        out[at] += split_list(_plain(earlier[old]))
    return {at: tuple(dict.fromkeys(line)) for at, line in out.items()}


def _joined(layer: Layer, table: pd.DataFrame, fresh: pd.DataFrame, crs: str) -> pd.DataFrame:
    if not len(fresh):
        return table
    if not len(table):
        return fresh.reset_index(drop=True)
    both = pd.concat([table, fresh], ignore_index=True)
    return _conformed(layer, both, crs)


def _called(layer: Layer, table: pd.DataFrame) -> list[str]:
    """What people call the rows of a table."""
    name = table[layer.key].astype(object)
    for column in ("name", "parcel_no"):
        if column in table:
            given = table[column].astype(object)
            name = given.where(given.notna() & (given != ""), name)
    return [str(value) for value in name]


def _areas(table: pd.DataFrame) -> list[float | None]:
    shapes = shapes_of(table)
    polygons = np.isin(shapely.get_type_id(shapes), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    area = np.where(polygons, shapely.area(shapes), np.nan).round(4)
    return [None if value != value else value for value in area.tolist()]


def standing_on(workspace: Workspace, layer: Layer) -> dict[str, Standing]:
    """What stands on each row of a layer: assignments that have not ended, buildings and documents."""
    counts: dict[str, dict[str, float]] = {}

    def count(table: pd.DataFrame, column: str, name: str) -> None:
        for key, number in table[column].value_counts().items():
            counts.setdefault(str(key), {})[name] = int(number)

    if layer.name in ("parcels", "projects"):
        given = workspace.table("assignments")
        count(given, layer.key, "assignments")
        going_on = given[(given["stage"] != "vacated").to_numpy(dtype=bool, na_value=True)]
        for key, area in going_on.groupby(layer.key)["floor_area_m2"].sum().items():
            counts[str(key)]["assigned_m2"] = float(area)
    if layer.name == "parcels":
        count(workspace.table("buildings"), "parcel_id", "buildings")
    papers = workspace.table("attachments")
    count(papers[papers["layer"] == layer.name], "row_key", "documents")
    return {key: Standing(**some) for key, some in counts.items()}  # type: ignore[arg-type]


def _drops(workspace: Workspace, layer: Layer, keys: Sequence[str]) -> tuple[Key, ...]:
    """Rows that go with rows that go: what stands on them, and the documents of all of these."""
    out: list[Key] = []
    for other, key in (("assignments", "assignment_id"), ("buildings", "building_id")) if keys else ():
        table = workspace.table(other)
        if layer.key in table and other != layer.name:
            out += [(other, str(one)) for one in table[key][table[layer.key].isin(keys)]]
    gone = {(layer.name, key) for key in keys} | set(out)
    promised = workspace.table("milestones")
    lost = {key for name, key in gone if name == "assignments"}
    mine = promised["assignment_id"].isin(lost).to_numpy(dtype=bool, na_value=False)
    out += [("milestones", str(one)) for one in promised["milestone_id"][mine]]
    papers = workspace.table("attachments")
    for paper, of, row in zip(papers["attachment_id"], papers["layer"], papers["row_key"], strict=True):
        if (str(of), str(row)) in gone:
            out.append(("attachments", str(paper)))
    return tuple(out)


def _refusal(layer: Layer, removed: Sequence[Gone], rule: Rule, where: str) -> StandingRefused | None:
    held = [one for one in removed if one.standing] if rule.removed == "delete" and rule.assigned is None else []
    if not held:
        return None
    area = f"{held[0].standing.assigned_m2:,.2f}"
    return StandingRefused(where=where, count=len(held), layer=layer.zh, example=held[0].number, area=area)
