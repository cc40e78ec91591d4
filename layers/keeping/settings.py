"""Where backups go, and how often they are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Backups:
    """Where backups go, and how often.

    Parameters
    ----------
    folder
        None: a folder ``backups`` beside each workspace. A folder on a second disk is safer: `CHENGZAI_BACKUPS`.
    every
        How often at most; zero switches them off: `CHENGZAI_BACKUP_MINUTES`.
    """

    folder: Path | None = None
    every: timedelta = QUARTER

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Backups:
        """Settings from environment variables; what is not set, or no number, keeps its default.

        >>> Backups.read({"CHENGZAI_BACKUP_MINUTES": "0"}).on
        False
        """
        folder = environment.get("CHENGZAI_BACKUPS")
        minutes = environment.get("CHENGZAI_BACKUP_MINUTES", "")
        every = timedelta(minutes=int(minutes)) if minutes.isascii() and minutes.isdigit() else cls.every
        return cls(Path(folder).expanduser().resolve() if folder else None, every)

    @property
    def on(self) -> bool:
        """Whether any are made."""
        return self.every > timedelta()

    def folder_of(self, workspace: Path) -> Path:
        """Where the backups of a workspace go."""
        return self.folder or workspace.absolute().parent / "backups"
