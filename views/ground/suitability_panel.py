"""Suitability of the parcels for a function: weights, ranking, and why a parcel scores as it does."""

from __future__ import annotations

import streamlit as st

from layers.commands import Bring
from layers.demo import usual_criteria
from layers.ground.models import criteria, functions_of, models
from layers.vocabulary import FUNCTIONS
from layers.workspace import Workspace
from views.doing import commit
from views.ground import keeping
from views.ground.ranking import ranking
from views.ground.rating import Shown, shown
from views.ground.weighing import weighing
from views.ground.why import why
from views.markup import tag
from views.parcel_map import selected
from views.session import can, explain
from views.switching import switch
from views.text import Text

VIEWS = ("weights", "ranking")


def panel(workspace: Workspace, say: Text) -> None:
    """Draw the panel."""
    found = shown(workspace)
    if found is None:
        _begin(workspace, say)
        return
    _choices(workspace, found, say)
    if found.error is not None:
        explain(found.error)
    row = selected(workspace)
    if row is not None:
        st.html(why(workspace, found, row, say))
    view = switch("rate-view", VIEWS, lambda name: say(f"rate_view_{name}"), say("rating_heading"))
    if view == "ranking":
        ranking(workspace, found, say)
    else:
        weighing(workspace, found, say)
        keeping.keep(workspace, found, say)
    st.html(tag("p", say("rate_basis"), css="cz-hint"))
    every = (*found.made.weighed, *found.made.masks) if found.made else ()
    told = dict.fromkeys(one.source or say("source_missing") for one in every)
    if told:
        st.html(tag("p", say("rate_sources", sources=say("rate_between").join(told)), css="cz-hint"))


def _begin(workspace: Workspace, say: Text) -> None:
    """Without a model: the illustrative one to begin with."""
    st.html(tag("div", say("rating_heading"), css="cz-h"))
    st.html(tag("div", say("rating_no_model"), css="cz-hint"))
    if can("criteria"):
        st.button(
            say("rating_begin"),
            key="rating-begin",
            on_click=lambda: commit(Bring("criteria", usual_criteria(), kind="criteria"), workspace),
        )


def _choices(workspace: Workspace, found: Shown, say: Text) -> None:
    """Function and model."""
    held = st.session_state
    mine = functions_of(one for one in criteria(workspace) if one.model == found.model)
    function, model = st.columns(2, gap="small")
    held["rate-function-box"], held["rate-model-box"] = found.function, found.model
    function.selectbox(
        say("function"),
        mine,
        format_func=lambda one: say.term(FUNCTIONS, one),
        key="rate-function-box",
        on_change=lambda: held.update({"rate-function": held["rate-function-box"]}),
    )
    model.selectbox(
        say("rate_model"),
        models(workspace),
        format_func=lambda one: keeping.called(workspace, one, say),
        key="rate-model-box",
        on_change=lambda: held.update({"rate-model": held["rate-model-box"]}),
    )
