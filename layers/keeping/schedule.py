"""Backups that make themselves while the app runs, and which of them are kept."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from layers.keeping import manifests
from layers.keeping.backing import back_up
from layers.keeping.errors import BackupUnsound
from layers.keeping.settings import QUARTER, Backups
from layers.stores import disk, geopackage
from spatial.errors import ChengzaiError

_LOG = logging.getLogger("chengzai")

_SPANS: tuple[tuple[timedelta, Callable[[datetime], object]], ...] = (
    (timedelta(days=1), lambda when: int(when.timestamp() // QUARTER.total_seconds())),
    (timedelta(days=30), lambda when: when.date()),
    (timedelta(days=365), lambda when: (when.year, when.month)),
)
"""How far back one backup of each quarter of an hour, each day and each month is kept."""

_PAUSE = 20.0
"""Seconds between two looks."""


def kept(moments: Sequence[datetime], now: datetime) -> set[datetime]:
    """Those backups that stay: the newest of each quarter of an hour, day and month, and the newest of all."""
    stay: set[datetime] = set()
    for span, slot in _SPANS:
        newest: dict[object, datetime] = {}
        for one in sorted(moments):
            if now - one <= span:
                newest[slot(one.astimezone(UTC))] = one
        stay |= set(newest.values())
    return stay | {max(moments)} if moments else stay


class Keeper:
    """Looks after the workspaces that this process has open.

    Parameters
    ----------
    now
        The clock.
    watched
        Gives the files that are open.
    """

    def __init__(
        self,
        backups: Backups,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        watched: Callable[[], Iterable[Path]] = geopackage.opened,
    ) -> None:
        self._backups = backups
        self._now = now
        self._watched = watched
        self._looked_at: set[tuple[Path, int]] = set()

    def look(self, path: Path) -> str:
        """Look at a workspace once; one that is not sound is read only from then on, and the answer says why."""
        found = geopackage.GeoPackage(path).quick_check()
        self._looked_at.add((path, path.stat().st_ino))
        for folder in (path.parent, self._backups.folder_of(path)):
            for left in disk.sweep(folder):
                _LOG.info("%s was left by a process that was ended, and is gone", left)
        if found:
            _LOG.error("%s is read only, it failed its check: %s", path.name, found)
        return found

    def round(self) -> list[Path]:
        """Back up what changed since its last backup and is due; answers with the files that were made."""
        made = []
        for path in self._watched():
            try:
                if (path, path.stat().st_ino) not in self._looked_at:
                    self.look(path)
                if self._due(path):
                    made.append(Path(back_up(path, f"{self._backups.folder_of(path)}/", now=self._now())["file"]))
                    self._thin(path)
            except BackupUnsound as error:
                geopackage.GeoPackage(path).forbid_writing(str(error.facts.get("reason", "")))
                _LOG.error("%s is read only: %s", path.name, error)
            except (ChengzaiError, OSError) as error:  # it is tried again at the next look
                _LOG.error("no backup of %s: %s", path.name, error)
        return made

    def run(self, stop: threading.Event, pause: float = _PAUSE) -> None:
        """Go on until told to stop."""
        while not stop.wait(pause):
            try:
                self.round()
            except Exception:  # noqa: BLE001 the last net: it is logged, and the next look comes
                _LOG.exception("looking after workspaces failed")

    def _due(self, path: Path) -> bool:
        store = geopackage.GeoPackage(path)
        if not self._backups.on or store.closed_because() is not None:
            return False
        with store.reading() as tx:
            head, found = tx.chain_head(), manifests.of(self._backups.folder_of(path), tx, path.name)
        there = [one for backup, one in found if backup.exists()]
        if not there:
            return True
        return there[-1].chain_head != head and self._now() - there[-1].moment >= self._backups.every

    def _thin(self, path: Path) -> None:
        with geopackage.GeoPackage(path).reading() as tx:
            there = manifests.of(self._backups.folder_of(path), tx, path.name)
        stay = kept([one.moment for _, one in there], self._now())
        for backup, one in there:
            if one.moment not in stay:
                backup.unlink(missing_ok=True)
                manifests.place(backup).unlink(missing_ok=True)
