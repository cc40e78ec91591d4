"""A map as one file that opens anywhere, without a server and without the internet.

folium writes the page; scripts, styles and data stand in it as base64, which holds nothing that a template or a
browser could take for code. What is put into the head of a page is rendered once only, unlike elements of a map.
"""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
from typing import Any

import folium
import numpy as np
from branca.element import Element, MacroElement
from folium.template import Template

from layers.accounts import available
from layers.map.board import Board
from layers.map.files import OWN, leaflet
from layers.map.folium_map import OPTIONS
from layers.map.joined import joined
from layers.map.payload import context
from layers.workspace import Workspace

_SCRIPT = "chengzai/saved"
"""Name under which the page knows its script."""


class _Bare(folium.Map):
    """A folium map that asks nobody for scripts and styles."""

    default_js: list[tuple[str, str]] = []
    default_css: list[tuple[str, str]] = []


class _Literal(Element):
    """Text of the head, as it is."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self._name = "Literal"
        self.text = text


class _Start(MacroElement):
    _template = Template(
        """
        {% macro script(this, kwargs) %}
        import("SCRIPT").then((saved) => saved.start({{ this._parent.get_name() }}));
        {% endmacro %}
        """.replace("SCRIPT", _SCRIPT)
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Start"


def saved(workspace: Workspace, language: str) -> bytes:
    """The map of a workspace as one page of HTML."""
    board = Board(workspace)
    title = workspace.name_en if language == "en" and workspace.name_en else workspace.name
    left = available(workspace).astype("<f4").tobytes()
    data = {
        "outlines": board.outlines(),
        "state": board.state(language),
        "names": _json(board.names()),
        "context": _json(context(workspace, language)),
        "available": left if len(left) else np.zeros(1, "<f4").tobytes(),
    }
    made = _Bare(location=[0, 0], zoom_start=3, tiles=None, zoom_control=False, **OPTIONS)
    made.add_child(_Start())
    figure: Any = made.get_root()
    for text in (_named(title), _styles(), _leaflet(), _script(), *(_packed(*item) for item in data.items())):
        figure.header.add_child(_Literal(text))
    page: str = figure.render()
    return page.encode("utf-8")


def _named(title: str) -> str:
    return f"<title>{html.escape(title)}</title>"


def _styles() -> str:
    styles = [(leaflet() / "leaflet.css").read_text("utf-8"), (OWN / "map.css").read_text("utf-8")]
    # pictures that Leaflet's own styles would fetch belong to markers, of which there are none
    plain = [re.sub(r"url\([^)]*\)", "none", style) for style in styles]
    return "".join(f"<style>{style}</style>" for style in plain)


def _leaflet() -> str:
    script = (leaflet() / "leaflet.js").read_bytes()
    return f'<script src="data:text/javascript;base64,{_text(script)}"></script>'


def _script() -> str:
    """Our script under a name of its own; the browser finds it in the page."""
    content = _text(joined(OWN, "saved.js").encode("utf-8"))
    imports = {_SCRIPT: f"data:text/javascript;base64,{content}"}
    return f'<script type="importmap">{json.dumps({"imports": imports})}</script>'


def _packed(name: str, content: bytes) -> str:
    return f'<script type="text/plain" id="chengzai-{name}">{_text(gzip.compress(content, 6))}</script>'


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")
