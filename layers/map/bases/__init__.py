"""Base maps: files of a folder and services that the settings name, drawn as tiles of this app. Without any, none."""

from layers.map.bases.catalogue import Base, Bases
from layers.map.bases.routes import BASES_PATH, base_routes

__all__ = ["BASES_PATH", "Base", "Bases", "base_routes"]
