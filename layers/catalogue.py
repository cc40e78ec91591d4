"""Table of contents of the layers that a workspace holds."""

from __future__ import annotations

from layers.assignments import ASSIGNMENTS
from layers.assumptions import ASSUMPTIONS
from layers.backdrop import BACKDROP
from layers.buildings import BUILDINGS
from layers.constraints import CONSTRAINTS
from layers.contract import Layer
from layers.figures import FIGURES
from layers.parcels import PARCELS
from layers.parks import PARKS
from layers.projects import PROJECTS
from layers.stations import STATIONS
from layers.zones import ZONES

LAYERS: dict[str, Layer] = {
    layer.name: layer
    for layer in (
        ZONES,
        PARCELS,
        BUILDINGS,
        PARKS,
        PROJECTS,
        ASSIGNMENTS,
        STATIONS,
        CONSTRAINTS,
        ASSUMPTIONS,
        FIGURES,
        BACKDROP,
    )
}
