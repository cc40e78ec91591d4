"""Four ways of knowing who somebody is, each with what must not pass for it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from layers import keeping, people, stores
from layers.changes import Actor
from layers.workspace import Workspace
from views.identity.accounts import Accounts
from views.identity.chosen import made, once
from views.identity.contract import Visit
from views.identity.provider import Provider
from views.identity.proxy import Proxy
from views.identity.seats import Seats
from views.identity.single import Single
from views.settings import Settings

OPERATOR = Actor("root", "operator")
PASS = "four plain words here"
SECRET = "s" * 32
PLACE = Path("here.gpkg")


@pytest.fixture
def place(tmp_path: Path, world: Workspace) -> Path:
    stores.create(tmp_path / "w.gpkg", world)
    return tmp_path / "w.gpkg"


@pytest.fixture
def accounts() -> Accounts:
    return Accounts(Seats(), "cookie", Single("me", alone=True))


def joined(place: Path, name: str = "wang", role: str = "admin") -> None:
    store = stores.open_store(place)
    people.set_password(store, name, people.add(store, OPERATOR, name, role), PASS)


# -- one person


def test_one_person_of_one_machine() -> None:
    assert Single("me", alone=True).actor(Visit(), PLACE) == Actor("me", "single")
    assert Single("me", alone=True).door(Visit(), PLACE) == "open"


@pytest.mark.parametrize("header", ["forwarded", "x-forwarded-for", "x-real-ip"])
def test_whoever_comes_from_another_machine_is_nobody(header: str) -> None:
    visit = Visit(headers={header: "10.0.0.7"})
    assert Single("me", alone=True).actor(visit, PLACE) is None
    assert Single("me", alone=True).door(visit, PLACE) == "shut"
    assert Single("me", alone=False).actor(Visit(), PLACE) is None


# -- accounts


def test_there_is_no_ceremony_without_people_and_no_way_around_it_with_them(accounts: Accounts, place: Path) -> None:
    assert accounts.actor(Visit(), place) == Actor("me", "single") and accounts.door(Visit(), place) == "open"
    joined(place)
    assert accounts.actor(Visit(), place) is None and accounts.door(Visit(), place) == "form"
    people.remove(stores.open_store(place), OPERATOR, "wang")
    assert accounts.actor(Visit(), place) == Actor("me", "single")


def test_where_others_can_reach_the_server_nobody_is_the_one_person(place: Path) -> None:
    shared = Accounts(Seats(), "cookie", None)
    assert shared.actor(Visit(), place) is None and shared.door(Visit(), place) == "form"


def test_signing_in_is_for_one_workspace(accounts: Accounts, place: Path, tmp_path: Path, world: Workspace) -> None:
    joined(place)
    stores.create(tmp_path / "other.gpkg", world)
    joined(tmp_path / "other.gpkg")
    visit = Visit(cookies={"cookie": accounts.sign_in(Visit(), place, "wang", PASS)})
    assert accounts.actor(visit, place) == Actor("wang", "local")
    assert accounts.actor(visit, tmp_path / "other.gpkg") is None


def test_a_copy_and_what_somebody_made_know_their_password(
    accounts: Accounts, place: Path, tmp_path: Path, world: Workspace
) -> None:
    joined(place)
    joined(place, "li", "planner")
    visit = Visit(cookies={"cookie": accounts.sign_in(Visit(), place, "li", PASS)})
    keeping.back_up(place, tmp_path / "copy.gpkg")
    stores.create(tmp_path / "made.gpkg", world)
    people.carry(stores.open_store(place), Actor("li", "local"), stores.open_store(tmp_path / "made.gpkg"))
    for path, role in ((tmp_path / "copy.gpkg", "planner"), (tmp_path / "made.gpkg", "admin")):
        actor = accounts.actor(visit, path)
        assert actor == Actor("li", "local")
        with stores.open_store(path).reading() as tx:
            assert people.role_of(tx, actor) == role
    people.set_password(stores.open_store(tmp_path / "copy.gpkg"), "li", PASS, "another long phrase")
    assert accounts.actor(visit, tmp_path / "copy.gpkg") is None


@pytest.mark.parametrize(
    "act",
    [
        lambda store: people.new_code(store, OPERATOR, "li"),
        lambda store: people.set_password(store, "li", PASS, "another long phrase"),
        lambda store: (people.remove(store, OPERATOR, "li"), people.add(store, OPERATOR, "li", "admin")),
    ],
    ids=["new code", "new password", "another of that name"],
)
def test_with_the_password_the_seats_go(accounts: Accounts, place: Path, act: Any) -> None:
    joined(place)
    joined(place, "li", "planner")
    visit = Visit(cookies={"cookie": accounts.sign_in(Visit(), place, "li", PASS)})
    assert accounts.actor(visit, place) == Actor("li", "local")
    act(stores.open_store(place))
    assert accounts.actor(visit, place) is None


def test_whose_role_is_gone_is_named_for_the_log_and_has_no_role(accounts: Accounts, place: Path) -> None:
    joined(place)
    joined(place, "li", "planner")
    visit = Visit(cookies={"cookie": accounts.sign_in(Visit(), place, "li", PASS)})
    people.remove(stores.open_store(place), OPERATOR, "li")
    actor = accounts.actor(visit, place)
    assert actor == Actor("li", "local")
    with stores.open_store(place).reading() as tx:
        assert people.role_of(tx, actor) is None


def test_signing_out_everywhere(accounts: Accounts, place: Path) -> None:
    joined(place)
    one, other = (Visit(cookies={"cookie": accounts.sign_in(Visit(), place, "wang", PASS)}) for _ in range(2))
    accounts.leave(one)
    assert accounts.actor(one, place) is None and accounts.actor(other, place)
    third = Visit(cookies={"cookie": accounts.sign_in(Visit(), place, "wang", PASS)})
    accounts.leave(third, everywhere=True)
    assert accounts.actor(other, place) is None and accounts.actor(third, place) is None


# -- a provider

CLAIMS: dict[str, Any] = {"iss": "https://id.example", "aud": "chengzai", "preferred_username": "wang"}


def provider(started: float = 0.0) -> Provider:
    return Provider(Seats(), "https://id.example", "chengzai", "preferred_username", started)


def said(cookie: str = "signed", **claims: Any) -> Visit:
    return Visit(cookies={"_streamlit_user": cookie}, claims=CLAIMS | {"iat": time.time()} | claims)


def test_a_provider_says_who_it_is_and_nothing_more() -> None:
    house = provider()
    assert house.actor(said(role="admin", groups=["admin"], roles=["admin"]), PLACE) == Actor("wang", "oidc")
    only_cookie = Visit(cookies={"_streamlit_user": "signed"})
    assert house.actor(only_cookie, PLACE) == Actor("wang", "oidc"), "the map's addresses see the cookie alone"
    assert provider().actor(only_cookie, PLACE) is None, "which means nothing before the pages saw the claims"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": "https://id.example/"},
        {"iss": None},
        {"aud": "other"},
        {"aud": ["other"]},
        {"aud": None},
        {"aud": ["chengzai", "other"]},
        {"aud": ["chengzai", "other"], "azp": "other"},
        {"preferred_username": ""},
        {"preferred_username": None},
        {"preferred_username": ["wang"]},
        {"iat": None},
        {"iat": time.time() - 13 * 3600},
        {"iat": time.time() + 3600},
    ],
)
def test_claims_of_others_and_old_ones_are_nobody_s(claims: dict[str, Any]) -> None:
    assert provider().actor(said(**claims), PLACE) is None


def test_an_audience_among_others_needs_to_be_the_one_that_asked() -> None:
    assert provider().actor(said(aud=["chengzai", "other"], azp="chengzai"), PLACE)


def test_a_provider_that_is_not_named_lets_nobody_in() -> None:
    assert Provider(Seats(), "", "", "preferred_username", 0.0).actor(said(iss="", aud=""), PLACE) is None


def test_an_address_of_mail_has_to_be_proven() -> None:
    house = Provider(Seats(), "https://id.example", "chengzai", "email", 0.0)
    assert house.actor(said(email="wang@x.example"), PLACE) is None
    assert house.actor(said("other", email="wang@x.example", email_verified=True), PLACE)


def test_a_restart_signs_everybody_out() -> None:
    assert provider(started=time.time() + 600).actor(said(), PLACE) is None


def test_leaving_a_provider_s_session_is_for_good() -> None:
    house = provider()
    assert house.actor(said(), PLACE)
    house.leave(said())
    assert house.actor(said(), PLACE) is None and house.actor(said("a new one"), PLACE)


def test_long_cookies_come_in_pieces() -> None:
    house = provider()
    pieces = {"_streamlit_user": "a", "_streamlit_user_1": "b", "_streamlit_user_tokens": "x"}
    claims = CLAIMS | {"iat": time.time()}
    assert house.actor(Visit(cookies=pieces, claims=claims), PLACE)
    assert house.actor(Visit(cookies=pieces | {"_streamlit_user_tokens": "y"}), PLACE)
    assert house.actor(Visit(cookies=pieces | {"_streamlit_user_1": "c"}), PLACE) is None


# -- a proxy


def proxied(key: str = "", **headers: str) -> Visit:
    given = {"x-remote-user": "wang", "x-chengzai-proxy": SECRET, "sec-websocket-key": key}
    told = given | {name.replace("_", "-"): value for name, value in headers.items()}
    return Visit(headers={name: value for name, value in told.items() if value})


def test_a_proxy_names_whom_it_let_in() -> None:
    house = Proxy(Seats(), "x-remote-user", SECRET, alone=True)
    assert house.actor(proxied("k"), PLACE) == Actor("wang", "proxy") and house.door(proxied(), PLACE) == "open"
    chinese = "王".encode().decode("latin-1")
    assert house.actor(proxied("k2", x_remote_user=chinese), PLACE) == Actor("王", "proxy")


@pytest.mark.parametrize(
    "visit",
    [
        proxied(x_chengzai_proxy=""),
        proxied(x_chengzai_proxy="wrong" * 8),
        proxied(x_chengzai_proxy=SECRET + "s"),
        proxied(x_chengzai_proxy="é" * 32),
        proxied(x_remote_user=""),
        Visit(cookies={"x-remote-user": "wang", "x-chengzai-proxy": SECRET}),
    ],
)
def test_whoever_is_not_the_proxy_is_shut_out(visit: Visit) -> None:
    house = Proxy(Seats(), "x-remote-user", SECRET, alone=True)
    assert house.actor(visit, PLACE) is None and house.door(visit, PLACE) == "shut"


@pytest.mark.parametrize(("secret", "alone"), [(SECRET, False), ("", True), ("short", True)])
def test_a_proxy_without_a_secret_or_a_server_that_others_reach_lets_nobody_in(secret: str, alone: bool) -> None:
    house = Proxy(Seats(), "x-remote-user", secret, alone)
    assert house.actor(proxied(x_chengzai_proxy=secret), PLACE) is None


def test_a_connection_by_the_proxy_ends_when_it_is_left() -> None:
    house = Proxy(Seats(), "x-remote-user", SECRET, alone=True)
    assert house.actor(proxied("one"), PLACE) and house.actor(proxied("two"), PLACE)
    house.leave(proxied("one"), everywhere=True)
    assert house.actor(proxied("one"), PLACE) is None and house.actor(proxied("two"), PLACE) is None


def test_a_header_that_was_sent_twice_counts_as_none() -> None:
    assert once([("x-remote-user", "wang"), ("x-remote-user", "admin"), ("host", "a")]) == {"host": "a"}


# -- which


def test_the_settings_choose() -> None:
    def chosen(**told: str) -> Any:
        return made(Settings.read({f"CHENGZAI_{name}": value for name, value in told.items()}), alone=True, port=8501)

    assert isinstance(chosen(), Accounts) and chosen().alone == Single("本机", alone=True)
    assert chosen(SHARED="1").alone is None
    assert chosen().cookie == "chengzai-8501" and chosen(SECURE="1").cookie == "__Host-chengzai-8501"
    assert isinstance(chosen(IDENTITY="oidc"), Provider) and isinstance(chosen(IDENTITY="proxy"), Proxy)
    assert SECRET not in repr(Settings.read({"CHENGZAI_PROXY_SECRET": SECRET}))
