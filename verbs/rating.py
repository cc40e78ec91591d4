"""The verb that rates parcels."""

from __future__ import annotations

import argparse

from layers.errors import CallWrong
from verbs.words import Answer, Verb, scenario, workspace


def _for_suitability(verb: argparse.ArgumentParser) -> None:
    workspace(verb)
    which = verb.add_mutually_exclusive_group()
    which.add_argument("--criteria", metavar="FILE", help="criteria as JSON / 评价因子文件（JSON）")
    which.add_argument("--model", metavar="NAME", help="a model of the workspace; default: its first / 评价模型")
    verb.add_argument("--function", help="headquarters, research, laboratory, pilot, production, incubator / 功能")
    verb.add_argument("--out", metavar="FILE.tif", help="GeoTIFF of the scores, a .qml beside it / 输出栅格")
    verb.add_argument("--cell", type=float, metavar="M", help="side of a cell [m] / 像元大小")
    verb.add_argument("--overwrite", action="store_true", help="replace existing files / 覆盖")


def _suitability(asked: argparse.Namespace) -> Answer:
    from layers import ratings

    if asked.out is not None and not asked.out.lower().endswith((".tif", ".tiff")):
        raise CallWrong(where="--out", reason=f"--out {asked.out[:60]}: .tif", verb="suitability")
    if asked.cell is not None and not 0 < asked.cell < float("inf"):
        raise CallWrong(where="--cell", reason=f"--cell {asked.cell:g}", verb="suitability")
    wish = ratings.Wish(asked.criteria, asked.model, asked.function, asked.out, asked.cell, asked.overwrite)
    return ratings.suitability(asked.workspace, wish, scenario(asked))


VERBS: dict[str, Verb] = {
    "suitability": ("score per parcel, and as GeoTIFF / 选址适宜性评价", _for_suitability, _suitability)
}
