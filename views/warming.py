"""What is made before the first visitor asks for it: the workspace of the server, its board, figures and outlines."""

from __future__ import annotations

import gc
import logging
from pathlib import Path

from layers import stores
from layers.map.board import BOARDS
from layers.map.routes import make_ready
from spatial.errors import ChengzaiError
from views.map_component import figures
from views.session import known_as
from views.settings import settings

_LOG = logging.getLogger("chengzai")


def warm(path: Path) -> None:
    """Make ready what takes long on the first page of a workspace; one that does not open says so on the page."""
    try:
        workspace = stores.read(path)
        board = BOARDS.of(known_as(path), workspace)
        figures(workspace, settings().language)
        make_ready(board)
    except ChengzaiError as error:
        _LOG.info("%s", error)
    except Exception:  # noqa: BLE001 nobody waits for it: it is logged, and the page tries again
        _LOG.exception("nothing was made ready")
    settle()


def settle() -> None:
    """Have the collector leave alone what is there now.

    Streamlit has everything looked through after each run of a page; what libraries and the workspace hold stays for
    as long as the server runs, and looking through it takes longer than the page.
    """
    gc.collect()
    gc.freeze()
