"""What another value would move: every figure that changes, before and after, and nothing that stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from layers.consequences import WHOLE, Figure, Moved
from layers.vocabulary import FACILITY_KINDS, FUNCTIONS
from layers.workspace import Workspace
from spatial.area import round_half_up
from views.illustrative import demand_mark
from views.markup import Markup, Row, join, note, table, tag
from views.numbers import shown, wan
from views.text import Text
from views.zones_panel import zone_names

_CAPACITY = ("available", "expected", "persons", "renewal", "support")
_DEMAND = ("demand_p10", "demand_p50", "demand_p90")
_BALANCE = ("gap", "shortage", "gap_expected", "shortage_expected")
_COUNTS = ("persons", "lacking", "amber", "red", "endings")
_SHARES = ("shortage", "shortage_expected", "uncovered")

_ROOMY = 2
"""Columns up to which a figure and its step stand in one line."""

Seen = Mapping[Figure, Moved]


def effects(workspace: Workspace, moved: Sequence[Moved], year: int, say: Text) -> Markup:
    """The figures that move, by subject; a note where none does."""
    seen = {one.figure: one for one in moved if written(one.figure, one.before) != written(one.figure, one.after)}
    if not seen:
        return note("hint", say("assume_nothing_moves"))
    names = zone_names(workspace, say) | {None: say("balance_free"), WHOLE: say("total")}
    targets = {
        str(one.target_id): say.name(one.name, one.name_en)
        for one in workspace.table("targets").itertuples(index=False)
    }

    def place(one: Figure) -> str:
        zone = str(names.get(one.zone, one.zone))
        return f"{zone} · {say.term(FUNCTIONS, one.of)}" if one.of else zone

    def service(one: Figure) -> str:
        return f"{names.get(one.zone, one.zone)} · {say.term(FACILITY_KINDS, one.of)}"

    marked = [demand_mark(workspace, say)] if any(one.kind in (*_DEMAND, *_BALANCE) for one in seen) else []
    parts = [
        _grid(seen, _CAPACITY, say("assume_moves_capacity"), place, say),
        _balance(seen, say("assume_moves_balance", year=year), place, say),
        _grid(seen, ("target",), say("assume_moves_targets"), lambda one: targets.get(one.of, one.of), say),
        _grid(seen, ("red", "amber", "endings"), say("assume_moves_terms"), place, say),
        _grid(seen, ("near", "far"), say("assume_moves_stations"), place, say),
        _grid(seen, ("uncovered", "lacking"), say("assume_moves_services"), service, say),
    ]
    return tag("div", *marked, *parts, css="cz-moves")


def written(figure: Figure, value: float) -> Decimal | None:
    """A figure as it is shown: 万 m², a count, or per cent; None where it is unknown.

    >>> written(Figure("gap"), 12_345.0), written(Figure("shortage"), 0.1234), written(Figure("persons"), 9.5)
    (Decimal('1.23'), Decimal('12.3'), Decimal('10'))
    """
    if value != value:
        return None
    if figure.kind in _COUNTS:
        return round_half_up(value, 0)
    return round_half_up(100 * value, 1) if figure.kind in _SHARES else wan(value)


def _grid(seen: Seen, kinds: Sequence[str], title: str, name: Callable[[Figure], str], say: Text) -> Markup:
    """A row a place, a column for each kind of figure of which any moves."""
    there = [kind for kind in kinds if any(one.kind == kind for one in seen)]
    if not there:
        return Markup()
    places = dict.fromkeys(one._replace(kind="") for one in seen if one.kind in there)
    rows = [
        Row(name(at), [_cell(seen, at._replace(kind=kind)) for kind in there], "cz-sum" if _whole(at) else "")
        for at in sorted(places, key=_whole)
    ]
    return _table(title, there, rows, say)


def _balance(seen: Seen, title: str, name: Callable[[Figure], str], say: Text) -> Markup:
    """A row a zone and function; demand with its range below it."""
    kinds = [kind for kind in _BALANCE if any(one.kind == kind for one in seen)]
    demand = any(one.kind in _DEMAND for one in seen)
    places = dict.fromkeys(one._replace(kind="") for one in seen if one.kind in (*_DEMAND, *_BALANCE))
    rows = []
    for at in sorted(places, key=_whole):
        cells = [_cell(seen, at._replace(kind=kind)) for kind in kinds]
        rows.append(Row(name(at), [*([_demand(seen, at)] if demand else []), *cells], "cz-sum" if _whole(at) else ""))
    return _table(title, [*(["demand"] if demand else []), *kinds], rows, say) if rows else Markup()


def _whole(at: Figure) -> bool:
    return at.zone == WHOLE and not at.of


def _table(title: str, kinds: Sequence[str], rows: Sequence[Row], say: Text) -> Markup:
    heads = [title, *(say(f"assume_kind_{kind}") for kind in kinds)]
    return table(heads, rows, css=f"cz-sheet cz-moved{' cz-tight' if len(kinds) > _ROOMY else ''}")


def _cell(seen: Seen, figure: Figure) -> Markup:
    one = seen.get(figure)
    if one is None:
        return tag("span", "–", css="cz-faint")
    return join([_pair(figure, one), " ", _step(figure, one)])


def _demand(seen: Seen, at: Figure) -> Markup:
    """The median as it moves, and the range below it."""
    low, middle, high = (seen.get(at._replace(kind=kind)) for kind in _DEMAND)
    parts: list[Markup] = [] if middle is None else [_cell(seen, at._replace(kind="demand_p50"))]
    ends = [
        f"{case} {_said(one.figure, one.before)} → {_said(one.figure, one.after)}"
        for case, one in (("P10", low), ("P90", high))
        if one is not None
    ]
    parts += [tag("small", "  ".join(ends))] if ends else []
    return join(parts) if parts else tag("span", "–", css="cz-faint")


def _pair(figure: Figure, one: Moved) -> Markup:
    return tag("span", _said(figure, one.before), " → ", tag("b", _said(figure, one.after)))


def _step(figure: Figure, one: Moved) -> Markup:
    old, new = written(figure, one.before), written(figure, one.after)
    if old is None or new is None:
        return Markup()
    return tag("span", shown(new - old, signed=True), css="cz-step")


def _said(figure: Figure, value: float) -> str:
    told = written(figure, value)
    if told is None:
        return "—"
    return f"{shown(told)}%" if figure.kind in _SHARES else shown(told)
