"""What a layer promises: each row is a …, and every column with type, unit, meaning and allowed values.

`Layer.check` reads a whole table once, at the door, and reports every complaint together, by row and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatial.vertices import is_finite

Kind = Literal["text", "number", "integer", "date", "boolean", "list"]
Severity = Literal["error", "warning", "info"]

_ISO_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
DTYPES: dict[Kind, str] = {
    "text": "str",
    "number": "float64",
    "integer": "Int64",
    "date": "str",
    "boolean": "boolean",
    "list": "str",
}
"""Type in memory of each kind of column."""

COMPLAINTS: dict[str, dict[str, str]] = {
    "column_missing": {"zh-CN": "缺少必填列", "en": "required column is missing"},
    "value_missing": {"zh-CN": "必填项为空", "en": "required value is missing"},
    "not_a_number": {"zh-CN": "不是数字：{value}", "en": "not a number: {value}"},
    "not_finite": {"zh-CN": "不是有限的数：{value}", "en": "not a finite number: {value}"},
    "not_an_integer": {"zh-CN": "不是整数：{value}", "en": "not a whole number: {value}"},
    "not_a_date": {"zh-CN": "不是日期（YYYY-MM-DD）：{value}", "en": "not a date (YYYY-MM-DD): {value}"},
    "not_a_boolean": {"zh-CN": "不是真/假：{value}", "en": "not true or false: {value}"},
    "below_minimum": {"zh-CN": "{value} 小于下限 {limit}", "en": "{value} is below {limit}"},
    "above_maximum": {"zh-CN": "{value} 大于上限 {limit}", "en": "{value} is above {limit}"},
    "not_allowed": {"zh-CN": "不在允许的取值内：{value}", "en": "not an allowed value: {value}"},
    "key_duplicate": {"zh-CN": "编号重复：{value}", "en": "duplicate key: {value}"},
    "geometry_missing": {"zh-CN": "没有图形", "en": "geometry is missing"},
    "geometry_empty": {"zh-CN": "图形为空", "en": "geometry is empty"},
    "geometry_type": {
        "zh-CN": "图形类型应为 {limit}，实为 {value}",
        "en": "geometry should be {limit}, is {value}",
    },
    "geometry_invalid": {"zh-CN": "图形无效：{value}", "en": "invalid geometry: {value}"},
    "geometry_not_finite": {"zh-CN": "坐标含 NaN 或无穷大", "en": "a coordinate is NaN or infinite"},
}


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong with one row or one column of a table.

    `row` is the position in the table counted from 0, or None where the whole column or table is meant.
    """

    row: int | None
    column: str
    code: str
    severity: Severity = "error"
    value: str = ""
    limit: str = ""
    texts: dict[str, dict[str, str]] = field(default_factory=lambda: COMPLAINTS, repr=False, compare=False)

    def message(self, language: str = "zh-CN") -> str:
        """What is wrong, in a language."""
        text = self.texts[self.code]
        return text.get(language, text["zh-CN"]).format(value=self.value, limit=self.limit)


