"""Table of contents of the layers that a workspace holds."""

from __future__ import annotations

from layers.assignments import ASSIGNMENTS
from layers.assumptions import ASSUMPTIONS
from layers.attachments import ATTACHMENTS
from layers.backdrop import BACKDROP
from layers.buildings import BUILDINGS
from layers.constraints import CONSTRAINTS
from layers.contract import Layer
from layers.criteria import CRITERIA
from layers.facilities import FACILITIES
from layers.figures import FIGURES
from layers.milestones import MILESTONES
from layers.moves import MOVES
from layers.parcels import PARCELS
from layers.parks import PARKS
from layers.projects import PROJECTS
from layers.rasters import RASTERS
from layers.rulepacks import RULEPACKS
from layers.stations import STATIONS
from layers.targets import TARGETS
from layers.ways import WAYS
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
        MOVES,
        MILESTONES,
        STATIONS,
        CONSTRAINTS,
        WAYS,
        FACILITIES,
        RASTERS,
        CRITERIA,
        TARGETS,
        RULEPACKS,
        ASSUMPTIONS,
        FIGURES,
        BACKDROP,
        ATTACHMENTS,
    )
}

REFERENCES: tuple[tuple[str, str, str], ...] = (
    ("assignments", "parcel_id", "parcels"),
    ("assignments", "project_id", "projects"),
    ("assignments", "building_id", "buildings"),
    ("parcels", "held_by", "projects"),
    ("milestones", "assignment_id", "assignments"),
    ("buildings", "parcel_id", "parcels"),
    ("zones", "parent", "zones"),
    ("projects", "must_zone", "zones"),
    ("projects", "lead_partner", "projects"),
    ("stations", "parent", "stations"),
    ("targets", "norm", "assumptions"),
    ("targets", "zone", "zones"),
)
"""Columns that hold the key of a row of another layer: layer, column, layer that it points to."""
