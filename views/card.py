"""The card of one parcel: why it can carry what it can, and where each figure comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from layers.accounts import assumption, books
from layers.map.landuse import use
from layers.map.payload import labels
from layers.matching import allowed
from layers.membership import park_shares
from layers.parcels import PARCELS
from layers.vocabulary import CONFIDENCE, FIGURE_BASIS, FUNCTIONS, GEOMETRY_BASIS, PARCEL_STATUS, SUPPLY_MODES
from layers.workspace import Workspace
from spatial import area, capacity
from views.ground.lying import limits_view
from views.ground.near import station_rows
from views.markup import Markup, Row, escape, join, table, tag
from views.numbers import plain, square_metres
from views.sheet import ACCOUNTS
from views.text import Text
from views.zones_panel import parcel_bar, zone_names

_WITH_BASIS = (
    "far_max",
    "stated_floor_area_m2",
    "coverage_max_pct",
    "height_max_m",
    "green_min_pct",
    "built_floor_area_m2",
    "under_construction_floor_area_m2",
    "underground_floor_area_m2",
)
"""Figures of a parcel that are shown with their basis, in the order of the planning conditions."""


@dataclass(frozen=True)
class Parcel:
    """One row of the parcels table with what follows from it.

    Parameters
    ----------
    row
        Its position.
    values
        Its columns; what is missing is None.
    """

    workspace: Workspace
    row: int
    values: dict[str, Any]

    @property
    def key(self) -> str:
        """Its parcel_id."""
        return str(self.values["parcel_id"])

    @property
    def label(self) -> str:
        """What people call it."""
        return labels(self.workspace)[self.row]


def parcel_at(workspace: Workspace, row: int) -> Parcel:
    """The parcel in a row of the table."""
    line = workspace.table("parcels").iloc[row]
    values = {name: None if pd.isna(line[name]) or line[name] == "" else line[name] for name in PARCELS.names}
    return Parcel(workspace, row, values)


def card_top(parcel: Parcel, text: Text) -> Markup:
    """Number, place, land use, the sentence that names the binding limit, and the accounts."""
    return join([_title(parcel, text), _facts(parcel, text), _because(parcel, text), _accounts(parcel, text)])


def card_more(parcel: Parcel, text: Text) -> Markup:
    """Limits, people, renewal, buildings, and every figure with its basis."""
    return join(
        [
            _limits(parcel, text),
            limits_view(parcel.workspace, parcel.row, text),
            _people(parcel, text),
            _buildings(parcel, text),
            _stations(parcel, text),
            _areas_and_figures(parcel, text),
        ]
    )


def _title(parcel: Parcel, text: Text) -> Markup:
    values = parcel.values
    marks = []
    if values["geometry_basis"] == "schematic":
        marks.append(
            tag("span", text.term(GEOMETRY_BASIS, "schematic"), css="cz-badge", title=text("card_schematic"))
        )
    elif values["geometry_basis"] == "derived":
        error = values["geometry_error_m"]
        said = text("card_derived", metres=plain(error) if error is not None else "?")
        marks.append(tag("span", text.term(GEOMETRY_BASIS, "derived"), css="cz-badge", title=said))
    name = values["name"]
    first = tag("div", tag("b", parcel.label, css="cz-number"), *marks, css="cz-title")
    parts = [place(parcel.workspace, parcel.row, text), *([str(name)] if name and name != parcel.label else [])]
    parks = _parks(parcel.workspace, parcel.row, text)
    under = [tag("div", text("in_parks", parks=parks), css="cz-place")] if parks else []
    return join([first, tag("div", " · ".join(parts), css="cz-place"), *under])


def _parks(workspace: Workspace, row: int, text: Text) -> str:
    """Specialised parks of a parcel, with the share where one holds only a part of it."""
    parks, shares = workspace.table("parks"), park_shares(workspace)
    words = []
    for park, share in zip(*(shares.loc[shares["parcel"] == row, name] for name in ("park", "share")), strict=True):
        name = text.name(parks["name"].iloc[park], parks["name_en"].iloc[park])
        words.append(name if share > 0.995 else f"{name} {share:.0%}")
    return text("list_sign").join(words)


def place(workspace: Workspace, row: int, text: Text) -> str:
    """Zone and sub-area of a parcel, with the shares where it crosses zones."""
    held, names = books(workspace), zone_names(workspace, text)
    mine = np.flatnonzero(held.split.parcel == row)
    order = mine[np.argsort(-held.split.share[mine], kind="stable")]
    words = []
    for part in order:
        zone, sub = held.zone[part], held.sub_area[part]
        whole = names.get(zone, str(zone)) + (f" › {names.get(sub, str(sub))}" if sub else "")
        words.append(whole if len(order) == 1 else f"{whole} {held.split.share[part]:.1%}")
    return words[0] if len(words) == 1 else text("parts", parts="；".join(words))


def _facts(parcel: Parcel, text: Text) -> Markup:
    values = parcel.values
    land = use(str(values["classification"] or ""), str(values["land_use"] or ""))
    swatch = tag("i", css="cz-key", style=f"background:{land.colour}")
    years = values["term_years"]
    pairs: list[tuple[str, object]] = [
        ("land_use", join([swatch, land.label(text.language) or "—"])),
        ("status", text.term(PARCEL_STATUS, values["status"])),
        ("supply_mode", text.term(SUPPLY_MODES, values["supply_mode"])),
        ("term_years", text("years", count=plain(years)) if years is not None else "—"),
        ("available_from", "—" if values["available_from"] is None else str(values["available_from"])),
    ]
    shown = [pair for pair in pairs if pair[1] != "—" or pair[0] == "land_use"]
    return tag("dl", *(tag("div", tag("dt", text(name)), tag("dd", value)) for name, value in shown), css="cz-dl")


def _limit_words(parcel: Parcel) -> dict[str, dict[str, str]]:
    """What the sentence of each limit mentions: ratio, area, storeys, result."""
    held, values = books(parcel.workspace), parcel.values
    far, stated, envelope = (float(value) for value in held.limits[:, parcel.row])
    site = float(held.site_area[parcel.row])
    own = values["far_max"]
    net = far / float(own) if own else site
    ratio = float(own) if own is not None else far / site if site else float("nan")
    words = {
        "far": {"far": plain(ratio), "area": square_metres(net), "result": square_metres(far)},
        "stated_floor_area": {"result": square_metres(stated)},
        "coverage_height": {"result": square_metres(envelope)},
    }
    cover = values["coverage_max_pct"]
    if cover and net and envelope == envelope:
        storeys = envelope / (float(cover) / 100 * net)
        words["coverage_height"] |= {"coverage": plain(cover), "area": square_metres(net), "storeys": plain(storeys)}
    return words


def _because(parcel: Parcel, text: Text) -> Markup:
    limit = str(books(parcel.workspace).binding[parcel.row])
    if limit == capacity.UNKNOWN:
        return tag("p", text("because_unknown"), css="cz-because cz-warn")
    words = _limit_words(parcel)[limit]
    if limit == "coverage_height" and "storeys" not in words:
        return tag("p", f"{text('limit_coverage_height')} = {words['result']} m²", css="cz-because")
    return tag("p", text(f"because_{limit}", **words), css="cz-because")


def _accounts(parcel: Parcel, text: Text) -> Markup:
    held = books(parcel.workspace)
    if held.unknown()[parcel.row]:
        return Markup()
    sums = held.parcels()
    values = [float(getattr(sums, name)[parcel.row]) for name in ACCOUNTS]
    permitted, over = float(sums.permitted[parcel.row]), float(sums.over[parcel.row])
    rounded = area.balanced(values)
    items = [
        tag("span", tag("i", css=f"cz-key cz-a-{name}"), text(name), " ", tag("b", f"{value:,}"), data_account=name)
        for name, value in zip(ACCOUNTS, rounded, strict=True)
        if value or name == "available"
    ]
    if over > 0:
        items.append(
            tag("span", tag("i", css="cz-key cz-over-key"), text("over"), " ", tag("b", square_metres(over)))
        )
    title = tag("div", text("accounts_here"), css="cz-h")
    return join([title, parcel_bar(values, permitted, text), tag("div", *items, css="cz-keys cz-values")])


def _limits(parcel: Parcel, text: Text) -> Markup:
    held, words = books(parcel.workspace), _limit_words(parcel)
    rows = []
    for name, value in zip(capacity.LIMITS, held.limits[:, parcel.row], strict=True):
        if np.isnan(value):
            continue
        binds = held.binding[parcel.row] == name
        facts = words[name]
        key = f"how_{name}" if name != "far" or parcel.values["far_max"] is not None else "how_far_zone"
        how = text(key, **facts) if name != "coverage_height" or "storeys" in facts else ""
        mark = tag("span", text("binds"), css="cz-badge cz-binds") if binds else ""
        rows.append(Row(text(f"limit_{name}"), [how, join([f"{square_metres(float(value))} m² ", mark])]))
    if not rows:
        return Markup()
    return table([text("limits"), text("how"), text("floor_area")], rows, css="cz-facts")


def _people(parcel: Parcel, text: Text) -> Markup:
    workspace, held = parcel.workspace, books(parcel.workspace)
    vacancy = assumption(workspace, "vacancy", default=0.0)
    may, sums = allowed(workspace)[:, parcel.row], held.parcels()
    left = float(sums.available[parcel.row] + sums.built_vacant[parcel.row])
    lines = []
    for function, fits in zip(FUNCTIONS, may, strict=True):
        each = assumption(workspace, "floor_area_per_person", function, default=np.nan)
        if not fits or left <= 0 or np.isnan(each):
            continue
        count = float(capacity.persons(np.array([left]), each, vacancy)[0])
        how = text("per_person", area=plain(each), vacancy=plain(vacancy * 100))
        said = text("persons", function=text.term(FUNCTIONS, function), count=f"{round(count):,}")
        lines.append(join([said, " ", tag("small", how)]))
    rows = [Row(text("holds"), [join(tag("div", line) for line in lines)])] if lines else []
    threshold = assumption(workspace, "renewal_threshold", default=0.5)
    renewal = capacity.renewal(sums.permitted, sums.built, threshold)[parcel.row]
    if renewal > 0:
        said = text("renewal_value", area=square_metres(float(renewal)), threshold=plain(threshold * 100))
        rows.append(Row(text("renewal"), [said]))
    return table(["", ""], rows, css="cz-facts cz-headless") if rows else Markup()


def _buildings(parcel: Parcel, text: Text) -> Markup:
    buildings = parcel.workspace.table("buildings")
    mine = buildings[buildings["parcel_id"] == parcel.key]
    rows = [
        Row(
            join([escape(_text(one.name, one.building_id)), tag("small", _text(one.condition, ""))]),
            [
                square_metres(one.floor_area_m2),
                square_metres(one.vacant_floor_area_m2),
                _text(one.reusable_from, "—"),
            ],
        )
        for one in mine.itertuples()
    ]
    if not rows:
        return Markup()
    heads = [text("buildings"), f"{text('floor_area')} m²", f"{text('vacant')} m²", text("reusable_from")]
    return table(heads, rows, css="cz-facts")


def _stations(parcel: Parcel, text: Text) -> Markup:
    """The nearest station of each kind, in a straight line and on foot."""
    rows = station_rows(parcel.workspace, parcel.row, text)
    heads = [text("near_card"), text("near_straight"), text("near_walk")]
    return table(heads, rows, css="cz-facts") if rows else Markup()


def _areas_and_figures(parcel: Parcel, text: Text) -> Markup:
    workspace = parcel.workspace
    shape = workspace.shapes("parcels")[[parcel.row]]
    outline = (text("basis_formula"), text.term(GEOMETRY_BASIS, parcel.values["geometry_basis"]), "—")
    planar = 0.0 if shapely.is_missing(shape[0]) else float(area.planar(shape)[0])
    curved = 0.0 if shapely.is_missing(shape[0]) else float(area.ellipsoidal(shape, workspace.pyproj_crs)[0])
    rows = []
    if parcel.values["official_area_m2"] is not None:
        cells = _with_basis(parcel, "official_area_m2", text)
        rows.append(
            _figure(text("official_area"), f"{square_metres(parcel.values['official_area_m2'], 2)} m²", cells)
        )
    rows.append(_figure(text("planar_area", crs=workspace.crs[:20]), f"{square_metres(planar, 2)} m²", outline))
    rows.append(_figure(text("ellipsoidal_area"), f"{square_metres(curved, 2)} m²", outline))
    for name in _WITH_BASIS:
        value = parcel.values[name]
        if value is not None:
            column = PARCELS.column(name)
            head = column.zh if text.language == "zh-CN" else column.meaning
            written = plain(value) if column.unit != "m²" else square_metres(value)
            rows.append(_figure(head, f"{written} {column.unit}".strip(), _with_basis(parcel, name, text)))
    heads = [text("figures"), text("value"), text("basis"), text("source"), text("confidence")]
    return table(heads, rows, css="cz-facts cz-origin")


def _figure(head: str, value: str, origin: tuple[str, str, str]) -> Row:
    basis, source, confidence = origin
    return Row(
        head,
        [tag("span", value, css="cz-nowrap"), basis, tag("span", source, css="cz-source", title=source), confidence],
    )


def _with_basis(parcel: Parcel, column: str, text: Text) -> tuple[str, str, str]:
    """Basis, source and confidence of a figure; where nobody wrote them down, those of the row."""
    figures = parcel.workspace.table("figures")
    found = figures[
        (figures["layer"] == "parcels") & (figures["row_id"] == parcel.key) & (figures["column"] == column)
    ]
    if len(found):
        one = found.iloc[0]
        grade = text.term(CONFIDENCE, one["confidence"])
        return text.term(FIGURE_BASIS, one["basis"]), _text(one["source"], text("source_missing")), grade[:1]
    basis = "schematic" if parcel.values["geometry_basis"] == "schematic" else None
    return text.term(FIGURE_BASIS, basis), _text(parcel.values["source"], text("source_missing")), "—"


def _text(value: object, otherwise: object) -> str:
    missing = value is None or value is pd.NA or value != value or value == ""
    return str(otherwise if missing else value)
