"""Rasters: what is known of grids of values (elevation, noise, heat, …) whose files are kept beside the workspace."""

from __future__ import annotations

from layers.contract import Column, Layer
from layers.vocabulary import GEOMETRY_BASIS, RASTER_KINDS, RASTER_VALUES

RASTERS = Layer(
    name="rasters",
    zh="栅格",
    row="one band of a raster file that is kept beside the workspace",
    row_zh="存放在工作区旁的一个栅格文件的一个波段",
    key="raster_id",
    geometry=("Polygon",),
    geometry_required=False,
    columns=(
        Column("raster_id", "text", "栅格编号", "Stable key", required=True),
        Column("name", "text", "名称", "Name"),
        Column("kind", "text", "类别", "What its values are", allowed=tuple(RASTER_KINDS), strict=False),
        Column("values", "text", "值的种类", "Measured along a scale, or codes", allowed=tuple(RASTER_VALUES)),
        Column("unit", "text", "单位", "Unit of the values after scale and offset"),
        Column("band", "integer", "波段", "Band of the file, counted from 1", minimum=1),
        Column("nodata", "number", "无数据值", "Stored value that means nothing; empty where the file has none"),
        Column("scale", "number", "缩放系数", "Value = stored × scale + offset; empty means 1"),
        Column("offset", "number", "偏移量", "Value = stored × scale + offset; empty means 0"),
        Column("sha256", "text", "校验值", "SHA-256 of the file, under which it is kept", required=True),
        Column("file_name", "text", "文件名", "Name that the file had when it came in"),
        Column("size_bytes", "integer", "文件大小", "Size of the file", "bytes", minimum=0),
        Column("raster_crs", "text", "栅格坐标系", "CRS of the file, as a text that PROJ reads"),
        Column("width", "integer", "列数", "Columns of cells", "cells", minimum=1),
        Column("height", "integer", "行数", "Rows of cells", "cells", minimum=1),
        Column("cell_m", "number", "像元大小", "Side of a cell in the working CRS, at the middle", "m", minimum=0),
        Column("data_basis", "text", "数据依据", "How the values were obtained", allowed=tuple(GEOMETRY_BASIS)),
        Column("date", "date", "日期", "Date that the values hold for"),
        Column("source", "text", "来源", "Where the file comes from, with its licence"),
        Column("note", "text", "备注", "Remarks"),
    ),
)
