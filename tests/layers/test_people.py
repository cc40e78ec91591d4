"""People: codes, passwords, waiting, roles, and what the log says of it all."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from layers import people, stores
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
from layers.stores.contract import Person, Store
from layers.workspace import Workspace
from spatial.errors import ChengzaiError

OPERATOR = Actor("root", "operator")
WANG = Actor("wang", "local")
PASS = "four plain words here"


@pytest.fixture
def store(tmp_path: Path, world: Workspace) -> Store:
    """A workspace with an administrator, Wang, who has a password."""
    stores.create(tmp_path / "w.gpkg", world)
    made = stores.open_store(tmp_path / "w.gpkg")
    people.set_password(made, "wang", people.add(made, OPERATOR, "wang", "admin", "王工"), PASS)
    return made


def found(store: Store, name: str = "wang") -> Person:
    with store.reading() as tx:
        person = tx.person(name)
    assert person is not None
    return person


def refused(store: Store) -> list[str]:
    """What was tried in vain, oldest first."""
    with store.reading() as tx:
        return [event.facts["tried"] for event in tx.events(kinds=("refused",))]


def test_a_password_is_set_with_a_code_once(store: Store) -> None:
    code = people.add(store, WANG, "li", "planner")
    assert len(code.replace("-", "")) == 20
    with pytest.raises(SignInRefused):
        people.sign_in(store, "li", code)
    people.set_password(store, "li", code.lower(), "another long phrase")
    assert people.sign_in(store, "li", "another long phrase").name == "li"
    with pytest.raises(SignInRefused):
        people.set_password(store, "li", code, "a third long phrase")


def test_neither_code_nor_password_is_kept(store: Store, tmp_path: Path) -> None:
    code = people.add(store, WANG, "li", "planner")
    one = found(store, "li")
    assert one.code.startswith("$argon2id$v=19$m=19456,t=2,p=1$") and not one.secret
    with store.reading() as tx:
        told = "".join(str(event) for event in tx.events())
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (code, code.replace("-", ""), PASS):
        assert secret not in told and secret.encode() not in content


def test_the_present_password_sets_a_new_one(store: Store) -> None:
    people.set_password(store, "wang", PASS, "quite another phrase")
    with pytest.raises(SignInRefused):
        people.sign_in(store, "wang", PASS)
    assert people.sign_in(store, "wang", "quite another phrase")


def test_of_two_who_use_a_code_at_once_one_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    code = people.add(store, WANG, "li", "planner")
    tried = people._tried

    def late(*given: object) -> Person:
        person = tried(*given)  # type: ignore[arg-type]
        monkeypatch.setattr(people, "_tried", tried)
        people.set_password(store, "li", code, "whoever was first wins")
        return person

    monkeypatch.setattr(people, "_tried", late)
    with pytest.raises(CodeRefused):
        people.set_password(store, "li", code, "whoever was second not")
    assert people.sign_in(store, "li", "whoever was first wins")


@pytest.mark.parametrize("act", [people.remove, people.disable, people.new_code])
def test_who_is_shut_out_while_they_sign_in_stays_out(
    store: Store, monkeypatch: pytest.MonkeyPatch, act: Callable[[Store, Actor, str], object]
) -> None:
    people.set_password(store, "li", people.add(store, WANG, "li", "planner"), PASS)
    tried = people._tried

    def late(*given: object) -> Person:
        person = tried(*given)  # type: ignore[arg-type]
        act(store, WANG, "li")
        return person

    monkeypatch.setattr(people, "_tried", late)
    with pytest.raises(SignInRefused):
        people.sign_in(store, "li", PASS)
    with store.reading() as tx:
        now = tx.person("li")
    assert now is None or now.disabled or not now.secret


@pytest.mark.parametrize(
    "password",
    ["", "eleven char", "aaaaaaaaaaaa", "abababababab", "administrator", "x" * 1025 + "abc"],
    ids=["none", "short", "one sign", "two signs", "the name", "endless"],
)
def test_a_weak_password_is_refused(store: Store, password: str) -> None:
    code = people.add(store, WANG, "administrator", "planner")
    with pytest.raises(PasswordRefused):
        people.set_password(store, "administrator", code, password)
    people.set_password(store, "administrator", code, "the code still holds")


def test_the_code_itself_is_no_password(store: Store) -> None:
    code = people.add(store, WANG, "li", "planner")
    with pytest.raises(PasswordRefused):
        people.set_password(store, "li", code, code.replace("-", ""))


def test_the_same_signs_in_another_form_of_unicode_are_the_same_password(store: Store) -> None:
    people.set_password(store, "wang", PASS, "caf\u00e9 au lait 承载")
    assert people.sign_in(store, "wang", "cafe\u0301 au lait 承载")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Moves the time on by some seconds."""
    now = [datetime.datetime(2026, 11, 25, 8, tzinfo=datetime.UTC)]
    monkeypatch.setattr(people, "_clock", lambda: now[0])

    def pass_(seconds: float) -> None:
        now[0] += datetime.timedelta(seconds=seconds)

    return pass_


