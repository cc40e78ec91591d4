"""What the server does beside the screens: a first look at the workspace, and backups while it runs."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import AsyncIterator

import streamlit as st

from layers.keeping import Keeper
from spatial.errors import ChengzaiError
from views.settings import settings

_LOG = logging.getLogger("chengzai")
_LAST = 30.0
"""Seconds for which the server waits, when it is stopped, for a backup that is being made."""


@contextlib.asynccontextmanager
async def guarded(_: st.App) -> AsyncIterator[None]:
    """Look after the workspaces for as long as the server runs."""
    keeper, stop = Keeper(settings().backups), threading.Event()
    if settings().workspace.exists():
        try:
            keeper.look(settings().workspace)
        except ChengzaiError as error:  # the pages say so too
            _LOG.error("%s", error)
    thread = threading.Thread(target=keeper.run, args=(stop,), name="keeper", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_LAST)
