"""The verbs over people, and opening the app to others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import cli
from layers import people, stores
from layers.changes import Actor
from layers.workspace import Workspace
from verbs import serving

SECRET = "s" * 32


@pytest.fixture
def place(tmp_path: Path, world: Workspace) -> Path:
    stores.create(tmp_path / "w.gpkg", world)
    return tmp_path / "w.gpkg"


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*words: object) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        status = cli.main([*map(str, words), "--json"])
        return status, json.loads(capsys.readouterr().out)

    return run


def test_the_life_of_a_user(place: Path, call: Any) -> None:
    assert call("user", "list", place) == (0, {"users": []})
    status, answer = call("user", "add", place, "wang", "admin", "--display", "王工")
    assert status == 0 and answer["users"][0] | {"made_at": ""} == {
        "name": "wang",
        "role": "admin",
        "display": "王工",
        "disabled": False,
        "password_set": False,
        "made_at": "",
    }
    people.set_password(stores.open_store(place), "wang", answer["code"], "four plain words here")
    assert call("user", "list", place)[1]["users"][0]["password_set"] is True
    assert "code" not in call("user", "list", place)[1]
    assert call("user", "add", place, "li", "viewer")[0] == 0
    assert call("user", "role", place, "li", "planner")[1]["users"][0]["role"] == "planner"
    assert call("user", "disable", place, "li")[1]["users"][0]["disabled"] is True
    assert call("user", "enable", place, "li")[1]["users"][0]["disabled"] is False
    assert len(call("user", "code", place, "wang")[1]["code"]) == 23
    assert [one["name"] for one in call("user", "remove", place, "li")[1]["users"]] == ["wang"]


def test_a_code_is_shown_to_people_at_a_terminal(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["user", "add", str(place), "wang", "admin"]) == 0
    out = capsys.readouterr().out
    assert "一次性口令" in out and "wang" in out


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (("add", "W", "li", "viewer"), 1, "last_admin"),
        (("add", "W", "li"), 2, "call_wrong"),
        (("add", "W", "li", "owner"), 2, "call_wrong"),
        (("role", "W", "li", "viewer"), 1, "person_unknown"),
        (("code", "W"), 2, "call_wrong"),
        (("list", "none.gpkg"), 1, "workspace_missing"),
    ],
)
def test_what_cannot_be_is_said(place: Path, call: Any, words: tuple[str, ...], status: int, code: str) -> None:
    told = [place if word == "W" else word for word in words]
    found, answer = call("user", *told)
    assert (found, answer["error"]["code"]) == (status, code)


def test_a_person_at_the_command_line_has_their_role_and_no_other(place: Path, call: Any) -> None:
    call("user", "add", place, "wang", "admin")
    call("user", "add", place, "li", "viewer")
    for actor in ("li", "nobody"):
        status, answer = call("user", "add", place, "x", "admin", "--actor", actor)
        assert (status, answer["error"]["code"]) == (1, "denied")
        assert call("branch", place, "mine", "--actor", actor)[1]["error"]["code"] == "denied"
    status, answer = call("user", "add", place, "x", "admin", "--actor", "")
    assert (status, answer["error"]["where"]) == (2, "--actor"), "an unset variable makes nobody the operator"
    assert call("user", "add", place, "x", "admin", "--actor", "wang")[0] == 0
    refused = [event for event in call("history", place)[1]["events"] if event["kind"] == "refused"]
    assert len(refused) == 4


# -- opening the app


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What would have been started."""
    seen: dict[str, Any] = {}

    def run(command: list[str], env: dict[str, str], _folder: Path) -> int:
        seen.update(command=" ".join(command), env=env)
        return 0

    monkeypatch.setattr(serving, "_until_it_ends", run)
    return seen


OTHERS = ("--host", "0.0.0.0", "--cert", "c.pem", "--key", "k.pem", "--public", "park.example")


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (("--host", "0.0.0.0"), 1, "host_refused"),
        (("--host", "0.0.0.0", "--public", "park.example"), 1, "host_refused"),
        (("--host", "0.0.0.0", "--proxy"), 2, "call_wrong"),
        (("--proxy",), 2, "call_wrong"),
        (("--cert", "c.pem", "--public", "park.example"), 2, "call_wrong"),
        (("--host", "0.0.0.0", "--proxy", "--public", "park.example", "--identity", "proxy"), 2, "call_wrong"),
        (OTHERS, 1, "people_missing"),
        (("--proxy", "--public", "park.example"), 1, "people_missing"),
        (("--identity", "oidc"), 1, "identity_not_ready"),
        (("--identity", "proxy"), 1, "identity_not_ready"),
    ],
)
def test_the_app_is_not_opened_to_others_by_mistake(
    place: Path, call: Any, started: dict[str, Any], words: tuple[str, ...], status: int, code: str
) -> None:
    found, answer = call("serve", place, *words)
    assert (found, answer["error"]["code"]) == (status, code) and not started


def test_a_secret_that_can_be_guessed_is_none(
    place: Path, call: Any, started: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHENGZAI_PROXY_SECRET", SECRET[1:])
    assert call("serve", place, "--identity", "proxy")[1]["error"]["code"] == "identity_not_ready"
    monkeypatch.setenv("CHENGZAI_PROXY_SECRET", SECRET)
    assert call("serve", place, "--identity", "proxy")[0] == 0
    assert started["env"]["CHENGZAI_IDENTITY"] == "proxy" and SECRET not in started["command"]


def test_with_people_and_https_the_app_is_opened_and_says_where_to_sign_in(
    place: Path, started: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    people.add(stores.open_store(place), Actor("root", "operator"), "wang", "admin")
    assert cli.main(["serve", str(place), *OTHERS]) == 0
    assert "https://park.example:8501/sign-in" in capsys.readouterr().err
    assert started["env"]["CHENGZAI_SHARED"] == started["env"]["CHENGZAI_SECURE"] == "1"
    assert (
        "--server.allowedHosts park.example" in started["command"] and "--server.sslCertFile /" in started["command"]
    )
    assert cli.main(["serve", str(place), "--proxy", "--public", "park.example"]) == 0
    assert "https://park.example/sign-in" in capsys.readouterr().err


def test_for_one_person_it_stays_one_command(
    place: Path, started: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["serve", str(place)]) == 0
    assert "sign-in" not in capsys.readouterr().err
    assert started["env"]["CHENGZAI_SHARED"] == "0" and started["env"]["CHENGZAI_IDENTITY"] == "accounts"
