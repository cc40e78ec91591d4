"""The gate and the page for signing in, asked over HTTP as a browser or somebody else would."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from layers import people, stores
from layers.changes import Actor
from layers.errors import WorkspaceMissing
from layers.workspace import Workspace
from tests.asking import Answer, ask
from views.identity.accounts import Accounts
from views.identity.contract import Identity
from views.identity.door import Door
from views.identity.gate import Gate
from views.identity.proxy import Proxy
from views.identity.seats import Seats
from views.identity.single import Single

PASS = "four plain words here"
HOST = {"host": "127.0.0.1:8501"}
FROM_US = {**HOST, "origin": "http://127.0.0.1:8501", "sec-fetch-site": "same-origin"}
PAGE = {**HOST, "accept": "text/html,*/*"}
GUARDED = ("/", "/people", "/_stcore/upload_file/a/b", "/_stcore/metrics", "/media/a.csv", "/map/state.json", "/none")


@pytest.fixture
def place(tmp_path: Path, world: Workspace) -> Path:
    """A workspace with one person."""
    stores.create(tmp_path / "w.gpkg", world)
    store = stores.open_store(tmp_path / "w.gpkg")
    people.set_password(store, "wang", people.add(store, Actor("root", "operator"), "wang", "admin"), PASS)
    return tmp_path / "w.gpkg"


def site(identity: Identity, place: Path, *, secure: bool = False) -> Starlette:
    """A server whose every address answers, behind the gate and with the door."""

    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()

    def named(name: str) -> Path:
        if name:
            raise WorkspaceMissing(where=name, path=name)
        return place

    def inside(request: Request) -> PlainTextResponse:
        return PlainTextResponse("inside")

    door = Door(lambda: identity, named, "zh-CN", secure=secure)
    routes = [*door.routes(), WebSocketRoute("/_stcore/stream", socket), Route("/{path:path}", inside)]
    return Starlette(routes=routes, middleware=[Middleware(Gate, lambda: identity, lambda: place)])


@pytest.fixture
def app(place: Path) -> Starlette:
    return site(Accounts(Seats(), "seat", Single("me", alone=True)), place)


def cookie(answer: Answer, name: str) -> str:
    found = [re.match(rf"{re.escape(name)}=([^;]+)", one) for one in answer.set_cookies]
    return next(one[1] for one in found if one)


def form(app: Starlette) -> tuple[str, str]:
    """The cookie and the seal of a fresh page."""
    page = ask(app, "/sign-in", PAGE)
    seal = re.search(rb'name="seal" value="([^"]+)"', page.body)
    assert seal
    return cookie(page, "chengzai-form"), seal[1].decode()


def enter(app: Starlette, headers: dict[str, str] | None = None, **entered: str) -> Answer:
    mark, seal = form(app)
    told = {"seal": seal, "act": "enter", "name": "wang", "password": PASS} | entered
    sent = {**FROM_US, "cookie": f"chengzai-form={mark}"} | (headers or {})
    return ask(app, "/sign-in", sent, urlencode(told).encode())


@pytest.mark.parametrize("address", GUARDED)
def test_who_is_not_signed_in_gets_nothing(app: Starlette, address: str) -> None:
    assert ask(app, address, HOST).status == 403
    assert ask(app, address, {**HOST, "cookie": "seat=guess"}).status == 403
    page = ask(app, address, PAGE)
    assert (page.status, page.headers["location"]) == (303, f"/sign-in?next={address}")


def test_who_is_not_signed_in_gets_no_websocket(app: Starlette) -> None:
    assert ask(app, "/_stcore/stream", HOST, kind="websocket").status == 1008
    assert ask(app, "/_stcore/stream", {**HOST, "cookie": "seat=guess"}, kind="websocket").status == 1008


def test_signing_in_opens_everything_and_leads_to_where_one_was_going(app: Starlette) -> None:
    answer = enter(app, next="/people?language=en")
    assert (answer.status, answer.headers["location"]) == (303, "/people?language=en")
    set_ = next(one for one in answer.set_cookies if one.startswith("seat="))
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(set_.split("; ")[1:])
    here = {**HOST, "cookie": f"seat={cookie(answer, 'seat')}"}
    assert all(ask(app, address, here).body == b"inside" for address in GUARDED)
    assert ask(app, "/_stcore/stream", here, kind="websocket").status == 101


def test_with_https_the_cookies_stay_on_it(place: Path) -> None:
    app = site(Accounts(Seats(), "__Host-chengzai-1", None), place, secure=True)
    page = ask(app, "/sign-in", PAGE)
    assert cookie(page, "__Host-chengzai-form") and "Secure" in page.set_cookies[0]


def test_a_token_is_new_with_every_signing_in(app: Starlette) -> None:
    planted = enter(app, {"cookie": f"chengzai-form={form(app)[0]}; seat=planted"})
    assert planted.status == 403, "the form belongs to another cookie"
    first = cookie(enter(app), "seat")
    mark, seal = form(app)
    told = urlencode({"seal": seal, "act": "enter", "name": "wang", "password": PASS}).encode()
    again = ask(app, "/sign-in", {**FROM_US, "cookie": f"chengzai-form={mark}; seat={first}"}, told)
    assert cookie(again, "seat") not in (first, "planted")
    assert ask(app, "/", {**HOST, "cookie": f"seat={first}"}).status == 403
    assert ask(app, "/", {**HOST, "cookie": "seat=planted"}).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://127.0.0.1:8502"},
        {"sec-fetch-site": "cross-site"},
        {"cookie": ""},
        {"cookie": "chengzai-form=planted"},
    ],
)
def test_a_form_of_another_site_is_refused(app: Starlette, headers: dict[str, str]) -> None:
    answer = enter(app, headers)
    assert answer.status == 403 and not any(one.startswith("seat=") for one in answer.set_cookies)


@pytest.mark.parametrize("seal", ["", "guess", "é"])
def test_a_form_without_our_seal_is_refused(app: Starlette, seal: str) -> None:
    assert enter(app, seal=seal).status == 403


def test_every_wrong_try_reads_the_same(app: Starlette, place: Path) -> None:
    people.add(stores.open_store(place), Actor("wang", "local"), "li", "viewer")
    pages = {
        re.sub(rb'value="[^"]*"', b"", answer.body)
        for answer in (enter(app, name="wang", password="no"), enter(app, name="nobody"), enter(app, name="li"))
    }
    assert len(pages) == 1 and "用户名或密码不正确" in pages.pop().decode()


def test_a_password_never_comes_back(app: Starlette) -> None:
    answer = enter(app, password="some secret of mine")
    assert b"some secret" not in answer.body and b'value="wang"' in answer.body
    assert answer.headers["cache-control"] == "no-store"


def test_the_first_password_by_code(app: Starlette, place: Path) -> None:
    code = people.add(stores.open_store(place), Actor("wang", "local"), "li", "viewer")
    said = {"act": "set", "name": "li", "password": code, "fresh": "brand new phrase"}
    differ = enter(app, **said, again="brand new phrases")
    assert differ.status == 403 and "两次输入的新密码不同" in differ.body.decode() and b" open=" in differ.body
    assert enter(app, **said, again="brand new phrase").status == 303
    assert enter(app, name="li", password="brand new phrase").status == 303


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=1",
        "/sign-in",
    ],
)
def test_nobody_is_led_away(app: Starlette, address: str) -> None:
    answer = enter(app, next=address)
    assert (answer.status, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', "{{7*7}}", "</title><b>"])
def test_text_of_others_never_becomes_markup(app: Starlette, text: str) -> None:
    for answer in (
        enter(app, name=text),
        ask(app, f"/sign-in?{urlencode({'next': '/' + text, 'place': text})}", PAGE),
    ):
        body = answer.body.decode()
        assert "<script" not in body and "49" not in re.sub('value="[^"]*"', "", body) and "<b>" not in body


def test_the_page_runs_no_script_and_is_no_frame(app: Starlette) -> None:
    policy = ask(app, "/sign-in", PAGE).headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "script-src" not in policy
    inside = ask(app, "/", {**HOST, "cookie": f"seat={cookie(enter(app), 'seat')}"})
    assert inside.headers["content-security-policy"] == "frame-ancestors 'self'"
    assert inside.headers["x-content-type-options"] == "nosniff"


def test_the_page_speaks_both_languages(app: Starlette) -> None:
    assert "登录" in ask(app, "/sign-in", PAGE).body.decode()
    english = ask(app, "/sign-in?language=en", PAGE).body.decode()
    assert "Sign in" in english and not re.search("[\u4e00-\u9fff]", english.split("<main>")[1].replace("中文", ""))


def test_a_form_that_does_not_end_is_cut_off(app: Starlette) -> None:
    assert enter(app, password="x" * 20_000).status == 413


def test_without_people_there_is_no_gate(app: Starlette, place: Path) -> None:
    people.remove(stores.open_store(place), Actor("root", "operator"), "wang")
    assert ask(app, "/", HOST).body == b"inside"
    assert ask(app, "/", {**HOST, "x-forwarded-for": "10.0.0.7"}).status == 403


def test_what_did_not_come_by_the_proxy_is_shut_out_of_everything(place: Path) -> None:
    app = site(Proxy(Seats(), "x-remote-user", "s" * 32, alone=True), place)
    direct = {**PAGE, "x-remote-user": "wang"}
    by_proxy = {**direct, "x-chengzai-proxy": "s" * 32}
    for address in GUARDED:
        assert ask(app, address, direct).status == 403 and ask(app, address, by_proxy).body == b"inside"
    assert ask(app, "/_stcore/stream", direct, kind="websocket").status == 1008
    assert ask(app, "/_stcore/stream", by_proxy, kind="websocket").status == 101
    assert enter(app).status == 403, "there is nothing to sign in to"
