"""What the server does beside the screens: a first look at the workspace, what its first page needs, and backups."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import AsyncIterator

import streamlit as st

from layers import scratch
from layers.keeping import Keeper
from spatial.errors import ChengzaiError
from views.settings import settings
from views.warming import warm

_LOG = logging.getLogger("chengzai")
_LAST = 30.0
"""Seconds for which the server waits, when it is stopped, for a backup that is being made."""


@contextlib.asynccontextmanager
async def guarded(_: st.App) -> AsyncIterator[None]:
    """Look after the workspaces for as long as the server runs."""
    scratch.home()  # what killed servers left goes before anybody visits
    keeper, stop = Keeper(settings().backups), threading.Event()
    if settings().workspace.exists():
        try:
            keeper.look(settings().workspace)
        except ChengzaiError as error:  # the pages say so too
            _LOG.error("%s", error)
    threads = [
        threading.Thread(target=keeper.run, args=(stop,), name="keeper", daemon=True),
        threading.Thread(target=warm, args=(settings().workspace,), name="warm", daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(_LAST)
