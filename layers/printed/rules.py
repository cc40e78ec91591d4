"""The rules of a day as text: by document, and the assignments that they break."""

from __future__ import annotations

from collections import Counter

from layers.conditions import NO_TERM
from layers.milestones import QUANTITIES
from layers.printed.lines import Answer, Words, pick, plain, say, table
from layers.vocabulary import CONSTRAINT_KINDS, MILESTONE_KINDS, RULE_CLASSES, RULES, SUPPLY_MODES, term

_WORDS: Words = {
    "set": ("已设置 {rules} 条规则", "{rules} rules set"),
    "silent": ("没有规则的分区：{text}", "Zones without a rule: {text}"),
    "on": ("{on} 有效的规则：{text}", "Rules that hold on {on}: {text}"),
    "none": ("没有", "none"),
    "everybody": ("一般", "everybody"),
    "unverified": ("{count} 条未与原文核对，仅供提示", "{count} rules are not compared with their documents"),
    "kept": ("已判断的各落位都在规则之内", "Every assignment keeps to the rules, as far as it is judged"),
    "lease_phase": ("✗ {assignment_id}（{parcel_no}）先租已 {value:g} 年，{pack} 限 {limit:g} 年",
                    "✗ {assignment_id} ({parcel_no}): leased for {value:g} years, {pack} sets {limit:g}"),
    "support_share": ("✗ {parcel_no} 配套占 {value:.1%}，{pack} 限 {limit:.1%}",
                      "✗ {parcel_no}: support takes {value:.1%}, {pack} sets {limit:.1%}"),
    "no_transfer": ("✗ {assignment_id}（{parcel_no}）在平台自持地块上转让，{pack} 不允许",
                    "✗ {assignment_id} ({parcel_no}) transfers land that the platform holds, against {pack}"),
    "term": ("✗ {assignment_id}（{parcel_no}）年期 {value:g} 年，{pack} 限 {limit:g} 年",
               "✗ {assignment_id} ({parcel_no}): term of {value:g} years, {pack} sets {limit:g}"),
    "price_floor": ("✗ {assignment_id}（{parcel_no}）地价为 50 年期地价的 {value:g} %，{pack} 限 {limit:g} %",
                    "✗ {assignment_id} ({parcel_no}): {value:g} % of the 50-year price, {pack} sets {limit:g}"),
    "entry": ("✗ {assignment_id}（{parcel_no}）{measure_name} {value:g} {unit}，{pack} 限 {limit:g} {unit}",
              "✗ {assignment_id} ({parcel_no}): {measure_name} {value:g}, {pack} sets {limit:g} ({unit})"),
    "unjudged": ("未判断：{rule}（{pack}），{count} 项落位，{why}",
                 "Not judged: {rule} ({pack}), {count} assignments, {why}"),
    "number": ("规则未录参数", "the rule has no number"),
    "class": ("未登记所属类别", "no class entered"),
    "no_term": ("未登记年期", "no term entered"),
    "figure": ("未登记{text}", "no figure: {text}"),
    "proof": ("；须证明属于：{text}", "; unless it is shown to be: {text}"),
}  # fmt: skip
_HEADS: Words = {
    "pack": ("文号", "document"), "rule": ("规则", "rule"), "for": ("适用", "for"), "low": ("下限", "least"),
    "high": ("上限", "most"), "unit": ("单位", "unit"),
}  # fmt: skip


def rules(answer: Answer, language: str) -> str:
    """What was set, or what holds on a day."""
    if "on" in answer:
        return _in_force(answer, language)
    lines = [say(_WORDS, "set", language, answer)]
    if answer["zones_without_rule"]:
        lines.append(plain(say(_WORDS, "silent", language, {"text": ", ".join(answer["zones_without_rule"])})))
    return "\n".join(lines)


def _in_force(answer: Answer, language: str) -> str:
    sign = "、" if language == "zh-CN" else ", "
    packs = sign.join(answer["packs"]) or say(_WORDS, "none", language, {})
    lines = [plain(say(_WORDS, "on", language, {"on": answer["on"], "text": packs}))]
    rows = [
        [
            str(rule["pack"]),
            term(RULES, rule["rule"], language),
            _for(rule, language),
            *("—" if rule[name] is None else f"{rule[name]:g}" for name in ("low", "high")),
            str(rule["unit"] or ""),
        ]
        for rule in answer["rules"]
    ]
    if rows:
        lines += table([pick(head, language) for head in _HEADS.values()], rows, left=3)
    unverified = sum(not rule["verified"] for rule in answer["rules"])
    if unverified:
        lines.append(say(_WORDS, "unverified", language, {"count": unverified}))
    for one in answer["breaches"]:
        line = say(_WORDS, one["rule"], language, one | _measure(one["measure"], language))
        if one["classes"]:
            names = sign.join(term(RULE_CLASSES, name, language) for name in one["classes"])
            line += say(_WORDS, "proof", language, {"text": names})
        lines.append(plain(line))
    if not answer["breaches"]:
        lines.append(say(_WORDS, "kept", language, {}))
    return "\n".join(lines + _unjudged(answer["unjudged"], language))


def _measure(kind: str | None, language: str) -> Answer:
    if kind is None:
        return {}
    return {"measure_name": term(MILESTONE_KINDS, kind, language), "unit": QUANTITIES[kind]}


def _unjudged(found: list[Answer], language: str) -> list[str]:
    """A line for each rule and what it would take to judge it."""
    lines = []
    for (rule, pack, missing), count in Counter((one["rule"], one["pack"], one["missing"]) for one in found).items():
        if missing in QUANTITIES:
            why = say(_WORDS, "figure", language, {"text": term(MILESTONE_KINDS, missing, language)})
        else:
            why = say(_WORDS, "no_term" if missing == NO_TERM else missing, language, {})
        told = {"rule": term(RULES, rule, language), "pack": pack, "count": count, "why": why}
        lines.append(plain(say(_WORDS, "unjudged", language, told)))
    return lines


def _for(rule: Answer, language: str) -> str:
    columns = (("supply_mode", SUPPLY_MODES), ("for_class", RULE_CLASSES), ("constraint_kind", CONSTRAINT_KINDS))
    named = [term(terms, rule[column], language) for column, terms in columns if rule[column] is not None]
    return " · ".join(named) or say(_WORDS, "everybody", language, {})
