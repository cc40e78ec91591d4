"""The map as a part of a page, without a frame: keys reach it, and a page that is drawn anew keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from layers.live import routes as live
from layers.map.board import BOARDS
from layers.map.folium_map import OPTIONS, Message
from layers.map.routes import addresses
from layers.stores.contract import Store
from layers.workspace import Workspace
from views.components import component, nothing
from views.session import as_of, may, served_key, service, text, who, workspace_key
from views.sheet import sheet
from views.telling import tops
from views.text import Text, texts
from views.zones_panel import headline_figures


def shown_map(workspace: Workspace, *, selected: str | None = None, editor: Mapping[str, Any] | None = None) -> Any:
    """Draw the map of the branch before the viewer; answers with what it said in this run, None for nothing.

    Parameters
    ----------
    selected
        Key of the parcel that is chosen.
    editor
        What the tools are told, see `Given` in `assets/editor/editor.js`; None for a map that is only looked at.
    """
    place, me, say = served_key(), who().name, text()
    board = BOARDS.of(place, workspace)
    where = addresses(board, say.language, place, me)
    if not as_of():
        where |= live.addresses(board, say.language, place, me, figures=True)
    message = Message(
        **where,
        fly=0,
        epoch=board.epoch,
        revision=workspace.revision,
        memory=f"chengzai-{workspace_key()}",
        selected=-1 if selected is None else board.slot(selected),
    )
    data = {
        "message": asdict(message),
        "options": OPTIONS,
        "figures": figures(workspace, say.language),
        "editor": editor,
        "tops": undoable(service(), me, workspace.scenario, say.language),
        "may": {kind: may(kind) for kind in ("edit", "assign", "undo")},
    }
    found = component("component")(key=f"editor-{workspace_key()}-{say.language}", data=data, on_said_change=nothing)
    return found.get("said")


def figures(workspace: Workspace, language: str) -> list[dict[str, str]]:
    """The figures of the headline, as the map shows them over itself."""
    say: Text = texts(language)
    items: Sequence[tuple[str, str, str]] = headline_figures(sheet(workspace))
    unit = {"name": "unit", "label": say("unit"), "value": "", "css": "cz-unit-of-all"}
    return [unit] + [{"name": name, "label": say(name), "value": value, "css": css} for name, value, css in items]


def undoable(store: Store, name: str, scenario: str, language: str) -> dict[str, str]:
    """What the next undo and redo of somebody would take, in words."""
    with store.reading() as tx:
        return tops(tx, name, scenario, texts(language))
