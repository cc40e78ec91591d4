"""Acts and feed of open maps, as the server answers them; what happened is read from the store."""

from __future__ import annotations

import json
from typing import Any

import pytest

from layers import people
from layers.changes import Actor
from layers.live.acts import MOST_BYTES
from layers.live.presence import AWAY, Presence
from layers.live.routes import head_address
from tests.layers.live.conftest import SIGNER, Server
from tests.world import X, Y


def assign(op: str, parcel: str = "A", area: float = 100.0, seen: int = 1, project: str = "p1") -> dict[str, Any]:
    return {"op": op, "do": "assign", "parcel": parcel, "project": project, "floor_area_m2": area, "seen": seen}


def edit(op: str, seen: int, key: str = "A", **values: Any) -> dict[str, Any]:
    return {"op": op, "do": "edit", "layer": "parcels", "key": key, "values": values, "seen": seen}


def statuses(answer: dict[str, Any]) -> list[str]:
    return [one["status"] for one in answer["results"]]


def test_an_act_is_saved_and_answered_with_what_changed(server: Server) -> None:
    answer = server.act(assign("c-1", area=8_000.0))
    (given,) = server.now().table("assignments").to_dict("records")
    assert (given["parcel_id"], given["floor_area_m2"], given["assigned_by"]) == ("A", 8_000.0, "王")
    assert statuses(answer) == ["ok"] and answer["revision"] == server.now().revision == 2
    assert answer["changes"]["slots"] == [0] and answer["changes"]["revision"] == 2
    assert "figures" not in answer


def test_figures_come_with_acts_and_changes_where_the_page_shows_them(server: Server) -> None:
    answer = server.act(assign("c-1", area=8_000.0), address=server.address("acts", figures=True))
    assert answer["figures"] == [{"name": "available", "label": "zh-CN", "value": "7000", "css": ""}]
    feed = server.address("feed", figures=True)
    assert server.feed(1, address=feed)["figures"] == answer["figures"]
    assert "figures" not in server.feed(2, address=feed)


def test_what_undo_would_take_comes_with_them(server: Server) -> None:
    answer = server.act(assign("c-1"), address=server.address("acts", figures=True))
    assert answer["tops"] == {"undo": "assign", "redo": "zh-CN"}
    server.asker = Actor("李")
    feed = server.feed(1, address=server.address("feed", "李", figures=True))
    assert feed["tops"]["undo"] == "", "what somebody else did is not theirs to take back"
    assert "tops" not in server.act(assign("c-2"), address=server.address("acts", "李"))


def test_the_same_act_sent_again_is_done_once(server: Server) -> None:
    assert [statuses(server.act(assign("c-1"))) for _ in range(3)] == [["ok"], ["duplicate"], ["duplicate"]]
    assert len(server.now().table("assignments")) == 1


def test_a_gesture_of_somebody_else_with_the_same_name_is_another(server: Server) -> None:
    server.act(assign("c-1"))
    server.asker = Actor("李")
    assert statuses(server.act(assign("c-1"), address=server.address("acts", "李"))) == ["ok"]
    assert server.now().table("assignments")["assigned_by"].tolist() == ["王", "李"]


def test_a_refused_act_says_why_and_the_others_are_done(server: Server) -> None:
    answer = server.act(assign("c-1", area=9e6), assign("c-2", area=10.0), {**assign("c-3"), "stage": "never"})
    assert statuses(answer) == ["invalid", "ok", "invalid"]
    first, _, third = answer["results"]
    assert "不够" in first["message"] and first["cure"] and "stage" in third["message"]
    assert server.now().table("assignments")["floor_area_m2"].tolist() == [10.0]


def test_a_row_that_another_changed_is_a_conflict_with_three_sides(server: Server) -> None:
    server.act(edit("c-1", 1, far_max=3.0))
    server.asker = Actor("李")
    answer = server.act(edit("d-1", 1, far_max=4.0), address=server.address("acts", "李"))
    assert statuses(answer) == ["conflict"]
    (clash,) = answer["results"][0]["clashes"]
    assert (clash["layer"], clash["key"], clash["label"], clash["by"]) == ("parcels", "A", "A", "王")
    assert [clash[side]["far_max"] for side in ("mine", "theirs", "ancestor")] == [4.0, 3.0, 2.0] and not clash["own"]
    assert server.now().table("parcels")["far_max"].iloc[0] == 3.0


def test_undo_and_redo_are_acts_too(server: Server) -> None:
    back, again = ({"op": f"c-{do}", "do": do, "seen": 1} for do in ("undo", "redo"))
    server.act(assign("c-1"))
    assert statuses(server.act(back)) == ["ok"] and len(server.now().table("assignments")) == 0
    assert statuses(server.act(again)) == ["ok"] and len(server.now().table("assignments")) == 1


def test_outlines_of_a_conflict_are_told_as_areas_and_as_rings_to_be_drawn(server: Server) -> None:
    corner = {"step": "move", "vertex": ["A", 0, 0, 0]}

    def bend(op: str, x: float) -> dict[str, Any]:
        return {"op": op, "do": "vertices", "seen": 1, "steps": [corner | {"to": {"xy": [x, Y - 20]}}]}

    server.act(bend("c-1", X + 90))
    server.asker = Actor("李")
    answer = server.act(bend("d-1", X + 95), address=server.address("acts", "李"))
    clash = answer["results"][0]["clashes"][0]
    assert clash["ancestor"]["geometry"] == 10_000 != clash["theirs"]["geometry"]
    outlines = clash["outlines"]
    assert [90.0, 0.0] in outlines["theirs"][0] and [100.0, 20.0] in outlines["ancestor"][0]
    assert len(outlines["ancestor"][0]) == 5 and outlines["ancestor"] != outlines["theirs"]


