"""Settings: what each user sets for themselves, and how this installation knows people."""

from __future__ import annotations

import streamlit as st

from layers import people
from layers.roles import NAMES
from layers.stores.contract import Person
from views import acts
from views.markup import Row, table, tag
from views.session import place, present, role, service, store, switch_language, text, who
from views.text import LANGUAGES, Text, texts


def page() -> None:
    """Draw the page."""
    acts.page(board)


def board() -> None:
    """Own settings on the left, the installation on the right."""
    say, actor = text(), who()
    me = next((one for one in people.listed(store()) if one.name == actor.name), None)
    left, right = st.columns(2, gap="large")
    with left:
        st.html(tag("div", say("preferences_heading"), css="cz-h"))
        _language(say)
        if me is not None:
            _shown_as(me, say)
    with right:
        seen = present()
        st.html(tag("div", say("workspace_heading"), css="cz-h"))
        rows = [
            Row(say("workspace_name"), [say.name(seen.name, seen.name_en)]),
            Row(say("workspace_file"), [place().name]),
            Row(say("workspace_crs"), [seen.crs]),
        ]
        st.html(table(["", ""], rows, css="cz-headless"))
        st.html(tag("div", say("identity_heading"), css="cz-h"))
        st.html(tag("div", say(f"identity_{actor.how}"), css="cz-given"))
        if me is not None:
            st.html(tag("div", say("session_heading"), css="cz-h"))
            rows = [Row(say("person"), [me.name]), Row(say("role"), [say.term(NAMES, role())])]
            st.html(table(["", ""], rows, css="cz-headless"))
            if actor.how == "local":
                st.html(tag("div", say("change_password_hint"), css="cz-hint"))


def _language(say: Text) -> None:
    codes = list(LANGUAGES)
    st.radio(
        say("language_choice"),
        codes,
        index=codes.index(say.language),
        key=f"language-{say.language}",
        format_func=lambda code: texts(code)("language_name"),
        on_change=switch_language,
        horizontal=True,
    )


def _shown_as(me: Person, say: Text) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        shown = st.text_input(say("shown_as"), me.display, max_chars=64, key=f"shown-{me.display}")
        st.button(
            say("save"),
            key="save-shown",
            on_click=lambda: people.show_as(service(), who(), shown),
            disabled=shown == me.display,
        )


if __name__ == "__main__":
    page()
