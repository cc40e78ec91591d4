"""Parcels that have floor area left, as a table, and every layer as a file."""

from __future__ import annotations

import tempfile
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from layers.map.landuse import use
from layers.vocabulary import GEOMETRY_BASIS, PARCEL_STATUS
from layers.workspace import Workspace
from layers.writers.hand_out import Handed, Order, hand_out
from layers.writers.sheets import sheet
from views import acts
from views.markup import join, note, tag
from views.numbers import square_metres
from views.session import present, text
from views.text import Text
from views.zones_panel import zone_names

LAYERS_OUT = ("remaining", "parcels", "zones", "assignments")
FORMATS = ("shp", "csv", "gpkg", "geojson")
ENCODINGS = ("utf-8", "gb18030")


@dataclass(frozen=True)
class Bundle:
    """A file that is ready to be taken: several files of one layer travel as one zip."""

    name: str
    content: bytes
    handed: Handed


def page() -> None:
    """Draw the page."""
    acts.page(board)


def board() -> None:
    """The table, and the form that makes a file."""
    say, workspace = text(), present()
    left, right = st.columns([76, 24], gap="medium")
    with left:
        frame = remaining_table(workspace, say)
        free = square_metres(float(frame[say("available")].sum()))
        vacant = square_metres(float(frame[say("built_vacant")].sum()))
        counts = (
            f"{say('count', count=len(frame))} · {say('available')} {free} m² · {say('built_vacant')} {vacant} m²"
        )
        st.html(tag("div", say("remaining_heading"), " ", tag("small", counts), css="cz-h"))
        number = st.column_config.NumberColumn(format="localized")
        names = ("site_area", "permitted", "available", "built_vacant")
        config: dict[str, Any] = {say(name): number for name in names}
        config[say("available_from")] = st.column_config.NumberColumn(format="%d")
        with st.container(key="long-table"):
            st.dataframe(
                frame, hide_index=True, height="stretch", column_config=config, key=f"remaining-{say.language}"
            )
    with right, st.container(key="side"):
        export_form(workspace, say)


def remaining_table(workspace: Workspace, say: Text) -> pd.DataFrame:
    """Parcels with floor area left as they are shown, those with most at the top [m²]."""
    found, names = sheet(workspace, "remaining").frame, zone_names(workspace, say)
    uses = zip(found["classification"], found["land_use"], strict=True)
    table = pd.DataFrame(
        {
            say("parcel_no"): [
                say.name(no, key) for no, key in zip(found["parcel_no"], found["parcel_id"], strict=True)
            ],
            say("geometry_basis"): [say.term(GEOMETRY_BASIS, code) for code in found["geometry_basis"]],
            say("place"): [_place(z, s, names) for z, s in zip(found["zone"], found["sub_area"], strict=True)],
            say("land_use"): [use(say.name(c), say.name(code)).label(say.language) for c, code in uses],
            say("site_area"): found["site_area_m2"].round(),
            say("far"): found["far_max"],
            say("permitted"): found["permitted_m2"].round(),
            say("available"): found["available_m2"].round(),
            say("built_vacant"): found["built_vacant_m2"].round(),
            say("binding"): [say(f"limit_{name}") for name in found["binding_limit"]],
            say("status"): [say.term(PARCEL_STATUS, code) for code in found["status"]],
            say("available_from"): found["available_from"].to_numpy(),
        }
    )
    return table.sort_values(say("available"), ascending=False, kind="stable")


def _place(zone: object, sub: object, names: dict[str | None, str]) -> str:
    parts = [names.get(str(key), str(key)) for key in (zone, sub) if key is not None and key == key and key != ""]
    return " › ".join(parts) or names[None]


def export_form(workspace: Workspace, say: Text) -> None:
    """Choose a layer and a format; the file is made when it is asked for."""
    st.html(tag("div", say("downloads"), css="cz-h"))
    layer = st.selectbox(
        say("download_layer"), LAYERS_OUT, format_func=lambda name: say(f"layer_{name}"), key="out-layer"
    )
    formats = [name for name in FORMATS if name in ("csv", "gpkg") or layer != "assignments"]
    format_ = st.selectbox(
        say("download_format"), formats, format_func=lambda name: say(f"format_{name}"), key="out-format"
    )
    encoding = st.selectbox(
        say("download_encoding"),
        ENCODINGS,
        format_func=str.upper,
        key="out-encoding",
        disabled=format_ not in ("shp", "csv"),
    )
    made_for = (layer, format_, encoding, workspace.revision, say.language)
    if st.button(say("prepare"), key="prepare", width="stretch"):
        st.session_state["bundle"] = (made_for, bundle(workspace, layer, format_, encoding))
    kept, made = st.session_state.get("bundle", (None, None))
    if kept == made_for:
        st.download_button(
            say("download", name=made.name),
            made.content,
            made.name,
            type="primary",
            width="stretch",
            on_click="ignore",
        )
        st.html(_report(made.handed, say))
    st.html(tag("p", say("export_hint"), css="cz-hint"))


def bundle(workspace: Workspace, layer: str, format_: str, encoding: str) -> Bundle:
    """A layer as one file to take: what was written was opened again and compared before."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"{layer}-r{workspace.revision}.{format_}"
        wanted = encoding if format_ in ("shp", "csv") else None
        handed = hand_out(workspace, Order(out=str(target), layer=layer, format=format_, encoding=wanted))
        files = [Path(name) for name in handed.files]
        if len(files) == 1:
            return Bundle(files[0].name, files[0].read_bytes(), handed)
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, file.name)
        return Bundle(f"{target.stem}.zip", packed.getvalue(), handed)


def _report(handed: Handed, say: Text) -> str:
    lines = [tag("div", f"{loss.column} · {loss.message(say.language)} · {loss.rows}") for loss in handed.losses]
    first = note("hint", f"{say('export_verified')} · {say('count_rows', count=handed.written)}")
    return join([first, tag("div", *lines, css="cz-hint")])


if __name__ == "__main__":
    page()
