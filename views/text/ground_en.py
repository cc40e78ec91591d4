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
    "rating_begin": "Begin with the illustrative model",
    "rate_model": "Model",
    "rate_view_weights": "Weights",
    "rate_view_ranking": "Ranking, stability",
    "rate_basis": "For reference only, not the statutory double evaluation. Scores are 0–100; "
    "each criterion names the source of its weight and scale",
    "rate_sources": "Sources: {sources}",
    "rate_between": "; ",
    "rate_way": "How to weigh",
    "rate_way_direct": "One by one",
    "rate_way_pairs": "In pairs",
    "rate_not_compared": "Not compared",
    "rate_equal": "Equally important",
    "rate_more": "Left {times} × as important",
    "rate_less": "Right {times} × as important",
    "rate_ratio": "Consistency ratio {ratio} (up to {limit} is acceptable)",
    "rate_completed": "; {count} not compared, completed as consistently as possible",
    "rate_inconsistent": "The comparisons contradict each other ({ratio}); take the ranking with care",
    "rate_worst": "The one that fits least: {first} against {second} is now “{said}”; “{fits}” would fit",
    "rate_place": "place {place} of {all}",
    "score_unknown": "Score unknown",
    "rate_ruled_out": "Ruled out: {name} ({value}); the score is 0",
    "rate_mask_unknown": "No data for “{name}”, which rules parcels out; the score is unknown",
    "rate_passed_on": "no data; its weight goes to the others",
    "rate_no_value": "no data",
    "rate_criterion": "Criterion",
    "rate_score_of_100": "Score",
    "rate_weight": "Weight",
    "rate_points": "Points",
    "rate_top": "First places",
    "rate_drawing": "Drawing weights",
    "rate_ranking_hint": "{draws} draws with every weight within ±{spread}: how often a parcel stays among the first "
    "{top}, and its best and worst place",
    "rate_rank": "Place",
    "rate_score": "Score",
    "rate_stays": "Stays ahead",
    "rate_span": "Places",
    "rate_ruled_short": "Ruled out",
    "rate_swings": "What one weight alone does at ±{spread}, to places and to the first {top}",
    "rate_swing": "{moved} places on average, {leaves} drop out",
    "rate_workbook": "Table (xlsx)",
    "rate_raster": "Raster (GeoTIFF)",
    "rate_reset": "Reset",
    "rate_save": "Save to the model",
    "rate_save_as": "Save as, remove",
    "rate_model_name": "Name of the new model",
    "rate_save_new": "Save as a new model",
    "rate_remove": "Remove “{name}”",
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
    "reach_heading": "Station catchments",
    "reach_straight": "straight-line distance from entrances (from the station where it has none)",
    "reach_walk": "walking distance along the ways, from entrances",
    "reach_straight_short": "Straight",
    "reach_walk_short": "On foot",
    "reach_kind": "Kind of station",
    "reach_all": "All stations",
    "reach_how": "Distance",
    "reach_shown": "On the map",
    "reach_layer_near": "Core ring",
    "reach_layer_far": "Outer ring",
    "reach_layer_ways": "Ways",
    "reach_layer_facilities": "Facilities",
    "reach_radius_near": "Radius of the core ring (m)",
    "reach_radius_far": "Radius of the outer ring (m)",
    "reach_no_radius": (
        "There is no assumption for the radius, so there is no catchment; a number typed here becomes one"
    ),
    "reach_radii_crossed": "The core ring is wider than the outer ring; please check",
    "reach_assumed": (
        "Radii are assumptions that nobody has verified; range, source and confidence stand in the "
        "hints, and a change can be undone"
    ),
    "reach_origin": "Assumed between {low} and {high} m; {source}; confidence {confidence}",
    "reach_no_stations": (
        "There are no stations. Bring a stations layer in on the exchange page to see distances and catchments"
    ),
    "reach_parcels": "Parcels",
    "reach_union": "All, once each",
    "no_data": "no data",
    "reach_rule_straight": (
        "A parcel that a ring cuts counts by its share of area; the last row counts each parcel once."
    ),
    "reach_rule_walk": (
        "A parcel counts whole where the walk to its inner point is within the radius; the bands "
        "along streets are for the eye."
    ),
    "reach_others": "{count} more stations are not listed (less or no floor area).",
    "reach_unknown": "{count} parcels in the outer ring have no limits and are in no sum.",
    "reach_network": (
        "Network: {links} links, {nodes} nodes, in {components} parts that do not meet, the largest "
        "with {share} of the length; {parcels_without_way} parcels without a way near them, "
        "{parcels_unreached} from which no station can be walked to (no straight line stands in); "
        "{barred_ways} ways that nobody may walk along"
    ),
    "city_heading": "Station-city area",
    "city_no_parcels": "None: parcels and limits in it are not published; they are summed here once brought in",
    "city_ring": "Parcels within {radius} m of {stations}",
    "city_carries": "{count} ({unknown} unknown): permitted {permitted}, available {available}, "
    "vacant {built_vacant} (10,000 m²)",
    "city_drawn": "Area of the outline",
    "city_parcels": "Parcels in it",
    "city_stands": "Existing floor area (published)",
    "services_heading": "Service coverage",
    "services_unit": "share of existing floor area out of reach; places lacking for the people who work there",
    "services_kind": "Service",
    "services_count": "{count}",
    "services_no_capacity": ", {count} without a capacity",
    "services_planned": ", {count} more open later",
    "services_places": "{count} lacking",
    "services_none": (
        "There is no facilities layer: nothing is known of any of the twelve services, none is rated "
        "and none is made up. Bring points or areas in as Facilities on the exchange page to see "
        "coverage and shortfall by zone"
    ),
    "services_lacking": "Nothing is known of, and nothing is said about: {kinds}",
    "support_heading": "Supporting floor area",
    "support_limit": "at most {share}% (an assumption after Beijing's notice No. 39 of 2017 as reported, unchecked)",
    "support_permitted": "Permitted",
    "support_allowed": "Allowed",
    "support_stands": "Stands",
    "support_assigned": "Assigned",
    "support_left": "Left",
    "support_note": (
        "What stands comes from the floor area of the facilities layer; what is assigned is the "
        "support share of the projects' function mix. Without facilities what is left is unknown, "
        "not 0"
    ),
    "near_heading": "Stations and services of {parcel}",
    "near_station": "Nearest station and entrance",
    "near_straight": "Straight line",
    "near_walk": "On foot",
    "near_no_ways": "no ways layer",
    "near_unreached": "no way leads there",
    "near_ends": "{outline} m (to the outline) · {inner} m (to the inner point)",
    "near_note": "Inner point: the centroid, or a point inside where that lies outside; scores and services use it",
    "near_all_served": "Every service of which anything is known is within reach",
    "near_missing": "Out of reach ({how}): {kinds}",
    "near_far": "{kind} (nearest {metres} m)",
    "near_none": "{kind} (none reachable)",
    "near_card": "Nearest stations",
}
