"""The door: the server of Chengzai, with the files and data of the map beside the screens.

Run it with ``python -m streamlit run app.py``.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from layers.exchange.routes import job_routes
from layers.live.routes import House
from layers.live.routes import routes as live_routes
from layers.map.bases import Bases
from layers.map.routes import routes
from views.ahead import Ahead, links
from views.guarding import guarded
from views.identity import Door, Gate, identity
from views.map_component import figures, undoable
from views.session import asker, calmly, holder, known_place, served, store_of
from views.settings import settings

_told = settings()
_door = Door(identity, known_place, _told.language, secure=_told.secure)
_house = House(store_of, asker, figures, tops=undoable)

app = st.App(
    Path(__file__).parent / "views" / "main.py",
    routes=[
        *routes(served, holder, Bases(_told.bases, _told.keys)),
        *live_routes(_house),
        *job_routes(holder),
        *_door.routes(),
    ],
    middleware=[Middleware(Gate, identity, lambda: _told.workspace), Middleware(Ahead, links)],
    lifespan=guarded,
    on_script_error=calmly,
)
