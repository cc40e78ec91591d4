"""What people read at a terminal: every verb has words in both languages, and they say what happened."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from layers.applying import apply
from layers.changes import Actor, Asked
from layers.commands import Assign, Edit
from layers.printed import SHOW
from layers.stores import create, open_store
from layers.workspace import Workspace
from tests.files import call, plain
from verbs import VERBS


@pytest.fixture
def two(world: Workspace, tmp_path: Path) -> Path:
    """A workspace with a branch; both changed the floor area ratio of parcel A."""
    path = tmp_path / "w.gpkg"
    create(path, world)
    assert plain("branch", path, "方案二", "--note", "高容积率") == (0, "已从「main」建立方案「方案二」\n", "")
    for scenario, far in (("main", 2.5), ("方案二", 3.0)):
        asked = Asked(Actor("li"), f"far {scenario}", scenario=scenario)
        assert apply(open_store(path), asked, Edit.of("parcels", "A", far_max=far)).status == "ok"
    return path


def said(*words: object) -> str:
    status, out, err = plain(*words)
    assert (status, err) == (0, "")
    return out


def test_every_verb_has_words() -> None:
    assert set(SHOW) == set(VERBS)


def test_history_lists_who_did_what_newest_first(two: Path) -> None:
    lines = said("history", two).splitlines()
    assert [int(line.split()[0]) for line in lines[1:]] == [4, 3, 2, 1]
    assert re.split(r"\s{2,}", lines[1])[2:5] == ["li", "方案二", "修改属性"]
    assert "Edit" in said("history", two, "--lang", "en")


def test_undo_and_redo_say_what_they_did(two: Path) -> None:
    asked = Asked(Actor("li", "local"), "one")
    assert apply(open_store(two), asked, Assign("A", "p1", 6_000.0)).status == "ok"
    assert said("undo", two, "--actor", "li") == "已写入第 6 版，改动 1 行：落位 · A · 甲 · 6,000 m²\n"
    assert "Undo" in said("redo", two, "--actor", "li", "--lang", "en")


def test_scenarios_and_their_difference_are_tables(two: Path) -> None:
    listed = said("scenario", "list", two)
    assert re.search(r"方案二\s+main\s+4\s+.*高容积率", listed)
    told = said("diff", two, "main", "方案二")
    assert "1 处不同" in told and "far_max 2.5 → 3.0" in told
    assert said("diff", two, "main", "main") == "两者相同\n"


def test_a_merge_says_each_way_out_and_what_it_comes_to(two: Path) -> None:
    status, out, _ = plain("merge", two, "方案二", "main")
    assert status == 1 and "1 处需要决定" in out
    ways = re.findall(r"--resolve (\S+=\S+)", out)
    assert len(ways) >= 2 and "可用" in out
    theirs = next(way for way in ways if way.endswith("=theirs"))
    assert "已将「方案二」合并到「main」" in said("merge", two, "方案二", "main", "--resolve", theirs)
    assert call("diff", two, "main", "方案二")[1]["count"] == 0


def test_users_are_a_table_and_the_code_is_shown_once(two: Path) -> None:
    assert "不需要登录" in said("user", "list", two)
    out = said("user", "add", two, "li", "admin")
    assert re.search(r"li\s+管理员\s+尚未设密码", out) and re.search(r"([A-Z2-9]{5}-){3}[A-Z2-9]{5}", out)
    assert "一次性口令" not in said("user", "list", two)


def test_control_characters_of_a_name_do_not_reach_the_terminal(two: Path) -> None:
    asked = Asked(Actor("li"), "evil")
    assert apply(open_store(two), asked, Edit.of("parcels", "A", parcel_no="\x1b[2J")).status == "ok"
    assert "\x1b" not in said("history", two) + said("diff", two, "main", "方案二")
