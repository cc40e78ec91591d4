"""The way in and out: what stands on the page of somebody who is not signed in, and the menu of somebody who is."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from layers.people import listed
from layers.roles import NAMES
from layers.stores.contract import Role
from spatial.errors import ChengzaiError, tell
from views import identity
from views.identity import Accounts, Provider
from views.identity.errors import NoRole, SignInNeeded
from views.identity.form import SIGN_IN
from views.markup import note, tag
from views.session import place, store, text, who, workspace_key
from views.text import Text


def entered(say: Text) -> Role | None:
    """The role of whoever is before the screen; for somebody without one the page says how to come in.

    A workspace that cannot be read lets everybody in: there is nothing to see, and the pages say what is wrong.
    """
    try:
        return identity.standing(place())[1]
    except (SignInNeeded, NoRole) as error:
        told = tell(error, say.language)
        with st.container(key="outside", border=True):
            st.html(note("refused", told["message"], told["cure"]))
            _way(error, say)
            one_time_code(say)
    except ChengzaiError:
        return "viewer"
    return None


def _way(error: ChengzaiError, say: Text) -> None:
    """The way in, or the way out for somebody who is known and has no role."""
    if isinstance(error, NoRole):
        st.button(say("sign_out"), on_click=leave, width="stretch")
    elif isinstance(identity.identity(), Provider):
        st.button(say("sign_in_provider"), type="primary", on_click=st.login, width="stretch")
    elif isinstance(identity.identity(), Accounts):
        query = urlencode({"place": workspace_key(), "language": say.language})
        st.html(tag("a", say("sign_in_again"), href=f"{SIGN_IN}?{query}", css="cz-go"))


def one_time_code(say: Text) -> None:
    """The code that this viewer made last, until they have noted it."""
    made = st.session_state.get("people-code")
    if made:
        with st.container(key="code", border=True):
            st.html(tag("div", say("code_for", name=made[0]), css="cz-h"))
            st.code(made[1], language=None)
            st.html(tag("div", say("code_hint"), css="cz-hint"))
            st.button(say("code_seen"), on_click=lambda: st.session_state.pop("people-code", None))


def menu(role: Role, say: Text) -> None:
    """Name, role and the way out; nothing where there is no signing in."""
    actor = who()
    if actor.how == "single":
        return
    shown = next((one.display for one in listed(store()) if one.name == actor.name), "") or actor.name
    with st.container(key="account"), st.popover(shown, type="tertiary"):
        st.html(tag("div", tag("b", shown), tag("small", f" {actor.name} · {say.term(NAMES, role)}"), css="cz-me"))
        st.button(say("sign_out"), key="sign-out", on_click=leave, width="stretch")
        st.button(say("sign_out_everywhere"), key="sign-out-all", on_click=leave, args=(True,), width="stretch")


def leave(everywhere: bool = False) -> None:
    """Give up the seat of this viewer; nothing of theirs stays in the session of the screens."""
    by = identity.identity()
    by.leave(identity.visit(), everywhere=everywhere)
    language = text().language
    st.session_state.clear()
    st.session_state["language"] = language
    if isinstance(by, Provider):
        st.logout()