@dataclass(frozen=True)
class Column:
    """One column of a layer: its type, unit, meaning in both languages and what it may hold.

    `strict=False` turns a value outside `allowed` into a warning: the list is then a recommendation.
    """

    name: str
    kind: Kind
    zh: str
    meaning: str
    unit: str = ""
    allowed: tuple[str, ...] = ()
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    strict: bool = True

    def check(self, values: pd.Series) -> Iterator[Complaint]:
        """Every complaint about the values of this column, in row order."""
        missing = values.isna()
        if missing.all() and not self.required:
            return
        if self.kind in ("text", "date"):
            missing |= values.astype("str") == ""
        if self.required:
            yield from self._at(missing, values, "value_missing")
        present = values[~missing.to_numpy()]
        rows = np.flatnonzero(~missing.to_numpy())
        if self.kind in ("number", "integer"):
            yield from self._numbers(present, rows)
        elif self.kind == "date":
            good = present.astype("str").str.fullmatch(_ISO_DATE.pattern)
            yield from self._those(~good, present, rows, "not_a_date")
        elif self.kind == "boolean":
            good = present.map(lambda v: isinstance(v, (bool, np.bool_)))
            yield from self._those(~good.astype(bool), present, rows, "not_a_boolean")
        if self.allowed:
            good = self._allowed(present)
            severity: Severity = "error" if self.strict else "warning"
            yield from self._those(~good, present, rows, "not_allowed", severity=severity)

    def holds(self, value: Any) -> bool:
        """Whether a value may stand here beyond doubt; None is a missing one."""
        if value is None:
            return not self.required
        if self.kind in ("number", "integer"):
            if type(value) is not (float if self.kind == "number" else int) or not np.isfinite(value):
                return False
            low = self.minimum is None or value >= self.minimum
            return low and (self.maximum is None or value <= self.maximum)
        if self.kind == "boolean":
            return type(value) is bool
        if type(value) is not str or not value or self.kind == "date":
            return False
        if not self.allowed:
            return True
        return set(split_list(value)) <= set(self.allowed) if self.kind == "list" else value in self.allowed

    def _allowed(self, present: pd.Series) -> pd.Series:
        if self.kind != "list":
            return present.astype("str").isin(self.allowed)
        allowed = set(self.allowed)
        return present.astype("str").map(lambda text: set(split_list(text)) <= allowed).astype(bool)

    def _numbers(self, present: pd.Series, rows: np.ndarray) -> Iterator[Complaint]:
        numbers = pd.to_numeric(present, errors="coerce")
        is_text = _are_text(present)
        yield from self._those(numbers.isna() | is_text, present, rows, "not_a_number")
        finite = numbers.notna() & ~is_text
        unbounded = finite & ~np.isfinite(numbers.astype("float64"))
        yield from self._those(unbounded, present, rows, "not_finite")
        finite &= ~unbounded
        if self.kind == "integer":
            yield from self._those(finite & (numbers % 1 != 0), present, rows, "not_an_integer")
        if self.minimum is not None:
            low = finite & (numbers < self.minimum)
            yield from self._those(low, present, rows, "below_minimum", limit=self.minimum)
        if self.maximum is not None:
            high = finite & (numbers > self.maximum)
            yield from self._those(high, present, rows, "above_maximum", limit=self.maximum)

    def _those(
        self,
        bad: pd.Series,
        values: pd.Series,
        rows: np.ndarray,
        code: str,
        *,
        limit: object = "",
        severity: Severity = "error",
    ) -> Iterator[Complaint]:
        for position in np.flatnonzero(bad.to_numpy(dtype=bool)):
            text = str(values.iloc[int(position)])[:80]
            yield Complaint(int(rows[position]), self.name, code, severity, text, str(limit))

    def _at(self, bad: pd.Series, values: pd.Series, code: str) -> Iterator[Complaint]:
        yield from self._those(bad, values, np.arange(len(values)), code)


