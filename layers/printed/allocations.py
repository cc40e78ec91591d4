"""Plans of places as text: the proof of each goal, who goes where, who has no place and why."""

from __future__ import annotations

from layers.allocating.proposing import CHANGES
from layers.allocating.wishes import GOALS, LARGER
from layers.printed.lines import Answer, Words, pick, plain, say, table
from layers.vocabulary import SOURCES, term

_WORDS: Words = {
    "optimal": ("各目标均已证明最优（{seconds:.1f} 秒）", "Every goal is proved best ({seconds:.1f} s)"),
    "feasible": ("可行方案，尚未全部证明（{seconds:.1f} 秒）", "A plan, not every goal is proved ({seconds:.1f} s)"),
    "infeasible": ("已证明无解：锁定的地块与改动数上限不能同时满足",
                   "Proved that there is no plan: locked parcels and the limit of changes cannot both hold"),
    "unknown": ("时间用完，尚未找到方案", "Time is up, and no plan was found"),
    "at_most": ("{name}：任何方案最多 {bound}，本方案 {value}，差距 {gap}",
                "{name}: no plan passes {bound}, this one has {value}, gap {gap}"),
    "at_least": ("{name}：任何方案至少 {bound}，本方案 {value}，差距 {gap}",
                 "{name}: no plan has fewer than {bound}, this one has {value}, gap {gap}"),
    "placed": ("待落位 {wanted_m2:,.0f} m²，本方案满足 {placed_m2:,.0f} m²",
               "{wanted_m2:,.0f} m² to be placed, this plan places {placed_m2:,.0f} m²"),
    "unplaced": ("未落位：{name}：{reason}", "Not placed: {name}: {reason}"),
    "taken_back": ("撤回：{name}：{pieces}", "Taken back: {name}: {pieces}"),
    "verified": ("已独立核对", "Checked by other code"),
    "not_verified": ("独立核对不通过", "The check by other code fails"),
    "applied": ("已应用，修订 {revision}，方案 {code}", "Applied, revision {revision}, plan {code}"),
    "proposed": ("方案 {code}，未应用", "Plan {code}, not applied"),
    "impossible": ("{name} 不能落在 {parcel}：", "{name} cannot be placed on {parcel}:"),
    "unclear": ("{name} 能否落在 {parcel}，时间内未能判定",
                "Time was up before it was known whether {name} can be placed on {parcel}"),
    "possible": ("{name} 可以落在 {parcel}，要变动的：", "{name} can be placed on {parcel}; what would move:"),
    "nothing_moves": ("（不变）", "(nothing)"),
    "cost": ("目标变化：{text}", "Goals change by: {text}"),
}  # fmt: skip
_WEIGHTED = ("（按优先级折算）", " (weighted by priority)")
_HEADS: Words = {
    "project": ("项目", "project"), "parcels": ("地块", "parcels"), "area": ("面积 m²", "m²"),
    "change": ("变动", "change"),
}  # fmt: skip


def allocated(answer: Answer, language: str) -> str:
    """The proof of every goal, the places, and who has none."""
    lines = [say(_WORDS, answer["status"], language, answer)]
    there = answer["status"] in ("optimal", "feasible")
    if there:
        lines += [_proof(one, language) for one in answer["goals"]]
        lines.append(say(_WORDS, "placed", language, answer))
    rows = [
        [one["name"], " + ".join(one["parcels"]), f"{one['floor_area_m2']:,.0f}",
         term(CHANGES, one["change"], language)]
        for one in answer["assignments"]
    ]  # fmt: skip
    if rows:
        lines += ["", *table([pick(head, language) for head in _HEADS.values()], rows, left=2), ""]
    lines += [plain(say(_WORDS, "unplaced", language, one)) for one in answer["unplaced"]]
    for one in answer["taken_back"]:
        lines.append(plain(say(_WORDS, "taken_back", language, one | {"pieces": _pieces(one["pieces"], language)})))
    lines += [plain(f"  {one['text']}") for one in answer["blocked_by"]]
    if there:
        lines.append(say(_WORDS, "verified" if answer["verified"] else "not_verified", language, {}))
        lines.append(say(_WORDS, "applied" if answer["applied"] else "proposed", language, answer))
    return "\n".join(lines)


def why_not(answer: Answer, language: str) -> str:
    """What blocks a place, or who moves and what it costs."""
    kind = {True: "possible", False: "impossible"}.get(answer["possible"], "unclear")
    lines = [plain(say(_WORDS, kind, language, answer))]
    lines += [plain(f"  {one['text']}") for one in answer["blocked_by"]]
    for one in answer["moves"]:
        ends = " → ".join(_pieces(one[end], language) for end in ("before", "after"))
        lines.append(plain(f"  {one['name']}：{ends}" if language == "zh-CN" else f"  {one['name']}: {ends}"))
    if answer["possible"]:
        if not answer["moves"]:
            lines.append(say(_WORDS, "nothing_moves", language, {}))
        changed = [
            f"{term(GOALS, goal, language)} {by:+,.0f}" for goal, by in answer["cost"].items() if by is not None
        ]
        sign = "、" if language == "zh-CN" else ", "
        lines.append(say(_WORDS, "cost", language, {"text": sign.join(changed)}))
    return "\n".join(lines)


def _proof(one: Answer, language: str) -> str:
    facts = {
        "name": term(GOALS, one["name"], language) + (pick(_WEIGHTED, language) if one["name"] == "demand" else ""),
        "bound": "—" if one["bound"] is None else f"{one['bound']:,.0f}",
        "value": "—" if one["value"] is None else f"{one['value']:,.0f}",
        "gap": "—" if one["gap"] is None else f"{one['gap']:.2%}",
    }
    return say(_WORDS, "at_most" if one["name"] in LARGER else "at_least", language, facts)


def _pieces(pieces: list[Answer], language: str) -> str:
    told = [f"{one['parcel']} {term(SOURCES, one['source'], language)} {one['floor_area_m2']:,.0f} m²"
            for one in pieces]  # fmt: skip
    return " + ".join(told) or "—"
