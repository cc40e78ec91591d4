"""Which column of a file becomes which of ours, in which unit and type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType

import numpy as np
import pandas as pd

from layers.contract import Column, Complaint, Layer
from layers.field_names import ASSIGNED, COMPUTED, REMAINING, TYPED, field_name
from layers.readers.errors import ConstantRefused, TargetRefused
from layers.readers.expressions import Expression, parse
from layers.readers.notes import note
from layers.readers.numerals import BLANKS, numbers, quantities, texts
from layers.readers.synonyms import match, unit_in
from layers.readers.terms import to_booleans, to_codes
from spatial.area import METRES, SQUARE_METRES

RESERVED = frozenset({"fid", "geom", "geometry", "rowid", "oid", "_rowid_", "ogc_fid"})
AREAS = SQUARE_METRES | {"km2": Fraction(1_000_000), "10000m2": Fraction(10_000)}
"""Square metres in every unit that a file may state areas in."""
_SHARES = {"%": Fraction(1), "share": Fraction(100)}
_RATIOS = {"": Fraction(1), "%": Fraction(1, 100)}
_OURS = {
    "parcels": ("binding_limit", (*COMPUTED, *TYPED, *REMAINING)),
    "assignments": ("project_name", ASSIGNED),
}
"""Per layer: the column by which an export of ours is known, and what it computes."""


@dataclass(frozen=True)
class Units:
    """Units of a file's areas and heights; None believes the columns' names, else square metres and metres.

    `columns` says the unit of single targets, and wins: one of `AREAS`, ``m`` or ``ft``; ``share`` where a column of
    per cent holds 0 to 1; ``%`` where a ratio holds 250 for 2.5.
    """

    area: str | None = None
    length: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What each target is read from, before anything is read.

    Parameters
    ----------
    layer
        Layer that the file comes into.
    reads
        Target to expression, in the order given and then of the contract.
    left_out
        Columns of the file that Chengzai computes itself.
    fixed
        Target to the text that every row gets, as the user wrote it; nothing is read for these.
    """

    layer: Layer
    reads: Mapping[str, Expression]
    left_out: tuple[str, ...]
    fixed: Mapping[str, str] = field(default_factory=dict)

    def readers_of(self, column: str) -> list[str]:
        """Targets that read a column of the file."""
        return [target for target, expression in self.reads.items() if column in expression.columns]

    def report(self) -> dict[str, str]:
        """Target to source, as text; a fixed value stands in quotes."""
        read = {target: expression.text.strip() for target, expression in self.reads.items()}
        return read | {target: f'"{text}"' for target, text in self.fixed.items()}


def plan(
    layer: Layer,
    columns: list[str],
    maps: Mapping[str, str],
    short: Mapping[str, bool] = MappingProxyType({}),
    *,
    fixed: Mapping[str, str] = MappingProxyType({}),
    drop: frozenset[str] = frozenset(),
) -> Plan:
    """Decide what each target is read from: what the user says, then what the names say.

    Parameters
    ----------
    columns
        Columns of the file, joined ones included.
    maps
        Target to expression, as the user wrote them.
    short
        Columns whose names may have been cut: see `synonyms.match`.
    fixed
        Target to a text that every row gets; wins over everything that could be read.
    drop
        Columns that are left out: no name is matched with them. An expression may still use them.

    Raises
    ------
    TargetRefused, ExpressionRefused, ColumnUnknown
    """
    known = {name.casefold(): name for name in layer.names}
    computed = {column.name for column in _OURS.get(layer.name, ("", ()))[1]} - set(layer.names)
    reads: dict[str, Expression] = {}
    given: dict[str, str] = {}
    for option, words in (("--map", maps), ("--set", fixed)):
        for written, text in words.items():
            target = known.get(written.strip().casefold(), written.strip())
            if not target or target.casefold() in RESERVED or target in computed or not target.isprintable():
                raise TargetRefused(where=option, target=written[:60])
            if option == "--map":
                reads[target] = parse(text, columns)
            else:
                reads.pop(target, None)
                given[target] = text
    left_out = _computed_here(layer, columns)
    free = [column for column in columns if column not in left_out and column not in drop]
    used = {e.columns[0] for e in reads.values() if e.is_column}
    found = match(layer.name, [column for column in free if column not in used], {*reads, *given}, short)
    for name in layer.names:
        if name in found:
            reads[name] = Expression(found[name], ("column", found[name]))
    return Plan(layer, reads, left_out, given)


