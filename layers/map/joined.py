"""Our scripts joined into one file for each door, so that a browser asks once and not for each of eighty modules.

The sources stay modules, each with tests of its own. A joined file is made when the app starts: every module becomes
a function that gives what it exports, in an order in which each stands behind what it needs. That takes what our
modules keep to: imports by name from a path of ours at the top, exports of constants, functions and classes where
they are declared, nothing that waits, and no circle.
"""

from __future__ import annotations

import functools
import gzip
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

_IMPORT = re.compile(r'^import (\{[^}]*\}|\* as (\w+)) from "(\.{1,2}/[\w./-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function\*? |class |const )(\w+)", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_PLACE = "import.meta"


def joined(folder: Path, door: str) -> str:
    """One module that is what the module `door` of a folder is with all that it imports.

    Raises
    ------
    ValueError
        For a module that is not written as it has to be.
    """
    sources = _sources(folder, door)
    parts = [_wrapped(name, source) for name, source in sources.items()]
    names = ", ".join(_exported(sources[door]))
    return "".join([*parts, f"export const {{ {names} }} = {_symbol(door)};\n"])


@functools.lru_cache(maxsize=8)
def packed(folder: Path, door: str) -> bytes:
    """The same compressed, made once in a process."""
    return gzip.compress(joined(folder, door).encode("utf-8"), 9, mtime=0)


def _sources(folder: Path, door: str) -> dict[str, str]:
    """Sources of a module and of all that it needs, each behind what it needs."""
    found: dict[str, str] = {}
    under_way: list[str] = []

    def visit(name: str) -> None:
        if name in found:
            return
        if name in under_way:
            raise ValueError(f"scripts import each other in a circle: {' → '.join([*under_way, name])}")
        under_way.append(name)
        source = (folder / name).read_text("utf-8")
        for needed in _needed(name, source):
            visit(needed)
        under_way.pop()
        found[name] = source

    visit(door)
    return found


def _needed(name: str, source: str) -> Iterator[str]:
    for _, _, path in _IMPORT.findall(source):
        yield posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def _exported(source: str) -> list[str]:
    return [name for _, name in _EXPORT.findall(source)]


def _symbol(name: str) -> str:
    return "_" + re.sub(r"\W", "_", name.removesuffix(".js"))


def _wrapped(name: str, source: str) -> str:
    """A module as a function that is called at once; what it imports are constants in it."""

    def imported(found: re.Match[str]) -> str:
        symbol = _symbol(posixpath.normpath(posixpath.join(posixpath.dirname(name), found[3])))
        return f"const {found[2] or found[1].replace(' as ', ': ')} = {symbol};\n"

    body = _EXPORT.sub(r"\1\2", _IMPORT.sub(imported, source))
    left = _LEFT.search(body)
    if left:
        raise ValueError(f"{name}: a statement that cannot be joined: {left[0][:80]}")
    if _PLACE in source and "/" in name:
        raise ValueError(f"{name}: {_PLACE} means another place in a joined script")
    names = ", ".join(_exported(source))
    return f"// {name}\nconst {_symbol(name)} = (() => {{\n{body}return {{ {names} }};\n}})();\n"
