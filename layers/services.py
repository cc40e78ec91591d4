"""What the product does for its users, one function a service: an address in, a plain answer out.

The command line and scripts call these; answers hold only what JSON can say. Each function opens the workspace anew,
so that an answer is true of one revision.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pandas as pd

from layers import accounts, applying, checks, keeping, roles, rules, stores
from layers.changes import Actor, Asked
from layers.commands import Bring
from layers.demo import demo, usual_assumptions
from layers.ground import overlaid, reach_report
from layers.ground.bringing_rasters import Order as RasterOrder
from layers.ground.bringing_rasters import bringing as bringing_raster
from layers.ground.zonal import statistics
from layers.readers.bring_in import Arrival, Wish, bring_in_cured
from layers.readers.errors import RejectedExists
from layers.readers.rejected import write_rejected
from layers.readers.wish import changes
from layers.selecting import keys
from layers.stores import geoparquet, raster_files
from layers.stores.errors import StoreDamaged
from layers.versions import state_of, written
from layers.workspace import Workspace
from layers.writers.errors import OutExists, OutIsWorkspace, OutUnwritable
from layers.writers.hand_out import Order, hand_out
from spatial import crs as crs_
from spatial.errors import UnsuitableCrs
from spatial.zonal import Rule

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


def import_file(
    address: str,
    wish: Wish,
    *,
    actor: Actor,
    scenario: str = "main",
    dry_run: bool = False,
    language: str = "zh-CN",
    backups: keeping.Backups | None = None,
) -> Answer:
    """Bring a file into a layer; the answer carries `refusal` where bad rows kept it out.

    Parameters
    ----------
    backups
        Where a backup goes before anything is written; none is made where it is None.
    dry_run
        Report the same and write nothing.
    """
    store = stores.open_store(address)
    with store.reading() as tx:
        workspace = tx.workspace(scenario)
    if wish.rejected is not None and Path(wish.rejected).exists():
        raise RejectedExists(where="--rejected", path=wish.rejected)
    found, cured = bring_in_cured(workspace, wish)
    answer = found.report(language) | {"layer": wish.layer, "dry_run": dry_run, "revision": workspace.revision}
    if cured != wish:
        answer["cured"] = changes(wish, cured)
    if wish.rejected is not None:
        rows = write_rejected(found, Path(wish.rejected), language)
        answer["rejected_file"] = {"file": wish.rejected, "rows": rows}
    if found.refusal is not None:
        return answer | {"refusal": found.refusal}
    if dry_run:
        return answer | {"written": 0}
    if found.written:
        if backups is not None:
            keeping.before(address, backups)
        asked = Asked(actor, uuid4().hex, workspace.revision, scenario)
        command = bringing(found, wish.layer, Path(wish.file).name)
        answer["revision"] = written(applying.apply(store, asked, command)).revision
    return answer


def bringing(found: Arrival, layer: str, file: str) -> Bring:
    """The command that writes what a file brings into a layer.

    Parameters
    ----------
    file
        What its user calls the file.
    """
    drops = found.update.drops if found.update else ()
    return Bring(layer, found.table, "import_release" if drops else roles.import_into(layer), file, drops)


def capacity(address: str, by: Sequence[str] = ("zone",), *, parcels: bool = False, scenario: str = "main") -> Answer:
    """The floor-area accounts of a workspace, in all and by group.

    Parameters
    ----------
    by
        Any of `accounts.GROUPINGS`.
    parcels
        Add one row a parcel.
    """
    folder = stores.as_folder(address)
    if folder and not parcels and scenario == "main":
        answer, workspace = geoparquet.report(folder, by), geoparquet.around(folder)
    else:
        workspace = stores.read(address, scenario)
        answer = accounts.report(workspace, by)
    zones = workspace.table("zones")
    names = {key: None if pd.isna(name) else name for key, name in zip(zones["zone_id"], zones["name"], strict=True)}
    for group in answer["groups"]:
        for key in ("zone", "sub_area"):
            if key in group:
                group[f"{key}_name"] = names.get(group[key], group[key])
    if parcels:
        answer["rows"] = overlaid.with_losses(workspace, accounts.parcel_rows(workspace))
    return answer | {"by": list(by), "revision": workspace.revision, "crs": workspace.crs}


def reach(
    address: str, *, walk: bool | None = None, kind: str | None = None, parcels: bool = False, scenario: str = "main"
) -> Answer:
    """How far parcels lie from stations, what lies within their rings, and which services reach whom.

    Parameters
    ----------
    walk
        Along the ways or in a straight line; None means along the ways where there are any.
    kind
        A kind of station, None for all.
    parcels
        Add one row a parcel.
    """
    return reach_report.report(stores.read(address, scenario), walk=walk, kind=kind, rows=parcels)


def set_rules(address: str, file: str, *, actor: Actor, scenario: str = "main") -> Answer:
    """Set limits by zone from a file.

    Raises
    ------
    ZoneUnknown, RulesRefused, FileRefused
        Nothing is written then.
    """
    store = stores.open_store(address)
    with store.reading() as tx:
        workspace = tx.workspace(scenario)
    found = rules.set_rules(workspace, rules.read_rules(file))
    asked = Asked(actor, uuid4().hex, workspace.revision, scenario)
    command = Bring("zones", found.zones, kind="rules", file=Path(file).name)
    revision = written(applying.apply(store, asked, command)).revision
    return {
        "rules": len(found.names),
        "zones": list(found.names),
        "zones_without_rule": list(found.silent),
        "revision": revision,
    }


def export_layer(
    address: str,
    order: Order,
    language: str = "zh-CN",
    state: tuple[str, str | None] = ("main", None),
    where: str | None = None,
) -> Answer:
    """Hand a layer out; it was opened again and compared before it was put there.

    Parameters
    ----------
    state
        A branch, and a past state of it: ``12``, or ``方案二@12``; None takes the present one.
    where
        Conditions that the parcels have to answer to; None takes all.

    Raises
    ------
    QueryRefused, ExportRefused
    """
    scenario, revision = state
    if revision is None:
        workspace = stores.read(address, scenario)
    else:
        with stores.open_store(address).reading() as tx:
            workspace = state_of(tx, revision, scenario)
    if where is not None:
        order = replace(order, only=keys(workspace, where))
    answer = hand_out(workspace, order).report(language)
    return answer | {"layer": order.layer, "revision": workspace.revision, "scenario": workspace.scenario}


def save_map(
    address: str, out: str, language: str = "zh-CN", scenario: str = "main", *, overwrite: bool = False
) -> Answer:
    """Save the map of a branch as one page that opens without a server.

    Raises
    ------
    OutExists, OutIsWorkspace, OutUnwritable
    """
    from layers.map.saved import saved  # folium takes a second to load, and no other verb needs it

    target = Path(out)
    with contextlib.suppress(OSError):
        if target.samefile(address):
            raise OutIsWorkspace(where=out, path=target.name)
    if target.exists() and not overwrite:
        raise OutExists(where=out, path=target.name)
    workspace = stores.read(address, scenario)
    page = saved(workspace, language)
    draft = target.with_name(f".{target.name}.draft")
    try:
        draft.write_bytes(page)
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise OutUnwritable(where=out, path=target.name, reason=error.strerror or type(error).__name__) from error
    told = {"written": str(target), "bytes": len(page), "parcels": len(workspace.table("parcels"))}
    return told | {"revision": workspace.revision}


def check(
    address: str, language: str = "zh-CN", scenario: str = "main", backups: keeping.Backups | None = None
) -> Answer:
    """Whether a workspace holds together, with its history; `ok` is False only where something is an error.

    Parameters
    ----------
    backups
        Where its backups lie: what they know of the history must still be in it.
    """
    found: list[checks.Problem] = []
    workspace, events, head = None, 0, None
    if stores.as_folder(address):
        workspace = stores.read(address, scenario)
    else:
        store = stores.open_store(address)
        found = [checks.fault(code, facts) for code, facts in store.faults()]
        with store.reading() as tx:
            events, head = tx.revision(), tx.chain_head()
            try:
                workspace = tx.workspace(scenario)
            except StoreDamaged:
                if not found:
                    raise
            if backups is not None:
                path = Path(address)
                lost = keeping.lost(tx, backups.folder_of(path), path.name)
                found += [checks.fault(code, facts) for code, facts in lost]
    if workspace is not None:
        found += checks.problems(workspace)
        found += [checks.fault(code, facts) for code, facts in _raster_faults(workspace)]
    return {
        "ok": not any(problem.severity == "error" for problem in found),
        "problems": [problem.told(language) for problem in found],
        "revision": events if workspace is None else workspace.revision,
        "events": events,
        "chain_head": head,
    }


def _raster_faults(workspace: Workspace) -> Iterator[tuple[str, dict[str, str]]]:
    """What is wrong with the files of rasters that lie beside a workspace."""
    rasters, folder = workspace.table("rasters"), Path(workspace.files)
    named = zip(rasters["sha256"].astype("str"), rasters["file_name"].fillna(rasters["raster_id"]), strict=True)
    for code, name in raster_files.faults(folder, named):
        yield code, {"value": str(name), "limit": folder.name}


def import_raster(
    address: str,
    order: RasterOrder,
    *,
    actor: Actor,
    scenario: str = "main",
    dry_run: bool = False,
    language: str = "zh-CN",
) -> Answer:
    """Bring a raster in: its file goes beside the workspace, its row into the layer `rasters`.

    Raises
    ------
    FileRefused, RasterElsewhere, RasterThere, UnknownCrs, StoreFull, StoreUnwritable
    """
    store = stores.open_store(address)
    with store.reading() as tx:
        workspace = tx.workspace(scenario)
    folder = raster_files.folder_beside(stores.file_at(address))
    with bringing_raster(workspace, order, folder, stage=not dry_run) as found:
        answer = found.report(workspace, language) | {"layer": "rasters", "dry_run": dry_run}
        if dry_run:
            return answer | {"written": 0, "revision": workspace.revision}
        found.settle()
        if found.mends:
            return answer | {"written": 0, "revision": workspace.revision, "mended": True}
        command = Bring("rasters", found.table(workspace), file=found.row["file_name"])
        asked = Asked(actor, uuid4().hex, workspace.revision, scenario)
        answer["revision"] = written(applying.apply(store, asked, command)).revision
    return answer


def zonal(
    address: str,
    raster: str,
    stats: Sequence[str],
    rule: Rule,
    *,
    band: int | None = None,
    crs: str | None = None,
    scenario: str = "main",
) -> Answer:
    """Statistics of a raster under each parcel.

    Parameters
    ----------
    raster
        Path of a GeoTIFF, or a `raster_id`; see `layers.ground.zonal.statistics`.
    """
    workspace = stores.read(address, scenario)
    table = statistics(workspace, raster, [*stats, "covered_share"], rule, band=band, crs=crs)
    table = table.loc[:, ~table.columns.duplicated()]
    numbers = workspace.table("parcels")["parcel_no"]
    names = [None if pd.isna(number) else str(number) for number in numbers]
    columns = [table[name].tolist() for name in table]
    rows = [
        {"parcel_no": name, **dict(zip(table.columns, row, strict=True))}
        for name, *row in zip(names, *columns, strict=True)
    ]
    told = {"rows": rows, "rule": rule, "raster": raster, "stats": list(stats)}
    return told | {"revision": workspace.revision, "crs": workspace.crs}