def _computed_here(layer: Layer, columns: list[str]) -> tuple[str, ...]:
    mark, computed = _OURS.get(layer.name, ("", ()))
    names: dict[str, str] = {}
    for column in computed:
        if column.name not in layer.names:
            sheets = ("remaining", layer.name)
            names |= {column.name: column.name} | {field_name(s, column.name) or "": column.name for s in sheets}
    ours = mark in {names.get(column) for column in columns}
    return tuple(column for column in columns if column in names and column) if ours else ()


def fill(
    how: Plan, table: pd.DataFrame, units: Units, drop: frozenset[str] = frozenset(), *, cells: bool = False
) -> tuple[pd.DataFrame, list[Complaint]]:
    """Read every target, and keep what is left as extra columns.

    Parameters
    ----------
    table
        Rows of the file, index 0 … n − 1.
    units
        Every target that ends in ``_m2`` and reads a column is converted from the unit of area, every target that
        ends in ``_m`` from that of length.
    drop
        Columns of the file that are nothing of ours and are not kept.
    cells
        Read units that stand in cells, and words for nothing.

    Returns
    -------
    DataFrame, list of Complaint
        A table in the types of the contract, and what there is to say.
    """
    data: dict[str, pd.Series] = {}
    notes: list[Complaint] = []
    contract = {column.name: column for column in how.layer.columns}
    for target, expression in how.reads.items():
        values, said = expression.evaluate(table)
        notes += [replace(complaint, column=target) for complaint in said]
        factor, from_header = _factor(target, expression, units)
        if from_header:
            notes.append(note("unit_from_header", target, value=from_header))
        if cells and target in contract and contract[target].kind in ("number", "integer"):
            values, factor = _cells(values, target, factor, notes)
        data[target] = _typed(values, contract.get(target), target, factor, notes)
    used = {e.columns[0] for e in how.reads.values() if e.is_column}
    taken = {*how.layer.names, *how.fixed}
    for column in table.columns:
        if column in how.left_out:
            notes.append(note("computed_column_left_out", column))
        elif column not in used and column not in drop:
            name = _free(str(column), {*taken, *data})
            if name != column:
                notes.append(note("column_renamed", str(column), value=name))
            data[name] = table[column]
    for name in sorted(drop - set(table.columns)):  # a slip of the pen would keep the column in silence
        notes.append(note("nothing_to_drop", name, severity="warning", value=name))
    data |= {target: _fixed(text, contract.get(target), target, table.index) for target, text in how.fixed.items()}
    return pd.DataFrame(data, index=table.index), notes


def _fixed(text: str, column: Column | None, target: str, index: pd.Index) -> pd.Series:
    """A column in which every row holds the same: read once, as a cell of the file would be.

    Raises
    ------
    ConstantRefused
        For a text in a column of numbers.
    """
    said: list[Complaint] = []
    one = _typed(pd.Series([text], dtype="str"), column, target, Fraction(1), said)
    if any(complaint.severity == "error" for complaint in said):
        raise ConstantRefused(where="--set", target=target, text=text[:60])
    return one.iloc[[0] * len(index)].set_axis(index)


def unit_of(target: str, expression: Expression, units: Units) -> tuple[str | None, bool]:
    """The unit that a target is read in, and whether only the name of its column says so; None for no unit.

    >>> unit_of("official_area_m2", Expression("面积（亩）", ("column", "面积（亩）")), Units())
    ('mu', True)
    """
    named = unit_in(expression.columns[0]) if expression.is_column else None
    table = _units(target)
    if not expression.columns or table is None:
        return None, False
    own = next(iter(table))
    given = {"_m2": units.area, "_m": units.length}.get(_ending(target))
    told = units.columns.get(target) or given
    if told in table:
        return told, False
    return (named, named != own) if named in table else (own, False)


