"""Handing layers out as files: what, of which state, in which format, CRS and encoding; what is lost; the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import streamlit as st

from layers.catalogue import LAYERS
from layers.exchange.jobs import Progress
from layers.field_names import SHEETS
from layers.readers.watching import Cancelled
from layers.selecting import keys
from layers.workspace import Workspace
from layers.writers.formats import FORMATS, Format
from layers.writers.hand_out import Order
from layers.writers.systems import OFFERED
from spatial import crs as crs_
from spatial.errors import ChengzaiError
from views.bundles import Bundle, bundled, formats_for, report
from views.markup import Markup, Row, note, table, tag
from views.rows import layer_name
from views.session import as_of, explain, present, scenario, store
from views.telling import called
from views.text import Text
from views.waiting import begin, mark_of, stop_work, waited

LAYERS_OUT = ("parcels", "remaining", *(name for name in SHEETS if name not in ("parcels", "remaining")))
ENCODINGS = ("utf-8", "gbk", "gb18030")
_OTHER = "other"
_LIMITED = ("shp", "kml", "dxf", "xlsx")
"""Formats that hold so much and no more, or grow large; it is said before anything is made."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants to take away: an order, and the state that it is of.

    Parameters
    ----------
    only
        Keys of the rows that they selected; None for those that the query finds, or all.
    """

    layer: str
    format: str
    crs: str | None
    encoding: str | None
    scenario: str
    revision: int | None
    query: str = ""
    only: tuple[str, ...] | None = None


def board(say: Text) -> None:
    """The choices on the left; on the right what the format is, what was made and what it lost."""
    left, right = st.columns([38, 62], gap="large")
    with left, st.container(key="handing-out", gap="small"):
        wish = _choices(say)
    with right, st.container(key="side"):
        if wish is not None:
            offer(wish, say, "out")
        st.html(_about(FORMATS[st.session_state["out-format"]], say))


def _choices(say: Text) -> Wish | None:
    """Everything that can be chosen; None while something is missing."""
    layer = st.selectbox(
        say("download_layer"), LAYERS_OUT, format_func=lambda one: layer_word(one, say), key="out-layer"
    )
    state = _state(say)
    query = ""
    if layer in ("parcels", "remaining"):
        query = st.text_input(
            say("out_query"), key=f"out-query-{say.language}", placeholder=say("out_query_hint"), max_chars=200
        )
    can = formats_for(layer)
    format_ = st.selectbox(
        say("download_format"), can, format_func=lambda one: say(f"format_{one}"), key="out-format"
    )
    form = FORMATS[format_]
    crs = _crs(form, say, "out")
    encoding = _encoding(form, say, "out")
    if crs == "":
        return None
    return Wish(layer, format_, crs, encoding, *state, query.strip())


def _state(say: Text) -> tuple[str, int | None]:
    """The branch, and the revision of it; the newest where none is said."""
    with store().reading() as tx:
        branches, last = [one.name for one in tx.scenarios()], tx.revision()
    which, when = st.columns([60, 40])
    branch = which.selectbox(
        say("scenario"),
        branches,
        index=branches.index(scenario()) if scenario() in branches else 0,
        format_func=lambda one: called(one, say),
        key=f"out-branch-{scenario()}",
    )
    number = when.number_input(
        say("out_revision"),
        min_value=0,
        max_value=max(0, last),
        value=as_of(),
        step=1,
        placeholder=say("out_newest"),
        help=say("out_revision_hint"),
        key=f"out-revision-{scenario()}-{as_of()}",
    )
    return str(branch), None if number is None else int(number)


def _crs(form: Format, say: Text, key: str) -> str | None:
    """What was chosen: a code or a definition; None for what is usual, empty while a definition is missing."""
    if form.where in ("none", "degrees"):
        st.selectbox(
            say("out_crs"), [form.where], format_func=lambda one: say(f"out_crs_{one}"),
            key=f"{key}-crs-{form.where}", disabled=True,
        )  # fmt: skip
        return None
    usual = say("out_crs_zone") if form.key == "txt" else say("out_crs_usual", crs=present().crs)
    offered = [code for code in OFFERED if form.where == "any" or not crs_.parse(code).is_geographic]
    crs = st.selectbox(
        say("out_crs"),
        ["", *offered, _OTHER],
        format_func=lambda one: say(f"crs_{one.removeprefix('EPSG:')}") if one else usual,
        key=f"{key}-crs-{form.where}",
    )
    if crs != _OTHER:
        return crs or None
    pasted = st.text_area(
        say("out_definition"),
        key=f"{key}-definition",
        placeholder=say("out_definition_hint"),
        height=90,
        max_chars=8000,
    )
    return (pasted or "").strip()


def _encoding(form: Format, say: Text, key: str) -> str | None:
    if not form.encoding:
        return None
    return st.radio(
        say("download_encoding"),
        ENCODINGS,
        index=ENCODINGS.index(form.encoding),
        format_func=lambda one: say(f"encoding_{one}"),
        key=f"{key}-encoding-{form.key}",
    )


def offer(wish: Wish, say: Text, key: str) -> None:
    """The button that makes the file; while it is made, how far it is and how to stop it; then its losses, and it."""
    made, trouble = None, None
    try:
        made = _made(wish, say, key)
    except ChengzaiError as error:
        trouble = error
    if made is None:
        if trouble is None and mark_of(key) is not None:
            return
        if trouble is not None:
            stop_work(key)
        st.button(
            say("prepare"), key=f"{key}-prepare", type="primary", width="stretch", on_click=_go, args=(wish, key)
        )
        if isinstance(trouble, Cancelled):
            st.html(note("hint", say("out_stopped")))
        elif trouble is not None:
            explain(trouble)
        return
    st.download_button(
        say("download", name=made.name),
        made.content,
        made.name,
        "application/octet-stream",
        key=f"{key}-take",
        type="primary",
        width="stretch",
        on_click="ignore",
    )
    st.html(report(made, say))
    if wish.revision is None and _head(wish) != made.revision:
        st.html(note("hint", say("out_newer", number=made.revision)))
        st.button(say("prepare_again"), key=f"{key}-again", on_click=_go, args=(wish, key))


def quick(
    say: Text,
    key: str,
    layers: Sequence[str],
    formats: Sequence[str],
    *,
    only: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> None:
    """What the page before one's eyes shows, as a file in the formats that are asked for most; the rest is elsewhere.

    Parameters
    ----------
    layers
        What can be taken; one leaves nothing to choose.
    only
        Layer to the keys of the rows that the page shows of it; all of a layer that is not named.
    """
    st.html(tag("div", say("downloads"), css="cz-h"))
    layer = layers[0]
    if len(layers) > 1:
        layer = st.selectbox(
            say("download_layer"), layers, format_func=lambda one: layer_word(one, say), key=f"{key}-layer"
        )
    format_ = st.selectbox(
        say("download_format"),
        formats,
        format_func=lambda one: say(f"format_{one}"),
        key=f"{key}-format-{say.language}",  # a browser keeps the words of the language before
    )
    offer(Wish(layer, format_, None, None, scenario(), as_of(), only=only.get(layer)), say, key)
    st.session_state.setdefault("exchange-way", "export")
    st.page_link(str(Path(__file__).parent / "page.py"), label=say("more_formats"))


def selection(say: Text, only: tuple[str, ...]) -> None:
    """Parcels that were selected on a map, as a file in any format, with the accounts or without."""
    st.html(tag("div", say("take_count", count=f"{len(only):,}"), css="cz-hint"))
    layer = st.selectbox(
        say("download_layer"),
        ("parcels", "remaining"),
        format_func=lambda one: layer_word(one, say),
        key="take-layer",
    )
    format_ = st.selectbox(
        say("download_format"), formats_for(layer), format_func=lambda one: say(f"format_{one}"), key="take-format"
    )
    form = FORMATS[format_]
    crs, encoding = _crs(form, say, "take"), _encoding(form, say, "take")
    if crs != "":
        offer(Wish(layer, format_, crs, encoding, scenario(), as_of(), only=only), say, "take")


def _go(wish: Wish, key: str) -> None:
    """Begin to make a file; the state is the one of now."""
    place = store()

    def act(progress: Progress) -> Bundle:
        with place.reading() as tx:
            state = tx.workspace(wish.scenario, *([] if wish.revision is None else [wish.revision]))
        return bundled(state, order_of(wish, state), progress.step)

    begin(key, wish, act)


def _made(wish: Wish, say: Text, key: str) -> Bundle | None:
    """What was made of a wish; None where nobody asked for it, or while it is made.

    Raises
    ------
    ChengzaiError
        Why it cannot be made; `Cancelled` where somebody stopped it.
    """
    known = mark_of(key)
    if known is None:
        return None
    if known != wish:
        stop_work(key)
        return None
    made: Bundle | None = waited(key, say)
    return made


def _head(wish: Wish) -> int:
    with store().reading() as tx:
        return tx.scenario(wish.scenario).head


def order_of(wish: Wish, workspace: Workspace) -> Order:
    """The order of a wish; a query becomes the keys that it finds.

    Raises
    ------
    QueryRefused
    """
    only = wish.only
    if wish.query and wish.layer in ("parcels", "remaining"):
        only = keys(workspace, wish.query)
    return Order("", wish.layer, wish.format, wish.crs, wish.encoding, only=only)


def layer_word(layer: str, say: Text) -> str:
    """A layer as people call it."""
    return layer_name(layer, say) if layer in LAYERS else say(f"layer_{layer}")


def _about(form: Format, say: Text) -> Markup:
    """What a format keeps, what it costs, and which files come."""
    told = ("for", "keeps", "files", *(("limit",) if form.key in _LIMITED else ()))
    rows = [Row(say(f"about_{what}"), (say(f"{what}_{form.key}"),)) for what in told]
    return tag("div", tag("div", form.name, css="cz-h"), table(("", ""), rows, css="cz-headless"), css="cz-format")
