"""Which identity this installation uses, and who is before the screen that is being drawn."""

from __future__ import annotations

import functools
import ipaddress
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import streamlit as st

from layers import people, stores
from layers.changes import Actor
from layers.stores.contract import Role
from views.identity.accounts import Accounts
from views.identity.contract import Identity, Visit
from views.identity.errors import NoRole, SignInNeeded
from views.identity.provider import Provider
from views.identity.proxy import Proxy
from views.identity.seats import Seats
from views.identity.single import Single
from views.settings import Settings, settings
from views.text import texts

_STARTED = time.time()


def made(told: Settings, *, alone: bool, port: int) -> Identity:
    """The identity that the settings name.

    Parameters
    ----------
    alone
        Whether the server listens to this machine only.
    port
        Port of the server: cookies of one machine are shared by its ports.
    """
    seats = Seats()
    if told.identity == "oidc":
        return Provider(seats, told.oidc_issuer, told.oidc_audience, told.oidc_claim, _STARTED)
    if told.identity == "proxy":
        return Proxy(seats, told.proxy_header.lower(), told.proxy_secret, alone)
    single = None if told.shared else Single(told.actor or texts("zh-CN")("single_person"), alone)
    # A browser keeps a cookie of this name only where the whole site is encrypted and it is set by this very host.
    cookie = f"__Host-chengzai-{port}" if told.secure else f"chengzai-{port}"
    return Accounts(seats, cookie, single)


@functools.lru_cache(maxsize=1)
def identity() -> Identity:
    """The identity of this process."""
    return made(settings(), alone=_loopback(st.get_option("server.address")), port=int(st.get_option("server.port")))


def visit() -> Visit:
    """What came with the connection of the screen that is being drawn."""
    headers = st.context.headers
    return Visit(
        cookies=st.context.cookies.to_dict(),
        headers=once((name.lower(), value) for name in headers for value in headers.get_all(name)),
        claims=dict(st.user) if st.user.get("is_logged_in") else {},
    )


def once(headers: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Headers by name, without those that were sent twice: nobody can say which one the proxy wrote."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name, []).append(value)
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def who(place: Path) -> Actor:
    """Who is before the screen; for nobody an actor without a name, to whom every service says no."""
    return identity().actor(visit(), place) or Actor("", "local")


def standing(place: Path) -> tuple[Actor, Role]:
    """Who is before the screen and what they may do now.

    Raises
    ------
    SignInNeeded, NoRole, WorkspaceMissing
    """
    return standing_of(identity(), visit(), place)


def standing_of(by: Identity, given: Visit, place: Path) -> tuple[Actor, Role]:
    """Who made a visit and what they may do now.

    Raises
    ------
    SignInNeeded, NoRole, WorkspaceMissing
    """
    actor = by.actor(given, place)
    if actor is None:
        raise SignInNeeded(where="session")
    with stores.open_store(place).reading() as tx:
        role = people.role_of(tx, actor)
    if role is None:
        raise NoRole(where=actor.name, name=actor.name)
    return actor, role


def _loopback(address: str | None) -> bool:
    try:
        return address == "localhost" or ipaddress.ip_address(address or "0.0.0.0").is_loopback  # noqa: S104
    except ValueError:
        return False