def _ending(target: str) -> str:
    return next((ending for ending in ("_m2", "_m", "_pct") if target.endswith(ending)), "")


def _units(target: str) -> Mapping[str, Fraction] | None:
    if target in ("far_max", "far_min"):
        return _RATIOS
    return {"_m2": AREAS, "_m": METRES, "_pct": _SHARES}.get(_ending(target))


def _factor(target: str, expression: Expression, units: Units) -> tuple[Fraction, str | None]:
    """What to multiply by, and the unit where only the column's name says it."""
    unit, from_header = unit_of(target, expression, units)
    table = _units(target)
    if unit is None or table is None:
        return Fraction(1), None
    return table[unit], unit if from_header else None


def _typed(
    values: pd.Series, column: Column | None, target: str, factor: Fraction, notes: list[Complaint]
) -> pd.Series:
    kind = column.kind if column else "number" if factor != 1 else None
    if kind in ("number", "integer"):
        return _numbers(values, target, factor, notes, whole=kind == "integer")
    if kind == "boolean":
        return to_booleans(values)
    if column is None:
        return values
    read = texts(values)
    read = read.where(read != "", None)
    return to_codes(read, column)


def _cells(values: pd.Series, target: str, factor: Fraction, notes: list[Complaint]) -> tuple[pd.Series, Fraction]:
    """Cells with a unit of their own as plain numbers in the target's unit, the others in the column's."""
    read = numbers(values)
    if not read.bad.any():
        return values, factor
    odd = values[read.bad]
    own = quantities(odd, target)
    blank = texts(odd).str.casefold().isin(BLANKS).to_numpy()
    out = pd.Series(read.values * float(factor), index=values.index, dtype=object)
    taken = np.where(np.isnan(own), odd.to_numpy(dtype=object), own)
    taken[blank] = None
    out[read.bad] = taken
    for row, text, number in zip(np.flatnonzero(read.bad), odd, own, strict=True):
        if np.isfinite(number):
            facts = {"value": text, "limit": f"{number:.15g}"}
            notes.append(note("unit_from_cell", target, row=int(row), severity="warning", **facts))
    for row, text in zip(np.flatnonzero(read.bad)[blank], odd[blank], strict=True):
        notes.append(note("word_for_nothing", target, row=int(row), value=text))
    return out, Fraction(1)


def _numbers(values: pd.Series, target: str, factor: Fraction, notes: list[Complaint], *, whole: bool) -> pd.Series:
    read = numbers(values)
    for row in np.flatnonzero(read.bad):
        notes.append(note("not_a_number", target, row=int(row), severity="error", value=values.iloc[int(row)]))
    for row in np.flatnonzero(read.grouped):
        text, number = values.iloc[int(row)], f"{read.values[row]:.15g}"
        notes.append(note("thousands_separator", target, row=int(row), severity="warning", value=text, limit=number))
    # 5.6713 ha are 56,713 m², not 56,712.99999999999
    scaled = read.values
    if factor != 1:
        scaled = np.array([float(f"{value:.15g}") for value in (read.values * float(factor)).tolist()])
    out = pd.Series(scaled, index=values.index)
    present = out.dropna()
    if whole and bool((np.isfinite(present) & (present % 1 == 0)).all()):
        return out.astype("Int64")
    return out


def _free(name: str, taken: set[str]) -> str:
    """A name for an extra column that no other has, whatever its case: SQL knows no case."""
    used = {other.casefold() for other in taken} | RESERVED
    plain = name.replace("\x00", "") or "column"
    candidate, number = plain, 1
    while candidate.casefold() in used:
        candidate = f"{plain}_source" if number == 1 else f"{plain}_source_{number}"
        number += 1
    return candidate
