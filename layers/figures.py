"""Where single figures come from: the lines under a parcel's card."""

from __future__ import annotations

from layers.contract import Column, Layer
from layers.vocabulary import CONFIDENCE, FIGURE_BASIS

FIGURES = Layer(
    name="figures",
    zh="数据来源",
    row="the origin of one figure of one row of another layer",
    row_zh="另一图层某一行的一个数字的来源",
    key="figure_id",
    columns=(
        Column("figure_id", "text", "编号", "Stable key, `layer/row/column`", required=True),
        Column("layer", "text", "图层", "Layer of the figure", required=True),
        Column("row_id", "text", "行", "Key of the row", required=True),
        Column("column", "text", "列", "Column of the figure", required=True),
        Column("basis", "text", "依据", "Basis", allowed=tuple(FIGURE_BASIS), required=True),
        Column("source", "text", "来源", "Document, notice or rule of arithmetic"),
        Column("confidence", "text", "可信度", "Confidence", allowed=tuple(CONFIDENCE)),
        Column("note", "text", "备注", "Remarks"),
    ),
)
