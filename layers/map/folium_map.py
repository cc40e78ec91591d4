"""The folium map: one element of ours on an empty map, and the message that tells it what to show.

branca renders the output of every element a second time as a template, so text of the workspace must never be part
of it. What stands here is constant but for addresses and integers; all data travels as JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import folium
from branca.colormap import ColorMap
from branca.element import Element, MacroElement
from folium.template import Template

from layers.map.files import ADDRESS, door_address, own_address

_ADDRESS = re.compile(r"/(?!/)[A-Za-z0-9._~/%?=&+-]*")
_DATA = ("outlines", "names", "state", "context", "parcel", "bases")
_LIVE = ("acts", "feed", "ask", "under")
_MODE = re.compile(r"[a-z_]*")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_LAYER = re.compile(r"[a-z]{1,20}(-[a-z]{1,20}){0,2}")
_KEY = re.compile(r"[A-Za-z0-9-]{1,64}")


OPTIONS: dict[str, Any] = {
    "attributionControl": False,
    "maxZoom": 20,
    "minZoom": 4,
    "zoomSnap": 0.25,
    "wheelPxPerZoomLevel": 90,
}
"""Options of the Leaflet map, wherever it stands."""


class OfflineMap(folium.Map):
    """A folium map whose scripts and styles come from this app; folium's own come from the internet."""

    default_js = [("leaflet", f"{ADDRESS}/leaflet/leaflet.js")]
    default_css = [("leaflet_css", f"{ADDRESS}/leaflet/leaflet.css"), ("map_css", f"{own_address()}/map.css")]


class Core(MacroElement):
    """Starts our script on the map that it is added to."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        import("DOOR").then((core) => core.start({{ this._parent.get_name() }}));
        {% endmacro %}
        """.replace("DOOR", door_address("main.js"))
    )

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Core"


@dataclass(frozen=True)
class Message:
    """What the map shows now. See `Message` in `assets/main.js`.

    Parameters
    ----------
    outlines, names, state, context, parcel, bases
        Signed addresses of data.
    acts, feed, ask
        Signed addresses to which acts go, where changes by others are asked for, and questions; empty for a map
        without them.
    epoch, revision
        Board that slots belong to, and the revision that the page shows.
    memory
        Under which name the browser keeps the view.
    selected
        Slot of the selected parcel, −1 for none.
    fly
        Counts wishes to bring the selected parcel into view.
    mode
        What parcels are coloured by as long as the page says so, over what the viewer chose before; empty for that.
    grades
        Grades of suitability, or classes of a mode of the page's own, that this viewer sees instead of those of all:
        a byte for each slot, in base64.
    labels, note
        What these grades are called, a line each, and what the legend says of them: both are shown as text.
    under, wanted
        Signed address of the quiet layers under the parcels, and names of those that are shown, with commas.
    """

    outlines: str
    names: str
    state: str
    context: str
    parcel: str
    bases: str
    epoch: str
    revision: int
    memory: str
    acts: str = ""
    feed: str = ""
    ask: str = ""
    selected: int = -1
    fly: int = 0
    mode: str = ""
    grades: str = ""
    under: str = ""
    wanted: str = ""
    labels: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        for name in (*_DATA, *_LIVE):
            address = getattr(self, name)
            if not _ADDRESS.fullmatch(address) and (address or name not in _LIVE):
                raise ValueError("an address of the map may hold nothing but the characters of an address")
        for key in (self.memory, self.epoch):
            if not _KEY.fullmatch(key):
                raise ValueError("the key of the map's memory and of its board is letters, digits and hyphens")
        if not _MODE.fullmatch(self.mode) or not _BASE64.fullmatch(self.grades):
            raise ValueError("a mode is letters, and grades are bytes in base64")
        if self.wanted and not all(_LAYER.fullmatch(name) for name in self.wanted.split(",")):
            raise ValueError("the name of a layer under the parcels is words with hyphens between them")
        if not all(type(value) is int for value in (self.revision, self.selected, self.fly)):
            raise TypeError("revisions, slots and counts are integers")


class _Send(MacroElement):
    _template = Template(
        """
        {% macro script(this, kwargs) %}
        window.chengzaiMessage = {{ this.message | tojson }};
        if (window.chengzai) window.chengzai.receive(window.chengzaiMessage);
        {% endmacro %}
        """
    )

    def __init__(self, message: Message) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Send"
        self.message = asdict(message)


def capacity_map() -> folium.Map:
    """The map, the same for every workspace: what differs comes with the message."""
    made = OfflineMap(location=[0, 0], zoom_start=3, tiles=None, zoom_control=False, **OPTIONS)
    made.add_child(Core())
    assert_offline(made)
    return made


def carrier(message: Message) -> folium.FeatureGroup:
    """A feature group that carries the message to a map that is already on the page."""
    group = folium.FeatureGroup(name="message", control=False)
    group.add_child(_Send(message))
    return group


def assert_offline(element: Element) -> None:
    """Refuse a map of which any part would be fetched from elsewhere.

    Raises
    ------
    RuntimeError
        With the addresses.
    """
    found = [f"{type(part).__name__}: {address}" for part in _walk(element) for address in _remote(part)]
    if found:
        raise RuntimeError("the map would ask the internet for " + ", ".join(found))


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():
        yield from _walk(child)


def _remote(element: Element) -> Iterator[str]:
    if isinstance(element, ColorMap):
        yield "d3 (a colour map brings it from a CDN)"
    for links in ("default_js", "default_css"):
        for _, address in getattr(element, links, ()):
            if "//" in address:
                yield address
    if isinstance(element, folium.TileLayer):
        yield str(element.tiles)
