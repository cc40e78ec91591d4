"""Statistics of rasters as text."""

from __future__ import annotations

from layers.printed.lines import Answer, Words, say, table

_MOST = 40
_WORDS: Words = {
    "rule": ("规则：{rule}；地块 {count} 个", "rule: {rule}; parcels: {count}"),
    "more": ("……其余 {more} 行用 --json 输出", "… {more} more; --json gives all"),
}


def zonal(answer: Answer, language: str) -> str:
    """The first rows as a table."""
    rows = answer["rows"]
    names = [name for name in rows[0] if name != "parcel_no"] if rows else []
    shown = [[str(row["parcel_no"] or "—"), *(_number(row[name]) for name in names)] for row in rows[:_MOST]]
    lines = [say(_WORDS, "rule", language, {"rule": answer["rule"], "count": len(rows)})]
    lines += table(["parcel_no", *names], shown, left=1)
    if len(rows) > _MOST:
        lines.append(say(_WORDS, "more", language, {"more": len(rows) - _MOST}))
    return "\n".join(lines)


def _number(value: float) -> str:
    return "—" if value != value else f"{value:,.3f}".rstrip("0").rstrip(".")
