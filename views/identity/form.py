"""The page for signing in, as HTML: one form to enter, one to set a password."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from layers.people import SHORTEST
from spatial.errors import ChengzaiError, tell
from views.markup import Markup, join, note, tag
from views.text import Text

SIGN_IN = "/sign-in"
_LOOK = Path(__file__).parent.parent / "look"
_ENTER = (("name", "text", "username"), ("password", "password", "current-password"))
_SET = (
    ("name", "text", "username"),
    ("password", "password", "one-time-code"),
    ("fresh", "password", "new-password"),
    ("again", "password", "new-password"),
)


@dataclass(frozen=True)
class Sheet:
    """What the page is asked for.

    Parameters
    ----------
    next, place
        Where to go once signed in, and the short name of the workspace.
    entered
        What was entered before, without passwords.
    refusal
        Why that was refused.
    """

    say: Text
    next: str
    place: str
    entered: Mapping[str, str] = field(default_factory=dict)
    refusal: ChengzaiError | None = None


def drawn(sheet: Sheet, seal: str, workspace: str) -> str:
    """The whole page.

    Parameters
    ----------
    seal
        Shows that a form comes from this page.
    workspace
        Name of the workspace; empty where it is not known.
    """
    say = sheet.say
    refusal = tell(sheet.refusal, say.language) if sheet.refusal else None
    said = [note("refused", refusal["message"], refusal["cure"])] if refusal else []
    other = {"language": "en" if say.language == "zh-CN" else "zh-CN", "next": sheet.next, "place": sheet.place}
    mark = "mark-zh.svg" if say.language == "zh-CN" else "mark-en.svg"
    main = tag(
        "main",
        Markup((_LOOK / mark).read_text(encoding="utf-8")),
        tag("h1", say("sign_in_to", workspace=workspace) if workspace else say("sign_in")),
        *said,
        _form("enter", _ENTER, sheet, seal),
        tag(
            "details",
            tag("summary", say("set_password")),
            tag("p", say("set_password_hint", shortest=SHORTEST)),
            _form("set", _SET, sheet, seal),
            **({"open": "open"} if sheet.entered.get("act") == "set" else {}),
        ),
        tag("a", say("other_language"), href=f"{SIGN_IN}?{urlencode(other)}", lang=other["language"]),
    )
    return f"<!doctype html>{tag('html', _head(say), tag('body', main), lang=say.language)}"


def _head(say: Text) -> Markup:
    style = (_LOOK / "sign-in.css").read_text(encoding="utf-8")
    meta = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,">'
    )
    return tag(
        "head", Markup(meta), tag("title", f"{say('sign_in')} · {say('product')}"), tag("style", Markup(style))
    )


def _form(act: str, fields: tuple[tuple[str, str, str], ...], sheet: Sheet, seal: str) -> Markup:
    say = sheet.say
    kept = {"seal": seal, "next": sheet.next, "place": sheet.place, "language": say.language, "act": act}
    parts = [_box(type="hidden", name=name, value=value) for name, value in kept.items()]
    for name, kind, purpose in fields:
        value = sheet.entered.get("name", "") if name == "name" else ""
        word = say("field_proof" if (act, name) == ("set", "password") else f"field_{name}")
        box = _box(type=kind, name=name, value=value, autocomplete=purpose, maxlength="1024", required="required")
        parts.append(tag("label", tag("span", word), box))
    button = tag("button", say("sign_in" if act == "enter" else "set_and_enter"), type="submit")
    return tag("form", join(parts), button, method="post", action=SIGN_IN)


def _box(**attributes: str) -> Markup:
    """An input; it is an element without an end."""
    return Markup(tag("input", **attributes).removesuffix("</input>"))
