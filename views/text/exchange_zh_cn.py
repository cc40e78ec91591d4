"""Texts of the exchange page in Chinese (简体)."""

from __future__ import annotations

EXCHANGE_ZH_CN: dict[str, str] = {
    "page_exchange": "数据交换",
}
