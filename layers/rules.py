"""Limits by zone from a small file: the floor area ratio, and what else holds for parcels without their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import geopandas as gpd
import numpy as np
import pandas as pd

from layers.catalogue import LAYERS
from layers.readers.dbf import text_of
from layers.readers.errors import FileBroken
from layers.readers.numerals import numbers
from layers.readers.registry import read_source
from layers.readers.source import plain_path
from layers.workspace import Workspace
from spatial.errors import ChengzaiError

LIMITS = ("far_max", "coverage_max_pct", "height_max_m", "floor_area_cap_m2")
_ZONE_COLUMNS = ("zone", "zone_id", "name", "sub_area")


class RulesRefused(ChengzaiError):
    code = "rules_refused"
    says: ClassVar[dict[str, str]] = {"zh-CN": "规则文件不能用：{reason}", "en": "The rules cannot be used: {reason}"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": '用 CSV（zone,far_max[,coverage_max_pct,height_max_m,floor_area_cap_m2]）或 JSON {{"A-1": 0.5}}',
        "en": 'Give CSV (zone,far_max; coverage_max_pct, height_max_m, floor_area_cap_m2) or JSON {{"A-1": 0.5}}',
    }


class ZoneUnknown(ChengzaiError):
    code = "zone_unknown"
    says: ClassVar[dict[str, str]] = {"zh-CN": "没有这些分区：{names}", "en": "No such zones: {names}"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "现有分区：{known}", "en": "Zones are: {known}"}


@dataclass(frozen=True)
class RulesSet:
    """What a rules file changes.

    Parameters
    ----------
    zones
        The zones table with the new limits.
    names
        Zone of each rule, in the order of the file.
    silent
        Zones for which the file has no rule.
    """

    zones: pd.DataFrame
    names: tuple[str, ...]
    silent: tuple[str, ...]


def read_rules(text: str) -> pd.DataFrame:
    """The rules of a file: `zone` and any of `LIMITS`, NaN where a rule says nothing.

    Raises
    ------
    FileRefused, RulesRefused
    """
    path = plain_path(text)
    table = _json(path) if path.suffix.lower() == ".json" else read_source(text)[1].table
    called = {str(column).strip().casefold(): str(column) for column in table.columns}
    zone = next((called[name] for name in _ZONE_COLUMNS if name in called), None)
    limits = [name for name in LIMITS if name in called]
    if zone is None or not limits:
        raise RulesRefused(where=text, reason=", ".join(map(str, table.columns))[:120] or "—")
    out = pd.DataFrame({"zone": table[zone].astype("str").str.strip()})
    for name in limits:
        read = numbers(table[called[name]])
        bounds = next(column for column in LAYERS["zones"].columns if column.name == name)
        wrong = read.bad | (read.values < 0) | ~np.isfinite(np.nan_to_num(read.values))
        if bounds.maximum is not None:
            wrong |= read.values > bounds.maximum
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise RulesRefused(
                where=text, reason=f"{out['zone'].iloc[row]}: {name} = {table[called[name]].iloc[row]}"
            )
        out[name] = read.values
    repeated = out["zone"].duplicated() | out["zone"].isna()
    if repeated.any():
        raise RulesRefused(where=text, reason=f"{out['zone'][repeated].iloc[0]} × 2")
    return out


def set_rules(workspace: Workspace, rules: pd.DataFrame) -> RulesSet:
    """Put rules on the zones of a workspace.

    A rule names a zone or a sub-area by key or name. One that parcels only name as typed gets a row without outline.
    What a rule leaves empty stays as it was.

    Raises
    ------
    ZoneUnknown
        For a name that neither a zone nor a parcel has; nothing changes then.
    """
    zones = workspace.table("zones")
    alias = dict(zip(zones["name"], zones["zone_id"], strict=True)) | {key: key for key in zones["zone_id"]}
    typed = _typed(workspace, set(alias))
    unknown = [name for name in rules["zone"] if name not in alias and name not in typed]
    if unknown:
        known = ", ".join([*map(str, zones["zone_id"]), *typed])[:600] or "—"
        raise ZoneUnknown(where="zone", names=", ".join(unknown)[:300], known=known)
    added = [name for name in rules["zone"] if name not in alias]
    table = _with_rows(workspace, [(name, typed[name]) for name in added])
    keys = [str(alias.get(name, name)) for name in rules["zone"]]
    place = {key: row for row, key in enumerate(table["zone_id"])}
    for name in (name for name in LIMITS if name in rules):
        values = table[name].to_numpy(dtype=float, na_value=np.nan).copy()
        for key, value in zip(keys, rules[name], strict=True):
            if not np.isnan(value):
                values[place[key]] = value
        table = table.assign(**{name: values})
    silent = tuple(str(key) for key in table["zone_id"] if key not in set(keys))
    return RulesSet(LAYERS["zones"].conform(table, workspace.crs), tuple(keys), silent)


def _typed(workspace: Workspace, known: set[str]) -> dict[str, str | None]:
    """Zones and sub-areas that only parcels name, with the zone that a sub-area belongs to."""
    parcels = workspace.table("parcels")
    pairs = parcels[["zone", "sub_area"]].drop_duplicates()
    out: dict[str, str | None] = {str(zone): None for zone in pairs["zone"].dropna() if zone not in known}
    for zone, sub_area in zip(pairs["zone"], pairs["sub_area"], strict=True):
        if not pd.isna(sub_area) and sub_area not in known:
            out.setdefault(str(sub_area), None if pd.isna(zone) else str(zone))
    return out


def _with_rows(workspace: Workspace, added: list[tuple[str, str | None]]) -> pd.DataFrame:
    zones = workspace.table("zones")
    if not added:
        return zones.copy()
    rows: list[dict[str, Any]] = [{"zone_id": name, "name": name, "parent": parent} for name, parent in added]
    fresh = LAYERS["zones"].conform(gpd.GeoDataFrame(rows, geometry=[None] * len(rows), crs=workspace.crs))
    return LAYERS["zones"].conform(pd.concat([zones, fresh], ignore_index=True) if len(zones) else fresh)


def _json(path: Path) -> pd.DataFrame:
    text, _, _ = text_of(path.read_bytes(), path.name, None)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileBroken(where=str(path), path=path.name, reason=str(error)[:120]) from error
    if isinstance(document, Mapping) and isinstance(document.get("rules"), list):
        document = document["rules"]
    if isinstance(document, Mapping):
        rows = [
            {"zone": name, **(value if isinstance(value, dict) else {"far_max": value})}
            for name, value in document.items()
        ]
    elif isinstance(document, list) and all(isinstance(row, dict) for row in document):
        rows = document
    else:
        raise RulesRefused(where=path.name, reason=type(document).__name__)
    frame = pd.DataFrame(rows)
    return frame.astype("str").where(frame.notna(), None) if len(frame) else frame
