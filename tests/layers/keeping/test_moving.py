"""A workspace moves with everything: both stores say the same of every branch, and their histories have one head."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers import keeping, stores
from layers.commands import Edit
from layers.commands.editing import frozen
from layers.errors import NotYet, WorkspaceExists, WorkspaceMissing
from layers.keeping.errors import MoveUnequal
from layers.rows import encode, rows
from layers.stores.sql_writing import SqlWriting
from tests.lived import PDF, did


def told(path: Path) -> dict[str, object]:
    """All that the contract tells of a store, but for its identity."""
    with stores.open_store(path).reading() as tx:
        found: dict[str, object] = {
            "facts": tx.facts(),
            "people": tx.people(),
            "joins": tx.joins(),
            "scenarios": tx.scenarios(),
            "blobs": [tx.blob(name) for name in tx.blobs()],
            "log": list(tx.log()),
        }
        for branch in tx.scenarios():
            for name, table in tx.workspace(branch.name).tables.items():
                found[f"{branch.name} {name}"] = [encode(row) for row in rows(table)]
        return found


def test_everything_moves(path: Path, tmp_path: Path) -> None:
    new = tmp_path / "new" / "w2.gpkg"
    answer = keeping.move(path, new)
    assert answer["equal"] is True
    assert (answer["revision"], answer["scenarios"]) == (18, ["main", "方案二", "定稿"])
    before, after = told(path), told(new)
    assert before == after
    assert after["blobs"] == [PDF]
    assert stores.open_store(new).faults() == []
    with stores.open_store(path).reading() as tx, stores.open_store(new).reading() as other:
        assert tx.identity() != other.identity(), "from here on each goes its own way"
        assert answer["chain_head"] == tx.chain_head() == other.chain_head()
        for revision in range(1, 19):
            one, two = tx.workspace("main", revision), other.workspace("main", revision)
            for name in one.tables:
                assert [encode(row) for row in rows(one.table(name))] == [
                    encode(row) for row in rows(two.table(name))
                ]


def test_work_goes_on_at_the_target_and_the_source_stays(path: Path, tmp_path: Path) -> None:
    new = tmp_path / "w2.gpkg"
    keeping.move(path, new)
    before = told(path)
    did(stores.open_store(new), Edit("parcels", "A", frozen({"note": "new"})))
    did(stores.open_store(new), Edit("parcels", "A", frozen({"note": "new"})), "方案二")
    assert stores.open_store(new).faults() == []
    assert told(path) == before
    with stores.open_store(new).writing() as tx, stores.open_store(path).writing() as old:
        assert tx.mint("B") == old.mint("B"), "keys that were given stay given"


def test_a_branch_that_was_in_use_moves_as_well(path: Path, tmp_path: Path) -> None:
    from layers.commands import Delete

    with stores.open_store(path).reading() as tx:
        tx.workspace("定稿")
    did(stores.open_store(path), Delete("parcels", "B"), "方案二")
    assert keeping.move(path, tmp_path / "w2.gpkg")["equal"]


def test_nothing_is_written_over_and_nothing_made_of_nothing(path: Path, tmp_path: Path) -> None:
    for target in (path, tmp_path / "w2.gpkg"):
        target.touch()
        before = target.read_bytes()
        with pytest.raises(WorkspaceExists):
            keeping.move(path, target)
        assert target.read_bytes() == before
    with pytest.raises(WorkspaceMissing):
        keeping.move(tmp_path / "none.gpkg", tmp_path / "w3.gpkg")
    with pytest.raises(NotYet):
        keeping.move(path, "postgresql://host/db")


def test_what_comes_out_different_is_not_kept(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SqlWriting, "put_person", lambda *_: None)
    with pytest.raises(MoveUnequal, match="people"):
        keeping.move(path, tmp_path / "w2.gpkg")
    monkeypatch.undo()
    monkeypatch.setattr("layers.stores.state.write", lambda *_: None)
    with pytest.raises(MoveUnequal, match="main parcels"):
        keeping.move(path, tmp_path / "w2.gpkg")
    assert not list(tmp_path.glob("*w2*"))
