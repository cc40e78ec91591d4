"""Text that was read in another encoding than it was written in: the same values both ways, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from layers.readers.dbf import READ_AS, known_codec, spoken
from layers.readers.doubts.finding import Cure, Finding
from layers.readers.errors import EncodingRefused
from layers.readers.features import Features
from layers.readers.mojibake import LOST, recoded

_MOST, _SHOWN, _LONGEST = 300, 3, 40
_SURE, _LIKELY = 0.9, 0.5
"""Shares of the values with more than ASCII that have to make sense otherwise: to be cured, and to be told."""
_CHOSEN = ("shapefile", "csv", "boundary", "cass", "kml", "dxf")
"""Kinds whose encoding a user may say; the text of the others can only be turned back."""
_WESTERN = ("latin-1", "cp1252", "cp437", "cp850")


def findings(features: Features, kind: str, given: str | None) -> Iterator[Finding]:
    """What is doubtful about the encoding of a file.

    Parameters
    ----------
    kind
        What the file is.
    given
        Encoding that the user says; its text is doubted all the same.
    """
    values = _values(features.table)
    if features.contradicted:
        pairs = _pairs(values, str(features.encoding), features.contradicted)
        said = {"declared": features.contradicted, "read_as": features.encoding, **_beside(pairs)}
        yield Finding("encoding_contradicts", "tells", said)
    lost = [value for value in values if LOST in value]
    if lost:
        yield Finding("characters_lost", "tells", {"samples": lost[:_SHOWN], "sample": lost[0][:_LONGEST]})
    now = _codec(features.encoding)
    if now is None or not values:
        return
    utf = now == "utf-8"
    ways = (
        [("gb18030", "utf-8"), *((west, "utf-8") for west in _WESTERN), *((west, "gb18030") for west in _WESTERN)]
        if utf
        else [(now, "utf-8"), (now, "gb18030")]
    )
    for written, true in ways:
        new = [recoded(value, written, true) for value in values]
        good = [(old, made) for old, made in zip(values, new, strict=True) if made is not None]
        share = len(good) / len(values)
        if written != true and share >= _LIKELY:
            yield _otherwise(good, share, (written, true), kind if not utf or given else "")
            return


def _otherwise(good: list[tuple[str, str]], share: float, way: tuple[str, str], kind: str) -> Finding:
    """Text that makes sense in another encoding, and how to get there."""
    written, true = (spoken(one) for one in way)
    facts = {"encoding": true, "written": written}
    by_choice = Cure("encoding", {"encoding": true}, facts)
    cure = by_choice if kind in _CHOSEN else Cure("recode", {"recode": way}, facts)
    evidence = {"read_as": written, "likelier": true, "share": share, **_beside((written, true, good))}
    return Finding("encoding_doubtful", "asks", evidence, None, (), cure if share >= _SURE else None)


def _values(table: pd.DataFrame) -> list[str]:
    """Names of columns and distinct values that hold more than ASCII."""
    out = dict.fromkeys(str(name) for name in table.columns if not str(name).isascii())
    for name in table.columns:
        if pd.api.types.is_string_dtype(table[name]):
            kinds = table[name].dropna().drop_duplicates().head(_MOST)
            out |= dict.fromkeys(value for value in map(str, kinds) if not value.isascii())
        if len(out) > _MOST:
            break
    return list(out)[:_MOST]


def _pairs(values: list[str], read_as: str, declared: str) -> tuple[str, str, list[tuple[str, str]]]:
    """Values as what was declared would show them, and as they are read."""
    now, other = _codec(read_as), _codec(declared)
    if now is None or other is None:
        return declared, read_as, []
    shown = [(value.encode(now, "replace").decode(other, "replace"), value) for value in values]
    return declared, read_as, [pair for pair in shown if pair[0] != pair[1]]


def _beside(pairs: tuple[str, str, list[tuple[str, str]]]) -> dict[str, Any]:
    """Values both ways, as evidence."""
    one, other, found = pairs
    shown = [[old[:_LONGEST], new[:_LONGEST]] for old, new in found[:_SHOWN]]
    sample = f"{shown[0][0]} → {shown[0][1]}" if shown else "—"
    return {"side_by_side": [[one, other], *shown], "pair": sample}


def _codec(name: str | None) -> str | None:
    try:
        found = known_codec(name or "", "")
    except EncodingRefused:
        return None
    return READ_AS.get(found, found)
