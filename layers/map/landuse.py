"""Land-use codes: their terms and the colours that planners use (通用配色).

Colours are those of the national classes. A local code borrows the colour of the class that it is compared with,
which is an editable table and no official palette: the legend says so.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

REFERENCE = Path(__file__).parent.parent.parent / "data" / "reference"
NATIONAL = "YDYH2023"
UNKNOWN_COLOUR = "#d5dadd"


@dataclass(frozen=True)
class Use:
    """A land use as people read it.

    Parameters
    ----------
    borrowed
        Whether the colour comes from a comparison of classes and not from the class itself.
    """

    code: str
    name: str
    name_en: str
    colour: str
    borrowed: bool = False

    def label(self, language: str = "zh-CN") -> str:
        """Code and term."""
        name = self.name if language == "zh-CN" else self.name_en or self.name
        return f"{self.code} {name}".strip()


def use(classification: str, code: str) -> Use:
    """The land use of a code in a classification; an unknown code is shown as itself, in grey."""
    if classification in ("", NATIONAL):
        found = _national(code)
        if found:
            return found
    borrowed = _crosswalk().get((classification, code))
    if borrowed:
        return borrowed
    return Use(code, "", "", UNKNOWN_COLOUR)


def _national(code: str) -> Use | None:
    table = _classes()
    exact = table.get(code)
    if exact:
        return exact
    for length in (4, 2):
        if code[:length] in table:
            wider = table[code[:length]]
            return Use(code, wider.name, wider.name_en, wider.colour)
    return None


@functools.lru_cache(maxsize=1)
def _classes() -> dict[str, Use]:
    return {
        row["code"]: Use(row["code"], row["name"], row.get("name_en", ""), row["hex"].lower())
        for row in _rows("landuse_ydyh2023.csv")
    }


@functools.lru_cache(maxsize=1)
def _crosswalk() -> dict[tuple[str, str], Use]:
    out = {}
    for row in _rows("landuse_crosswalk.csv"):
        national = _classes().get(row["ydyh2023"])
        colour = row.get("hex") or (national.colour if national else UNKNOWN_COLOUR)
        key = (row["classification"], row["land_use"])
        out[key] = Use(row["land_use"], row.get("name", ""), row.get("name_en", ""), colour.lower(), borrowed=True)
    return out


def _rows(name: str) -> list[dict[str, str]]:
    path = REFERENCE / name
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))
