"""Metro and railway stations."""

from __future__ import annotations

from layers.contract import Column, Layer
from layers.vocabulary import STATION_KINDS

STATIONS = Layer(
    name="stations",
    zh="车站",
    row="a station, or an entrance of one",
    row_zh="一个车站或出入口",
    key="station_id",
    geometry=("Point",),
    columns=(
        Column("station_id", "text", "车站编号", "Stable key", required=True),
        Column("name", "text", "名称", "Name"),
        Column("kind", "text", "类别", "Kind", allowed=tuple(STATION_KINDS)),
        Column("line", "text", "线路", "Line or lines"),
        Column("parent", "text", "所属车站", "station_id that an entrance belongs to"),
        Column("source", "text", "来源", "Where the row comes from"),
        Column("note", "text", "备注", "Remarks"),
    ),
)
