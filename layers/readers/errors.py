"""Why a file cannot come in, one class per cure."""

from __future__ import annotations

from typing import ClassVar

from spatial.errors import ChengzaiError


class FileRefused(ChengzaiError):
    """Base of the reasons for which a file is not read."""

    code = "file_refused"


class FileMissing(FileRefused):
    code = "file_missing"
    says: ClassVar[dict[str, str]] = {"zh-CN": "找不到文件 {path}", "en": "No file {path}"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "检查路径和文件名", "en": "Check the path and the name"}


class PathRefused(FileRefused):
    code = "path_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "只接受本机的普通文件路径，不接受 {path}",
        "en": "Only plain paths on this machine are read, not {path}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "先把文件下载或解压到本地再导入",
        "en": "Download or unpack the file first and give its path",
    }


class FormatRefused(FileRefused):
    code = "format_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 不是可导入的格式：{found}",
        "en": "{path} is in no format that is read: {found}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "可导入：Shapefile、File Geodatabase（文件夹或 zip）、GeoPackage、GeoJSON、TopoJSON、"
        "KML/KMZ、DXF、FlatGeobuf、GeoParquet、界址点 TXT、CASS .dat、XLSX、CSV",
        "en": "Give Shapefile or file geodatabase (folder or zip), GeoPackage, GeoJSON, TopoJSON, KML, KMZ, DXF, "
        "FlatGeobuf, GeoParquet, boundary points (TXT), CASS .dat, XLSX or CSV",
    }


class FileBroken(FileRefused):
    code = "file_broken"
    says: ClassVar[dict[str, str]] = {"zh-CN": "{path} 无法读取：{reason}", "en": "{path} cannot be read: {reason}"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "文件可能不完整，请重新导出或重新拷贝",
        "en": "The file may be incomplete: export or copy it again",
    }


class ViewInside(FileRefused):
    """A GeoPackage with a view or a virtual table: reading it would run what somebody wrote there."""

    code = "view_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 含视图或虚拟表「{name}」，读取时会运行其中的查询，不予读取",
        "en": "{path} holds a view or a virtual table, {name!r}: reading it would run a query, so it is not read",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "在 QGIS 中把需要的图层另存为新的 GeoPackage（视图会存成普通表），再导入",
        "en": "Save the layers that you need as a new GeoPackage with QGIS; views become plain tables there",
    }


class TooLarge(FileRefused):
    code = "file_too_large"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 太大：{found}，上限 {limit}",
        "en": "{path} is too large: {found}; the limit is {limit}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "分成几个文件导入，或改用 GeoPackage",
        "en": "Bring it in as several files, or as a GeoPackage",
    }


class PartMissing(FileRefused):
    code = "shapefile_incomplete"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 缺少同名的 {part} 文件",
        "en": "{path} has no {part} file beside it",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "Shapefile 的 .shp、.shx、.dbf 须放在一起（坐标系在 .prj）",
        "en": "Keep .shp, .shx and .dbf of a shapefile together (its CRS is in .prj)",
    }


class ChooseLayer(FileRefused):
    code = "source_layer_unclear"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 含 {count} 个图层，没有可用的「{asked}」：{known}",
        "en": "{path} holds {count} layers and none is chosen by {asked!r}: {known}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "用 --source-layer 指定其中一个",
        "en": "Name one of them with --source-layer",
    }


class ArchiveRefused(FileRefused):
    code = "archive_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "压缩包 {path} 不能导入：{reason}",
        "en": "{path} is refused: {reason}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "压缩包内放 Shapefile 的各个文件、一个 .gdb，或一个其他可导入的文件；不加密、不嵌套",
        "en": "Pack the parts of shapefiles, one .gdb or one other file that is read; no password, no ZIP inside",
    }


class LinkedCrs(FileRefused):
    code = "crs_link_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 的坐标系是外部链接或无法识别的写法，不予读取",
        "en": "{path} gives its CRS as a link or in an unknown form; it is not followed",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "删去 crs 成员，并用 --crs 说明坐标系",
        "en": "Remove the crs member and say the CRS with --crs",
    }


class CrsMissing(FileRefused):
    code = "crs_missing"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "文件没有坐标系；坐标范围 {bounds}",
        "en": "The file has no CRS; its coordinates span {bounds}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "用 --crs 说明坐标系，例如 {suggestion}",
        "en": "Say the CRS with --crs, for example {suggestion}",
    }


