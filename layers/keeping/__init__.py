"""Keeping a workspace safe at rest: backups that were tried out, restoring them, and moving to another store."""

from layers.keeping.backing import back_up, before
from layers.keeping.manifests import lost
from layers.keeping.moving import move
from layers.keeping.restoring import restore
from layers.keeping.schedule import Keeper
from layers.keeping.settings import Backups

__all__ = ["Backups", "Keeper", "back_up", "before", "lost", "move", "restore"]
