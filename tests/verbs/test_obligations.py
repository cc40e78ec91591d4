"""What was promised, on the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from layers import stores
from tests.files import call, plain
from tests.layers.obliging.promised import ON, world


@pytest.fixture
def w(tmp_path: Path) -> Path:
    path = tmp_path / "w.gpkg"
    stores.create(path, world())
    return path


def test_it_tells_what_is_due_overdue_idle_and_ending(w: Path) -> None:
    status, answer = call("obligations", str(w), "--on", ON, "--within", "90")
    assert status == 0
    assert {"on", "counts", "due", "overdue", "idle", "renewals"} <= answer.keys()
    assert answer["counts"] == {"red": 2, "amber": 1, "unknown": 2, "green": 4, "total": 9}
    assert [one["milestone_id"] for one in answer["overdue"]] == ["y4", "y6"]


def test_without_a_day_it_is_that_of_the_workspace(w: Path) -> None:
    assert call("obligations", str(w))[1]["on"] == ON


@pytest.mark.parametrize("wrong", [("--on", "yesterday"), ("--within", "-1")])
def test_a_wrong_word_is_told(w: Path, wrong: tuple[str, str]) -> None:
    status, answer = call("obligations", str(w), *wrong)
    assert status in (1, 2) and answer["error"]["code"] in ("date_refused", "call_wrong")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-CN", ("疑似闲置", "城市轨道交通列车通信与运行控制平台")),
        ("en", ("suspected idle", "Train communication and control platform")),
    ],
)
def test_it_reads_as_text(tmp_path: Path, language: str, words: tuple[str, ...]) -> None:
    path = tmp_path / "demo.gpkg"
    assert plain("demo", path)[0] == 0
    status, out, err = plain("obligations", path, "--on", "2027-10-21", "--lang", language)
    assert (status, err) == (0, "")
    assert [word for word in (*words, "W1-17-03", "-478") if word not in out] == []
    assert language == "zh-CN" or not re.search("[一-鿿]", out), "everything of the demo has an English name"
