"""Rows by the names that people call them: a key, a number, or a name in either language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import pandas as pd

from layers.workspace import Workspace
from spatial.errors import ChengzaiError


class NameUnknown(ChengzaiError):
    code = "name_unknown"
    says: ClassVar[dict[str, str]] = {"zh-CN": "没有这个{what}：{name}", "en": "No such {what_en}: {name}"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "写编号或名称；名称重复时写编号",
        "en": "Give the key, number or name; where a name is not unique, the key",
    }


class NameTwice(ChengzaiError):
    code = "name_twice"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "有 {count} 个{what}叫 {name}",
        "en": "{count} rows of kind {what_en} are called {name}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "写其中一个的编号：{keys}",
        "en": "Give the key of one of them: {keys}",
    }


def project_row(workspace: Workspace, name: str) -> int:
    """Row of a project by key or name.

    Raises
    ------
    NameUnknown, NameTwice
    """
    return _row(workspace.table("projects"), ("project_id", "name", "name_en"), name, ("项目", "project"))


def parcel_row(workspace: Workspace, name: str) -> int:
    """Row of a parcel by key, number or name.

    Raises
    ------
    NameUnknown, NameTwice
    """
    return _row(workspace.table("parcels"), ("parcel_id", "parcel_no", "name"), name, ("地块", "parcel"))


def _row(table: pd.DataFrame, columns: Sequence[str], name: str, what: tuple[str, str]) -> int:
    for column in columns:
        rows = np.flatnonzero((table[column] == name).to_numpy(dtype=bool, na_value=False))
        if len(rows) == 1:
            return int(rows[0])
        if len(rows):
            keys = ", ".join(table[columns[0]].iloc[rows[:5]].astype(str))
            facts = {"count": len(rows), "keys": keys, "what": what[0], "what_en": what[1]}
            raise NameTwice(where=name[:40], name=name[:40], **facts)
    raise NameUnknown(where=name[:40], name=name[:40], what=what[0], what_en=what[1])
