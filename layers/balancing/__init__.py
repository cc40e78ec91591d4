"""Capacity against demand by zone, function and year: who asks, what could house them, and what stands in the way."""

from layers.balancing.answer import MARGINS, Options, balance, by_parcel, demand, years
from layers.balancing.asking import drawn, uncertain
from layers.balancing.market import Market, market
from layers.balancing.years import Year

__all__ = [
    "MARGINS",
    "Market",
    "Options",
    "Year",
    "balance",
    "by_parcel",
    "demand",
    "drawn",
    "market",
    "uncertain",
    "years",
]