def test_an_act_tells_the_parcels_that_it_made(server: Server) -> None:
    (split,) = server.act({"op": "c-1", "do": "split_equally", "seen": 1, "parcel": "A", "parts": 2})["results"]
    assert len(split["came"]) == 2 and set(split["came"]) <= set(server.now().table("parcels")["parcel_id"])
    (given,) = server.act({**assign("c-2"), "parcel": "B"})["results"]
    assert "came" not in given


def test_an_act_goes_to_the_branch_of_its_address_and_to_no_other(server: Server) -> None:
    from layers import scenarios
    from layers.changes import Asked

    scenarios.branch(server.store, Asked(Actor("王"), "b1"), "方案二")
    server.act(assign("c-1"), address=server.address("acts", scenario="方案二"))
    assert [len(server.now(name).table("assignments")) for name in ("main", "方案二")] == [0, 1]


def test_who_may_only_look_may_not_act_and_the_try_is_in_the_log(server: Server) -> None:
    operator = Actor("机器", "operator")
    people.add(server.store, operator, "赵", "admin")
    people.add(server.store, operator, "王", "viewer")
    server.asker = Actor("王", "local")
    assert statuses(server.act(assign("c-1"))) == ["denied"]
    with server.store.reading() as tx:
        assert [event.actor for event in tx.events(kinds=("refused",))] == ["王"]
    assert len(server.now().table("assignments")) == 0


@pytest.mark.parametrize("what", ["acts", "feed"])
def test_an_address_is_for_whoever_it_was_made_for(server: Server, what: str) -> None:
    address, sent = server.address(what), b"{}"
    for spoiled in (
        server.address(what, "李"),
        address.replace("main", "other"),
        address.replace("here", "elsewhere"),
        address.split("?")[0],
        address[:-1],
    ):
        assert server.post(spoiled, sent)[0] == 403, spoiled
    server.asker = Actor("李")
    assert server.post(address, sent)[0] == 403


def test_what_cannot_be_read_is_a_400_in_words(server: Server) -> None:
    for sent in (b"", b"[1]", b'{"epoch": "e"}', b" " * (MOST_BYTES + 10)):
        for what in ("acts", "feed"):
            status, answer = server.post(server.address(what), sent)
            assert status == 400 and answer["code"] == "act_refused" and answer["cure"]


def test_the_feed_brings_what_others_changed_and_nothing_twice(server: Server) -> None:
    before = server.feed(1)
    assert before["changes"] is None and before["revision"] == 1
    server.act(assign("c-1", area=8_000.0))
    answer = server.feed(1, client="c2")
    assert answer["changes"]["slots"] == [0] and answer["revision"] == 2
    assert server.feed(2)["changes"] is None


def test_a_map_of_another_board_loads_everything_again(server: Server) -> None:
    server.act(assign("c-1"))
    assert server.feed(1, epoch="0ther")["changes"] == {"whole": True}


def test_others_on_the_branch_are_seen_while_their_maps_ask(server: Server) -> None:
    assert server.feed(1, "c1")["people"] == []
    server.asker = Actor("李")
    assert [one["name"] for one in server.feed(1, "c2", server.address("feed", "李"))["people"]] == ["王"]
    server.asker = Actor("王")
    assert [(one["name"], one["own"]) for one in server.feed(1, "c1")["people"]] == [("李", False)]
    assert [(one["name"], one["own"]) for one in server.feed(1, "c3")["people"]] == [("李", False), ("王", True)]


def test_a_map_that_does_not_ask_any_more_is_closed() -> None:
    time = [0.0]
    presence = Presence(lambda: time[0])
    presence.heard("here", "main", "c1", "王")
    presence.heard("here", "main", "c2", "王")
    presence.heard("here", "方案二", "c3", "李")
    time[0] = 5.0
    assert [(one.name, one.ago) for one in presence.heard("here", "main", "c4", "赵")] == [("王", 5.0)]
    time[0] = AWAY + 1
    assert [one.name for one in presence.heard("here", "main", "c5", "孙")] == ["赵"]


def test_an_answer_to_one_edit_is_small(server: Server) -> None:
    server.board.outlines()
    assert len(json.dumps(server.act(assign("c-1")))) < 6_000
    split = {"op": "c-2", "do": "split_equally", "parcel": "B", "parts": 2, "seen": 2}
    answer = server.act(split)
    assert statuses(answer) == ["ok"] and len(answer["changes"]["shaped"]) == 3
    assert len(json.dumps(answer)) < 8_000


def test_a_page_hears_of_any_write_to_the_store(server: Server) -> None:
    address = head_address("here", "王", SIGNER)
    before = server.post(address, b"{}")[1]["revision"]
    server.act(assign("c-1"))
    after = server.post(address, b"{}")[1]
    assert after == {"revision": before + 1}
    assert server.post(address.replace("here", "there"), b"{}")[0] == 403
