"""The door: the server of Chengzai, with the files and data of the map beside the screens.

Run it with ``python -m streamlit run app.py``.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from layers.map.routes import routes
from views.session import calmly, served

app = st.App(
    Path(__file__).parent / "views" / "main.py",
    routes=routes(served),
    on_script_error=calmly,
)
