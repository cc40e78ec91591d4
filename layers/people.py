"""People of a workspace: who has which role, passwords, and the one way to sign in.

A workspace without people is used by one person, who may do everything. From the first person on, who must be an
administrator, everybody signs in, and what they may do is read from the store in the transaction of each act.
"""

from __future__ import annotations

import contextlib
import datetime
import secrets
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from uuid import uuid4

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from layers.changes import Actor
from layers.errors import (
    CodeRefused,
    Denied,
    LastAdmin,
    NameRefused,
    PasswordRefused,
    PersonExists,
    PersonUnknown,
    RoleUnknown,
    SignInRefused,
)
from layers.roles import may
from layers.stores.contract import MAIN, ROLES, Event, Person, Reading, Role, Store, Writing

SHORTEST = 12
"""Characters of a password."""

SHORTEST_SECRET = 32
"""Characters of the secret with which a reverse proxy proves itself."""

FREE_TRIES = 5
"""Wrong passwords after which every further one makes the next try wait longer."""

_Make = Callable[[Person], Person | None]
_LONGEST_WAIT_S = 15 * 60
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def role_of(tx: Reading, actor: Actor) -> Role | None:
    """What somebody may do now; None for somebody without a role.

    Whom another house has let in has no role before one is given: the first administrator is made on the machine.
    """
    if actor.how == "operator":
        return "admin"
    people = tx.people()
    if not people:
        return None if actor.how in ("oidc", "proxy") else "admin"
    if actor.how == "single":
        return None
    found = next((one for one in people if one.name == actor.name), None)
    return found.role if found is not None and not found.disabled else None


def listed(store: Store) -> tuple[Person, ...]:
    """Everybody who has a role, by name."""
    with store.reading() as tx:
        return tx.people()


def add(store: Store, actor: Actor, name: str, role: str, display: str = "") -> str:
    """Give somebody a role; answers with the code with which they set their first password. It is shown only once.

    Raises
    ------
    Denied, NameRefused, RoleUnknown, PersonExists, LastAdmin
        LastAdmin where the first person of a workspace is to be no administrator.
    """
    plain, chosen = name_of(name), _role(role)
    code = _code()
    with _allowed(store, actor) as tx:
        if tx.person(plain) is not None:
            raise PersonExists(where=plain, name=plain)
        if not tx.people() and chosen != "admin":
            raise LastAdmin(where=plain)
        person = Person(plain, chosen, _shown(display), code=_HASHER.hash(_bare(code)), made_at=tx.now())
        tx.put_person(person)
        _log(tx, actor, "people", {"act": "add", "name": plain, "role": chosen})
    return code


def carry(store: Store, actor: Actor, into: Store) -> None:
    """Make whoever made a workspace its administrator, with the password that they have where they made it."""
    with store.reading() as tx:
        maker = tx.person(actor.name)
    if maker is None:
        return  # nobody signs in there
    with into.writing() as tx:
        tx.put_person(replace(maker, role="admin", made_at=tx.now()))
        _log(tx, actor, "people", {"act": "add", "name": maker.name, "role": "admin"})


def set_role(store: Store, actor: Actor, name: str, role: str) -> None:
    """Give somebody another role, from their next act on.

    Raises
    ------
    Denied, RoleUnknown, PersonUnknown, LastAdmin
    """
    chosen = _role(role)
    _change(store, actor, name, {"act": "role", "role": chosen}, lambda one: replace(one, role=chosen))


def disable(store: Store, actor: Actor, name: str, *, disabled: bool = True) -> None:
    """Shut somebody out without losing who they are, or let them in again.

    Raises
    ------
    Denied, PersonUnknown, LastAdmin
    """
    act = "disable" if disabled else "enable"
    _change(store, actor, name, {"act": act}, lambda one: replace(one, disabled=disabled))


def remove(store: Store, actor: Actor, name: str) -> None:
    """Take somebody's role and password away.

    Raises
    ------
    Denied, PersonUnknown, LastAdmin
    """
    _change(store, actor, name, {"act": "remove"}, lambda _: None)


def show_as(store: Store, actor: Actor, display: str) -> None:
    """Say how one's own name is to be shown.

    Raises
    ------
    PersonUnknown
    """
    with store.writing() as tx:
        found = tx.person(actor.name)
        if found is None or role_of(tx, actor) is None:
            raise PersonUnknown(where=actor.name[:64], name=actor.name[:64])
        tx.put_person(replace(found, display=_shown(display)))
        _log(tx, actor, "people", {"act": "show", "name": found.name})


def new_code(store: Store, actor: Actor, name: str) -> str:
    """A code with which somebody sets a new password; the old one is void at once.

    Raises
    ------
    Denied, PersonUnknown
    """
    code = _code()
    hashed = _HASHER.hash(_bare(code))
    _change(
        store,
        actor,
        name,
        {"act": "code"},
        lambda one: replace(one, secret="", code=hashed, failed=0, wait_until=""),
    )
    return code


def set_password(store: Store, name: str, proof: str, password: str) -> Person:
    """Set a password with a one-time code, which is spent by it, or with the present password.

    Raises
    ------
    SignInRefused
        For a wrong name, code or password alike.
    PasswordRefused, CodeRefused
    """
    plain = _typed(name)
    _strong(plain, proof, password)
    person = _tried(store, plain, proof, ("code", "secret"))
    with store.writing() as tx:
        present = tx.person(plain)
        if present is None or (present.code, present.secret) != (person.code, person.secret):
            raise CodeRefused(where=plain)
        made = replace(present, secret=_HASHER.hash(_known(password)), code="", failed=0, wait_until="")
        tx.put_person(made)
        _log(tx, Actor(plain, "local"), "sign_in", {"act": "password"})
    return made


