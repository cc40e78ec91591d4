"""Keeping a model: what a viewer moved becomes the model of everybody, or one of another name."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from layers.commands import Bring
from layers.ground.models import Criterion, criteria, model_name, models, row_of
from layers.rows import table_of
from layers.workspace import Workspace
from spatial.suitability import shares
from views.doing import commit
from views.ground.rating import PAIRS, Draft, Shown, compared
from views.session import can
from views.text import Text

_LONGEST = 40


def called(workspace: Workspace, model: str, say: Text) -> str:
    """What a model is called on the page."""
    return model_name(workspace, model, say.language)


def keep(workspace: Workspace, found: Shown, say: Text) -> None:
    """The buttons below the weights."""
    draft = found.draft
    moved = bool(draft.weights or draft.pairs)
    with st.container(key="rate-keeping", horizontal=True, gap="small"):
        st.button(say("rate_reset"), key="rate-reset", disabled=not moved, on_click=_reset, args=(draft,))
        if not can("criteria") or found.made is None or found.error is not None:
            return
        st.button(
            say("rate_save"),
            key="rate-save",
            type="primary",
            disabled=not moved,
            on_click=_save,
            args=(workspace, found, found.model),
        )
        with st.popover(say("rate_save_as")):
            turn = int(st.session_state.get("turn", 0))
            name = st.text_input(say("rate_model_name"), max_chars=_LONGEST, key=f"rate-name-{turn}")
            free = name.strip() and name.strip() not in models(workspace)
            st.button(
                say("rate_save_new"),
                key="rate-save-new",
                disabled=not free,
                on_click=_save,
                args=(workspace, found, name.strip()),
            )
            if len(models(workspace)) > 1:
                st.button(
                    say("rate_remove", name=called(workspace, found.model, say)),
                    key="rate-remove",
                    on_click=_remove,
                    args=(workspace, found.model),
                )


def _reset(draft: Draft) -> None:
    draft.weights.clear()
    draft.pairs.clear()
    draft.turn += 1


def _save(workspace: Workspace, found: Shown, name: str) -> None:
    """Write the weights of this function into the model; under another name, all of the model comes along."""
    every = criteria(workspace)
    mine = [one for one in every if one.model == found.model]
    moved = {one.key: one for one in _weighed(found)}
    now = [moved.get(one.key, one) for one in mine]
    if name == found.model:
        kept = {one.key: one for one in now}
        rows = [kept.get(one.key, one) for one in every]
    else:
        rows = [*every, *_renamed(now, name, {one.key for one in every})]
        st.session_state["rate-model"] = name
    commit(
        Bring("criteria", table_of("criteria", [row_of(one) for one in rows], workspace.crs), "criteria"), workspace
    )


def _weighed(found: Shown) -> list[Criterion]:
    """The criteria of the function as the viewer has weighed them; what was compared keeps its comparisons."""
    if found.made is None:
        return []
    pairs = found.draft.way == PAIRS and found.judged is not None
    weighed = compared(found.made.weighed, found.draft) if pairs else [
        replace(one, judgements=()) for one in found.made.weighed
    ]  # fmt: skip
    weights = shares(found.weights) * 10 if pairs else found.weights
    return [replace(one, weight=round(float(weight), 3)) for one, weight in zip(weighed, weights, strict=True)]


def _renamed(rows: list[Criterion], name: str, taken: set[str]) -> list[Criterion]:
    """Copies under a new name, with keys of their own."""
    keys: dict[str, str] = {}
    number = 1
    for one in rows:
        while f"S{number:05d}" in taken:
            number += 1
        keys[one.key] = f"S{number:05d}"
        taken.add(keys[one.key])
    return [
        replace(
            one,
            key=keys[one.key],
            model=name,
            model_en="",
            judgements=tuple((keys.get(other, other), value) for other, value in one.judgements),
        )
        for one in rows
    ]


def _remove(workspace: Workspace, model: str) -> None:
    rows = [row_of(one) for one in criteria(workspace) if one.model != model]
    st.session_state.pop("rate-model", None)
    commit(Bring("criteria", table_of("criteria", rows, workspace.crs), "criteria"), workspace)
