"""What stands beside a backup: what it is a backup of, and the anchor of its history.

The chain of events proves that nothing was changed inside it, but whoever has the file could write it all anew. A
manifest that lies elsewhere knows the hash that the chain had, and then no longer agrees.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from layers.stores import disk
from layers.stores.contract import Reading

_ENDING = ".json"
_FORMAT = "chengzai-backup"

Trial = Literal["whole", "first_look"]


@dataclass(frozen=True)
class Manifest:
    """One backup.

    Parameters
    ----------
    file
        Its name; it lies beside the manifest.
    store
        The store that it is a backup of, by the name that the store has in itself.
    made_at
        UTC, ISO 8601.
    tried
        Whether the whole history was played through, or the file only looked at.
    """

    file: str
    workspace: str
    store: str
    revision: int
    chain_head: str
    sha256: str
    size_bytes: int
    made_at: str
    tried: Trial
    format: str = _FORMAT

    @property
    def moment(self) -> datetime:
        """When it was made."""
        return moment(self.made_at)


def told(when: datetime) -> str:
    """A moment as text."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """A moment from its text.

    >>> told(moment("2026-11-25T08:00:00.000Z"))
    '2026-11-25T08:00:00.000Z'
    """
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def place(backup: Path) -> Path:
    """Where the manifest of a backup lies."""
    return backup.with_name(backup.name + _ENDING)


def write(backup: Path, manifest: Manifest) -> Path:
    """Put a manifest beside its backup, whole, on the disk."""
    path = place(backup)
    with disk.draft(path) as draft:
        draft.write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        disk.flush(draft)
        draft.replace(path)
        disk.flush(path.parent)
    return path


def read(backup: Path) -> Manifest | None:
    """The manifest of a backup, None where there is none that can be read."""
    try:
        found = json.loads(place(backup).read_text(encoding="utf-8"))
        made = Manifest(**found)
        return made if made.format == _FORMAT and made.moment.tzinfo is not None else None
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def of(folder: Path, tx: Reading, workspace: str) -> list[tuple[Path, Manifest]]:
    """The backups of a store in a folder that have a manifest, oldest first.

    Parameters
    ----------
    workspace
        Name of its file; a copy under another name is the same store and goes its own way.
    """
    asked = tx.identity(), workspace
    found = []
    for path in folder.glob(f"*{_ENDING}") if folder.is_dir() else ():
        backup = path.with_name(path.name.removesuffix(_ENDING))
        manifest = read(backup)
        if manifest is None or manifest.file != backup.name:
            continue
        if (manifest.store, manifest.workspace) == asked:
            found.append((backup, manifest))
    return sorted(found, key=lambda one: (one[1].moment, one[1].revision))


def lost(tx: Reading, folder: Path, workspace: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Events that a backup in a folder knows and that the history lacks, or has otherwise.

    What a backup holds beyond the point to which somebody restored an earlier one is not missing.
    """
    restored = [(event.seq, event.at) for event in tx.events(kinds=("restore",), rows=False)]
    for _, one in of(folder, tx, workspace):
        if any(made > one.made_at and one.revision >= seq for seq, made in restored):
            continue
        found = [event.hash for event in tx.events(after=one.revision - 1, until=one.revision, rows=False)]
        if found != [one.chain_head]:
            yield "anchor_lost", {"value": str(one.revision), "limit": one.file}
