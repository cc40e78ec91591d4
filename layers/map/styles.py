"""How the classes of the parcels look: a label, a colour, a hatch where nothing is known."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from layers.ground.models import model_name
from layers.map.classes import LEFT_FROM, Value
from layers.map.landuse import use
from layers.map.rated import GRADES
from layers.map.words import words
from layers.vocabulary import FUNCTIONS, PARCEL_STATUS, STAGES, SUPPLY_MODES, Terms, term
from layers.workspace import Workspace

NOTHING = "#f4f5f5"
UNKNOWN = "#e3e6e8"
STATUS_COLOURS = ("#dfe3c3", "#c3cf95", "#f0cf83", "#d9a066", "#b9825b", "#8aa5b5", "#66808f")
STAGE_COLOURS = ("#e3bd62", "#c98a1b", "#7c9eb2", "#4d6f84", "#c9bfd6")
SUPPLY_COLOURS = ("#c98a1b", "#e9c873", "#2f837e", "#a3d1cb", "#a8643c", "#6f93b8", "#6f558f")
GRADE_COLOURS = ("#f3e6c0", "#d8c26a", "#8fae6b", "#3f8577", "#123f52")
RULED_OUT_COLOUR = "#b5aeb0"
RASTER_COLOURS = ("#f6efd6", "#e3cf95", "#c3a464", "#93764b", "#5f4a3a")
PROJECT_COLOURS = ("#c98a1b", "#348581", "#abd5cf")
LEFT_COLOURS = ("#abd5cf", "#70b2ab", "#348581", "#0b5557")


@dataclass(frozen=True)
class Style:
    """One class of a mode, as the legend shows it."""

    label: str
    colour: str
    hatch: bool = False


@dataclass(frozen=True)
class Mode:
    """One way to colour the parcels.

    Parameters
    ----------
    classes
        Every class that may occur, by its number.
    by_count
        Whether the legend puts the most frequent class first.
    """

    key: str
    title: str
    classes: tuple[Style, ...]
    note: str = ""
    by_count: bool = False

    def payload(self) -> dict[str, Any]:
        """The mode as the map reads it."""
        return asdict(self)


def modes(workspace: Workspace, values: Mapping[str, Sequence[Value]], language: str) -> tuple[Mode, ...]:
    """Every mode, in the order in which the map offers them.

    Parameters
    ----------
    values
        What the numbers of the open modes stand for, from `layers.map.classes`.
    """
    say = words(language)
    none = {name: Style(say[f"no_{name}"], UNKNOWN, hatch=True) for name in ("status", "supply_mode")}
    return (
        _land_use(values["land_use"], language),
        _available(language),
        _zone(workspace, values["zone"], language),
        _terms("status", PARCEL_STATUS, STATUS_COLOURS, none["status"], language),
        _terms("supply_mode", SUPPLY_MODES, SUPPLY_COLOURS, none["supply_mode"], language),
        _terms("assignment", STAGES, STAGE_COLOURS, Style(say["not_assigned"], NOTHING), language),
        _suitability(workspace, values["suitability"], language),
        _raster(language),
        _projects(language),
    )


def _land_use(values: Sequence[Value], language: str) -> Mode:
    say = words(language)
    uses = [use(scheme, code) for scheme, code in values]
    classes = tuple(
        Style(found.label(language), found.colour) if found.code else Style(say["no_land_use"], UNKNOWN, hatch=True)
        for found in uses
    )
    note = say["borrowed"] if any(found.borrowed for found in uses) else ""
    return Mode("land_use", say["land_use"], classes, note, by_count=True)


def _suitability(workspace: Workspace, values: Sequence[Value], language: str) -> Mode:
    """Grades by score; the note says which model and function, or that there is none."""
    say = words(language)
    step = 100 // GRADES
    classes = [Style(f"{at * step}–{(at + 1) * step}", colour) for at, colour in enumerate(GRADE_COLOURS)]
    classes += [Style(say["ruled_out"], RULED_OUT_COLOUR), Style(say["score_unknown"], UNKNOWN, hatch=True)]
    classes.append(Style(say["not_rated"], UNKNOWN, hatch=True))
    note = say["not_rated_note"]
    if values:
        model, function = values[0]
        note = say["rated_note"].format(
            function=term(FUNCTIONS, function, language), model=model_name(workspace, model, language)
        )
    return Mode("suitability", say["suitability"], tuple(classes), note)


def _raster(language: str) -> Mode:
    """Grades of the raster that a viewer looks at; the page says their ends."""
    say = words(language)
    classes = [Style(str(at + 1), colour) for at, colour in enumerate(RASTER_COLOURS)]
    return Mode(
        "raster", say["raster"], (*classes, Style(say["raster_without"], UNKNOWN, hatch=True)), say["raster_note"]
    )


def _projects(language: str) -> Mode:
    """Where the projects that a viewer chose lie and could lie; the page says which those are."""
    say = words(language)
    names = ("projects_take", "projects_fit", "projects_partly")
    classes = [Style(say[name], colour) for name, colour in zip(names, PROJECT_COLOURS, strict=True)]
    return Mode("projects", say["projects"], (*classes, Style(say["projects_elsewhere"], NOTHING)))


def _available(language: str) -> Mode:
    say = words(language)
    steps = [_amount(value, language) for value in LEFT_FROM]
    classes = [Style(say["none_left"], NOTHING), Style(say["less"].format(high=steps[1]), LEFT_COLOURS[0])]
    for i in (1, 2):
        classes.append(Style(say["between"].format(low=steps[i], high=steps[i + 1]), LEFT_COLOURS[i]))
    classes += [Style(say["more"].format(low=steps[3]), LEFT_COLOURS[3]), Style(say["unknown"], UNKNOWN, hatch=True)]
    return Mode("available", say["available_mode"], tuple(classes))


def _zone(workspace: Workspace, values: Sequence[Value], language: str) -> Mode:
    say, zones = words(language), workspace.table("zones")
    names = zones["name_en"].fillna(zones["name"]) if language == "en" and "name_en" in zones else zones["name"]
    name = dict(zip(zones["zone_id"].astype(str), names.fillna("").astype(str), strict=True))
    classes = [
        Style(name.get(key) or key, _apart(i)) if key else Style(say["no_zone"], UNKNOWN, hatch=True)
        for i, (key,) in enumerate(values)
    ]
    return Mode("zone", say["zone"], tuple(classes), by_count=True)


def _terms(key: str, terms: Terms, colours: Sequence[str], none: Style, language: str) -> Mode:
    classes = [Style(term(terms, code, language), colour) for code, colour in zip(terms, colours, strict=True)]
    return Mode(key, words(language)[key], (*classes, none))


def _apart(number: int) -> str:
    """Pale colours of any number, neighbours of which differ in hue and in lightness."""
    red, green, blue = colorsys.hls_to_rgb((0.09 + number * 0.381966) % 1.0, (0.72, 0.82, 0.62)[number % 3], 0.42)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def _amount(value: float, language: str) -> str:
    return f"{value / 10_000:g}" if language == "zh-CN" else f"{value:,.0f}"
