"""Parcels chosen by what is known of them: a query as a frozen value, as JSON, and as one line of text."""

from layers.selecting.errors import QueryRefused
from layers.selecting.query import FIGURES, Query, Range, chosen, keys_of
from layers.selecting.reading import keys, read

__all__ = ["FIGURES", "Query", "QueryRefused", "Range", "chosen", "keys", "keys_of", "read"]
