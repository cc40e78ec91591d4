"""What the user asks of an import: one frozen value, which a confirmed cure turns into another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from layers.readers.columns import Units
from layers.readers.updates import Rule
from spatial.datum import Datum


@dataclass(frozen=True)
class Wish:
    """What the user asks of an import.

    Parameters
    ----------
    file, layer
        The file, and the layer of the workspace that it comes into.
    source_layer, crs, encoding
        What the user knows about the file; None lets the file speak.
    datum
        The shift in its longitudes and latitudes, which no file tells of itself.
    swap_axes
        Read x as north and y as east.
    offset
        Metres east and north by which everything is moved in the working CRS, last of all.
    maps, constants
        Target to expression; target to a text that every row gets, read as a cell of the file would be.
    drop
        Columns of the file that are left out; an expression may still use them.
    join_file, join_on, take
        A second file, the key that both have (``left=right`` where its name differs), and column to rule.
    units
        Units of areas and heights, of all columns and of single ones.
    read_cells
        Read units that stand in cells: ``1.2万m²`` as 12,000.
    dates
        Column to the order of its dates (``ymd``, ``dmy``, ``mdy``, ``serial``); they become YYYY-MM-DD.
    tidy
        Take spaces at the ends and control characters out of the text of all columns.
    recode
        Codecs that text was read in before it was saved, and that it is in: it is turned back.
    skip_bad
        Leave bad rows out instead of refusing the file.
    skip_rows
        Rows to leave out, counted from 0.
    repair
        Mend invalid polygons, each with a warning.
    close_rings
        Join the ends of outlines that do not meet, each with a warning.
    called
        What its user calls the file, where it lies under another name.
    buffer_m
        Metres on either side by which lines become areas, where they come into constraints.
    usual_effects
        Give constraints without an effect the usual one of their kind, each with a warning.
    rule
        How rows are matched with those that the layer holds.
    cures
        Codes of findings whose cures are confirmed beforehand; ``all`` for every one.
    rejected
        File for the rows that are not accepted, .csv or .xlsx.
    """

    file: str
    layer: str
    source_layer: str | None = None
    crs: str | None = None
    encoding: str | None = None
    datum: Datum = "wgs84"
    swap_axes: bool = False
    offset: tuple[float, float] | None = None
    maps: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    drop: frozenset[str] = frozenset()
    join_file: str | None = None
    join_on: str | None = None
    take: Mapping[str, str] = field(default_factory=dict)
    units: Units = field(default_factory=Units)
    read_cells: bool = False
    dates: Mapping[str, str] = field(default_factory=dict)
    tidy: bool = False
    recode: tuple[str, str] | None = None
    skip_bad: bool = False
    skip_rows: frozenset[int] = frozenset()
    repair: bool = False
    close_rings: bool = False
    called: str = ""
    buffer_m: float | None = None
    usual_effects: bool = False
    rule: Rule = field(default_factory=Rule)
    cures: tuple[str, ...] = ()
    rejected: str | None = None


def changes(before: Wish, after: Wish) -> dict[str, Any]:
    """What is different in a wish, field to new value, in words of JSON.

    >>> changes(Wish("a.shp", "parcels"), Wish("a.shp", "parcels", crs="EPSG:4548", skip_rows=frozenset({2, 1})))
    {'crs': 'EPSG:4548', 'skip_rows': [1, 2]}
    """
    one, other = asdict(before), asdict(after)
    new = {name: value for name, value in other.items() if value != one[name]}
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in new.items()}
