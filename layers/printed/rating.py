"""Scores of suitability as text."""

from __future__ import annotations

from layers.printed.lines import Answer, Words, say, table

_MOST = 30
_WORDS: Words = {
    "what": ("{model} · {function}：地块 {count} 个，否决 {ruled_out}，未知 {unknown}",
             "{model} · {function}: parcels {count}, ruled out {ruled_out}, unknown {unknown}"),
    "ratio": ("一致性比例 {consistency_ratio}", "consistency ratio {consistency_ratio}"),
    "file": ("已写出 {written}（{width} × {height}，像元 {cell_m} m），已重新打开核对",
             "written {written} ({width} × {height}, cells of {cell_m} m), opened again and compared"),
    "more": ("……其余 {more} 行用 --json 输出", "… {more} more; --json gives all"),
}  # fmt: skip


def suitability(answer: Answer, language: str) -> str:
    """The criteria, the first places, and the file."""
    rows = sorted(answer["rows"], key=lambda row: row["rank"] or len(answer["rows"]) + 1)
    lines = [say(_WORDS, "what", language, {**answer, "count": len(rows)})]
    shares = [
        [str(one["name"]), "—" if one["weight"] is None else f"{one['weight'] * 100:.1f}%"]
        for one in answer["criteria"]
    ]
    lines += [*table(["criterion", "weight"], shares, left=1), ""]
    if "consistency_ratio" in answer:
        lines.append(say(_WORDS, "ratio", language, answer))
    shown = [
        [
            str(row["parcel_no"] or row["parcel_id"]),
            str(row["rank"] or "—"),
            "—" if row["score"] is None else f"{row['score']:.1f}",
        ]
        for row in rows[:_MOST]
    ]
    lines += table(["parcel_no", "rank", "score"], shown, left=1)
    if len(rows) > _MOST:
        lines.append(say(_WORDS, "more", language, {"more": len(rows) - _MOST}))
    if "written" in answer:
        lines.append(say(_WORDS, "file", language, answer))
    return "\n".join(lines)
