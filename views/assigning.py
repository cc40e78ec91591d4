"""Giving floor area of a parcel to a project: the form, the list on the card, and taking it back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from layers.accounts import books
from layers.commands import Assign, Reassign, Unassign, room, zones_of
from layers.contract import split_list
from layers.matching import allowed, ask, function_mix, housed
from layers.vocabulary import FUNCTIONS, SOURCES, STAGES, SUPPLY_MODES
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from views.card import Parcel
from views.documents import documents, documents_of
from views.doing import commit, turn
from views.markup import join, tag
from views.numbers import shown, square_metres, wan
from views.session import can
from views.text import Text

_OPEN_STAGES = [stage for stage in STAGES if stage != "vacated"]


@dataclass(frozen=True)
class Candidate:
    """A project as the form offers it: what it still wants, and whether the parcel may hold it."""

    row: int
    project_id: str
    name: str
    unmet: float
    fits: bool


def candidates(parcel: Parcel, text: Text) -> list[Candidate]:
    """Projects in the order of the form: those that fit and still want space first, the most urgent at the top."""
    workspace = parcel.workspace
    projects = workspace.table("projects")
    wanted = np.maximum(ask(workspace).total() - housed(workspace), 0.0)
    may = allowed(workspace)[:, parcel.row]
    here = zones_of(workspace, parcel.row)
    found = []
    for row, one in enumerate(projects.itertuples()):
        try:
            mix = function_mix(one.function_mix)
        except ChengzaiError:
            mix = {}
        fits = all(may[list(FUNCTIONS).index(function)] for function in mix)
        must, may_zones = _key(one.must_zone), split_list(one.may_zones)
        fits = fits and (not must or must in here) and (bool(must) or not may_zones or bool(here & set(may_zones)))
        found.append(Candidate(row, str(one.project_id), text.name(one.name, one.name_en), float(wanted[row]), fits))
    priority = projects["priority"].to_numpy(dtype=float, na_value=1.0)
    order = sorted(found, key=lambda c: (not c.fits, c.unmet <= 0, -priority[c.row], -c.unmet))
    return order


def assign_form(parcel: Parcel, text: Text) -> None:
    """The form below the card."""
    workspace = parcel.workspace
    left = room(workspace, parcel.row)
    if left["new"] <= 0 and left["existing"] <= 0 and not books(workspace).unknown()[parcel.row]:
        return
    offers = candidates(parcel, text)
    by_key = {one.project_id: one for one in offers}
    said = text("left_here", new=square_metres(left["new"]), existing=square_metres(left["existing"]))
    st.html(tag("div", text("assign"), " ", tag("small", said), css="cz-h"))
    where = f"{safe(parcel.key)}-{turn()}"
    chosen = st.selectbox(
        text("project"),
        list(by_key),
        index=None,
        format_func=lambda key: offered(by_key[key], text),
        placeholder=text("project_hint"),
        key=f"project-{where}",
        label_visibility="collapsed",
    )
    since = begun(f"assign-{where}", workspace, touched=chosen is not None)
    if chosen is not None:
        terms_of(workspace, parcel.row, by_key[chosen], since, text)


def terms_of(workspace: Workspace, parcel_row: int, offer: Candidate, since: int, text: Text) -> None:
    """Floor area, space, stage and supply mode of an assignment, and the button that makes it.

    The form starts with as much as the project still wants and the parcel has left.

    Parameters
    ----------
    since
        Revision that the viewer had before them when they began.
    """
    left, unmet = room(workspace, parcel_row), offer.unmet
    parcel = str(workspace.parcel_index[parcel_row])
    where = f"{safe(parcel)}-{safe(offer.project_id)}-{turn()}"
    sources = [source for source in SOURCES if left[source] > 0] or list(SOURCES)
    first, second, third, fourth = st.columns([1.3, 1, 1, 1.2], vertical_alignment="bottom")
    source = second.selectbox(
        text("space"), sources, format_func=lambda code: text.term(SOURCES, code), key=f"space-{where}"
    )
    # where nothing is left, what is wanted is asked for, so that the refusal says why there is nothing
    start = min(left[source] or unmet, unmet) if unmet > 0 else left[source]
    amount = first.number_input(
        text("floor_area_m2"),
        min_value=0.0,
        value=float(np.floor(start * 100) / 100),
        step=100.0,
        format="%.2f",
        key=f"area-{where}-{source}",
    )
    stage = third.selectbox(
        text("stage"), _OPEN_STAGES, format_func=lambda code: text.term(STAGES, code), key=f"stage-{where}"
    )
    mode = fourth.selectbox(
        text("supply_mode"),
        [None, *SUPPLY_MODES],
        format_func=lambda code: text.term(SUPPLY_MODES, code) if code else text("no_mode"),
        key=f"mode-{where}",
    )
    command = Assign(
        parcel_id=parcel,
        project_id=offer.project_id,
        floor_area_m2=float(amount),
        source=source,
        stage=stage,
        supply_mode=mode,
    )
    st.button(
        text("save_assignment"),
        type="primary",
        key=f"assign-{where}",
        on_click=commit,
        args=(command, workspace, (), since),
        width="stretch",
    )


def begun(name: str, workspace: Workspace, *, touched: bool) -> int:
    """Revision that the viewer had before them when they began to fill in a form.

    What others write meanwhile shows on the page, but a decision rests on what stood there when it was begun.
    """
    forms: dict[str, Any] = st.session_state.setdefault("forms", {})
    if not touched or name not in forms:
        forms[name] = workspace.revision
    return int(forms[name])


def safe(key: str) -> str:
    """A key of a row as part of the name of a widget."""
    return hashlib.blake2b(key.encode("utf-8"), digest_size=6).hexdigest()


def assignments_list(parcel: Parcel, text: Text) -> None:
    """What is assigned on the parcel, each with a way to take it back."""
    workspace = parcel.workspace
    given, projects = workspace.table("assignments"), workspace.table("projects")
    mine = given[given["parcel_id"] == parcel.key]
    names = {str(p.project_id): text.name(p.name, p.name_en) for p in projects.itertuples()}
    if not len(mine):
        return
    st.html(tag("div", text("assignments"), css="cz-h"))
    for one, area in zip(mine.itertuples(), mine["floor_area_m2"].to_numpy(dtype=float).tolist(), strict=True):
        words, act = st.columns([4, 1], vertical_alignment="center")
        key = str(one.assignment_id)
        facts = [
            f"{square_metres(one.floor_area_m2)} m²",
            text.term(SOURCES, one.source),
            text.term(STAGES, one.stage),
            text.term(SUPPLY_MODES, one.supply_mode),
        ]
        count = len(documents_of(workspace, "assignments", key))
        facts += [text("documents_count", count=count)] if count else []
        written = " · ".join(fact for fact in facts if fact != "—")
        name = names.get(str(one.project_id), str(one.project_id))
        words.html(tag("div", join([tag("b", name), tag("small", written)]), css="cz-given"))
        shut = "-shut" if "conflict" in st.session_state else ""
        with act.popover(text("change_act"), key=f"take-{safe(key)}-{turn()}{shut}", width="stretch"):
            if can("reassign"):
                change_form(workspace, key, area, str(one.stage), text)
            documents(workspace, "assignments", key, text)
            if can("unassign"):
                st.html(tag("div", text("unassign_ask", area=square_metres(one.floor_area_m2)), css="cz-h"))
                st.button(
                    text("unassign_confirm"),
                    key=f"back-{safe(key)}-{turn()}",
                    on_click=commit,
                    args=(Unassign(key), workspace),
                )


def change_form(workspace: Workspace, key: str, area: float, stage: str, text: Text) -> None:
    """Floor area and stage of an assignment, to be changed."""
    name = f"change-{safe(key)}"
    forms: dict[str, Any] = st.session_state.setdefault("forms", {})
    started, was = forms.get(name, (None, None))
    fields = [f"{name}-{field}-{started}" for field in ("area", "stage")]
    touched = started is not None and tuple(st.session_state.get(field) for field in fields) not in (
        was,
        (None, None),
    )
    if not touched:  # others' changes come into a form only as long as nothing is filled in
        started, was = f"{workspace.revision}-{turn()}", (area, stage)
        forms[name] = (started, was)
    first, second, third = st.columns([1.2, 1.1, 0.8], vertical_alignment="bottom")
    stages = list(STAGES)
    wanted = first.number_input(
        text("floor_area_m2"), min_value=0.0, value=area, step=100.0, format="%.2f", key=f"{name}-area-{started}"
    )
    now = second.selectbox(
        text("stage"),
        stages,
        index=stages.index(stage) if stage in stages else 0,
        format_func=lambda code: text.term(STAGES, code),
        key=f"{name}-stage-{started}",
    )
    changed = (None if wanted == area else float(wanted), None if now == stage else now)
    third.button(
        text("change_save"),
        key=f"change-save-{safe(key)}-{turn()}",
        type="primary",
        disabled=changed == (None, None),
        on_click=commit,
        args=(Reassign(key, *changed), workspace, (), int(started.partition("-")[0])),
        width="stretch",
    )


def offered(offer: Candidate, text: Text) -> str:
    """A project as a list offers it: its name, and what it still wants."""
    if not offer.fits:
        return text("project_unfit", name=offer.name)
    if offer.unmet <= 0:
        return text("project_housed", name=offer.name)
    return text("project_fits", name=offer.name, area=shown(wan(offer.unmet)))


def _key(value: object) -> str:
    return "" if value is None or value != value else str(value)
