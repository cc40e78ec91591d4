"""Giving floor area of a parcel to a project: the form, the list on the card, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from layers.accounts import books
from layers.commands import Assign, Unassign, room, zones_of
from layers.contract import split_list
from layers.matching import allowed, ask, function_mix, housed
from layers.vocabulary import FUNCTIONS, SOURCES, STAGES, SUPPLY_MODES
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from views.card import Parcel
from views.markup import join, tag
from views.numbers import shown, square_metres, wan
from views.session import commit, forget_outcome, present
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
    said = text("left_here", new=square_metres(left["new"]), existing=square_metres(left["existing"]))
    st.html(tag("div", text("assign"), " ", tag("small", said), css="cz-h"))
    where = f"{parcel.row}-{workspace.revision}"
    chosen = st.selectbox(
        text("project"),
        range(len(offers)),
        index=None,
        format_func=lambda i: _offer(offers[i], text),
        placeholder=text("project_hint"),
        key=f"project-{where}",
        label_visibility="collapsed",
    )
    if chosen is None:
        return
    offer = offers[chosen]
    terms_of(workspace, parcel.row, offer.row, offer.unmet, text)


def terms_of(workspace: Workspace, parcel_row: int, project_row: int, unmet: float, text: Text) -> None:
    """Floor area, space, stage and supply mode of an assignment, and the button that makes it.

    Parameters
    ----------
    unmet
        What the project still wants [m²]; the form starts with as much of it as the parcel has left.
    """
    left = room(workspace, parcel_row)
    where = f"{parcel_row}-{project_row}-{workspace.revision}"
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
        parcel_id=str(workspace.table("parcels")["parcel_id"].iloc[parcel_row]),
        project_id=str(workspace.table("projects")["project_id"].iloc[project_row]),
        floor_area_m2=float(amount),
        source=source,
        stage=stage,
        supply_mode=mode,
    )
    st.button(
        text("save_assignment"),
        type="primary",
        key=f"assign-{where}",
        on_click=_commit,
        args=(command, workspace),
        width="stretch",
    )


def assignments_list(parcel: Parcel, text: Text) -> None:
    """What is assigned on the parcel, each with a way to take it back."""
    workspace = parcel.workspace
    given, projects = workspace.table("assignments"), workspace.table("projects")
    mine = given[given["parcel_id"] == parcel.key]
    names = {str(p.project_id): text.name(p.name, p.name_en) for p in projects.itertuples()}
    if not len(mine):
        return
    st.html(tag("div", text("assignments"), css="cz-h"))
    for position, one in enumerate(mine.itertuples()):
        words, act = st.columns([4, 1], vertical_alignment="center")
        facts = [
            f"{square_metres(one.floor_area_m2)} m²",
            text.term(SOURCES, one.source),
            text.term(STAGES, one.stage),
            text.term(SUPPLY_MODES, one.supply_mode),
        ]
        written = " · ".join(fact for fact in facts if fact != "—")
        name = names.get(str(one.project_id), str(one.project_id))
        words.html(tag("div", join([tag("b", name), tag("small", written)]), css="cz-given"))
        with act.popover(text("unassign"), key=f"take-{parcel.row}-{workspace.revision}-{position}", width="stretch"):
            st.html(tag("div", text("unassign_ask", area=square_metres(one.floor_area_m2))))
            st.button(
                text("unassign_confirm"),
                key=f"back-{parcel.row}-{workspace.revision}-{position}",
                on_click=_commit,
                args=(Unassign(str(one.assignment_id)), workspace),
            )


def _commit(command: Assign | Unassign, seen: Workspace) -> None:
    """Commit on what the viewer saw; the page is drawn anew from what is then on file."""
    forget_outcome()
    commit(command, seen)
    present()


def _offer(offer: Candidate, text: Text) -> str:
    if not offer.fits:
        return text("project_unfit", name=offer.name)
    if offer.unmet <= 0:
        return text("project_housed", name=offer.name)
    return text("project_fits", name=offer.name, area=shown(wan(offer.unmet)))


def _key(value: object) -> str:
    return "" if value is None or value != value else str(value)