class CrsContradicts(FileRefused):
    code = "crs_contradicts_coordinates"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "坐标系 {crs} 与坐标不符：坐标范围 {bounds}",
        "en": "{crs} cannot be the CRS of coordinates that span {bounds}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "经纬度数据用 --crs EPSG:4490 或 EPSG:4326；投影数据用其投影坐标系；并检查 x/y 是否颠倒",
        "en": "Say the true CRS with --crs (EPSG:4490 or EPSG:4326 for degrees); x and y may be swapped",
    }


class DatumOutside(FileRefused):
    """Coordinates that are said to be shifted, where the shift is not defined."""

    code = "datum_outside"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{datum} 只在中国境内有定义；坐标范围 {bounds}",
        "en": "{datum} is defined in China only; the coordinates span {bounds}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "去掉 --datum，或检查经纬度是否颠倒",
        "en": "Leave --datum out, or check whether longitude and latitude are swapped",
    }


class EncodingRefused(FileRefused):
    code = "encoding_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 的文字不能按 {encoding} 解读，例如 {sample}",
        "en": "Text of {path} cannot be read as {encoding}, such as {sample}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "用 --encoding 指明编码（UTF-8、GBK、GB18030、Big5 …）",
        "en": "Say the encoding with --encoding (UTF-8, GBK, GB18030, Big5, …)",
    }


class ColumnUnknown(FileRefused):
    code = "column_unknown"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "来源里没有列「{column}」",
        "en": "The source has no column {column!r}",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "来源的列：{known}", "en": "Its columns are: {known}"}


class ExpressionRefused(FileRefused):
    code = "expression_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "看不懂表达式 {text}：第 {place} 个字符处",
        "en": "Cannot read the expression {text} at character {place}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "只支持列名、数字、+ - * / 和 first()、min()、max()、sum()；特殊列名用 `反引号` 括起",
        "en": "Use a column, a number, + - * / and first(), min(), max(), sum(); put odd column names in `backticks`",
    }


class TargetRefused(FileRefused):
    code = "target_refused"
    says: ClassVar[dict[str, str]] = {"zh-CN": "不能映射到「{target}」", "en": "Nothing can be mapped to {target!r}"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "换一个列名；fid、geom、geometry 等名称由系统使用",
        "en": "Choose another name; fid, geom and geometry belong to the file format",
    }


class ConstantRefused(FileRefused):
    code = "constant_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{target} 是数值，固定值「{text}」不是",
        "en": "{target} holds numbers, and the fixed value {text!r} is none",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "固定值只写数字，不带单位",
        "en": "Give a plain number without a unit",
    }


class RowsRefused(FileRefused):
    """Some rows are bad, so nothing was written; the report that goes with it has every row."""

    code = "rows_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{read} 行中有 {rejected} 行不能导入，例如{first_zh_at}：{first_zh}",
        "en": "{rejected} of {read} rows cannot come in, such as {first_en_at}: {first_en}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "修正来源，或加 --skip-bad 跳过这些行（--repair 可修复无效图形）；数据没有写入",
        "en": "Mend the source, or skip them with --skip-bad (--repair mends polygons); nothing was written",
    }


class RejectedFormat(ChengzaiError):
    """Rejected rows are asked for in a file that is no table."""

    code = "rejected_format"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "未导入的行只能写成 .csv 或 .xlsx，不能写成 {path}",
        "en": "Rejected rows are written as .csv or .xlsx, not as {path}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "换一个以 .csv 或 .xlsx 结尾的文件名",
        "en": "End its name in .csv or .xlsx",
    }


class RejectedExists(ChengzaiError):
    """Rejected rows never take the place of a file."""

    code = "rejected_exists"
    says: ClassVar[dict[str, str]] = {"zh-CN": "{path} 已存在", "en": "{path} exists already"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "换一个文件名", "en": "Give another name"}


class ReaderDied(FileRefused):
    """The process that opened a file ended; the file is to blame until it is written anew by another program."""

    code = "reader_died"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "读取 {path} 时解析程序异常退出（{reason}），已隔离，没有影响其他工作",
        "en": "The program that reads {path} stopped on it ({reason}); nothing else was touched",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "文件可能已损坏：用 QGIS 或 ArcGIS 打开后另存为 GeoPackage 再导入",
        "en": "The file may be damaged: open it in QGIS or ArcGIS, save it as GeoPackage, and bring that in",
    }


class ReaderTooSlow(FileRefused):
    code = "reader_too_slow"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "读取 {path} 超过 {limit} 秒，已停止",
        "en": "Reading {path} took more than {limit} s and was stopped",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "把数据分成几份，或另存为 GeoPackage 再导入",
        "en": "Split the data, or save it as GeoPackage and bring that in",
    }


