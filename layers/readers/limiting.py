"""What official files call the limits on land, and what those usually do: proposals that the user confirms.

Plan databases name a layer in pinyin initials (STBHHX), offices in words (生态红线). A name says which kind of
limit a layer holds; what it does to land is a judgement, so it is proposed and never taken for granted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import numpy as np
import pandas as pd
import shapely

from layers.causes import USUAL
from layers.contract import Complaint
from layers.readers.notes import note
from layers.vocabulary import EFFECTS, SIDES

_WORDS: dict[str, str] = {
    "ecological_red_line": "生态保护红线|生态红线|STBHHX",
    "growth_boundary": "城镇开发边界|开发边界|CZKFBJ|urban growth boundary|growth boundary",
    "flood_control": "洪涝风险控制线|洪涝|蓄滞洪|滞洪|分洪|HLFXKZX|flood",
    "heritage": "历史文化保护线|文物|建设控制地带|建控地带|LSWHBHX|heritage",
    "purple_line": "城市紫线|紫线|ZXCQCSZX|CSZX|purple line",
    "blue_line": "城市蓝线|蓝线|ZXCQCSLX|CSLX|blue line",
    "green_line": "城市绿线|绿线|ZXCQCSLVX|CSLVX|green line",
    "yellow_line": "城市黄线|黄线|ZXCQCSHX|CSHX|yellow line",
    "road_line": "道路红线|规划道路红线|road line",
    "green_belt": "绿化隔离地区|绿化隔离|绿隔|green belt|greenbelt",
    "noise": "噪声|噪音|noise",
    "pipeline": "管线走廊|高压走廊|管廊|管线|燃气|输油|pipeline",
}
"""Words for each kind: names of layers of plan databases, and what people call them. Earlier kinds go first."""


def kind_in(names: Iterable[str]) -> tuple[str, str] | None:
    """The kind of limit that one of some names tells, and the name that tells it; None where none does.

    >>> kind_in(["data", "HLFXKZX_2024"]), kind_in(["丰台区绿隔"]), kind_in(["地块"])
    (('flood_control', 'HLFXKZX_2024'), ('green_belt', '丰台区绿隔'), None)
    """
    for name in names:
        plain = unicodedata.normalize("NFKC", name).casefold()
        codes = set(re.split(r"[^a-z]+", plain))
        spaced = " ".join(re.split(r"[\s_\-]+", plain))
        for kind, words in _WORDS.items():
            for word in words.casefold().split("|"):
                if word in codes if word.isascii() and " " not in word else word in spaced:
                    return kind, name
    return None


def words_of_kinds() -> dict[str, str]:
    """Every word for a kind, as a whole, to its code: what cells of a column may hold.

    >>> words_of_kinds()["绿隔"], words_of_kinds()["stbhhx"]
    ('green_belt', 'ecological_red_line')
    """
    return {word: kind for kind, words in _WORDS.items() for word in words.casefold().split("|")}


def usually(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Complaint]]:
    """Rows of constraints in which an effect that is missing is the usual one of the kind, and a line for each."""
    kinds = rows["kind"].astype(object) if "kind" in rows else pd.Series([None] * len(rows), index=rows.index)
    given = rows["effect"].astype(object) if "effect" in rows else pd.Series([None] * len(rows), index=rows.index)
    sides = rows["side"].astype(object) if "side" in rows else pd.Series([None] * len(rows), index=rows.index)
    effect, side, notes = given.to_numpy(copy=True), sides.to_numpy(copy=True), []
    lacking = np.flatnonzero(given.isna().to_numpy() & kinds.isin(list(USUAL)).to_numpy())
    for row in lacking.tolist():
        usual = USUAL[kinds.iloc[row]]
        effect[row] = usual.effect
        if pd.isna(side[row]):
            side[row] = usual.side
        facts = {"value": f"{EFFECTS[usual.effect][0]} / {usual.effect}"}
        facts |= {"limit": f"{SIDES[str(side[row])][0]} / {side[row]}"} if side[row] in SIDES else {}
        notes.append(note("effect_usual", "effect", row=row, severity="warning", **facts))
    columns = {"effect": effect, "side": side} if len(lacking) else {}
    return rows.assign(**{k: pd.Series(v, index=rows.index, dtype="str") for k, v in columns.items()}), notes


def lines_in(shapes: np.ndarray) -> np.ndarray:
    """Which shapes are lines, shape (n,)."""
    return np.isin(shapely.get_type_id(shapes), (1, 2, 5))


def strips(
    rows: pd.DataFrame, shapes: np.ndarray, metres: float | None
) -> tuple[pd.DataFrame, np.ndarray, list[Complaint]]:
    """Lines as the land within some metres of them, which the remarks of their rows say.

    Parameters
    ----------
    metres
        On either side and around the ends; None leaves lines what they are.
    """
    lines = np.flatnonzero(lines_in(shapes))
    if metres is None or not len(lines):
        return rows, shapes, []
    out = shapes.copy()
    out[lines] = shapely.buffer(shapes[lines], metres, quad_segs=_QUARTER)
    said = f"由线按每侧 {metres:g} m 缓冲 / buffered from a line by {metres:g} m"
    remarks = rows["note"].astype(object) if "note" in rows else pd.Series([None] * len(rows), index=rows.index)
    told = remarks.where(remarks.notna(), "").to_numpy(dtype=object, copy=True)
    told[lines] = [f"{text}；{said}" if text else said for text in told[lines]]
    notes = [
        note("line_buffered", "geometry", row=row, severity="warning", value=f"{metres:g}") for row in lines.tolist()
    ]
    told[told == ""] = None
    remarks = pd.Series(told, index=rows.index, dtype="str")
    return rows.assign(note=remarks), out, notes


_QUARTER = 32
"""Corners of a quarter of a circle: a strip then lacks at most 0.04 % of its width around a bend."""
