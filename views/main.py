"""The script that Streamlit runs for every viewer: look, language, and the list of pages."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from views.acts import acts
from views.session import arrive, kindly, switch_language, text

HERE = Path(__file__).parent


def main() -> None:
    """One run of the app."""
    arrive()
    say = text()
    # A local picture: with a named icon the browser would ask a font service on the internet for one.
    st.set_page_config(page_title=say("product"), page_icon=str(HERE / "look" / "icon.png"), layout="wide")
    st.html(HERE / "look" / "style.css")
    st.logo(HERE / "look" / ("mark-zh.svg" if say.language == "zh-CN" else "mark-en.svg"), size="medium")
    chosen = st.navigation(
        [
            st.Page(HERE / "overview.py", title=say("page_capacity"), url_path="capacity", default=True),
            st.Page(HERE / "projects.py", title=say("page_projects"), url_path="projects"),
            st.Page(HERE / "remaining.py", title=say("page_remaining"), url_path="remaining"),
            st.Page(HERE / "scenarios.py", title=say("page_scenarios"), url_path="scenarios"),
            st.Page(HERE / "log.py", title=say("page_history"), url_path="history"),
        ],
        position="top",
    )
    with kindly():
        acts(say)
    with st.container(key="language"):
        st.button(say("other_language"), key="switch-language", on_click=switch_language, type="tertiary")
    chosen.run()


if __name__ == "__main__":
    main()