def sign_in(store: Store, name: str, password: str) -> Person:
    """The person of a name and password.

    Raises
    ------
    SignInRefused
        One answer, after the same work, for an unknown name, a wrong password, somebody shut out, and too many tries.
    """
    plain = _typed(name)
    person = _tried(store, plain, password, ("secret",))
    with store.writing() as tx:
        present = tx.person(plain)
        if present is None or present.disabled or present.secret != person.secret:  # shut out while we looked
            raise SignInRefused(where="sign_in")
        fresh = replace(present, failed=0, wait_until="")
        if _HASHER.check_needs_rehash(present.secret):
            fresh = replace(fresh, secret=_HASHER.hash(_known(password)))
        tx.put_person(fresh)
        _log(tx, Actor(plain, "local"), "sign_in", {})
    return fresh


def _tried(store: Store, name: str, given: str, columns: Sequence[str]) -> Person:
    """The person, where what was given is right and they need not wait; a wrong try is counted and in the log.

    Every column is looked at whoever it is, so that nobody can tell by the time which names there are.
    """
    with store.reading() as tx:
        person = tx.person(name)
    now = _clock()
    waits = person is not None and person.wait_until > _moment(now)
    right = False
    for column in columns:
        expected = getattr(person, column) if person is not None else ""
        matches = _matches(expected or _dummy(), _known(given) if column == "secret" else _bare(given))
        right = right or (bool(expected) and matches)
    if person is None or person.disabled or waits or not right:
        _failed(store, name, now, waits=waits)
        raise SignInRefused(where="sign_in")
    return person


def _failed(store: Store, name: str, now: datetime.datetime, *, waits: bool) -> None:
    with store.writing() as tx:
        person = tx.person(name)
        if person is not None and not waits:
            count = person.failed + 1
            wait = min(2 ** min(count - FREE_TRIES, 20), _LONGEST_WAIT_S) if count >= FREE_TRIES else 0
            until = _moment(now + datetime.timedelta(seconds=wait)) if wait else ""
            tx.put_person(replace(person, failed=count, wait_until=until))
        known = name if person is not None else ""
        _log(tx, Actor(known, "local"), "refused", {"tried": "sign_in", "waiting": waits})


def _change(store: Store, actor: Actor, name: str, facts: dict[str, str], make: _Make) -> None:
    with _allowed(store, actor) as tx:
        found = tx.person(_typed(name))
        if found is None:
            raise PersonUnknown(where=name[:64], name=name[:64])
        made = make(found)
        admins = [one for one in tx.people() if one.role == "admin" and not one.disabled and one.name != found.name]
        still = made is not None and made.role == "admin" and not made.disabled
        if not still and not admins and (len(tx.people()) > 1 or made is not None):
            raise LastAdmin(where=found.name)
        if made is None:
            tx.remove_person(found.name)
        else:
            tx.put_person(made)
        _log(tx, actor, "people", {"name": found.name, **facts})


@contextlib.contextmanager
def _allowed(store: Store, actor: Actor) -> Iterator[Writing]:
    """A transaction of somebody who may change people; the try of anybody else is written down and nothing else."""
    with store.writing() as tx:
        role = role_of(tx, actor)
        if role is not None and may(role, "people"):
            yield tx
            return
        _log(tx, actor, "refused", {"tried": "people", "code": Denied.code})
    raise Denied(where="people", actor=actor.name, what="people")


def _log(tx: Writing, actor: Actor, kind: str, facts: dict[str, str | bool]) -> None:
    role = role_of(tx, actor) or ""
    told = {name: int(value) if isinstance(value, bool) else value for name, value in facts.items()}
    tx.append(Event(0, uuid4().hex, "", actor.name, role, MAIN, kind, told))


def name_of(text: str) -> str:
    """A user name as it is kept.

    Raises
    ------
    NameRefused
    """
    name = unicodedata.normalize("NFC", text).strip()
    if not 1 <= len(name) <= 64 or any(unicodedata.category(sign)[0] == "C" for sign in name) or name[0] == "-":
        raise NameRefused(where="name", name=text[:64])
    return name


def _role(text: str) -> Role:
    for role in ROLES:
        if role == text:
            return role
    raise RoleUnknown(where=text[:40], role=text[:40], known=", ".join(ROLES))


def _shown(text: str) -> str:
    plain = unicodedata.normalize("NFC", text).strip()[:64]
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] != "C")


def _strong(name: str, code: str, password: str) -> None:
    known = _known(password)
    if len(known) < SHORTEST or known.casefold() in (name.casefold(), _bare(code).casefold()) or len(set(known)) < 4:
        raise PasswordRefused(where="password", shortest=SHORTEST)
    if len(known) > 1024:
        raise PasswordRefused(where="password", shortest=SHORTEST)


def _typed(name: str) -> str:
    """A name as it was typed, in the form in which names are kept; half characters fit none."""
    return unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8")).strip()


def _known(password: str) -> str:
    """A password as it is hashed: the same signs in another form of Unicode are the same password."""
    return unicodedata.normalize("NFKC", password.encode("utf-8", "replace").decode("utf-8"))


def _code() -> str:
    """A one-time code of 100 bits, in groups that can be read out."""
    signs = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    text = "".join(secrets.choice(signs) for _ in range(20))
    return "-".join(text[at : at + 5] for at in range(0, 20, 5))


def _bare(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())


def _matches(hashed: str, given: str) -> bool:
    try:
        return _HASHER.verify(hashed, given)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _dummy() -> str:
    """A hash that nothing matches, so that an unknown name takes as long as a known one."""
    return _HASHER.hash(secrets.token_hex(16))


def _clock() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _moment(when: datetime.datetime) -> str:
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
