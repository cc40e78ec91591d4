"""Where the files of the map lie: Leaflet in an installed package, our own beside this module."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import json
from pathlib import Path

OWN = Path(__file__).parent / "assets"
ADDRESS = "/assets"

DOORS = ("main.js", "component.js")
"""Scripts that a host begins with."""


@functools.lru_cache(maxsize=1)
def own_address() -> str:
    """Where our scripts and styles are found; it names their content, so that a browser may keep them for good."""
    digest = hashlib.blake2b(digest_size=6)
    for file in sorted(OWN.rglob("*.*")):
        digest.update(file.relative_to(OWN).as_posix().encode("utf-8") + b"\0" + file.read_bytes())
    return f"{ADDRESS}/map/{digest.hexdigest()}"


@functools.lru_cache(maxsize=1)
def ahead() -> str:
    """A statement that has the browser fetch all scripts at once, and not level by level as it meets their names."""
    modules = (file.relative_to(OWN).as_posix() for file in sorted(OWN.rglob("*.js")))
    wanted = [("script", f"{ADDRESS}/leaflet/leaflet.js"), ("style", f"{ADDRESS}/leaflet/leaflet.css")]
    styles = (file.relative_to(OWN).as_posix() for file in sorted(OWN.rglob("*.css")))
    wanted += [("style", f"{own_address()}/{name}") for name in styles]
    wanted += [("", f"{own_address()}/{name}") for name in modules if name not in DOORS]
    return (
        f"for (const [as, href] of {json.dumps(wanted)}) "
        'document.head.append(Object.assign(document.createElement("link"), '
        'as ? { rel: "preload", as, href } : { rel: "modulepreload", href }));'
    )


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
