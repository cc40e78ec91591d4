"""A step of a project as text: where it stands now, and what moved with it."""

from __future__ import annotations

from layers.printed.lines import Answer, Words, pick, plain, say, table
from layers.vocabulary import PROJECT_STATES, STAGES, term

_WORDS: Words = {
    "moved": ("{project}：{before} → {state}（{on}），版本 {revision}",
              "{project}: {before} → {state} ({on}), revision {revision}"),
    "alone": ("没有落位随之变动", "No assignment moved with it"),
    "gone": ("撤回", "taken back"),
}  # fmt: skip
_HEADS: Words = {
    "parcel_no": ("地块", "parcel"), "before": ("原阶段", "was"), "stage": ("阶段", "stage"),
    "floor_area_m2": ("建筑面积 m²", "floor area m²"),
}  # fmt: skip


def moved(answer: Answer, language: str) -> str:
    """The new state, and one row an assignment."""
    before = term(PROJECT_STATES, answer["state_before"], language) or "—"
    facts = {**answer, "before": before, "state": term(PROJECT_STATES, answer["state"], language)}
    lines = [plain(say(_WORDS, "moved", language, facts))]
    rows = [
        [
            str(one["parcel_no"]),
            term(STAGES, one["stage_before"], language),
            term(STAGES, one["stage"], language) or pick(_WORDS["gone"], language),
            f"{one['floor_area_m2']:,.2f}",
        ]
        for one in answer["assignments"]
    ]
    if rows:
        lines += table([pick(head, language) for head in _HEADS.values()], rows, left=3)
    else:
        lines.append(say(_WORDS, "alone", language, {}))
    return "\n".join(lines)
