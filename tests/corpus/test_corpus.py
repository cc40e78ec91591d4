"""Every file of the corpus ends in a verdict that can be read: no row is lost unseen, and the service goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from layers.readers.bring_in import Wish, bring_in
from layers.workspace import Workspace
from spatial.errors import ChengzaiError, tell
from tests.corpus.broken import broken
from tests.corpus.case import Case
from tests.corpus.dirty import dirty
from tests.corpus.forensic import forensic
from tests.corpus.good import good
from tests.corpus.shipped import shipped

CASES = [*good(), *dirty(), *broken(), *forensic(), *shipped()]


@pytest.fixture(scope="module")
def empty() -> Workspace:
    """A workspace without a parcel, in metres."""
    return Workspace(name="空", name_en="Empty", crs="EPSG:4548", tables={})


def outcome(workspace: Workspace, path: Path, wish: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """``read`` with the report, or ``refused`` with the error in words."""
    try:
        return "read", bring_in(workspace, Wish(**({"file": str(path), "layer": "parcels"} | wish))).report()
    except ChengzaiError as error:
        zh, en = (tell(error, language) for language in ("zh-CN", "en"))
        assert zh["message"] != en["message"], "an error speaks both languages"
        assert zh["cure"]
        assert en["cure"]
        assert "Traceback" not in en["message"]
        return "refused", en


def test_the_corpus_is_large_and_has_no_name_twice() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 300


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_file_has_a_verdict(case: Case, tmp_path: Path, empty: Workspace) -> None:
    how, said = outcome(empty, case.make(tmp_path), dict(case.wish))
    if how == "read":
        assert said["read"] == said["accepted"] + said["rejected"]
        rejected = {row["row"] for row in said["rows"] if row["severity"] == "error"}
        stopped = [finding["code"] for finding in said["findings"] if finding["severity"] in ("stops", "asks")]
        assert stopped or None in rejected or len(rejected) == said["rejected"], "every rejected row has its reason"
        if case.rows is not None:
            assert said["read"] == case.rows, "no row is lost unseen"
        assert all(row["message"] for row in said["rows"])
    if case.verdict == "in":
        assert how == "read", said
        assert said["accepted"] == case.rows, said["rows"]
        if case.area is not None:
            assert said["planar_area_m2"] == pytest.approx(case.area, rel=1e-5)
    elif case.verdict == "told":
        found = {said["code"]} if how == "refused" else _found(said)
        assert found if case.codes == {"*"} else case.codes <= found, said
    elif case.verdict == "refused":
        found = {said["code"]} if how == "refused" else _found(said)
        assert how == "refused" or said["accepted"] == 0, said
        assert found if case.codes == {"*"} else case.codes & found, said


def _found(said: dict[str, Any]) -> set[str]:
    return {one["code"] for one in (*said.get("findings", ()), *said.get("rows", ()))}
