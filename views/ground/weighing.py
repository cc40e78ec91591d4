"""The weights of a model under the viewer's hands: a slider for each criterion, or comparisons in pairs."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from layers.ground.models import Criterion
from layers.workspace import Workspace
from spatial.pairwise import ACCEPTED, Judged
from views.ground.rating import DIRECT, PAIRS, Draft, Shown, pair_values
from views.markup import Markup, Segment, bar, join, note, tag
from views.text import Text

HIGHEST = 10.0
"""Where sliders end; a model whose weights are larger has longer ones."""

SCALE = (9, 8, 7, 6, 5, 4, 3, 2, 1)


def weighing(workspace: Workspace, found: Shown, say: Text) -> None:
    """Draw the weights, in either way."""
    del workspace
    if found.made is None:
        return
    draft = found.draft
    key = f"rate-way-{found.function}-{draft.turn}"
    st.segmented_control(
        say("rate_way"),
        (DIRECT, PAIRS),
        default=draft.way,
        format_func=lambda one: say(f"rate_way_{one}"),
        key=key,
        required=True,
        label_visibility="collapsed",
        on_change=_turned,
        args=(draft, key),
    )
    if draft.way == DIRECT:
        _sliders(found, say)
    else:
        _pairs(found, say)


def _sliders(found: Shown, say: Text) -> None:
    made, draft = found.made, found.draft
    if made is None:
        return
    whole = float(found.weights.sum())
    highest = max(HIGHEST, float(found.weights.max(initial=0.0)))
    with st.container(key="rate-weights", gap=None):
        for one, weight in zip(made.weighed, found.weights, strict=True):
            key = f"weight-{found.function}-{draft.turn}-{one.key}"
            name, slider, share = st.columns([40, 46, 14], gap="small", vertical_alignment="center")
            name.html(tag("span", one.called(say.language), css="cz-weight-name", title=_told(one)))
            slider.slider(
                one.called(say.language),
                0.0,
                highest,
                float(weight),
                0.5,
                key=key,
                format="%g",
                label_visibility="collapsed",
                on_change=_moved,
                args=(draft, one.key, key),
            )
            share.html(tag("b", _percent(weight / whole if whole > 0 else 0.0), css="cz-share"))


def _turned(draft: Draft, key: str) -> None:
    draft.way = PAIRS if st.session_state[key] == PAIRS else DIRECT


def _moved(draft: Draft, criterion: str, key: str) -> None:
    draft.weights[criterion] = float(st.session_state[key])


def _told(one: Criterion) -> str:
    return one.source


def _percent(share: float) -> str:
    return f"{share * 100:.0f}%"


def _pairs(found: Shown, say: Text) -> None:
    """A list to choose from for each pair, and how well all of it agrees."""
    made, draft = found.made, found.draft
    if made is None:
        return
    names = {one.key: one.called(say.language) for one in made.weighed}
    values = [*(float(one) for one in SCALE), *(1 / one for one in SCALE[:-1][::-1]), None]
    with st.container(key="rate-pairs", gap=None):
        for (first, second), value in pair_values(made.weighed, draft).items():
            key = f"pair-{found.function}-{draft.turn}-{first}-{second}"
            left, middle, right = st.columns([32, 36, 32], gap="small", vertical_alignment="center")
            left.html(tag("div", names[first], css="cz-pair-first"))
            middle.selectbox(
                f"{names[first]} : {names[second]}",
                values,
                index=_nearest(values, value),
                format_func=lambda one: _compared(one, say),
                key=key,
                label_visibility="collapsed",
                on_change=_judged,
                args=(draft, first, second, key),
            )
            right.html(tag("div", names[second], css="cz-pair-second"))
    if found.judged is not None:
        st.html(_agreement(found.judged, [one.key for one in made.weighed], names, say))


def _nearest(values: list[float | None], value: float | None) -> int:
    if value is None:
        return len(values) - 1
    return min(range(len(values) - 1), key=lambda at: abs((values[at] or 0.0) / value - 1))


def _judged(draft: Draft, first: str, second: str, key: str) -> None:
    draft.pairs[first, second] = st.session_state[key]


def _compared(value: float | None, say: Text) -> str:
    if value is None:
        return say("rate_not_compared")
    if abs(value - 1) < 1e-9:
        return say("rate_equal")
    if value > 1:
        return say("rate_more", times=f"{value:g}")
    return say("rate_less", times=f"{1 / value:g}")


def _agreement(found: Judged, keys: list[str], names: Mapping[str, str], say: Text) -> Markup:
    """Weights that follow, the consistency ratio, and the judgement that fits least."""
    rows = [
        tag(
            "div",
            tag("span", names[key], css="cz-head"),
            bar([Segment(float(weight), "cz-a-available", _percent(float(weight)))]),
            tag("b", _percent(float(weight))),
            css="cz-line cz-why-line",
        )
        for key, weight in zip(keys, found.weights, strict=True)
    ]
    said = [tag("span", say("rate_ratio", ratio=f"{found.ratio:.3f}", limit=f"{ACCEPTED:g}"))]
    if found.missing:
        said.append(tag("span", say("rate_completed", count=found.missing)))
    parts = [tag("div", *rows, css="cz-bars"), tag("p", join(said), css="cz-hint")]
    if not found.consistent and found.worst is not None:
        row, column, fits = found.worst
        facts = {"first": names[keys[row]], "second": names[keys[column]]}
        now = float(found.matrix[row, column])
        told = say("rate_worst", **facts, said=_compared(now, say), fits=_compared(_whole(fits), say))
        parts.append(note("refused", say("rate_inconsistent", ratio=f"{found.ratio:.2f}"), told))
    return join(parts)


def _whole(value: float) -> float:
    """The step of the scale that is nearest."""
    return float(max(1, min(9, round(value)))) if value >= 1 else 1 / float(max(1, min(9, round(1 / value))))