def test_guessing_takes_longer_and_longer(store: Store, clock: Callable[[float], None]) -> None:
    waits = []
    for _ in range(20):
        with pytest.raises(SignInRefused):
            people.sign_in(store, "wang", "a wrong guess indeed")
        one = found(store)
        until = datetime.datetime.fromisoformat(one.wait_until) if one.wait_until else people._clock()
        wait = (until - people._clock()).total_seconds()
        waits.append(wait)
        clock(wait + 0.001)
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, *[900] * 6]
    assert refused(store) == ["sign_in"] * 20


def test_while_waiting_the_right_password_is_refused_too_and_nothing_is_counted(
    store: Store, clock: Callable[[float], None]
) -> None:
    for _ in range(6):
        with pytest.raises(SignInRefused):
            people.sign_in(store, "wang", "a wrong guess indeed")
    assert found(store).failed == 5
    with pytest.raises(SignInRefused):
        people.sign_in(store, "wang", PASS)
    clock(1.001)
    assert people.sign_in(store, "wang", PASS).failed == 0
    assert found(store).wait_until == ""


def test_a_new_code_ends_the_waiting_and_the_old_password(store: Store, clock: Callable[[float], None]) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            people.sign_in(store, "wang", "a wrong guess indeed")
    code = people.new_code(store, OPERATOR, "wang")
    with pytest.raises(SignInRefused):
        people.sign_in(store, "wang", PASS)
    people.set_password(store, "wang", code, "a fresh start for me")


