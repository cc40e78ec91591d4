"""A client that speaks the protocol of the screens itself: it sends what no page would send."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect

_KINDS = (
    "button",
    "selectbox",
    "text_input",
    "number_input",
    "checkbox",
    "radio",
    "button_group",
    "component_instance",
)

_OWN = re.compile("switch-language|sign-out|save-shown")
"""Buttons that concern only whoever presses them."""


def sign_in(address: str, name: str, password: str) -> str:
    """The cookie of somebody who fills in the page for signing in."""
    opener = urllib.request.build_opener(_Stay())
    with opener.open(f"{address}/sign-in") as page:
        seal = re.search(r'name="seal" value="([^"]+)"', page.read().decode())
        mark = page.headers["set-cookie"].split(";")[0]
    assert seal
    told = urllib.parse.urlencode({"seal": seal[1], "act": "enter", "name": name, "password": password}).encode()
    asked = urllib.request.Request(f"{address}/sign-in", told, {"Cookie": mark, "Origin": address})
    try:
        opener.open(asked)
    except urllib.error.HTTPError as answer:
        assert answer.code == 303, answer.read()
        return str(answer.headers["set-cookie"]).split(";")[0]
    raise AssertionError("signing in leads on")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


@dataclass
class Wire:
    """A session of the screens without a browser.

    Parameters
    ----------
    widgets
        Every widget that was drawn on the present page, by its id, with its fragment.
    said
        The HTML that was drawn.
    heard
        Every byte that came.
    """

    socket: ClientConnection
    pages: dict[str, str] = field(default_factory=dict)
    widgets: dict[str, tuple[str, Any, str]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    heard: bytearray = field(default_factory=bytearray, repr=False)
    page: str = ""

    @classmethod
    def connect(cls, address: str, cookie: str = "") -> Wire:
        """Connect as the holder of a cookie."""
        headers = {"Cookie": cookie, "Origin": address} if cookie else {"Origin": address}
        place = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
        return cls(connect(place, additional_headers=headers, subprotocols=["streamlit"], max_size=None, legacy=True))  # type: ignore[list-item]

    def open(self, page: str = "") -> None:
        """Go to a page by its address."""
        self.page = page
        self.widgets.clear()
        self.send({})

    def send(self, values: Mapping[str, WidgetState], fragment: str = "") -> None:
        """Run the script with the values of widgets, and hear everything that it draws."""
        message = BackMsg()
        message.rerun_script.query_string = ""
        message.rerun_script.page_script_hash = self.pages.get(self.page, "")
        message.rerun_script.fragment_id = fragment
        message.rerun_script.widget_states.widgets.extend(values.values())
        message.rerun_script.context_info.timezone = "UTC"
        self.said.clear()
        self.socket.send(message.SerializeToString())
        for heard in self._heard():
            kind = heard.WhichOneof("type")
            if kind == "navigation":
                self.pages = {one.url_pathname: one.page_script_hash for one in heard.navigation.app_pages}
            elif kind == "delta" and heard.delta.WhichOneof("type") == "new_element":
                self._draw(heard.delta)
            elif kind == "script_finished":
                return

    def _heard(self) -> Iterator[ForwardMsg]:
        while True:
            message = ForwardMsg()
            content = self.socket.recv(timeout=60)
            assert isinstance(content, bytes)
            self.heard += content
            message.ParseFromString(content)
            yield message

    def _draw(self, delta: Any) -> None:
        kind = delta.new_element.WhichOneof("type")
        element = getattr(delta.new_element, kind)
        if kind == "html":
            self.said.append(element.body)
        if kind in _KINDS and element.id:
            self.widgets[element.id] = (kind, element, delta.fragment_id)

    def press(self, button: str, *, whole: bool = False) -> None:
        """Click a button, with every other widget filled in, whether or not a page would let one.

        Parameters
        ----------
        whole
            Have the whole page drawn anew and not the part that the button stands in.
        """
        values = self.filled()
        values[button] = WidgetState(id=button, trigger_value=True)
        self.send(values, "" if whole else self.widgets[button][2])

    def buttons(self) -> list[str]:
        """Buttons that do something to the workspace, drawn or disabled."""
        return [name for name, (kind, _, _) in self.widgets.items() if kind == "button" and not _OWN.search(name)]

    def filled(self) -> dict[str, WidgetState]:
        """A value for every widget that takes one: the first option, a word, what a number is anyway."""
        values = {}
        for name, (kind, element, _) in self.widgets.items():
            state = WidgetState(id=name)
            if kind == "selectbox" and element.options:
                state.string_value = element.options[0]
            elif kind == "text_input":
                state.string_value = "forged"
            elif kind == "number_input":
                state.double_value = element.default
            elif kind == "component_instance":
                state.json_value = '{"last_object_clicked": {"lat": 39.8, "lng": 116.3}, "chengzai": {"row": 0}}'
            else:
                continue
            values[name] = state
        return values

    def close(self) -> None:
        """Leave."""
        self.socket.close()
