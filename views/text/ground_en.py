"""Texts about the ground under the parcels, in English."""

from __future__ import annotations

GROUND_EN: dict[str, str] = {
    "page_ground": "Ground",
    "ground_suitability": "Suitability",
    "ground_constraints": "Constraints",
    "ground_rasters": "Rasters and terrain",
    "ground_stations": "Stations, facilities",
    # suitability
    "rating_heading": "Suitability of sites (for reference)",
    "rating_no_model": "There is no model yet",
    # constraints
    # rasters and terrain
    # stations and facilities
}
