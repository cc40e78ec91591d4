"""Three-way merging of branches that knows where parcels came from. Pure: states in, a plan out."""

from layers.merging.ancestry import base_of
from layers.merging.planning import Conflict, MergePlan, plan
from layers.merging.resolving import Resolution

__all__ = ["Conflict", "MergePlan", "Resolution", "base_of", "plan"]
