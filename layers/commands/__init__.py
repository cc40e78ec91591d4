"""What a user can do to a workspace, each act one frozen value that becomes row changes."""

from layers.commands.assigning import Assign, Reassign, Unassign, room, zones_of
from layers.commands.attaching import Attach, Detach, attach
from layers.commands.bringing import Bring
from layers.commands.editing import Delete, Draw, Edit, EditMany, Reshape
from layers.commands.parcelling import MergeParcels, Split
from layers.commands.projecting import Admit, Leave

__all__ = [
    "Admit",
    "Assign",
    "Attach",
    "Bring",
    "Delete",
    "Detach",
    "Draw",
    "Edit",
    "EditMany",
    "Leave",
    "MergeParcels",
    "Reassign",
    "Reshape",
    "Split",
    "Unassign",
    "attach",
    "room",
    "zones_of",
]
