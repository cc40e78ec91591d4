"""The side panel before a parcel is chosen: accounts of the zones, demand by function, and what the figures mean."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import shapely

from layers.accounts import assumption, books, outside
from layers.matching import by_function
from layers.vocabulary import FUNCTIONS
from layers.workspace import Workspace
from spatial import area, capacity
from views.markup import Markup, Row, Segment, bar, join, table, tag
from views.numbers import shown, square_metres, wan
from views.sheet import ACCOUNTS, MANY, Sheet
from views.text import Text

BELOW = ("committed", "reserved", "held_by_cap")
_LONG = ("permitted", "built", "under_construction", "available", "over", "unmet", "margin")
"""What a row says of a zone where there are many."""


def zone_names(workspace: Workspace, text: Text) -> dict[str | None, str]:
    """Zones and sub-areas by key, in the language of the page; None is open."""
    zones = workspace.table("zones")
    english = zones["name_en"] if "name_en" in zones else zones["name"]
    rows = zip(zones["zone_id"], zones["name"], english, strict=True)
    return {None: text("undecided")} | {str(key): text.name(name, en) for key, name, en in rows}


def headline(found: Sheet, text: Text) -> Markup:
    """The figures of everything, in one line."""
    cells = [
        tag("div", tag("span", text(name)), tag("b", value), css=f"cz-figure {css}".strip(), data_figure=name)
        for name, value, css in headline_figures(found)
    ]
    return tag("div", tag("small", text("unit")), *cells, css="cz-headline")


def headline_figures(found: Sheet) -> list[tuple[str, str, str]]:
    """Name, value as shown and look of each figure of the headline."""
    spoken = found.total("committed") + found.total("reserved")
    built = found.total("built_occupied") + found.total("built_vacant")
    margin = found.total("margin")
    return [
        ("permitted", shown(found.total("permitted")), ""),
        ("built", shown(built), ""),
        ("under_construction", shown(found.total("under_construction")), ""),
        ("spoken_for", shown(spoken), ""),
        ("available", shown(found.total("available")), "cz-strong"),
        ("unmet", shown(found.total("unmet")), "cz-strong cz-want"),
        ("margin", shown(margin, signed=True), "cz-strong " + ("cz-short" if margin < 0 else "")),
    ]


def zones_view(workspace: Workspace, found: Sheet, text: Text) -> Markup:
    """The stacked bars and the sheet."""
    names = zone_names(workspace, text)
    tall = tag("div", tag("div", text("tab_functions"), css="cz-h"), functions_view(workspace, text), css="cz-tall")
    if len(found.zones) > MANY:
        return join([_bars(found, names, text, only_total=True), _long_sheet(found, names, text), tall])
    return join([_bars(found, names, text), _sheet(found, names, text), tall])


def _bars(found: Sheet, names: dict[str | None, str], text: Text, *, only_total: bool = False) -> Markup:
    heads = [*(names[key] for key in found.zones), text("total")]
    widest = max([float(found.total("permitted") + found.total("over")), 0.01])
    rows = []
    for column, head in enumerate(heads):
        last = column == len(found.zones)
        if not last and (only_total or (found.zones[column] is None and not _cell(found, "permitted", column))):
            continue
        values = {name: _cell(found, name, column) for name in (*ACCOUNTS, "permitted", "over")}
        segments = [
            Segment(float(values[name]) / widest, f"cz-a-{name}", f"{text(name)} {shown(values[name])}")
            for name in ACCOUNTS
        ]
        title = text("over_title", area=shown(values["over"])) if values["over"] else text("permitted_line")
        drawn = bar(segments, float(values["permitted"]) / widest, title)
        rows.append(
            tag(
                "div",
                tag("span", head, css="cz-head"),
                drawn,
                css="cz-line" + (" cz-all" if column == len(heads) - 1 else ""),
            )
        )
    used = [name for name in ACCOUNTS if found.present(name)]
    legend = [tag("span", tag("i", css=f"cz-key cz-a-{name}"), text(name)) for name in used]
    if found.present("over"):
        legend.append(tag("span", tag("i", css="cz-key cz-over-key"), text("over")))
    return join([tag("div", *rows, css="cz-bars"), tag("div", *legend, css="cz-keys")])


def _sheet(found: Sheet, names: dict[str | None, str], text: Text) -> Markup:
    heads = [text("unit"), *(names[key] for key in found.zones), text("total")]
    rows = [_row(found, "permitted", text, "cz-sum")]
    for name in ACCOUNTS:
        if name not in BELOW or found.present(name) or name != "held_by_cap":
            rows.append(_row(found, name, text, "cz-part" + (" cz-main" if name == "available" else "")))
    if found.present("over"):
        rows.append(_row(found, "over", text, "cz-part cz-warn"))
    rows.append(_row(found, "asked", text, "cz-sum cz-next"))
    rows.append(_row(found, "housed", text, "cz-part"))
    rows.append(_row(found, "unmet", text, "cz-part cz-want"))
    rows.append(_row(found, "supply", text, "cz-part", label=text("supply_long")))
    rows.append(_row(found, "margin", text, "cz-sum cz-margin"))
    return table(heads, rows, css="cz-sheet")


def _long_sheet(found: Sheet, names: dict[str | None, str], text: Text) -> Markup:
    """The same figures with one row a zone, those that carry most first."""
    heads = [text("unit"), *(text(name) for name in _LONG)]
    order = sorted(range(len(found.zones)), key=lambda column: -_cell(found, "permitted", column))
    rows = []
    for column in [*order, len(found.zones)]:
        head = text("total") if column == len(found.zones) else names[found.zones[column]]
        cells = []
        for name in _LONG:
            value = _cell(found, name, column)
            css = "cz-short" if value and (name == "over" or value < 0) else ""
            cells.append(tag("span", shown(value, signed=name == "margin") if value else "–", css=css))
        rows.append(Row(head, cells, "cz-sum" if column == len(found.zones) else "cz-part"))
    return table(heads, rows, css="cz-sheet")


def _row(found: Sheet, name: str, text: Text, css: str, label: str = "") -> Row:
    cells = []
    for column in range(len(found.zones) + 1):
        value = _cell(found, name, column)
        gap = value < 0 and (column == len(found.zones) or found.zones[column] is not None)
        text_of = shown(value, signed=name == "margin") if value else "–"
        written = tag("span", text_of, css="cz-short" if gap else "")
        if name in found.ranges:
            low, high = found.ranges[name][column]
            span = text("range", low=shown(wan(low)), high=shown(wan(high)))
            cells.append(join([written, tag("small", span, css="cz-range")]) if high > low else written)
        else:
            cells.append(written)
    return Row(label or text(name), cells, f"cz-r-{name} {css}")


def _cell(found: Sheet, name: str, column: int) -> Decimal:
    if name == "built":
        return _cell(found, "built_occupied", column) + _cell(found, "built_vacant", column)
    row = found.accounts.get(name) or found.demand.get(name) or []
    return row[column] if column < len(row) else found.total(name)


def functions_view(workspace: Workspace, text: Text) -> Markup:
    """Demand by function against the space that could take it."""
    lines = by_function(workspace)
    heads = [text("function"), text("asked"), text("housed"), text("unmet"), text("supply"), text("margin")]
    rows = []
    for line in lines:
        unmet, supply = wan(line.unmet[1]), wan(line.supply)
        margin = supply - unmet
        cells = [
            shown(wan(line.asked[1])),
            shown(wan(line.housed)),
            shown(unmet),
            shown(supply),
            tag("span", shown(margin, signed=True), css="cz-short" if margin < 0 else ""),
        ]
        rows.append(Row(text.term(FUNCTIONS, line.key), cells))
    hints = [tag("p", text("functions_hint"), css="cz-hint")]
    nowhere = [text.term(FUNCTIONS, line.key) for line in lines if line.supply == 0 and line.unmet[1] > 0]
    if nowhere:
        said = text("functions_nowhere", functions=text("list_sign").join(nowhere))
        hints.insert(0, tag("p", said, css="cz-hint cz-short"))
    return join([tag("p", text("unit"), css="cz-hint"), table(heads, rows, css="cz-sheet"), *hints])


def notes_view(workspace: Workspace, found: Sheet, text: Text) -> Markup:
    """Other measures of the same stock, what stands outside the accounts, and where published and drawn disagree."""
    return join([_measures(workspace, found, text), _disagreements(workspace, text), _about(workspace, text)])


def _measures(workspace: Workspace, found: Sheet, text: Text) -> Markup:
    held, exact = books(workspace), found.exact
    factor = assumption(workspace, "availability_factor", default=1.0)
    available = float(exact.available[0])
    unknown = held.unknown()
    lost = float(held.site_area[unknown].sum())
    schematic = int((workspace.table("parcels")["geometry_basis"] == "schematic").sum())
    rows = [
        Row(text("nominal"), [shown(wan(available))]),
        Row(
            text("expected", factor=f"{factor:g}"),
            [shown(wan(float(capacity.expected(exact.available, factor)[0])))],
        ),
        Row(text("remaining_signed"), [shown(wan(float(exact.remaining_signed[0])))]),
        Row(text("remaining_clipped"), [shown(wan(float(exact.remaining_clipped[0])))]),
        Row(
            text("unknown_parcels"),
            [text("unknown_parcels_value", count=int(unknown.sum()), area=shown(wan(lost)))],
        ),
        Row(
            text("outside_parcels"),
            [text("outside_parcels_value", count=outside(workspace)["parcel_id"].nunique())],
        ),
        Row(text("schematic_parcels"), [text("schematic_parcels_value", count=schematic, all=held.split.parcels)]),
    ]
    return table([text("more_heading"), text("unit")], rows, css="cz-facts")


def _disagreements(workspace: Workspace, text: Text) -> Markup:
    """Published and drawn area of each zone, side by side."""
    zones, names = workspace.table("zones"), zone_names(workspace, text)
    shapes = workspace.shapes("zones")
    planar = area.planar(np.where(shapely.is_missing(shapes), shapely.Polygon(), shapes))
    permitted = _permitted_of(workspace)
    rows = []
    for row, drawn in zip(zones.itertuples(), planar, strict=True):
        published, floor = row.official_area_m2, row.published_floor_area_m2
        if not (_said(published) or _said(floor) or _said(row.note)):
            continue
        head = join([tag("b", names[str(row.zone_id)]), *([tag("small", row.note)] if _said(row.note) else [])])
        cells = [_km2(published), _km2(drawn), _floor(floor), _floor(permitted.get(str(row.zone_id)))]
        rows.append(Row(head, cells))
    heads = [
        text("disagree_heading"),
        f"{text('published_area')} {text('km2')}",
        f"{text('drawn_area')} {text('km2')}",
        text("published_floor"),
        text("permitted_here"),
    ]
    return join([table(heads, rows, css="cz-facts cz-disagree"), tag("p", text("disagree_hint"), css="cz-hint")])


def _permitted_of(workspace: Workspace) -> dict[str, float]:
    held = books(workspace)
    out: dict[str, float] = {}
    for keys in (held.zone, held.sub_area):
        for key, value in zip(keys, held.parts.permitted, strict=True):
            if key is not None:
                out[str(key)] = out.get(str(key), 0.0) + float(value)
    return out


def _about(workspace: Workspace, text: Text) -> Markup:
    said = text.name(workspace.note, workspace.note_en)
    return tag("p", said, css="cz-hint") if said != "—" else Markup()


def _said(value: object) -> bool:
    return value is not None and value == value and value != ""


def _km2(value: Any) -> str:
    return f"{area.round_half_up(float(value) / 1e6, 2)}" if _said(value) and value else "—"


def _floor(value: Any) -> str:
    return shown(wan(float(value))) if _said(value) else "—"


def parcel_bar(values: Sequence[float], permitted: float, text: Text) -> Markup:
    """The accounts of one parcel as a bar over its own length."""
    whole = max(sum(values), permitted, 1e-9)
    segments = [
        Segment(value / whole, f"cz-a-{name}", f"{text(name)} {square_metres(value)} m²")
        for name, value in zip(ACCOUNTS, values, strict=True)
    ]
    return bar(segments, permitted / whole, text("permitted_line"))
