"""What a file is, told by its bytes: its first ones, and for text how its lines are built."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal[
    "gpkg",
    "geojson",
    "topojson",
    "shapefile",
    "kml",
    "dxf",
    "gdb",
    "fgb",
    "parquet",
    "boundary",
    "cass",
    "xlsx",
    "csv",
]

SHP = b"\x00\x00\x27\x0a"
SQLITE = b"SQLite format 3\x00"
ZIP = b"PK\x03\x04"
_STARTS: tuple[tuple[bytes, Kind], ...] = (
    (SHP, "shapefile"),
    (SQLITE, "gpkg"),
    (b"fgb\x03fgb", "fgb"),
    (b"PAR1", "parquet"),
)
_FOREIGN = (
    (re.compile(rb"AC10\d\d"), "DWG"),
    (re.compile(rb"AutoCAD Binary DXF"), "binary DXF"),
    (re.compile(rb"%PDF-"), "PDF"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "XLS / DOC"),
    (re.compile(rb"Rar!|7z\xbc\xaf|\x1f\x8b"), "RAR / 7z / gz"),
)
_DXF = re.compile(r"(\s*999\r?\n[^\r\n]*\r?\n)*\s*0\s*\r?\n\s*SECTION\b")
_KML = re.compile(r"<(\w+:)?kml[\s>]", re.I)
_NUMBER = r"\s*[-+]?\d+(\.\d*)?\s*"
_CASS = re.compile(rf"[^,]*,[^,]*,{_NUMBER},{_NUMBER},{_NUMBER}")
_SIGN = r"\s*(?:[,，\t ])\s*"
_METRES = r"[-+]?\d{5,8}(?:\.\d*)?"
_BARE = re.compile(rf"(?:[A-Za-z]*\d+{_SIGN})?(?:\d{{0,3}}{_SIGN})?{_METRES}{_SIGN}{_METRES}\s*[,，]?")
"""A line of a boundary-point file without attributes: number and ring, where they stand, and two coordinates."""
_LINES, _RING = 20, 3


def of_bytes(head: bytes) -> Kind | None:
    """The kind of a binary format by the first bytes of a file; None for text and ZIP.

    >>> of_bytes(b"PAR1..."), of_bytes(b"a,b")
    ('parquet', None)
    """
    return next((kind for start, kind in _STARTS if head.startswith(start)), None)


def foreign(head: bytes) -> str | None:
    """The name of a well-known format that is not read; None for anything else.

    >>> foreign(b"AC1032...")
    'DWG'
    """
    return next((name for start, name in _FOREIGN if start.match(head)), None)


def of_text(text: str) -> Kind | None:
    """The kind of a text format by its first lines; JSON and tables are judged elsewhere.

    >>> of_text("[地块坐标]\\n4,0.96,A,甲,面,,,,@"), of_text("J1,,39438363.0,4411001.0,0"), of_text("a,b")
    ('boundary', 'cass', None)
    >>> of_text("4411001.0,39438363.0\\n4411001.0,39438463.0\\n4410901.0,39438463.0")
    'boundary'
    """
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        return "kml" if _KML.search(start[:4096]) else None
    if _DXF.match(text.lstrip("\ufeff")):
        return "dxf"
    lines = [line.strip() for line in start[:200_000].splitlines() if line.strip()]
    if any(re.fullmatch(r"[\[【]\s*地块坐标\s*[\]】]", line) or line.endswith("@") for line in lines):
        return "boundary"
    first = lines[1 : _LINES + 1] if lines and lines[0].isdigit() else lines[:_LINES]
    if first and all(_CASS.fullmatch(line) for line in first):
        return "cass"
    bare = len(first) >= _RING and all(_BARE.fullmatch(line) for line in lines[:_LINES])
    return "boundary" if bare else None
