"""The service of suitability: criteria of a file or of a model that is kept, scores by parcel and as a GeoTIFF."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from layers import stores
from layers.errors import CallWrong
from layers.ground.errors import CriteriaFileRefused
from layers.ground.models import RATED, Criterion, criteria, for_function, from_rows, functions_of, judged
from layers.ground.scoring import Assembled, assemble, chosen, usual
from layers.readers.errors import FileMissing
from layers.workspace import Workspace
from layers.writers.errors import OutIsWorkspace
from layers.writers.score_grid import Written, write
from spatial.suitability import Rating, ranks

Answer = dict[str, Any]
_LARGEST_FILE = 5_000_000


@dataclass(frozen=True)
class Wish:
    """What is rated, and where it goes.

    Parameters
    ----------
    file
        JSON with criteria; None takes a model that the workspace keeps.
    model
        Name of it; None takes the first.
    function
        What parcels are rated for; None takes that of the file, else the first that the model rates.
    out
        GeoTIFF to write; None writes none.
    cell_m
        Side of a cell [m]; None chooses it.
    """

    file: str | None = None
    model: str | None = None
    function: str | None = None
    out: str | None = None
    cell_m: float | None = None
    overwrite: bool = False


def suitability(address: str, wish: Wish, scenario: str = "main") -> Answer:
    """Rate every parcel, and write the scores where a file is wanted.

    Raises
    ------
    CallWrong, FileMissing, CriteriaFileRefused, TableRefused, ModelUnknown, CriterionRefused, MeasureRefused,
    JudgementsRefused, WeightsRefused, OutExists, OutIsWorkspace, OutUnwritable, GridTooLarge, NothingToRate
    """
    workspace = stores.read(address, scenario)
    if wish.out is not None and Path(wish.out).resolve() == Path(address).resolve():
        raise OutIsWorkspace(where=wish.out, path=Path(wish.out).name)
    model, found, function = _wanted(workspace, wish)
    made = assemble(workspace, found, function)
    rating = made.rating
    answer = _told(workspace, made, rating) | {"model": model, "function": function}
    by_pairs = judged(made.weighed)
    if by_pairs is not None:
        answer["consistency_ratio"] = round(by_pairs.ratio, 6)
    if wish.out is not None:
        facts = {"model": model, "function": function, "scenario": workspace.scenario}
        answer |= _file(write(workspace, rating.total, Path(wish.out), _tags(workspace, answer, facts), wish.cell_m,
                              overwrite=wish.overwrite))  # fmt: skip
    return answer


def write_scores(workspace: Workspace, made: Assembled, rating: Rating, model: str, out: Path) -> Written:
    """The scores that a page shows as a GeoTIFF.

    Raises
    ------
    OutUnwritable, GridTooLarge, NothingToRate, NotAsWritten
    """
    answer = _told(workspace, made, rating)
    facts = {"model": model, "function": made.function, "scenario": workspace.scenario}
    return write(workspace, rating.total, out, _tags(workspace, answer, facts), overwrite=True)


def _wanted(workspace: Workspace, wish: Wish) -> tuple[str, tuple[Criterion, ...], str]:
    """Name of the model, its criteria, and the function."""
    if wish.file is not None:
        model, rows, said = read_file(Path(wish.file))
        every = from_rows(rows, workspace.crs)
        function = _function(wish.function or said or next(iter(functions_of(every)), RATED[0]))
        return model, for_function(every, model, function), function
    shown = usual(workspace)
    model = wish.model or (shown[0] if shown else "–")
    mine = [one for one in criteria(workspace) if one.model == model]
    function = _function(wish.function or next(iter(functions_of(mine)), RATED[0]))
    return model, chosen(criteria(workspace), model, function), function


def _function(name: str) -> str:
    if name not in RATED:
        raise CallWrong(where="--function", reason=f"{name[:40]} ∉ {', '.join(RATED)}", verb="suitability")
    return name


def read_file(path: Path) -> tuple[str, list[dict[str, Any]], str | None]:
    """Name, rows and function of a file of criteria.

    Raises
    ------
    FileMissing, CriteriaFileRefused
    """
    if not path.is_file():
        raise FileMissing(where=str(path), path=str(path))
    if path.stat().st_size > _LARGEST_FILE:
        raise CriteriaFileRefused(where=path.name, reason=f"> {_LARGEST_FILE:,} bytes")
    try:
        said = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise CriteriaFileRefused(where=path.name, reason=str(error)[:120]) from error
    whole: Mapping[str, Any] = said if isinstance(said, Mapping) else {"criteria": said}
    rows = whole.get("criteria")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise CriteriaFileRefused(where=path.name, reason="criteria: […]")
    function = whole.get("function")
    return str(whole.get("model") or path.stem), rows, None if function is None else str(function)


def _told(workspace: Workspace, made: Assembled, rating: Rating) -> Answer:
    """Rows and criteria as the command line gives them."""
    place, numbers = ranks(rating.total), workspace.table("parcels")["parcel_no"].astype(object)
    ruled = rating.scores.ruled_out.tolist()
    rows = [
        {
            "parcel_no": None if no is None or no != no else str(no),
            "parcel_id": str(key),
            "score": None if np.isnan(score) else round(score, 4),
            "rank": rank if rank and mask < 0 else None,
            "ruled_out_by": made.masks[mask].key if mask >= 0 else None,
        }
        for no, key, score, rank, mask in zip(
            numbers, workspace.parcel_index, rating.total.tolist(), place.tolist(), ruled, strict=True
        )
    ]
    weights = dict(zip((one.key for one in made.weighed), rating.weights.tolist(), strict=True))
    told = [_criterion(one, weights.get(one.key), values) for one, values in _every(made)]
    unknown = int(np.isnan(rating.total).sum())
    return {
        "rows": rows,
        "criteria": told,
        "unknown": unknown,
        "ruled_out": int((rating.scores.ruled_out >= 0).sum()),
        "revision": workspace.revision,
        "crs": workspace.crs,
    }


def _every(made: Assembled) -> Sequence[tuple[Criterion, np.ndarray]]:
    return list(zip((*made.weighed, *made.masks), made.rows, strict=True))


def _criterion(one: Criterion, weight: float | None, values: np.ndarray) -> Answer:
    known = values[~np.isnan(values)]
    return {
        "criterion_id": one.key,
        "name": one.called("zh-CN"),
        "measure": one.measure,
        "subject": one.subject or None,
        "role": one.role,
        "weight": weight,
        "known": len(known),
        "min": float(known.min()) if len(known) else None,
        "max": float(known.max()) if len(known) else None,
        "source": one.source or None,
    }


def _tags(workspace: Workspace, answer: Answer, facts: Mapping[str, str]) -> dict[str, str]:
    """What the file says of itself."""
    weights = {
        one["criterion_id"]: round(one["weight"], 6) for one in answer["criteria"] if one["weight"] is not None
    }
    return {
        "TIFFTAG_SOFTWARE": "chengzai",
        "TIFFTAG_IMAGEDESCRIPTION": "选址适宜性参考评价 / suitability of sites, for reference only",
        "CHENGZAI_REVISION": str(workspace.revision),
        "CHENGZAI_WEIGHTS": json.dumps(weights, ensure_ascii=False),
    } | {f"CHENGZAI_{name.upper()}": value for name, value in facts.items()}


def _file(written: Written) -> Answer:
    return {
        "written": str(written.path),
        "style": str(written.style),
        "width": written.width,
        "height": written.height,
        "cell_m": written.cell_m,
        "cells": written.cells,
        "verified": True,
    }
