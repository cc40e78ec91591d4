"""Colours can be told apart, also by who sees no red or no green, and text can be read on what it stands on."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from layers.map import styles
from layers.map.files import OWN

LOOK = Path(__file__).parents[3] / "views" / "look"
GROUND = "#e9ecee"
FILL = 0.72
"""How much a parcel covers what lies under it, as `assets/pen.js` draws it."""

APART = 9.0
"""Least distance in CIELAB; about 2 can just be seen side by side, and a legend is not beside its parcel."""

READABLE = 4.5
"""Least contrast of text, WCAG 2 AA."""

# Machado, Oliveira, Fernandes (2009), severity 1
SIGHTS = {
    "all colours": np.eye(3),
    "no green (deuteranopia)": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "no red (protanopia)": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
}
PALETTES = {
    "status": styles.STATUS_COLOURS,
    "assignment": styles.STAGE_COLOURS,
    "supply_mode": styles.SUPPLY_COLOURS,
    "available": styles.LEFT_COLOURS,
    "raster": styles.RASTER_COLOURS,
    "projects": styles.PROJECT_COLOURS,
    "suitability": (*styles.GRADE_COLOURS, styles.RULED_OUT_COLOUR),
}


def light(colour: str) -> np.ndarray:
    """Linear red, green and blue, 0 … 1."""
    share = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def on_ground(colour: str) -> str:
    """A fill as it looks on the map."""
    mixed = [round(FILL * int(colour[i : i + 2], 16) + (1 - FILL) * int(GROUND[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{one:02x}" for one in mixed)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIELAB under D65 of linear colours."""
    turn = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    )
    x, y, z = turn @ np.clip(rgb, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    x, y, z = (np.cbrt(one) if one > 0.008856 else 7.787 * one + 16 / 116 for one in (x, y, z))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def apart(one: str, other: str, sight: np.ndarray) -> float:
    return float(np.linalg.norm(lab(sight @ light(one)) - lab(sight @ light(other))))


def contrast(one: str, other: str) -> float:
    bright, dark = sorted(float(np.array([0.2126, 0.7152, 0.0722]) @ light(each)) for each in (one, other))[::-1]
    return (bright + 0.05) / (dark + 0.05)


def test_the_measures_themselves() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert lab(light("#ffffff")) == pytest.approx([100, 0, 0], abs=0.02)
    red, green = "#c04040", "#60803c"
    assert apart(red, green, SIGHTS["no green (deuteranopia)"]) < apart(red, green, SIGHTS["all colours"]) / 3


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("name", PALETTES)
def test_classes_of_a_legend_are_apart(name: str, sight: str) -> None:
    shown = [on_ground(colour) for colour in (*PALETTES[name], styles.NOTHING)]
    close = {
        pair: round(found, 1)
        for pair in itertools.combinations(shown, 2)
        if (found := apart(*pair, SIGHTS[sight])) < APART
    }
    assert close == {}


def rules() -> list[tuple[str, str, str, str]]:
    """File, selector, colour of the text and of what it stands on, of every rule that gives a colour to text."""
    found = []
    for file in (*sorted(OWN.rglob("*.css")), *sorted(LOOK.glob("*.css"))):
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", file.read_text(encoding="utf-8")):
            text = re.search(r"(?:^|[;\s])color:\s*(#[0-9a-f]{6}|#[0-9a-f]{3})\b", body)
            ground = re.search(r"background(?:-color)?:\s*(#[0-9a-f]{6}|#[0-9a-f]{3})\b", body)
            if text and "disabled" not in selector:
                found.append((file.name, selector.strip(), full(text[1]), full(ground[1]) if ground else "#ffffff"))
    return found


def full(colour: str) -> str:
    return colour if len(colour) == 7 else "#" + "".join(2 * one for one in colour[1:])


def test_text_is_readable() -> None:
    told = [one for one in rules() if not (one[2] == "#ffffff" and one[3] == "#ffffff")]
    assert len(told) > 40
    weak = {
        (file, selector): (text, ground, round(contrast(text, ground), 2))
        for file, selector, text, ground in told
        if contrast(text, ground) < READABLE
    }
    assert weak == {}
