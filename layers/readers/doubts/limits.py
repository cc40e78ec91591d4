"""Constraints that come in: which kind a file's name says, what it would do, and lines that want a width."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from layers.causes import USUAL
from layers.readers.doubts.finding import Cure, Finding
from layers.readers.limiting import kind_in, lines_in
from layers.vocabulary import CONSTRAINT_KINDS, EFFECTS, SIDES, Terms


def findings(rows: pd.DataFrame, raw: np.ndarray | None, names: list[str], width: float | None) -> Iterator[Finding]:
    """What is to be settled before limits come in.

    Parameters
    ----------
    rows
        Under our column names.
    raw
        Outlines as the file has them, shape (n,); None for a table without.
    names
        What the source, its layer and its file are called, the most telling first.
    width
        Metres on either side that lines get; None where the user gave none.
    """
    lines = np.flatnonzero(lines_in(raw)) if raw is not None else np.empty(0, dtype=int)
    if len(lines) and width is None:
        yield Finding("lines_want_width", "stops", {}, "geometry", tuple(lines.tolist()))
    lacking, without = (_missing(rows, column) for column in ("effect", "kind"))
    if not lacking.any() and not without.any():
        return
    told = kind_in(names) if without.all() else None
    if told is not None:
        kind, name = told
        changes: dict[str, Any] = {"constants": {"kind": kind}, "usual_effects": True}
        yield Finding("constraint_named", "asks", _said(kind) | {"name": name}, "kind", (), _cure(changes, kind))
    elif lacking.any() and not without.any() and rows["kind"].isin(list(USUAL)).all():
        changes = {"usual_effects": True}
        places = tuple(np.flatnonzero(lacking).tolist())
        kinds = [str(kind) for kind in rows["kind"][lacking].unique()]
        proposed = [_line(kind) for kind in kinds]
        evidence = {
            "kinds": {kind: {"effect": USUAL[kind].effect, "side": USUAL[kind].side} for kind in kinds},
            "zh": "；".join(zh for zh, _ in proposed),
            "en": "; ".join(en for _, en in proposed),
        }
        yield Finding("effect_proposed", "asks", evidence, "effect", places, Cure("usual_effects", changes))
    elif lacking.any():
        yield Finding("effect_unknown", "stops", {}, "effect", tuple(np.flatnonzero(lacking).tolist()))


def _missing(rows: pd.DataFrame, column: str) -> np.ndarray:
    if column not in rows:
        return np.ones(len(rows), dtype=bool)
    return np.asarray((rows[column].isna() | (rows[column] == "")).to_numpy(dtype=bool))


def _said(kind: str) -> dict[str, str]:
    usual = USUAL[kind]
    codes = {"kind": kind, "effect": usual.effect, "side": usual.side}
    tables: dict[str, Terms] = {"kind": CONSTRAINT_KINDS, "effect": EFFECTS, "side": SIDES}
    return codes | {
        f"{name}_{tongue}": tables[name][code][place]
        for name, code in codes.items()
        for place, tongue in enumerate(("zh", "en"))
    }


def _line(kind: str) -> tuple[str, str]:
    said = _said(kind)
    return tuple(f"{said[f'kind_{t}']} → {said[f'effect_{t}']} ({said[f'side_{t}']})" for t in ("zh", "en"))  # type: ignore[return-value]


def _cure(changes: dict[str, Any], kind: str) -> Cure:
    return Cure("constraint", changes, _said(kind))
