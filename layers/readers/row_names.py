"""What people call a row of a file: the line on which they see it there, and the number of its parcel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from layers.readers.features import Features

_KEYS = ("parcel_no", "zone_id", "building_id", "park_id", "project_id", "parcel_id", "name")
"""Targets by which a row is called, the better one first."""

Name = tuple[int, str]
"""Row as the file shows it, and its key there; empty where it has none."""


@dataclass(frozen=True, eq=False)
class RowNames:
    """Names of the rows of a file.

    Parameters
    ----------
    lines
        Line of the text, row of the sheet or number of the feature, from 1, shape (n,).
    keys
        What the file has for a key as it stands there, shape (n,); missing or empty where there is none.
    """

    lines: np.ndarray
    keys: np.ndarray

    def of(self, row: int) -> Name:
        """Name of a row, which is counted from 0.

        >>> RowNames(np.array([2, 3]), np.array(["A", ""])).of(0)
        (2, 'A')
        """
        inside = 0 <= row < len(self.lines)
        return (int(self.lines[row]), _spoken(self.keys[row])) if inside else (row + 1, "")


def row_names(features: Features, columns: Mapping[str, str]) -> RowNames:
    """Names of all rows of a file.

    Parameters
    ----------
    columns
        Target to what it is read from, as text.
    """
    count = len(features.table)
    lines = np.arange(1, count + 1) if features.lines is None else features.lines
    there = (columns[target] for target in _KEYS if target in columns)
    source = next((name for name in there if name in features.table.columns), None)
    if source is None and {"layer", "text"} <= set(features.table.columns):
        source = "text"  # of a drawing: what stands in an outline
    # few rows are ever called by their name: each is worked out when it is
    keys = np.full(count, "", dtype=object) if source is None else features.table[source].to_numpy(dtype=object)
    return RowNames(lines, keys)


def _spoken(key: object) -> str:
    return "" if key is None or key is pd.NA or key != key else " ".join(str(key).split())[:40]


def spoken(name: Name, language: str) -> str:
    """A row as a sentence calls it.

    >>> spoken((3, "FT-0002"), "zh-CN"), spoken((3, ""), "en")
    ('第 3 行（FT-0002）', 'row 3')
    """
    line, key = name
    if language == "zh-CN":
        return f"第 {line} 行（{key}）" if key else f"第 {line} 行"
    return f"row {line} ({key})" if key else f"row {line}"
