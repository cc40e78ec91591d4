"""Texts of the exchange page in English."""

from __future__ import annotations

EXCHANGE_EN: dict[str, str] = {
    "page_exchange": "Data exchange",
}
