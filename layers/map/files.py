"""Where the files of the map lie: Leaflet in an installed package, our own beside this module."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
from pathlib import Path

from layers.map import joined

OWN = Path(__file__).parent / "assets"
ADDRESS = "/assets"

DOORS = ("main.js", "component.js", "watch.js", "job.js")
"""Scripts that a host begins with; each is handed out with all that it imports, as one."""


@functools.lru_cache(maxsize=1)
def own_address() -> str:
    """Where our scripts and styles are found; it names their content, so that a browser may keep them for good."""
    digest = hashlib.blake2b(Path(joined.__file__).read_bytes(), digest_size=6)
    for file in sorted(OWN.rglob("*.*")):
        digest.update(file.relative_to(OWN).as_posix().encode("utf-8") + b"\0" + file.read_bytes())
    return f"{ADDRESS}/map/{digest.hexdigest()}"


def door_address(door: str) -> str:
    """Where the script of a door is found, joined with all that it imports.

    It lies where the door itself would, so that a style beside it has the same relative address.
    """
    return f"{own_address()}/{door.removesuffix('.js')}.joined.js"


def leaflet() -> Path:
    """The folder with `leaflet.js` and `leaflet.css`.

    The package is only looked up, not imported: it is made for Django, which is not installed.
    """
    found = importlib.util.find_spec("js_lib_leaflet")
    places = list(found.submodule_search_locations or ()) if found else []
    for place in places:
        folder = Path(place) / "static" / "js_lib_leaflet"
        if (folder / "leaflet.js").is_file():
            return folder
    raise FileNotFoundError("Leaflet is missing: install the locked requirements (django-js-lib-leaflet)")
