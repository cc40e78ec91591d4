"""A project moves through the library on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

import cli
from layers import stores
from layers.commands import Assign
from tests.files import call
from tests.world import Put, after, three_parcels


@pytest.fixture
def w(tmp_path: Path) -> Path:
    path = tmp_path / "w.gpkg"
    admitted = Put.of("projects", "p1", state="admitted", name_en="Alpha")
    stores.create(path, after(three_parcels(), admitted, Assign("A", "p1", 1_000.0)))
    return path


def test_it_tells_the_new_state_and_what_moved(w: Path) -> None:
    status, answer = call(
        "project",
        w,
        "甲",
        "--to",
        "签约",
        "--on",
        "2026-11-23",
        "--agreement",
        "监管 1 号",
        "--document",
        "合同 2 号",
    )
    assert status == 0
    assert (answer["project_id"], answer["project"]) == ("p1", "甲")
    assert (answer["state_before"], answer["state"], answer["on"]) == ("admitted", "signed", "2026-11-23")
    assert answer["assignments"] == [
        {"assignment_id": "A00001", "parcel_no": "A", "floor_area_m2": 1000.0, "stage_before": "intent",
         "stage": "signed"}
    ]  # fmt: skip
    assert answer["floor_area_m2"] == 1_000.0 and answer["revision"] == 2
    figures = call("capacity", w)[1]
    assert (figures["reserved_m2"], figures["committed_m2"]) == (0.0, 1_000.0)
    (newest, *_) = call("history", w)[1]["events"]
    assert newest["kind"] == "advance" and newest["facts"]["document"] == "合同 2 号"


def test_exit_takes_back_what_was_not_built(w: Path) -> None:
    status, answer = call("project", w, "Alpha", "--to", "exited", "--on", "2026-11-23", "--reason", "腾退")
    assert status == 0 and answer["assignments"][0]["stage"] is None
    assert call("undo", w)[0] == 0
    assert call("capacity", w)[1]["reserved_m2"] == 1_000.0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("甲", "--to", "签约", "--on", "2026-11-23"), "agreement_missing"),
        (("甲", "--to", "竣工", "--on", "2026-11-23", "--agreement", "1"), "reason_missing"),
        (("甲", "--to", "renewed", "--on", "2026-11-23", "--reason", "x"), "step_refused"),
        (("甲", "--to", "lead", "--on", "soon", "--reason", "x"), "date_refused"),
        (("丁", "--to", "lead", "--on", "2026-11-23"), "name_unknown"),
    ],
)
def test_the_data_say_no(w: Path, words: tuple[str, ...], code: str) -> None:
    status, answer = call("project", w, *words)
    assert (status, answer["error"]["code"]) == (1, code)
    assert call("history", w)[1]["events"][0]["kind"] == "create"


def test_a_state_that_there_is_not_is_a_wrong_call(w: Path) -> None:
    status, answer = call("project", w, "甲", "--to", "moon", "--on", "2026-11-23")
    assert (status, answer["error"]["code"]) == (2, "state_unknown")
    assert "at_capacity" in answer["error"]["cure"]


@pytest.mark.parametrize(("language", "told"), [("zh-CN", "入库 → 签约"), ("en", "Admitted → Signed")])
def test_it_reads_well_on_a_terminal(w: Path, capsys: pytest.CaptureFixture[str], language: str, told: str) -> None:
    words = ["--to", "signed", "--on", "2026-11-23", "--agreement", "1", "--lang", language]
    assert cli.main(["project", str(w), "p1", *words]) == 0
    assert told in capsys.readouterr().out
    assert cli.main(["project", str(w), "p2", "--to", "lead", "--on", "2026-11-23", "--lang", language]) == 0
    assert ("没有落位" if language == "zh-CN" else "No assignment") in capsys.readouterr().out
