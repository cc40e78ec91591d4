"""Bringing a backup back: tried out first, never over a workspace unless told so, and then the old one is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

from layers import stores
from layers.applying import refused
from layers.changes import Actor
from layers.errors import CallWrong, Denied, NotAWorkspace
from layers.keeping import manifests
from layers.keeping.backing import reason
from layers.keeping.errors import BackupChanged, BackupMissing, BackupUnsound, WorkspaceInPlace
from layers.people import role_of
from layers.stores import disk, examining, filling, geopackage, migrations, raster_files, sqlite
from layers.stores.contract import MAIN, Event
from layers.stores.errors import NewerWorkspace, StoreBusy, StoreDamaged, StoreSick
from layers.stores.schema import VERSION
from layers.stores.sql_writing import SqlWriting

Answer = dict[str, Any]


def restore(source: str | Path, address: str | Path, actor: Actor, *, overwrite: bool = False) -> Answer:
    """Put a backup where a workspace is to be.

    Parameters
    ----------
    overwrite
        Put it in the place of a workspace that is there; that one stays beside it under a dated name.

    Raises
    ------
    BackupMissing, BackupChanged, BackupUnsound, NotAWorkspace, NewerWorkspace
        The backup is not what it should be.
    WorkspaceInPlace, Denied, StoreBusy
        The place is taken, the actor may not, or another program has the workspace open.
    """
    backup, path = Path(source), stores.file_at(address)
    if not backup.is_file():
        raise BackupMissing(where=str(backup), path=backup.name)
    there = path.exists()
    if there and backup.samefile(path):
        raise CallWrong(where=str(path), reason=f"{backup.name} → {path.name}", verb="restore")
    if there and not overwrite:
        raise WorkspaceInPlace(where=str(path), path=path.name)
    disk.on_local_disk(path)
    if there:
        _refuse(path, actor)
    aside = disk.beside(path, "replaced") if there else None
    with disk.draft(path) as draft:
        found = _tried(backup, draft)
        own = not there and not _comes_home(backup, path)
        facts = {"file": backup.name, "of_revision": found.revision}
        with sqlite.kindly(path):
            revision, head = filling.amend(draft, lambda tx: _told(tx, actor, facts, own=own))
        if aside is None:
            disk.appear(draft, path)
        else:
            _swap(draft, path, aside)
    carried = _rasters(backup, path)
    answer: Answer = {"workspace": str(address), "file": str(backup), "aside": None if aside is None else str(aside)}
    answer |= {"rasters": carried}
    return answer | {"revision": revision, "restored_revision": found.revision, "chain_head": head}


def _tried(backup: Path, draft: Path) -> examining.Examined:
    """The backup as a draft in the present form, looked at through and through."""
    manifest = manifests.read(backup)
    if manifest is not None:
        if backup.absolute() in geopackage.opened():  # reading it by another way would drop the locks on it
            raise StoreBusy(where=str(backup), path=backup.name)
        if disk.sha256(backup) != manifest.sha256:
            raise BackupChanged(where=str(backup), path=backup.name, what="sha256")
    version = migrations.version(backup)
    if version > VERSION:
        raise NewerWorkspace(where=str(backup), path=backup.name, found=version, known=VERSION)
    with sqlite.kindly(backup):
        if version < VERSION:
            return migrations.upgrade(backup, draft)
        sqlite.copy(backup, draft)
    found = examining.examine(draft)
    if found.faults:
        raise BackupUnsound(where=str(backup), path=backup.name, reason=reason(found))
    if manifest is not None and (found.revision, found.chain_head) != (manifest.revision, manifest.chain_head):
        raise BackupChanged(where=str(backup), path=backup.name, what=f"{manifest.revision} ≠ {found.revision}")
    return found


def _rasters(backup: Path, path: Path) -> int:
    """Bring the files of rasters that lie beside a backup to the workspace, and tell how many came new.

    A backup that was made alone has them under its own name, one of a series under the workspace's.
    """
    manifest, goal = manifests.read(backup), raster_files.folder_beside(path)
    names = [backup.name, *([Path(manifest.workspace).name] if manifest is not None else [])]
    folders = {raster_files.folder_beside(backup.with_name(name)) for name in names} - {goal}
    return sum(raster_files.carry(folder, goal) for folder in sorted(folders))


def _refuse(path: Path, actor: Actor) -> None:
    """Whoever may not restore is told so, and the try is in the log of the workspace that stays.

    Where that cannot be read any more, nobody's role is known: only its operator, or the one who uses it alone, may.
    """
    error: Exception | None = None
    try:
        with geopackage.GeoPackage(path).writing() as tx:
            error = refused(tx, actor, MAIN, "restore")
    except (NotAWorkspace, NewerWorkspace, StoreDamaged, StoreSick):
        if actor.how not in ("operator", "single"):
            error = Denied(where="restore", actor=actor.name, what="restore")
    if error is not None:
        raise error


def _comes_home(backup: Path, path: Path) -> bool:
    """Whether a backup goes back to where its workspace was; anywhere else it is another one from then on."""
    manifest = manifests.read(backup)
    return manifest is not None and manifest.workspace == path.name


def _told(tx: SqlWriting, actor: Actor, facts: dict[str, Any], *, own: bool) -> tuple[int, str]:
    if own:
        tx.put_meta(store=uuid4().hex)
    event = Event(0, uuid4().hex, "", actor.name, role_of(tx, actor) or "", MAIN, "restore", facts)
    return tx.append(event), tx.chain_head()


def _swap(draft: Path, path: Path, aside: Path) -> None:
    with geopackage.closed(path):
        try:
            with sqlite.kindly(path), sqlite.alone(path):
                disk.replace(draft, path, aside)
        except NotAWorkspace:  # no database any more: nobody else can have it open as one
            disk.set_aside_journals(path, aside)
            disk.replace(draft, path, aside)
