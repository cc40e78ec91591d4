"""Parts of a page that are scripts of ours: how Streamlit is told of one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import streamlit as st

from layers.map.files import door_address

# What stands here travels with every run, so it only fetches the rest, which the browser keeps.
_SHIM = """
const parts = (window.chengzaiParts ??= {});
parts.SCRIPT ??= import(window.location.origin + "DOOR");
export default function (component) {
  parts.SCRIPT.then((part) => part.show(component));
  return () => parts.SCRIPT.then((part) => part.leave(component.parentElement));
}
"""


@functools.lru_cache
def component(script: str) -> Callable[..., Any]:
    """A part of a page.

    Parameters
    ----------
    script
        Module with `show` and `leave`, a door among the map's scripts, without its ending.
    """
    js = _SHIM.replace("DOOR", door_address(f"{script}.js")).replace("SCRIPT", script)
    return st.components.v2.component(f"chengzai_{script}", js=js)


def nothing() -> None:
    """What a part says is read where it is drawn."""
