"""What the product does for its users, one function a service: an address in, a plain answer out.

The command line and scripts call these; answers hold only what JSON can say. Each function opens the workspace anew,
so that an answer is true of one revision.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from layers import accounts, checks, rules, stores
from layers.demo import demo, usual_assumptions
from layers.readers.bring_in import Wish, bring_in
from layers.stores import geopackage, geoparquet
from layers.workspace import Workspace
from layers.writers.hand_out import Order, hand_out
from spatial import crs as crs_
from spatial.errors import UnsuitableCrs

Answer = dict[str, Any]

_ABSURD = 0.5
"""Areal distortion inside a CRS's own area of use above which it is a picture of the world, not a survey grid."""


def make_demo(address: str) -> Answer:
    """Write the Fengtai demo to a new workspace.

    Raises
    ------
    WorkspaceExists
    """
    made = stores.create(address, demo())
    counts = {name: len(made.table(name)) for name in ("parcels", "zones", "parks", "projects", "assignments")}
    return {"workspace": address, "crs": made.crs, "revision": made.revision} | counts


def make_new(address: str, crs: str, name: str | None = None) -> Answer:
    """Make a workspace that holds nothing but the usual assumptions.

    Parameters
    ----------
    crs
        Working CRS: projected, in metres.

    Raises
    ------
    UnknownCrs, NotMetric, UnsuitableCrs, WorkspaceExists
    """
    parsed = crs_.metric(crs_.parse(crs))
    if parsed.area_of_use is not None:
        found = crs_.distortion(parsed, parsed.area_of_use.bounds)
        if abs(found.share) > _ABSURD:
            facts = {"distortion": f"{abs(found.share):.0%}", "limit": f"{crs_.REFUSE_ABOVE:.1%}"}
            raise UnsuitableCrs(where="--crs", crs=parsed.name, suggestion=crs_.DEFAULT_CRS, **facts)
    tables = {"assumptions": usual_assumptions()}
    made = stores.create(address, Workspace(name=name or Path(address).stem, crs=crs_.label(parsed), tables=tables))
    return {"workspace": address, "crs": made.crs, "name": made.name, "revision": made.revision}


def import_file(address: str, wish: Wish, *, dry_run: bool = False, language: str = "zh-CN") -> Answer:
    """Bring a file into a layer; the answer carries `refusal` where bad rows kept it out.

    Parameters
    ----------
    dry_run
        Report the same and write nothing.
    """
    workspace = geopackage.read(stores.file_at(address))
    found = bring_in(workspace, wish)
    answer = found.report(language) | {"layer": wish.layer, "dry_run": dry_run, "revision": workspace.revision}
    if found.refusal is not None:
        return answer | {"refusal": found.refusal}
    if dry_run:
        return answer | {"written": 0}
    if found.written:
        answer["revision"] = stores.save(address, {wish.layer: found.table}, workspace.revision)
    return answer


def capacity(address: str, by: Sequence[str] = ("zone",), *, parcels: bool = False) -> Answer:
    """The floor-area accounts of a workspace, in all and by group.

    Parameters
    ----------
    by
        Any of `accounts.GROUPINGS`.
    parcels
        Add one row a parcel.
    """
    folder = stores.as_folder(address)
    if folder and not parcels:
        answer, workspace = geoparquet.report(folder, by), geoparquet.around(folder)
    else:
        workspace = stores.read(address)
        answer = accounts.report(workspace, by)
    zones = workspace.table("zones")
    names = {key: None if pd.isna(name) else name for key, name in zip(zones["zone_id"], zones["name"], strict=True)}
    for group in answer["groups"]:
        for key in ("zone", "sub_area"):
            if key in group:
                group[f"{key}_name"] = names.get(group[key], group[key])
    if parcels:
        answer["rows"] = accounts.parcel_rows(workspace)
    return answer | {"by": list(by), "revision": workspace.revision, "crs": workspace.crs}


def set_rules(address: str, file: str) -> Answer:
    """Set limits by zone from a file.

    Raises
    ------
    ZoneUnknown, RulesRefused, FileRefused
        Nothing is written then.
    """
    workspace = geopackage.read(stores.file_at(address))
    found = rules.set_rules(workspace, rules.read_rules(file))
    revision = stores.save(address, {"zones": found.zones}, workspace.revision)
    return {
        "rules": len(found.names),
        "zones": list(found.names),
        "zones_without_rule": list(found.silent),
        "revision": revision,
    }


def export_layer(address: str, order: Order, language: str = "zh-CN") -> Answer:
    """Hand a layer out; it was opened again and compared before it was put there."""
    workspace = stores.read(address)
    answer = hand_out(workspace, order).report(language)
    return answer | {"layer": order.layer, "revision": workspace.revision}


def check(address: str, language: str = "zh-CN") -> Answer:
    """Whether a workspace holds together; `ok` is False only where something is an error."""
    workspace = stores.read(address)
    found = [*checks.file_problems(Path(address)), *checks.problems(workspace)]
    return {
        "ok": not any(problem.severity == "error" for problem in found),
        "problems": [problem.told(language) for problem in found],
        "revision": workspace.revision,
        "events": 0,
        "chain_head": None,
    }
