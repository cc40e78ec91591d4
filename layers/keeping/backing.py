"""Making a backup: a copy at one moment, tried out before it counts, with a manifest that anchors its history."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from layers import stores
from layers.checks import fault
from layers.errors import WorkspaceExists
from layers.keeping import apart, manifests
from layers.keeping.errors import BackupUnsound
from layers.keeping.manifests import Manifest
from layers.keeping.settings import Backups
from layers.stores import disk, examining, geopackage, raster_files

Answer = dict[str, Any]


def back_up(address: str | Path, out: str | Path, *, whole: bool = True, now: datetime | None = None) -> Answer:
    """Copy a workspace while others go on working in it, try the copy out, and put it in its place.

    Parameters
    ----------
    out
        A file that is not there yet, or a folder, in which the backup gets a dated name.
        Files of rasters go beside it: under its own name, or under the workspace's where it is one of a series, which
        shares them.
    whole
        Whether the copy's history is played through and compared with its state, or the file only looked at.
    now
        The time that it is dated with; by the clock where it is None.

    Raises
    ------
    WorkspaceMissing, NotAWorkspace, WorkspaceExists, BackupUnsound, StoreFull, StoreUnwritable
        Nothing stands at `out` then.
    """
    store = geopackage.GeoPackage(stores.file_at(address))
    when = datetime.now(UTC) if now is None else now
    path = _place(store.path, str(out), when)
    rasters = raster_files.folder_beside(path if path == Path(out) else path.with_name(store.path.name))
    if path.exists():
        raise WorkspaceExists(where=str(path), path=path.name)
    with disk.draft(path) as draft:
        store.backup(draft, named=path)
        found = apart.examined(draft) if whole else examining.examine(draft, whole=False)
        if found.faults:
            raise BackupUnsound(where=str(path), path=path.name, reason=reason(found))
        made = Manifest(
            file=path.name,
            workspace=store.path.name,
            store=found.store,
            revision=found.revision,
            chain_head=found.chain_head,
            sha256=disk.sha256(draft),
            size_bytes=draft.stat().st_size,
            made_at=manifests.told(when),
            tried="whole" if whole else "first_look",
        )
        carried = raster_files.carry(raster_files.folder_beside(store.path), rasters)
        disk.appear(draft, path)
    manifest = manifests.write(path, made)
    return {
        "workspace": str(address),
        "file": str(path),
        "manifest": str(manifest),
        "revision": made.revision,
        "chain_head": made.chain_head,
        "sha256": made.sha256,
        "size_bytes": made.size_bytes,
        "made_at": made.made_at,
        "rasters": carried,
    }


def before(address: str | Path, backups: Backups) -> Answer | None:
    """A quick backup before something large, where there is work that no backup has; None where there is not."""
    store = geopackage.GeoPackage(stores.file_at(address))
    folder = backups.folder_of(store.path)
    with store.reading() as tx:
        known = {one.chain_head for _, one in manifests.of(folder, tx, store.path.name)}
        if not backups.on or tx.revision() <= 1 or tx.chain_head() in known:
            return None
    return back_up(address, f"{folder}/", whole=False)


def reason(found: examining.Examined, language: str = "zh-CN") -> str:
    """What is wrong with a file first, in words."""
    return str(fault(*found.faults[0]).told(language)["message"])


def _place(workspace: Path, out: str, when: datetime) -> Path:
    path = Path(out)
    if not path.is_dir() and not out.endswith(("/", "\\")):
        return path
    stem = f"{workspace.stem}-{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    made, number = path / f"{stem}{workspace.suffix}", 1
    while made.exists():
        number += 1
        made = path / f"{stem}-{number}{workspace.suffix}"
    return made
