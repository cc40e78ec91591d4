"""Lines, areas and points drawn quietly under the parcels, so that a map without internet has a base."""

from __future__ import annotations

from layers.contract import Column, Layer

BACKDROP = Layer(
    name="backdrop",
    zh="底图要素",
    row="a line, area or point drawn under the parcels for orientation",
    row_zh="一条画在地块之下、用于定位的底图要素",
    key="backdrop_id",
    geometry=("LineString", "Polygon", "Point"),
    columns=(
        Column("backdrop_id", "text", "编号", "Stable key", required=True),
        Column("name", "text", "名称", "Name"),
        Column(
            "kind",
            "text",
            "类别",
            "Kind",
            allowed=("metro_line", "railway", "station_building", "road", "water", "outline", "label"),
            strict=False,
        ),
        Column("source", "text", "来源", "Where the row comes from, with its licence"),
        Column("note", "text", "备注", "Remarks"),
    ),
)