def test_an_unknown_name_costs_the_same_work_and_gets_the_same_answer(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.add(store, WANG, "li", "viewer")
    people.add(store, WANG, "zhao", "viewer")
    people.disable(store, WANG, "zhao")
    people._dummy()
    work: list[str] = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(
        PasswordHasher,
        "verify",
        lambda self, hashed, given: (work.append(hashed[:31]), verify(self, hashed, given))[1],
    )
    answers = set()
    for name in ("wang", "nobody", "li", "zhao", "", "x" * 10_000, "\ud800"):
        work.clear()
        with pytest.raises(SignInRefused) as error:
            people.sign_in(store, name, "a wrong guess indeed")
        answers.add(str(error.value))
        assert work == ["$argon2id$v=19$m=19456,t=2,p=1$"], name[:10]
        work.clear()
        with pytest.raises(SignInRefused) as error:
            people.set_password(store, name, "a wrong guess indeed", "any good long phrase")
        answers.add(str(error.value))
        assert len(work) == 2
    assert len(answers) == 1


def test_the_log_never_says_a_name_that_is_not_there(store: Store) -> None:
    """Somebody who types their password into the box for the name does not find it in the log for ever."""
    with pytest.raises(SignInRefused):
        people.sign_in(store, "my secret pass phrase", "")
    with store.reading() as tx:
        assert "my secret" not in "".join(str(event) for event in tx.events())


def test_roles_are_as_the_table_says_now(store: Store) -> None:
    people.add(store, WANG, "li", "planner")
    li = Actor("li", "local")
    with store.reading() as tx:
        assert people.role_of(tx, li) == "planner"
    people.set_role(store, WANG, "li", "viewer")
    with store.reading() as tx:
        assert people.role_of(tx, li) == "viewer"
    people.disable(store, WANG, "li")
    with store.reading() as tx:
        assert people.role_of(tx, li) is None
    people.disable(store, WANG, "li", disabled=False)
    people.remove(store, WANG, "li")
    with store.reading() as tx:
        assert people.role_of(tx, li) is None


@pytest.mark.parametrize("how", ["local", "oidc", "proxy", "single"])
def test_whoever_is_not_in_the_table_has_no_role(store: Store, how: str) -> None:
    with store.reading() as tx:
        assert people.role_of(tx, Actor("nobody", how)) is None  # type: ignore[arg-type]


def test_without_people_only_whoever_is_at_the_machine_may_do_everything(tmp_path: Path, world: Workspace) -> None:
    stores.create(tmp_path / "w.gpkg", world)
    with stores.open_store(tmp_path / "w.gpkg").reading() as tx:
        roles = {how: people.role_of(tx, Actor("x", how)) for how in ("single", "operator", "oidc", "proxy")}  # type: ignore[arg-type]
    assert roles == {"single": "admin", "operator": "admin", "oidc": None, "proxy": None}


def test_the_first_person_is_an_administrator(tmp_path: Path, world: Workspace) -> None:
    stores.create(tmp_path / "w.gpkg", world)
    store = stores.open_store(tmp_path / "w.gpkg")
    with pytest.raises(LastAdmin):
        people.add(store, OPERATOR, "li", "planner")
    assert people.listed(store) == ()


@pytest.mark.parametrize(
    "act",
    [
        lambda store: people.remove(store, WANG, "wang"),
        lambda store: people.disable(store, WANG, "wang"),
        lambda store: people.set_role(store, WANG, "wang", "planner"),
    ],
    ids=["remove", "disable", "role"],
)
def test_the_last_administrator_stays(store: Store, act: Callable[[Store], None]) -> None:
    people.add(store, WANG, "li", "planner")
    people.add(store, WANG, "zhao", "admin")
    people.disable(store, WANG, "zhao")
    with pytest.raises(LastAdmin):
        act(store)
    people.disable(store, WANG, "zhao", disabled=False)
    act(store)


def test_the_only_person_may_go_and_the_workspace_is_one_person_s_again(store: Store) -> None:
    people.remove(store, OPERATOR, "wang")
    with store.reading() as tx:
        assert people.role_of(tx, Actor("x", "single")) == "admin"


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (lambda store: people.add(store, WANG, "wang", "viewer"), PersonExists),
        (lambda store: people.add(store, WANG, "", "viewer"), NameRefused),
        (lambda store: people.add(store, WANG, "-x", "viewer"), NameRefused),
        (lambda store: people.add(store, WANG, "x" * 65, "viewer"), NameRefused),
        (lambda store: people.add(store, WANG, "a\nb", "viewer"), NameRefused),
        (lambda store: people.add(store, WANG, "li", "owner"), RoleUnknown),
        (lambda store: people.set_role(store, WANG, "nobody", "viewer"), PersonUnknown),
        (lambda store: people.new_code(store, WANG, "nobody"), PersonUnknown),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    store: Store, act: Callable[[Store], None], reason: type[ChengzaiError]
) -> None:
    before = people.listed(store)
    with pytest.raises(reason):
        act(store)
    assert people.listed(store) == before


@pytest.mark.parametrize("role", ["viewer", "planner", "gis", None])
@pytest.mark.parametrize(
    "act",
    [
        lambda store, actor: people.add(store, actor, "new", "admin"),
        lambda store, actor: people.set_role(store, actor, actor.name, "admin"),
        lambda store, actor: people.disable(store, actor, "wang"),
        lambda store, actor: people.remove(store, actor, "wang"),
        lambda store, actor: people.new_code(store, actor, "wang"),
    ],
    ids=["add", "role", "disable", "remove", "code"],
)
def test_only_administrators_change_people_and_every_other_try_is_in_the_log(
    store: Store, role: str | None, act: Callable[[Store, Actor], None]
) -> None:
    if role is not None:
        people.add(store, WANG, "li", role)
    before = people.listed(store)
    with pytest.raises(Denied):
        act(store, Actor("li", "local"))
    assert people.listed(store) == before and refused(store) == ["people"]


def test_one_s_own_shown_name_is_one_s_own_to_set(store: Store) -> None:
    people.add(store, WANG, "li", "viewer")
    people.show_as(store, Actor("li", "local"), "  李\u202e主任 ")
    assert found(store, "li").display == "李主任"
    with pytest.raises(PersonUnknown):
        people.show_as(store, Actor("nobody", "local"), "x")
