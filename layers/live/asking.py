"""Questions of an open editor, answered from the present state: rows of parcels, a choice, faults, measures.

A question is an object: `ask` says what, and the rest belongs to the kind, as `QUESTIONS` lists it. Nothing is
written: `attempt` says what an act would come to, by the same command and the same rules that the act itself goes
through.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from layers import invariants, selecting
from layers.accounts import books
from layers.catalogue import LAYERS
from layers.changes import RowChange, Scene
from layers.commands.errors import FiguresDiffer
from layers.commands.pointing import resolve
from layers.comparing import label, plain
from layers.contract import Column
from layers.errors import NothingSuch
from layers.live import typed
from layers.live.kinds import KINDS, MOST_ROWS, placed, point
from layers.live.reading import KEY, Field, fields, one_of, refuse, several, text, truth
from layers.matching import ask, housed
from layers.rows import row, with_rows
from layers.vocabulary import (
    CLASSIFICATIONS,
    FAR_BASIS,
    GEOMETRY_BASIS,
    PARCEL_STATUS,
    STAGES,
    SUPPLY_MODES,
    Terms,
    term,
)
from layers.workspace import Workspace
from spatial.area import planar
from spatial.boundary import as_text, boundary_points
from spatial.crs import LONLAT
from spatial.errors import ChengzaiError, tell
from spatial.measuring import measure
from spatial.topology import faults

Answer = dict[str, Any]
Reply = Callable[[Workspace, Answer, str], Answer]

MOST_SHOWN = 500
"""Rows of a table that one answer holds; the screen asks for what it shows."""

_FIGURES = ("permitted", "built", "committed", "reserved", "available", "over")
_SHORT = ("parcel_id", "parcel_no", "name", "land_use", "official_area_m2", "far_max", "status")
_TERMS: dict[str, Terms] = {
    "classification": CLASSIFICATIONS,
    "far_basis": FAR_BASIS,
    "status": PARCEL_STATUS,
    "supply_mode": SUPPLY_MODES,
    "geometry_basis": GEOMETRY_BASIS,
}
_NOT_TYPED = frozenset({"parcel_id", "parents"})


@dataclass(frozen=True)
class Question:
    """What a question says besides `ask`, and what answers it."""

    said: Mapping[str, Field]
    reply: Reply


def answered(workspace: Workspace, given: Any, language: str) -> Answer:
    """The answer to a question.

    Raises
    ------
    ActRefused
        When it cannot be read.
    ChengzaiError
        When there is no answer, such as for a parcel that is not there any more.
    """
    if not isinstance(given, dict):
        raise refuse("body", "object")
    kind = one_of(*QUESTIONS)(given.get("ask"), "ask")
    said = fields(given, {"ask": Field(one_of(kind)), **QUESTIONS[kind].said}, "body")
    return {"revision": workspace.revision} | QUESTIONS[kind].reply(workspace, said, language)


# -- parcels


def _rows(workspace: Workspace, said: Answer, language: str) -> Answer:
    """Rows of the table beside the map, in the order of the keys; parcels that went are left out."""
    wanted = {key: place for place, key in enumerate(said["keys"])}
    parcels = workspace.table("parcels")
    at = workspace.parcel_index.get_indexer(pd.Index(list(wanted), dtype="str"))
    held = books(workspace)
    sums, main, unknown = held.parcels(), held.split.main_part(), held.unknown()
    found = []
    for place in at[at >= 0].tolist():
        one = {name: _json(parcels[name].iloc[place]) for name in _SHORT}
        one["sub_area"] = _json(held.sub_area[main[place]])
        # without a limit the accounts of a parcel are unknown, which is not 0
        one |= {f"{name}_m2": None if unknown[place] else float(getattr(sums, name)[place]) for name in _FIGURES}
        one["status"] = None if one["status"] is None else term(PARCEL_STATUS, one["status"], language)
        if one["official_area_m2"] is None:
            one["official_area_m2"] = round(float(workspace.drawn_area_m2[place]), 2)
        found.append(one)
    return {"rows": found}


def _totals(workspace: Workspace, said: Answer, language: str) -> Answer:
    """What parcels that are selected come to together."""
    del language
    return _sums(workspace, said["keys"])


def _form(workspace: Workspace, said: Answer, language: str) -> Answer:
    """The columns of parcels with their values: of one parcel, or what several have in common."""
    rows_ = [row(workspace, "parcels", key) for key in said["keys"]]
    columns = [column for column in LAYERS["parcels"].columns if column.name not in _NOT_TYPED]
    values = {}
    for column in columns:
        every = [one.get(column.name) for one in rows_]
        same = all(value == every[0] and type(value) is type(every[0]) for value in every)
        values[column.name] = {"value": every[0] if same else None, "mixed": not same}
    area = [float(planar(np.array([one["geometry"]], dtype=object))[0]) for one in rows_ if "geometry" in one]
    return {
        "columns": [_column(column, language) for column in columns],
        "values": values,
        "labels": [label(one, str(one["parcel_id"])) for one in rows_],
        "stages": [{"value": stage, "label": term(STAGES, stage, language)} for stage in STAGES],
        "drawn_area_m2": round(sum(area), 2),
        "figures": _sums(workspace, said["keys"]),
        "assignments": _given(workspace, said["keys"]),
    }


def _sums(workspace: Workspace, keys: Sequence[str]) -> Answer:
    """Accounts of parcels together, those without a limit left out and counted; of one parcel also what binds it."""
    held = books(workspace)
    at = workspace.parcel_index.get_indexer(pd.Index(list(keys), dtype="str"))
    at = at[at >= 0]
    known = at[~held.unknown()[at]]
    sums = held.parcels()
    told: Answer = {f"{name}_m2": float(getattr(sums, name)[known].sum()) for name in _FIGURES}
    told |= {"site_area_m2": float(np.nansum(held.site_area[at])), "unknown": len(at) - len(known)}
    return told | {"binding": str(held.binding[at[0]]) if len(at) == 1 else ""}


def column_name(column: Column, language: str) -> str:
    """What a column is called; its unit stands beside it."""
    plain_name = re.sub(r"_(m2|m|pct)$", "", column.name).replace("_", " ")
    return column.zh if language == "zh-CN" else plain_name.replace("far ", "FAR ").replace(" no", " number")


def _column(column: Column, language: str) -> Answer:
    options = [
        {"value": value, "label": term(_TERMS[column.name], value, language) if column.name in _TERMS else value}
        for value in column.allowed
    ]
    return {
        "name": column.name,
        "label": column_name(column, language),
        "meaning": column.meaning,
        "kind": column.kind,
        "unit": column.unit,
        "low": column.minimum,
        "high": column.maximum,
        "options": options,
    }


def _given(workspace: Workspace, keys: tuple[str, ...]) -> list[Answer]:
    given, projects = workspace.table("assignments"), workspace.table("projects")
    names = dict(zip(projects["project_id"].tolist(), projects["name"].tolist(), strict=True))
    mine = given[given["parcel_id"].isin(list(keys)).to_numpy(dtype=bool, na_value=False)]
    wanted = ("assignment_id", "parcel_id", "project_id", "floor_area_m2", "source", "stage")
    return [
        {name: _json(getattr(one, name)) for name in wanted}
        | {"project": _json(names.get(one.project_id, one.project_id))}
        for one in mine.itertuples()
    ]


def _choose(workspace: Workspace, said: Answer, language: str) -> Answer:
    """Parcels that a line of text asks for."""
    del language
    query = selecting.read(workspace, said["query"])
    mask = selecting.chosen(workspace, query)
    keys = workspace.table("parcels")["parcel_id"][mask].tolist()
    return {"keys": keys, "query": query.told(), "figures": _sums(workspace, keys)}


def _projects(workspace: Workspace, said: Answer, language: str) -> Answer:
    """Projects for the brush: what each still wants, the largest first."""
    del said
    projects = workspace.table("projects")
    wants = np.maximum(ask(workspace).total() - housed(workspace), 0.0)
    order = np.argsort(-wants, kind="stable")
    zh = language == "zh-CN"
    names = [
        str(name) if zh or pd.isna(english) or not english else str(english)
        for name, english in zip(projects["name"], projects["name_en"], strict=True)
    ]
    keys = projects["project_id"].tolist()
    return {"projects": [{"key": keys[i], "name": names[i], "wants_m2": float(wants[i])} for i in order.tolist()]}


# -- geometry


def _faults(workspace: Workspace, said: Answer, language: str) -> Answer:
    """Overlaps, gaps and slivers around some parcels, with their outlines in degrees."""
    del language
    shapes = workspace.shapes("parcels")
    mine = workspace.parcel_index.get_indexer(pd.Index(list(said["keys"]), dtype="str"))
    mine = mine[mine >= 0]
    drawn = mine[~(shapely.is_missing(shapes[mine]) | ~shapely.is_valid(shapes[mine]))]
    tree = shapely.STRtree(shapes)
    near = np.unique(np.concatenate([drawn, tree.query(shapes[drawn], predicate="dwithin", distance=1.0)[1]]))
    near = near[shapely.is_valid(shapes[near])].astype(np.int64)
    found = faults(shapes[near], np.flatnonzero(np.isin(near, drawn)))
    keys = workspace.table("parcels")["parcel_id"]
    turn = Transformer.from_crs(workspace.pyproj_crs, LONLAT, always_xy=True).transform
    return {
        "faults": [
            {
                "kind": one.kind,
                "area_m2": round(one.area_m2, 4),
                "thickness": round(one.thickness, 4),
                "at": list(turn(*one.place)),
                "keys": [str(keys.iloc[int(near[at])]) for at in one.rows],
                "rings": _lonlat(one.shape, turn),
            }
            for one in found[:MOST_SHOWN]
        ],
        "count": len(found),
    }


def _lonlat(shape: Any, turn: Callable[..., Any]) -> list[list[list[float]]]:
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return [np.column_stack(turn(*shapely.get_coordinates(ring).T)).tolist() for ring in rings]


def _measure(workspace: Workspace, said: Answer, language: str) -> Answer:
    """Length, and area where the line is closed, in the plane and on the ellipsoid."""
    del language
    points = [resolve(workspace, placed(workspace, one)) for one in said["points"]]
    found = measure(points, workspace.pyproj_crs, closed=said.get("closed", False))
    return dict(vars(found)) | {"crs": workspace.crs}


def _place(workspace: Workspace, said: Answer, language: str) -> Answer:
    """Where a place is that was typed: as a point of an act, and in degrees for the screen."""
    del language
    after = resolve(workspace, placed(workspace, said["after"])) if "after" in said else None
    at = typed.place(workspace, said["text"], after)
    turn = Transformer.from_crs(workspace.pyproj_crs, LONLAT, always_xy=True)
    return {"point": {"xy": [at.x, at.y]}, "lonlat": list(turn.transform(at.x, at.y))}


def _points(workspace: Workspace, said: Answer, language: str) -> Answer:
    """Boundary points of a parcel, as text to be pasted into a sheet."""
    del language
    found = row(workspace, "parcels", said["parcel"])
    if "geometry" not in found:
        raise NothingSuch(where=said["parcel"], key=said["parcel"], what=LAYERS["parcels"].zh)
    points = boundary_points(found["geometry"])
    return {
        "text": as_text(points),
        "count": len({one.number for one in points}),
        "label": label(found, said["parcel"]),
        "crs": workspace.crs,
    }


# -- what an act would come to


def _attempt(workspace: Workspace, said: Answer, language: str) -> Answer:
    """The rows that an act would change, or why it cannot be."""
    do = one_of(*KINDS)(said["act"].get("do"), "act.do")
    act = fields(said["act"], {"do": Field(one_of(do)), **KINDS[do].said}, "act")
    command = KINDS[do].make(workspace, {name: value for name, value in act.items() if name != "do"})
    if isinstance(command, str):
        raise refuse("act.do", "a command")
    number = count(1)
    try:
        changes = command.changes(workspace, Scene("", "", lambda prefix: f"{prefix}·{next(number)}"))
        invariants.refuse(workspace, with_rows(workspace, changes), changes, command.kind)
    except ChengzaiError as error:
        columns = {"columns": error.facts["names"]} if isinstance(error, FiguresDiffer) else {}
        return {"may": False} | columns | tell(error, language)
    turn = Transformer.from_crs(workspace.pyproj_crs, LONLAT, always_xy=True).transform
    return {"may": True, "rows": [_would(one, turn) for one in changes if one.layer == "parcels"][:MOST_SHOWN]}


def _would(change: RowChange, turn: Callable[..., Any]) -> Answer:
    after = change.after
    told: Answer = {
        "key": change.key,
        "label": label(after or change.before or {}, change.key),
        "goes": after is None,
    }
    if after is None or "geometry" not in change.fields:
        return told
    return told | {"area_m2": plain(after, "geometry"), "rings": _lonlat(after["geometry"], turn)}


def _json(value: Any) -> Any:
    if value is None or value is pd.NA or value != value:
        return None
    return value.item() if isinstance(value, np.generic) else value


def _object(given: Any, at: str) -> Answer:
    if not isinstance(given, dict) or len(json.dumps(given)) > 500_000:
        raise refuse(at, "object")
    return dict(given)


_KEYS = Field(several(KEY, MOST_SHOWN))
QUESTIONS: dict[str, Question] = {
    "rows": Question({"keys": _KEYS}, _rows),
    "sums": Question({"keys": Field(several(KEY, MOST_ROWS))}, _totals),
    "form": Question({"keys": Field(several(KEY, MOST_ROWS))}, _form),
    "choose": Question({"query": Field(text(500, least=1))}, _choose),
    "projects": Question({}, _projects),
    "faults": Question({"keys": Field(several(KEY, MOST_ROWS))}, _faults),
    "measure": Question(
        {"points": Field(several(point, 2_000, least=2)), "closed": Field(truth, needed=False)}, _measure
    ),
    "place": Question({"text": Field(text(80, least=1)), "after": Field(point, needed=False)}, _place),
    "points": Question({"parcel": Field(KEY)}, _points),
    "attempt": Question({"act": Field(_object)}, _attempt),
}
"""Every question, by its name."""
