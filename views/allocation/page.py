"""Allocation: the best plan and its proof, why it is so, and applying it as one step."""

from __future__ import annotations

import streamlit as st

from layers import scenarios
from layers.changes import Outcome
from layers.workspace import Workspace
from views import acts
from views.allocation import working
from views.allocation.asking import why_not
from views.allocation.colouring import shade
from views.allocation.more import more
from views.allocation.places import left_view, places
from views.allocation.proof import card
from views.allocation.wishing import line
from views.allocation.working import Shown
from views.doing import asked, commit, outcome, tell_of, turn
from views.markup import note, tag
from views.parcel_map import finder, listen, parcel_map
from views.session import can, present, scenario, service, text, work_on
from views.switching import switch
from views.telling import called
from views.text import Text

VIEWS = ("proof", "places", "left", "why", "more")


def page() -> None:
    """Draw the page."""
    acts.page(board)


def board() -> None:
    """Controls above, the map at the left, the plan and its questions at the right."""
    say, workspace = text(), present()
    listen(workspace)
    with st.container(key="place"):
        controls = st.container(key="place-line", horizontal=True, vertical_alignment="bottom")
        left_, right = st.columns([52, 48], gap="small")
        with right, st.container(key="panel"):
            found = working.current(say)
            view = switch("place-view", VIEWS, lambda name: say(f"place_view_{name}"), say("place_view"), "stretch")
            finder(workspace, say)
            said = outcome()
            if said:
                st.html(said)
            with st.container(key="sheet", height="stretch", border=False):
                _show(workspace, found, view, say)
        with controls:  # drawn last, because they follow from whether a plan is being made
            line(workspace, say, again=found is not None)
            with st.container(key="place-apply", horizontal=True, vertical_alignment="center"):
                _apply(workspace, found, say)
        with left_, st.container(key="map"):
            parcel_map(workspace, say, shade=shade(workspace, found, view, say))


def _show(workspace: Workspace, found: Shown | None, view: str, say: Text) -> None:
    if found is None:
        if not working.working():
            early = st.session_state.get("place-early")
            st.html(note("hint", say("place_stopped_early" if early else "place_empty")))
        return
    if found.proposal.plan.status in ("infeasible", "unknown"):
        st.html(card(found, say))
        return
    if view == "proof" or found.going:
        st.html(card(found, say))
    elif view == "places":
        places(found, say)
    elif view == "left":
        left_view(found, say)
    elif view == "why":
        why_not(workspace, found, say)
    else:
        more(found, say)


def _apply(workspace: Workspace, found: Shown | None, say: Text) -> None:
    """What the plan is called, and the button that makes it so."""
    if found is None or working.working() or not found.proposal.placings:
        return
    proposal = found.proposal
    today, command = proposal.made.ground.today, proposal.command
    notes = set(workspace.table("assignments")["note"].dropna())
    if workspace.revision != today.revision and any(proposal.code in str(one) for one in notes):
        st.html(tag("span", say("place_applied", code=proposal.code), css="cz-code"))
        return
    st.html(tag("span", say("place_code", code=proposal.code), css="cz-code"))
    if not (command.given or command.taken):
        st.html(tag("span", say("place_nothing"), css="cz-hint"))
        return
    if not can("allocate"):
        st.html(tag("span", say("place_viewer"), css="cz-hint"))
        return
    older = workspace.revision != today.revision
    if not older and proposal.verified and can("branch"):
        _elsewhere(found, say)
    st.button(
        say("place_apply"),
        key="place-apply-now",
        type="primary",
        on_click=commit,
        args=(command, today),
        disabled=not proposal.verified,
        help=say("place_older", number=today.revision)
        if older
        else say("place_apply_help", scenario=called(scenario(), say)),
    )


def _elsewhere(found: Shown, say: Text) -> None:
    """The plan into a scenario of its own, which comes from the one that is looked at."""
    code = found.proposal.code
    with st.popover(say("place_new_scenario"), key=f"place-new-{turn()}"):
        name = st.text_input(
            say("scenario_name"),
            say("place_new_name", code=code),
            max_chars=scenarios.LONGEST,
            key=f"place-new-name-{code}-{say.language}",
        )
        st.button(
            say("place_new_apply"),
            key="place-new-apply",
            type="primary",
            disabled=not name.strip(),
            on_click=_apply_in_new,
            args=(found, name),
        )


def _apply_in_new(found: Shown, name: str) -> None:
    """Make the scenario, turn the pages to it, and apply the plan there as one command."""
    today = found.proposal.made.ground.today

    def make() -> Outcome:
        scenarios.branch(service(), asked(today, f"branch {name}"), name)
        return Outcome("ok", 0)

    if tell_of(make):
        work_on(scenarios.name_of(name))
        commit(found.proposal.command, present())
        working.keep(found)


if __name__ == "__main__":
    page()
