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
    "limits_heading": "Constraint layers",
    "limits_kind": "Kind",
    "limits_areas": "Areas",
    "limits_hectares": "Area, ha",
    "limits_parcels": "Parcels",
    "limits_under": "In parcels, m²",
    "limits_lost": "Lost, m²",
    "limits_lost_hint": "Land is lost only where the ratio is on gross land; land under several kinds counts once, "
    "for the first of them",
    "limits_none": "The workspace holds no constraints yet",
    "limits_empty": "Empty layers: {count}",
    "limits_empty_slot": "empty",
    "limits_empty_hint": "The official layers are not public: bring them in from what was approved. No boundary is "
    "made up here",
    "limits_bring_in": "Bring constraints in",
    "limits_here": "Constraints on this parcel",
    "limits_none_here": "No constraint concerns this parcel",
    "limits_net": "Net area {net} m² = site {site} m² − excluded {lost} m²",
    "limits_net_basis": "The ratio is on net land, so constraints take no more land off",
    "limits_term": "{share} lies in “{kind}”, which limits the term of land (Jingzhengfa [2025] No. 29); the rule "
    "pack in use decides",
    "limits_by_causes": "Excluded land by set of constraints",
    "limits_area_m2": "Area",
    "limits_alone": " alone",
    "limits_together": " together",
    "limits_plus": " + ",
    "limits_once": "All, overlaps once",
    "limits_edit": "Change a constraint",
    "limits_area": "Constraint",
    "limits_area_hint": "Choose one",
    "limits_name": "Name",
    "limits_effect": "Effect",
    "limits_effect_hint": "Exclude takes land off where the ratio is on gross land; score gives 0 to 100; inform "
    "only tells",
    "limits_side": "Side",
    "limits_side_hint": "A growth boundary limits what lies outside it",
    "limits_factor": "Factor (0–100)",
    "limits_factor_hint": "Counts only where the effect is a score; empty scores nothing",
    "limits_delete": "Delete it",
    # rasters and terrain
    # stations and facilities
}
