"""What a user can do to a workspace, each act one frozen value that becomes row changes."""

from layers.commands.allocating import Allocate, Given
from layers.commands.assigning import Assign, Reassign, Unassign, room, zones_of
from layers.commands.assuming import Assume
from layers.commands.attaching import Attach, Detach, attach
from layers.commands.bringing import Bring
from layers.commands.brushing import AssignMany, UnassignMany
from layers.commands.drawing import DrawArea
from layers.commands.editing import Delete, Draw, Edit, EditMany, Reshape
from layers.commands.letting import Let
from layers.commands.obliging import Agree, Drop, Fulfil, Postpone
from layers.commands.parcelling import MergeParcels, Split
from layers.commands.pointing import At, AtVertex, OnEdge, at_lonlat
from layers.commands.projecting import Admit, Advance, Leave
from layers.commands.reshaping import DrawParcel, Dropped, Inserted, Moved, MoveVertices, TrimOverlaps
from layers.commands.stripping import CutStrip
from layers.commands.supplying import Supply
from layers.commands.terms import Convert, Renew

__all__ = [
    "Admit",
    "Allocate",
    "Agree",
    "Advance",
    "Assign",
    "Assume",
    "At",
    "AtVertex",
    "AssignMany",
    "Attach",
    "Bring",
    "Convert",
    "CutStrip",
    "Delete",
    "Detach",
    "Draw",
    "DrawArea",
    "DrawParcel",
    "Drop",
    "Dropped",
    "Edit",
    "EditMany",
    "Given",
    "Fulfil",
    "Inserted",
    "Leave",
    "Let",
    "MergeParcels",
    "MoveVertices",
    "Moved",
    "OnEdge",
    "Postpone",
    "Reassign",
    "Renew",
    "Reshape",
    "Split",
    "Supply",
    "TrimOverlaps",
    "Unassign",
    "UnassignMany",
    "at_lonlat",
    "attach",
    "room",
    "zones_of",
]
