"""Capacity against demand by zone, function and year: who asks, what could house them, and what stands in the way."""

from layers.balancing.answer import MARGINS, Options, balance, by_parcel, demand, outlook, years, years_of_supply
from layers.balancing.asking import drawn, illustrative, uncertain
from layers.balancing.behind import parcels_behind, projects_behind
from layers.balancing.market import Market, market
from layers.balancing.targets import Above, from_above, top_down
from layers.balancing.words import why
from layers.balancing.years import Year

__all__ = [
    "MARGINS",
    "Above",
    "Market",
    "Options",
    "Year",
    "balance",
    "by_parcel",
    "demand",
    "drawn",
    "from_above",
    "illustrative",
    "market",
    "outlook",
    "parcels_behind",
    "projects_behind",
    "top_down",
    "uncertain",
    "why",
    "years",
    "years_of_supply",
]
