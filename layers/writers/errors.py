"""Why a layer cannot go out, one class per cure."""

from __future__ import annotations

from typing import ClassVar

from spatial.errors import ChengzaiError


class ExportRefused(ChengzaiError):
    """Base of the reasons for which nothing is handed out."""

    code = "export_refused"


class OutExists(ExportRefused):
    code = "out_exists"
    says: ClassVar[dict[str, str]] = {"zh-CN": "{path} 已存在", "en": "{path} exists already"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "换一个文件名，或加 --overwrite 替换",
        "en": "Give another name, or replace it with --overwrite",
    }


class OutIsWorkspace(ExportRefused):
    code = "out_is_workspace"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 是工作空间，不能被导出文件覆盖",
        "en": "{path} is a workspace; an export never replaces one",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "换一个文件名", "en": "Give another name"}


class OutUnwritable(ExportRefused):
    code = "out_unwritable"
    says: ClassVar[dict[str, str]] = {"zh-CN": "不能写入 {path}：{reason}", "en": "Cannot write {path}: {reason}"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "检查文件夹是否存在、可写、有空间",
        "en": "Check that the folder is there, may be written to, and has room",
    }


class FormatUnknown(ExportRefused):
    code = "format_unknown"
    says: ClassVar[dict[str, str]] = {"zh-CN": "没有导出格式「{format}」", "en": "No export format {format!r}"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "可用格式：{known}", "en": "Formats are: {known}"}


class NeedsGeometry(ExportRefused):
    code = "format_needs_geometry"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "图层 {layer} 没有图形，不能导出为 {format}",
        "en": "Layer {layer} has no geometry and cannot be written as {format}",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "改用 csv 或 gpkg", "en": "Use csv or gpkg"}


class NeedsOutlines(ExportRefused):
    code = "format_needs_outlines"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "图层 {layer} 没有面状图形，不能写成 {format}",
        "en": "Layer {layer} has no outlines and cannot be written as {format}",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "改用 shp 或 gpkg", "en": "Use shp or gpkg"}


class TooManyRows(ExportRefused):
    code = "too_many_rows"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{format} 最多 {most} 行，图层有 {count} 行",
        "en": "{format} holds {most} rows at most; the layer has {count}",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "改用 csv 或 gpkg", "en": "Use csv or gpkg"}


class TooManyColumns(ExportRefused):
    code = "too_many_columns"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{format} 最多 {most} 列，图层有 {count} 列",
        "en": "{format} holds {most} columns at most; the layer has {count}",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "改用 gpkg 或 gdb", "en": "Use gpkg or gdb"}


class TooLarge(ExportRefused):
    code = "too_large"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{format} 单个文件不能超过 2 GB",
        "en": "A file of {format} cannot be larger than 2 GB",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "改用 gpkg 或 gdb", "en": "Use gpkg or gdb"}


class LonLatOnly(ExportRefused):
    code = "geojson_lonlat_only"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{format} 只用经纬度，不能写成 {crs}",
        "en": "{format} is in longitude and latitude, never in {crs}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "不选坐标系，或改用 gpkg / shp",
        "en": "Choose no CRS, or use gpkg or shp",
    }


class CrsReadsFiles(ExportRefused):
    code = "crs_reads_files"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "坐标系定义要读取外部文件或网址，不能使用：{crs}",
        "en": "The definition of the CRS would read a file or an address: {crs}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "粘贴只含参数的 WKT 或 PROJ 定义（+proj=tmerc +lat_0=… +lon_0=… +x_0=… +y_0=… +ellps=…）",
        "en": "Paste WKT or PROJ made of parameters alone (+proj=tmerc +lat_0=… +lon_0=… +x_0=… +y_0=… +ellps=…)",
    }


class CrsNotFlat(ExportRefused):
    code = "crs_not_flat"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{crs} 不是平面或经纬度坐标系",
        "en": "{crs} is neither a projected CRS nor one of longitude and latitude",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "换用 EPSG:4548、4527、4490、4326，或粘贴投影坐标系定义",
        "en": "Use EPSG:4548, 4527, 4490 or 4326, or paste the definition of a projected CRS",
    }


class OutOfReach(ExportRefused):
    code = "crs_out_of_reach"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{count} 个图形不能换算到 {crs}",
        "en": "{count} geometries cannot be moved to {crs}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "选择覆盖数据所在位置的坐标系",
        "en": "Choose a CRS that covers the place of the data",
    }


class EncodingUnknown(ExportRefused):
    code = "encoding_unknown"
    says: ClassVar[dict[str, str]] = {"zh-CN": "不支持编码 {encoding}", "en": "{encoding} is not written"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "可用：UTF-8、GBK、GB18030", "en": "Use UTF-8, GBK or GB18030"}


class NotTheSame(ExportRefused):
    """The file that was written does not say what the workspace says; it is thrown away."""

    code = "export_not_verified"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "写出的文件重新打开后与数据不一致：{what}",
        "en": "The file, opened again, differs from the data: {what}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "文件没有交付；换一种格式（gpkg）重试，并把这条信息报告给维护者",
        "en": "No file was handed out; try another format (gpkg) and report this",
    }


class NotOpened(ExportRefused):
    """The file that was written cannot be opened again; it is thrown away."""

    code = "export_not_opened"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "写出的文件 {path} 不能重新打开：{reason}",
        "en": "{path} was written and cannot be opened again: {reason}",
    }
    cure: ClassVar[dict[str, str]] = NotTheSame.cure


class GridTooLarge(ExportRefused):
    code = "grid_too_large"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "像元 {cell} m 会得到 {cells} 个像元，上限 {most}",
        "en": "Cells of {cell} m would make {cells} cells; {most} is the most",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "用 --cell 给出更大的像元，至少 {least} m",
        "en": "Give larger cells with --cell, at least {least} m",
    }


class NothingToRate(ExportRefused):
    code = "nothing_to_rate"
    says: ClassVar[dict[str, str]] = {"zh-CN": "没有带图形的地块", "en": "No parcel has an outline"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "先导入地块图形", "en": "Bring parcels with outlines in first"}
