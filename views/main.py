"""The script that Streamlit runs for every viewer: look, language, and the list of pages."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from layers.roles import may
from layers.stores.contract import Role
from views.account import entered, menu
from views.session import arrive, kindly, switch_language, text, warning
from views.text import Text

HERE = Path(__file__).parent


def main() -> None:
    """One run of the app."""
    arrive()
    say = text()
    # A local picture: with a named icon the browser would ask a font service on the internet for one.
    st.set_page_config(page_title=say("product"), page_icon=str(HERE / "look" / "icon.png"), layout="wide")
    st.html(HERE / "look" / "style.css")
    st.logo(HERE / "look" / ("mark-zh.svg" if say.language == "zh-CN" else "mark-en.svg"), size="medium")
    with st.container(key="language"):
        st.button(say("other_language"), key="switch-language", on_click=switch_language, type="tertiary")
    role = entered(say)
    chosen = st.navigation(_pages(role, say), position="top" if role else "hidden")
    if role is None:
        return
    closed = warning()
    if closed is not None:
        st.html(closed)
    with kindly():
        menu(role, say)
    chosen.run()


def _pages(role: Role | None, say: Text) -> dict[str, list[StreamlitPage]]:
    """The pages that a role can use; an address of any other leads nowhere."""
    managing = [st.Page(HERE / "workspaces.py", title=say("page_workspaces"), url_path="workspaces")]
    if role is None or may(role, "people"):
        managing.append(st.Page(HERE / "people.py", title=say("page_people"), url_path="people"))
    managing.append(st.Page(HERE / "preferences.py", title=say("page_preferences"), url_path="settings"))
    editor = [st.Page(HERE / "editor.py", title=say("page_editor"), url_path="editor")]
    return {
        "": [
            st.Page(HERE / "overview.py", title=say("page_capacity"), url_path="capacity", default=True),
            *(editor if role is None or may(role, "edit") else []),
            st.Page(HERE / "projects" / "page.py", title=say("page_projects"), url_path="projects"),
            st.Page(HERE / "obligations" / "page.py", title=say("page_obligations"), url_path="obligations"),
            st.Page(HERE / "balance.py", title=say("page_balance"), url_path="balance"),
            st.Page(HERE / "allocation" / "page.py", title=say("page_allocation"), url_path="allocation"),
            st.Page(HERE / "remaining.py", title=say("page_remaining"), url_path="remaining"),
            st.Page(HERE / "assumptions" / "page.py", title=say("page_assumptions"), url_path="assumptions"),
            st.Page(HERE / "ground" / "page.py", title=say("page_ground"), url_path="ground"),
            st.Page(HERE / "exchange" / "page.py", title=say("page_exchange"), url_path="exchange"),
            st.Page(HERE / "scenarios.py", title=say("page_scenarios"), url_path="scenarios"),
            st.Page(HERE / "log.py", title=say("page_history"), url_path="history"),
        ],
        say("section_manage"): managing,
    }


if __name__ == "__main__":
    main()
