"""What a workspace file holds besides its log, and what the log says of refused tries."""

from __future__ import annotations

import hashlib
import sqlite3

from layers.stores.contract import Store


def state(store: Store) -> str:
    """A hash of everything in the file but the log itself, its length and its head."""
    digest = hashlib.sha256()
    file = sqlite3.connect(f"file:{store.address}?mode=ro", uri=True)
    tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    for name in tables:
        lines = [] if name in ("event", "event_row", "sqlite_sequence") else file.execute(f'SELECT * FROM "{name}"')
        kept = sorted(repr(line) for line in lines if line[0] not in ("revision", "chain_head"))
        digest.update(repr((name, kept)).encode())
    file.close()
    return digest.hexdigest()


def refusals(store: Store) -> list[tuple[str, str, str]]:
    """Who tried what in vain, and the code of the reason, oldest first."""
    with store.reading() as tx:
        return [(one.actor, one.facts["tried"], one.facts["code"]) for one in tx.events(kinds=("refused",))]
