"""Land-use codes of another standard than the file says, or of one that it does not say: by which list they fit.

A code means nothing without its standard: 1001 is industry in one and a railway in another. The lists below hold the
codes of each standard as practice writes them; texts of the standards were not at hand, so a list only ever proposes.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from layers.readers.doubts.finding import Cure, Finding
from layers.readers.synonyms import plain

_REFERENCE = Path(__file__).parents[3] / "data" / "reference"
_GB50137 = (
    "R R1 R11 R12 R2 R21 R22 R3 R31 R32 A A1 A2 A21 A22 A3 A31 A32 A33 A34 A35 A4 A41 A42 A5 A51 A52 A53 A59 A6 A7 "
    "A8 A9 B B1 B11 B12 B13 B14 B2 B21 B22 B29 B3 B31 B32 B4 B41 B49 B9 M M1 M2 M3 W W1 W2 W3 S S1 S2 S3 S4 S41 S42 "
    "S9 U U1 U11 U12 U13 U14 U15 U2 U21 U22 U3 U31 U32 U9 G G1 G2 G3 H H1 H11 H12 H13 H14 H2 H21 H22 H23 H24 H25 H3 "
    "H4 H41 H42 H5 H9 E E1 E11 E12 E13 E2 E9"
)
_SECONDS = {1: 3, 2: 4, 3: 7, 4: 4, 5: 7, 6: 4, 7: 2, 8: 10, 9: 6, 10: 9, 11: 11, 12: 7}
"""GB/T 21010-2017: classes, and how many each is divided into."""
_INDUSTRY: Mapping[str, frozenset[str]] = {
    "YDYH2023": frozenset({"1001", "100101", "100102", "100103"}),
    "GB/T21010": frozenset({"0601"}),
    "GB50137": frozenset({"M", "M1", "M2", "M3"}),
    "DB11/996": frozenset({"M", "M1", "M4"}),
}
"""Codes of industrial land: where names of uses stand beside the codes, this one tells the standards apart."""
_NAMES = ("用地性质名称", "用地名称", "地类名称", "规划用途名称", "ydxzmc", "dlmc", "ydyhflmc", "ydmc")
_CODE = re.compile(r"^\s*([A-Z]{1,2}\d{0,3}|\d{2,6})(?!\d)")
_FEW, _FITS, _BETTER = 1, 0.8, 0.2
"""Rows that are enough, the share that has to fit, and by how much more than with the standard that is said."""
_SAMPLES = 3


@functools.cache
def lists() -> Mapping[str, frozenset[str]]:
    """Codes of every standard, by the name of the classification."""
    seconds = {f"{one:02d}{two:02d}" for one, most in _SECONDS.items() for two in range(1, most + 1)}
    common = frozenset(_GB50137.split())
    return {
        "YDYH2023": national_codes(),
        "DB11/996": crosswalk_codes("DB11/996") | {code for code in common if len(code) <= 2},
        "GB50137": common,
        "GB/T21010": frozenset({f"{one:02d}" for one in _SECONDS} | seconds),
    }


def national_codes() -> frozenset[str]:
    """Codes of the national classification."""
    return frozenset(row["code"] for row in _reference("landuse_ydyh2023.csv"))


def crosswalk_codes(classification: str) -> frozenset[str]:
    """Codes of another classification that are compared with the national one."""
    rows = _reference("landuse_crosswalk.csv")
    return frozenset(row["land_use"] for row in rows if row["classification"] == classification)


def _reference(name: str) -> list[dict[str, str]]:
    with (_REFERENCE / name).open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def code_of(values: pd.Series) -> pd.Series:
    """The code that begins each cell, in capitals; missing where there is none.

    >>> code_of(pd.Series(["0802", "m4 工业研发", "科研用地"])).fillna("—").tolist()
    ['0802', 'M4', '—']
    """
    return values.astype("str").str.normalize("NFKC").str.upper().str.extract(_CODE, expand=False)


def findings(rows: pd.DataFrame, table: pd.DataFrame) -> Iterator[Finding]:
    """What is doubtful about land-use codes.

    Parameters
    ----------
    rows
        Under our column names.
    table
        As the file has it: names of uses may stand beside their codes.
    """
    if "land_use" not in rows or not pd.api.types.is_string_dtype(rows["land_use"]):
        return
    codes = code_of(rows["land_use"])
    there = codes.notna().to_numpy()
    if there.sum() < _FEW:
        return
    yield from _zeros(codes, there)
    said = rows["classification"] if "classification" in rows else pd.Series([None] * len(rows), dtype="str")
    kinds = said.fillna("").unique().tolist()
    for kind in kinds:
        group = there & (said.fillna("") == kind).to_numpy()
        if group.any():
            yield from _group(codes, group, kind, (table, len(kinds) == 1))


def _group(codes: pd.Series, group: np.ndarray, kind: str, whole: tuple[pd.DataFrame, bool]) -> Iterator[Finding]:
    """Rows that say one standard, or none."""
    here = codes[group]
    shares = {name: float(here.isin(known).mean()) for name, known in lists().items()}
    agrees = _by_names(here, whole[0][group])
    order = sorted(shares, key=lambda name: (round(shares[name], 6), agrees.get(name, 0.0)), reverse=True)
    best, second = order[0], order[1]
    now = shares.get(kind, 0.0)
    odd = here[~here.isin(lists().get(kind, frozenset()))]
    evidence: dict[str, Any] = {
        "said": (kind or "未注明", kind or "none"),
        "share": now,
        "shares": shares,
        "best": best,
        "best_share": shares[best],
        "samples": odd.drop_duplicates().head(_SAMPLES).tolist(),
        "sample": str((odd if len(odd) else here).iloc[0]),
        "side_by_side": _lines(shares, agrees),
    }
    tied = shares[best] == shares[second] and agrees.get(best, 0.0) == agrees.get(second, 0.0)
    rows = tuple(np.flatnonzero(group)[(~here.isin(lists().get(kind, frozenset()))).to_numpy()].tolist())
    cure = None
    if whole[1] and shares[best] >= _FITS and not tied:
        cure = Cure("classification", {"constants": {"classification": best}}, {"standard": best})
    if not kind:
        code = "land_use_standard_untold" if shares[best] >= _FITS else "land_use_unknown"
        yield Finding(code, "asks", evidence | {"tied": tied}, "land_use", (), cure)
    elif kind in shares and now < _FITS and shares[best] >= _FITS and shares[best] - now >= _BETTER:
        yield Finding("land_use_other_standard", "asks", evidence, "land_use", rows, cure)
    elif kind in shares and now < 1 and rows:
        yield Finding("land_use_unknown", "tells", evidence, "land_use", rows)


def _by_names(codes: pd.Series, table: pd.DataFrame) -> dict[str, float]:
    """Share of the rows named industry whose code is that in each standard; nothing where no names stand there."""
    column = next((name for name in table.columns if plain(str(name)) in _NAMES), None)
    if column is None:
        return {}
    industry = table[column].astype("str").str.contains("工业").to_numpy()
    if not industry.any():
        return {}
    return {name: float(codes[industry].isin(known).mean()) for name, known in _INDUSTRY.items()}


def _lines(shares: Mapping[str, float], agrees: Mapping[str, float]) -> list[list[str]]:
    """Standards side by side: share of the codes that each has, and of industry by name that it calls so."""
    heads = ["", "%", *(["工业 %"] if agrees else [])]
    lines = [[name, f"{share:.0%}", *([f"{agrees[name]:.0%}"] if agrees else [])] for name, share in shares.items()]
    return [heads, *lines]


def _zeros(codes: pd.Series, there: np.ndarray) -> Iterator[Finding]:
    """Codes whose first zero a spreadsheet took: 802 for 0802."""
    short = codes.str.fullmatch(r"[1-9]\d{2}|[1-9]\d{4}").fillna(False).to_numpy(dtype=bool) & there
    rows = np.flatnonzero(short)
    if len(rows) and ("0" + codes[short]).isin(national_codes()).all():
        sample = str(codes.iloc[rows[0]])
        pair = f"{sample} → 0{sample}"
        yield Finding(
            "land_use_zero_lost", "asks", {"sample": sample, "pair": pair}, "land_use", tuple(rows.tolist())
        )
