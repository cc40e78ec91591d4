"""Where the files of the map lie: Leaflet in an installed package, our own beside this module."""

from __future__ import annotations

import importlib.util
from pathlib import Path

OWN = Path(__file__).parent / "assets"
ADDRESS = "/assets"


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