class FileTooLarge(FileRefused):
    code = "file_too_large"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "读取 {path} 所需内存超过 {limit}，已停止",
        "en": "Reading {path} takes more than {limit} of memory and was stopped",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "把数据分成几份再导入；文件若不大，则可能已损坏",
        "en": "Split the data; a file that is not large may be damaged",
    }


class ReaderMissing(FileRefused):
    """The installation cannot start the process that opens files."""

    code = "reader_missing"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "读取程序 {where} 无法启动：{reason}",
        "en": "The program that reads {where} cannot start: {reason}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "请管理员重新安装（make），并检查内存和进程数限制",
        "en": "Ask the administrator to install again (make) and to look at limits of memory and processes",
    }


class NotARaster(FileRefused):
    code = "raster_format"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 不是 GeoTIFF（看起来是 {found}）",
        "en": "{path} is no GeoTIFF (it looks like {found})",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "在 QGIS 中导出为 GeoTIFF，或用 gdal_translate 转换后再导入",
        "en": "Export it from QGIS as GeoTIFF, or convert it with gdal_translate, and bring that in",
    }


class RasterLinked(FileRefused):
    code = "raster_linked"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 只是引用其他文件或网址的描述（VRT 等），本身没有数据",
        "en": "{path} only refers to other files or addresses (VRT and the like); it has no values of its own",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "用 gdal_translate 把它写成一个 GeoTIFF 再导入",
        "en": "Write it as one GeoTIFF with gdal_translate and bring that in",
    }


class RasterTruncated(FileRefused):
    code = "raster_truncated"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 不完整：文件末尾缺少 {missing} 字节的像元数据",
        "en": "{path} is cut off: {missing} bytes of its cells are missing at the end",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "重新拷贝或下载，并核对文件大小",
        "en": "Copy or download it again and compare its size",
    }


class RasterUnlocated(FileRefused):
    code = "raster_no_crs"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 没有可用的坐标系",
        "en": "{path} says no CRS that can be used",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "用 --crs 指明（例如 --crs EPSG:4490），或在 QGIS 中定义坐标系后导出",
        "en": "Say it with --crs (such as --crs EPSG:4490), or assign it in QGIS and export the file",
    }


class RasterUnplaced(FileRefused):
    code = "raster_unplaced"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 没有把像元对应到坐标的仿射参数（{how}），不能准确定位",
        "en": "{path} has no affine map from cells to coordinates ({how}), so its place is not exactly known",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "在 QGIS 中配准，或用 gdalwarp 校正为 GeoTIFF 再导入；不读取旁边的 .tfw",
        "en": "Georeference it in QGIS, or rectify it with gdalwarp, and bring that in; a .tfw beside it is not read",
    }


class RasterEmpty(FileRefused):
    code = "raster_empty"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 的第 {band} 波段全部是无数据",
        "en": "Band {band} of {path} has no data in any cell",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "检查无数据值是否设对（gdal_edit -unsetnodata），或换一个波段",
        "en": "See whether its nodata value is right (gdal_edit -unsetnodata), or choose another band",
    }


class BandUnclear(FileRefused):
    code = "raster_band_unclear"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 有 {count} 个波段，不知道用哪一个：{known}",
        "en": "{path} has {count} bands and none is chosen: {known}",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "用 --band 选一个", "en": "Choose one with --band"}


class BandUnknown(FileRefused):
    code = "raster_band_unknown"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 没有第 {band} 波段（共 {count} 个）",
        "en": "{path} has no band {band} ({count} in all)",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "波段从 1 数起", "en": "Bands are counted from 1"}


class RasterValuesRefused(FileRefused):
    code = "raster_values"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 的值是复数（{dtype}），没有大小之分",
        "en": "The values of {path} are complex numbers ({dtype}), which have no order",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "先取幅度或相位，存成实数的 GeoTIFF",
        "en": "Take their magnitude or phase first and save real numbers",
    }


class RasterElsewhere(FileRefused):
    code = "raster_elsewhere"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 下面没有任何地块：栅格位于 {there}，地块位于 {here}（经纬度）",
        "en": "No parcel lies on {path}: it is at {there}, the parcels are at {here} (longitude, latitude)",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "检查文件和坐标系；坐标系标错时用 --crs 指明",
        "en": "Check the file and its CRS; where that is wrong, say the right one with --crs",
    }