@dataclass(frozen=True)
class Layer:
    """A table of the workspace.

    Parameters
    ----------
    name
        Stable name, used in files and on the command line.
    row, row_zh
        How the sentence «each row is …» ends.
    key
        Column that names a row; its values are unique.
    geometry
        Accepted geometry types (``Polygon``, ``Point``, ``LineString``; multipart forms are included), or
        empty for a table without geometry.
    geometry_required
        Whether a row without geometry is a complaint.
    replaces
        Whether an imported row takes the place of one with its key; elsewhere a key that exists is an error.
    """

    name: str
    zh: str
    row: str
    row_zh: str
    key: str
    columns: tuple[Column, ...]
    geometry: tuple[str, ...] = ()
    geometry_required: bool = True
    replaces: bool = False

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the contract's columns, in order, without the geometry."""
        return tuple(column.name for column in self.columns)

    def empty(self, crs: str | None = None) -> pd.DataFrame:
        """A table of this layer without rows."""
        if crs not in self._bare:
            self._bare[crs] = self.conform(pd.DataFrame(), crs)
        return self._bare[crs].copy(deep=False)

    @cached_property
    def _bare(self) -> dict[str | None, pd.DataFrame]:
        """Tables without rows by their CRS: most layers of a workspace are one, and making one takes milliseconds."""
        return {}

    def conform(self, table: pd.DataFrame, crs: str | None = None) -> pd.DataFrame:
        """The table with every column of the contract, in order and in its type; extra columns follow.

        Values are not changed: a column that cannot take its type keeps what it holds, and `check` says so.
        A layer with geometry comes back as a GeoDataFrame.
        """
        data: dict[str, Any] = {}
        for column in self.columns:
            there = column.name in table
            kind = DTYPES[column.kind]
            data[column.name] = _typed(table[column.name], column.kind) if there else _nulls(table, kind)
        extras = [name for name in table.columns if name not in data and name != "geometry"]
        for name in extras:
            data[name] = table[name]
        frame = pd.DataFrame(data, index=table.index)
        if not self.geometry:
            return frame
        shapes = table["geometry"] if "geometry" in table else [None] * len(table)
        known = getattr(table, "crs", None) if isinstance(table, gpd.GeoDataFrame) else None
        return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, index=table.index), crs=known or crs)

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether a row keeps the contract beyond doubt; where it may not, `check` says what is wrong."""
        shape = row.get("geometry")
        if shape is None:
            sound = not self.geometry or not self.geometry_required
        else:
            kind = shape.geom_type.removeprefix("Multi")
            sound = kind in self.geometry and not shape.is_empty and bool(shape.is_valid)
            sound = sound and bool(np.isfinite(shape.bounds).all())
        return sound and all(column.holds(row.get(column.name)) for column in self.columns)

    def check(self, table: pd.DataFrame) -> tuple[Complaint, ...]:
        """Every complaint about a table, together.

        Parameters
        ----------
        table
            Rows in any index; complaints count rows from 0.

        Returns
        -------
        tuple of Complaint
            Empty when the table keeps the contract.
        """
        found: list[Complaint] = []
        for column in self.columns:
            if column.name in table:
                found.extend(column.check(table[column.name]) if len(table) else ())
            elif column.required:
                found.append(Complaint(None, column.name, "column_missing"))
        if self.key in table:
            keys = table[self.key]
            for position in np.flatnonzero((keys.duplicated(keep="first") & keys.notna()).to_numpy()):
                found.append(Complaint(int(position), self.key, "key_duplicate", value=str(keys.iloc[int(position)])))
        if self.geometry:
            found.extend(self._check_geometry(table))
        return tuple(found)

    def _check_geometry(self, table: pd.DataFrame) -> Iterable[Complaint]:
        if "geometry" not in table:
            return (Complaint(None, "geometry", "column_missing"),) if self.geometry_required else ()
        shapes = np.asarray(table["geometry"], dtype=object)
        return tuple(geometry_complaints(shapes, self.geometry, self.geometry_required))


def geometry_complaints(shapes: np.ndarray, accepted: tuple[str, ...], required: bool = True) -> Iterator[Complaint]:
    """Every complaint about an array of geometries: missing, empty, wrong type, not finite, invalid.

    Parameters
    ----------
    shapes
        Array of shapely geometries or None, shape (n,).
    accepted
        Geometry types, singular; their multipart forms are accepted too.
    """
    missing = shapely.is_missing(shapes)
    if required:
        for row in np.flatnonzero(missing):
            yield Complaint(int(row), "geometry", "geometry_missing")
    empty = ~missing & shapely.is_empty(shapes)
    for row in np.flatnonzero(empty):
        yield Complaint(int(row), "geometry", "geometry_empty")
    names = {shapely.GeometryType[name.upper()].value for single in accepted for name in (single, f"Multi{single}")}
    present = ~missing & ~empty
    wrong = present & ~np.isin(shapely.get_type_id(shapes), list(names))
    for row in np.flatnonzero(wrong):
        yield Complaint(int(row), "geometry", "geometry_type", value=shapes[row].geom_type, limit="/".join(accepted))
    present &= ~wrong
    infinite = present & ~is_finite(shapes)
    for row in np.flatnonzero(infinite):
        yield Complaint(int(row), "geometry", "geometry_not_finite")
    present &= ~infinite
    rows = np.flatnonzero(present)
    invalid = rows[~shapely.is_valid(shapes[rows])]
    for row, reason in zip(invalid, shapely.is_valid_reason(shapes[invalid]), strict=True):
        yield Complaint(int(row), "geometry", "geometry_invalid", value=str(reason))


def split_list(text: object) -> tuple[str, ...]:
    """The entries of a ``;``-separated list column.

    >>> split_list("M4; B23")
    ('M4', 'B23')
    >>> split_list(None)
    ()
    """
    if text is None or text is pd.NA or (isinstance(text, float) and np.isnan(text)):
        return ()
    return tuple(part.strip() for part in str(text).replace("；", ";").split(";") if part.strip())


def _typed(values: pd.Series, kind: Kind) -> pd.Series:
    if values.dtype == DTYPES[kind]:
        return values
    if not values.notna().any():
        return _nulls(values, DTYPES[kind])
    try:
        if kind in ("text", "date", "list"):
            kept = values.astype(object)
            return kept.where(values.notna(), None).astype("str")
        if kind in ("number", "integer") and _are_text(values).any():
            return values  # a number kept as text is a complaint, never a silent conversion
        if kind == "boolean" and values.dtype == object:
            return values.convert_dtypes().astype("boolean")
        return values.astype(DTYPES[kind])  # type: ignore[call-overload]
    except (TypeError, ValueError):
        return values


def _are_text(values: pd.Series) -> np.ndarray:
    """Which values are text, shape (n,); a column of numbers is not looked at one by one."""
    if pd.api.types.is_numeric_dtype(values.dtype):
        return np.zeros(len(values), dtype=bool)
    return np.fromiter((isinstance(value, str) for value in values), dtype=bool, count=len(values))


def _nulls(like: pd.Series | pd.DataFrame, dtype: str) -> pd.Series:
    return pd.Series(None, index=like.index, dtype=dtype)
