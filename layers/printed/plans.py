"""Plans of the solver as text."""

from __future__ import annotations

from layers.printed.lines import Answer, Words, pick, plain, say, table

_WORDS: Words = {
    "optimal": ("已证明最优：{objective:,.6g}（{seconds:.2f} 秒）",
                "Proved best: {objective:,.6g} ({seconds:.2f} s)"),
    "feasible": ("可行方案：{objective:,.6g}，任何方案不超过界 {bound}，差距 {gap}（{seconds:.2f} 秒）",
                 "A plan: {objective:,.6g}; no plan passes {bound}, gap {gap} ({seconds:.2f} s)"),
    "infeasible": ("已证明无解：必须落位或锁定的要求不能同时满足",
                   "Proved that there is no plan: what must be placed or is locked cannot all be"),
    "unknown": ("时间用完，尚未找到方案", "Time is up, and no plan was found"),
    "verified": ("已独立核对", "Checked by other code"),
    "not_verified": ("独立核对不通过", "The check by other code fails"),
    "unplaced": ("未落位：{project}（{reason}）", "Not placed: {project} ({reason})"),
    "no_option": ("没有可选地块", "no parcel to choose"),
    "forbidden": ("可选地块均被禁止", "every parcel is forbidden"),
    "too_large": ("每个可选地块都放不下", "larger than every parcel it may go to"),
    "worth_nothing": ("落位没有收益", "worth nothing"),
    "no_room": ("让位于价值更高的项目", "others are worth more"),
}  # fmt: skip
_HEADS: Words = {"project": ("项目", "project"), "parcel": ("地块", "parcel"), "amount": ("数量", "amount")}


def solved(answer: Answer, language: str) -> str:
    """The status with its proof, the plan, and who is in none."""
    facts = {
        **answer,
        "bound": "—" if answer["bound"] is None else f"{answer['bound']:,.6g}",
        "gap": "—" if answer["gap"] is None else f"{answer['gap']:.2%}",
    }
    lines = [say(_WORDS, answer["status"], language, facts)]
    rows = [[one["project"], one["parcel"], f"{one['amount']:,.6g}"] for one in answer["assignments"]]
    if rows:
        lines += table([pick(head, language) for head in _HEADS.values()], rows, left=2)
    for one in answer["unplaced"]:
        reason = pick(_WORDS[one["reason"]], language)
        lines.append(plain(say(_WORDS, "unplaced", language, {"project": one["project"], "reason": reason})))
    if answer["status"] in ("optimal", "feasible"):
        lines.append(say(_WORDS, "verified" if answer["verified"] else "not_verified", language, {}))
    return "\n".join(lines)
