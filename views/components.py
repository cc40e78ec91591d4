"""Parts of a page that are scripts of ours: how Streamlit is told of one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import streamlit as st

from layers.map.files import ahead, own_address

# What stands here travels with every run, so it only fetches the rest, which the browser keeps.
_SHIM = """
const parts = (window.chengzaiParts ??= {});
if (!parts.SCRIPT) {
  AHEAD
  parts.SCRIPT = import(window.location.origin + "OWN/SCRIPT.js");
}
export default function (component) {
  parts.SCRIPT.then((part) => part.show(component));
  return () => parts.SCRIPT.then((part) => part.leave(component.parentElement));
}
"""


@functools.lru_cache
def component(script: str, *, alone: bool = False) -> Callable[..., Any]:
    """A part of a page.

    Parameters
    ----------
    script
        Module with `show` and `leave`, in the folder of the map's scripts, without its ending.
    alone
        Whether it needs none of the map's other scripts.
    """
    js = _SHIM.replace("AHEAD", "" if alone else ahead()).replace("OWN", own_address()).replace("SCRIPT", script)
    return st.components.v2.component(f"chengzai_{script}", js=js)


def nothing() -> None:
    """What a part says is read where it is drawn."""
