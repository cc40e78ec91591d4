"""Models of suitability: criteria as values, read from the layer or from a file, with the presets that are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from layers.contract import split_list
from layers.criteria import CRITERIA
from layers.errors import TableRefused
from layers.ground.errors import CriterionRefused, ModelUnknown
from layers.rows import table_of
from layers.vocabulary import FUNCTIONS, MEASURES
from layers.workspace import Workspace
from spatial import pairwise
from spatial.errors import ScaleRefused
from spatial.suitability import linear, stepped

RATED = tuple(name for name in FUNCTIONS if name != "support")
"""Functions that sites are rated for."""

UNITS = {
    "raster_share_above": "%",
    "raster_share_of": "%",
    "station_distance": "m",
    "station_walk": "m",
    "facility_distance": "m",
    "constraint_share": "%",
    "partner_distance": "m",
}
"""Unit in which values of a measure are shown; shares are kept from 0 to 1 and shown as percent."""


@dataclass(frozen=True)
class Criterion:
    """One criterion of a model; see the columns of the layer."""

    key: str
    model: str
    measure: str
    function: str = ""
    name: str = ""
    name_en: str = ""
    model_en: str = ""
    subject: str = ""
    threshold: float | None = None
    worst: float | None = None
    best: float | None = None
    steps: tuple[tuple[float, float], ...] = ()
    role: str = "weight"
    missing: str = "unknown"
    weight: float | None = None
    judgements: tuple[tuple[str, float], ...] = ()
    source: str = ""
    note: str = ""

    def called(self, language: str) -> str:
        """Its name, or what it measures."""
        order = (self.name_en, self.name) if language == "en" else (self.name, self.name_en)
        return next(filter(None, order), "") or MEASURES[self.measure][language == "en"]

    def score(self, values: np.ndarray) -> np.ndarray:
        """Scores of measured values, 0 to 100, NaN for unknown.

        Raises
        ------
        CriterionRefused
            When its scale gives no score.
        """
        try:
            if self.steps:
                return stepped(values, *np.array(self.steps, dtype=float).T)
            if self.worst is not None and self.best is not None:
                return linear(values, self.worst, self.best)
            if self.measure == "function_fit":
                return linear(values, 0.0, 1.0)
        except ScaleRefused as error:
            raise CriterionRefused(where=self.key, key=self.key, reason=str(error.facts["reason"])) from error
        raise CriterionRefused(where=self.key, key=self.key, reason="worst, best, steps")


def criteria(workspace: Workspace) -> tuple[Criterion, ...]:
    """Every criterion of a workspace, in the order of the layer.

    Raises
    ------
    CriterionRefused
    """
    table, kept = workspace.table("criteria"), workspace.__dict__.get("criteria_read")
    if kept is None or kept[0] is not table:
        kept = workspace.__dict__["criteria_read"] = (table, _of_table(table))
    found: tuple[Criterion, ...] = kept[1]
    return found


def models(workspace: Workspace) -> tuple[str, ...]:
    """Names of the models, in the order of the layer."""
    return tuple(dict.fromkeys(str(name) for name in workspace.table("criteria")["model"]))


def model_name(workspace: Workspace, model: str, language: str) -> str:
    """What a model is called in a language."""
    if language == "en":
        table = workspace.table("criteria")
        named = table["model_en"][(table["model"] == model).to_numpy(dtype=bool, na_value=False)].dropna()
        return next((str(name) for name in named if name), model)
    return model


def for_function(found: Sequence[Criterion], model: str, function: str) -> tuple[Criterion, ...]:
    """Those of some criteria that count for a function.

    Raises
    ------
    ModelUnknown
        When none does, or none of them weighs.
    """
    mine = tuple(one for one in found if one.function in ("", function))
    if not any(one.role == "weight" for one in mine):
        known = "、".join(dict.fromkeys(f"{one.model}·{one.function or '*'}" for one in found)) or "–"
        raise ModelUnknown(where=model, model=model, function=function, known=known)
    return mine


def functions_of(found: Iterable[Criterion]) -> tuple[str, ...]:
    """Functions that some criteria rate, in the order of the vocabulary."""
    weigh = {one.function for one in found if one.role == "weight"}
    return RATED if "" in weigh else tuple(name for name in RATED if name in weigh)


def from_rows(rows: Sequence[Mapping[str, Any]], crs: str = "EPSG:4548") -> tuple[Criterion, ...]:
    """Criteria from plain rows, as a file holds them; what the layer's contract refuses is refused.

    Raises
    ------
    TableRefused, CriterionRefused
    """
    known = set(CRITERIA.names)
    filled = []
    for number, row in enumerate(rows, 1):
        odd = sorted(set(row) - known)
        if odd:
            raise CriterionRefused(where=odd[0], key=str(row.get("criterion_id", number)), reason=odd[0])
        listed = {name: _listed(value) for name, value in row.items()}
        filled.append({"criterion_id": f"S{number:05d}", "model": "–"} | listed)
    table = table_of("criteria", filled, crs)
    wrong = [said for said in CRITERIA.check(table) if said.severity == "error"]
    if wrong:
        first = wrong[0]
        raise TableRefused(
            where=first.column, layer="criteria", count=len(wrong), row=first.row, column=first.column,
            first=first.message("zh-CN"),
        )  # fmt: skip
    return _of_table(table)


def _listed(value: Any) -> Any:
    """A list or mapping of a file as a list column keeps it."""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}={number}" for key, number in value.items())
    return "; ".join(map(str, value)) if isinstance(value, list) else value


def _of_table(table: pd.DataFrame) -> tuple[Criterion, ...]:
    found = []
    for row in table.to_dict("records"):
        key, text = str(row["criterion_id"]), {str(name): _text(value) for name, value in row.items()}
        number = {name: _number(row[name]) for name in ("threshold", "worst", "best", "weight")}
        found.append(
            Criterion(
                key=key,
                model=text["model"],
                measure=text["measure"],
                function=text["function"],
                name=text["name"],
                name_en=text["name_en"],
                model_en=text["model_en"],
                subject=text["subject"],
                threshold=number["threshold"],
                worst=number["worst"],
                best=number["best"],
                steps=tuple(sorted((_start(key, at), score) for at, score in _pairs(key, row["steps"]))),
                role=text["role"] or "weight",
                missing=text["missing"] or "unknown",
                weight=number["weight"],
                judgements=_pairs(key, row["judgements"]),
                source=text["source"],
                note=text["note"],
            )
        )
    return tuple(found)


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def _start(key: str, said: str) -> float:
    try:
        return float(said)
    except ValueError as error:
        raise CriterionRefused(where=key, key=key, reason=said[:60]) from error


def _pairs(key: str, text: object) -> tuple[tuple[str, float], ...]:
    """Entries like ``name=number``; the number may be a fraction such as 1/3.

    Raises
    ------
    CriterionRefused
    """
    found = []
    for part in split_list(text):
        name, sign, said = (piece.strip() for piece in part.partition("="))
        top, _, below = said.partition("/")
        try:
            value = float(top) / float(below or 1)
            if not sign or not name or not np.isfinite(value):
                raise ValueError(part)
        except (ValueError, ZeroDivisionError) as error:
            raise CriterionRefused(where=key, key=key, reason=part[:60]) from error
        found.append((name, value))
    return tuple(found)


def written(pairs: Iterable[tuple[Any, float]]) -> str | None:
    """Pairs as a list column keeps them; None for none.

    >>> written([("a", 3.0), ("b", 1 / 3)])
    'a=3; b=1/3'
    """
    said = [f"{name:g}={_fraction(value)}" if isinstance(name, float) else f"{name}={_fraction(value)}"
            for name, value in pairs]  # fmt: skip
    return "; ".join(said) or None


def _fraction(value: float) -> str:
    below = round(1 / value) if 0 < value < 1 else 0
    return f"1/{below}" if below and abs(value * below - 1) < 1e-9 else f"{value:g}"


def row_of(one: Criterion) -> dict[str, Any]:
    """A criterion as a row of the layer."""
    plain = {name: getattr(one, name) or None for name in CRITERIA.names if hasattr(one, name)}
    numbers = {name: getattr(one, name) for name in ("threshold", "worst", "best", "weight")}
    lists = {"steps": written(one.steps), "judgements": written(one.judgements)}
    return plain | numbers | lists | {"criterion_id": one.key}


def judged(found: Sequence[Criterion]) -> pairwise.Judged | None:
    """Weights from the pairwise comparisons of criteria; None where nobody compared.

    Raises
    ------
    JudgementsRefused
    """
    weigh = [one for one in found if one.role == "weight"]
    at = {one.key: place for place, one in enumerate(weigh)}
    matrix, said = np.full((len(weigh), len(weigh)), np.nan), False
    for row, one in enumerate(weigh):
        for other, value in one.judgements:
            if other in at and at[other] != row:  # others belong to another function of the model
                matrix[row, at[other]], said = value, True
    return pairwise.judge(matrix) if said else None


def weights_of(found: Sequence[Criterion]) -> np.ndarray:
    """Weights of the criteria that weigh: from comparisons where there are any, else as given, shape (k,).

    Raises
    ------
    JudgementsRefused
    """
    by_pairs = judged(found)
    if by_pairs is not None:
        return by_pairs.weights
    return np.array([one.weight or 0.0 for one in found if one.role == "weight"])


@dataclass(frozen=True)
class Preset:
    """A scale of scores that is known, with where it comes from.

    Parameters
    ----------
    verified
        Whether its source was read; one that was not is offered and labelled as such.
    """

    key: str
    zh: str
    en: str
    steps: tuple[tuple[float, float], ...]
    source: str
    verified: bool

    def on(self, one: Criterion) -> Criterion:
        """A criterion with this scale and its source."""
        return replace(one, steps=self.steps, worst=None, best=None, source=self.source)


PRESETS = (
    Preset(
        "slope_mnr",
        "坡度：0–2° 100、2–8° 80、8–15° 60、15° 以上 40",
        "Slope: 0–2° 100, 2–8° 80, 8–15° 60, above 15° 40",
        ((0.0, 100.0), (2.0, 80.0), (8.0, 60.0), (15.0, 40.0)),
        "自然资源部研究团队公开论文的城镇建设坡度打分",
        verified=True,
    ),
    Preset(
        "slope_general",
        "坡度：3°、8°、15°、25° 五级（未核实）",
        "Slope: five grades at 3°, 8°, 15°, 25° (not verified)",
        ((0.0, 100.0), (3.0, 80.0), (8.0, 60.0), (15.0, 40.0), (25.0, 20.0)),
        "通行的五级分法，未找到标准原文，未核实；各级得分为假设",
        verified=False,
    ),
)
"""Scales for the slope. The grading of cropland (2°, 6°, 15°, 25°) is for farmland and is not offered."""
