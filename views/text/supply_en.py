"""Texts of the supply plan: English."""

from __future__ import annotations

SUPPLY_EN: dict[str, str] = {
    "remaining_view_list": "Remaining parcels",
    "remaining_view_supply": "Supply plan",
    "supply_empty": "No parcel is in the reserve, planned, announced, sold or delivered",
    "supply_pick": "Choose a parcel in the table or on the map to enter its next step",
    "supply_year": "Plan of",
    "supply_all": "All years",
    "supply_undated": "No year",
    "supply_of_year": "plan of {year}",
    "supply_nowhere": "No zone",
    "supply_cell": "Cells: available (10,000 m²), parcels and site area, permitted (10,000 m²).",
    "supply_counts": "{count} · {site} ha",
    "supply_may": "of {permitted}",
    "supply_checked": "Available here {inside}, beyond it (under construction, built, without a state) {beyond}, "
    "in all {ledger} × 10,000 m², as in the accounts",
    "supply_to": "Becomes",
    "supply_on": "Decided on",
    "supply_document": "Document",
    "supply_reason": "Reason",
    "supply_reason_help": "Not needed for the next step; to skip one or go back, say why",
    "supply_move": "Enter",
}
