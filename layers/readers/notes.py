"""What an import has to say about single rows: texts of the report, beside those of the contract."""

from __future__ import annotations

from layers.contract import COMPLAINTS, Complaint, Severity

NOTES: dict[str, dict[str, str]] = COMPLAINTS | {
    "parcel_no_missing": {"zh-CN": "没有地块编号，内部编号取 {value}", "en": "no parcel number; keyed {value}"},
    "parcel_no_duplicate": {
        "zh-CN": "地块编号 {value} 重复，内部编号取 {limit}",
        "en": "parcel number {value} is repeated; keyed {limit}",
    },
    "key_replaced": {"zh-CN": "取代工作空间里的 {value}", "en": "takes the place of {value}"},
    "key_exists": {"zh-CN": "工作空间里已有编号 {value}", "en": "the workspace already holds {value}"},
    "key_generated": {"zh-CN": "没有编号，取 {value}", "en": "no key; {value} is given"},
    "rows_combined": {"zh-CN": "{value} 行按编号合成 {limit} 个分区", "en": "{value} rows form {limit} zones"},
    "rows_differ": {
        "zh-CN": "同一分区 {value} 的各行在此列取值不同，取首行的值",
        "en": "rows of zone {value} differ in this column; the first counts",
    },
    "geometry_unreadable": {
        "zh-CN": "图形无法解析（环未闭合、顶点不足或编码有误）",
        "en": "geometry cannot be parsed (a ring that is not closed, too few vertices, or damaged code)",
    },
    "geometry_repaired": {
        "zh-CN": "无效图形已修复，面积由 {value} m² 变为 {limit} m²",
        "en": "invalid geometry was mended; its area went from {value} m² to {limit} m²",
    },
    "line_buffered": {
        "zh-CN": "线按每侧 {value} m 缓冲成面",
        "en": "the line became the land within {value} m of it",
    },
    "effect_usual": {
        "zh-CN": "没有作用，按类别取 {value}（{limit}）",
        "en": "no effect; {value} ({limit}) is usual for its kind",
    },
    "dimensions_dropped": {
        "zh-CN": "{value} 个图形的 Z/M 值已略去",
        "en": "Z or M of {value} geometries was dropped",
    },
    "curves_straightened": {
        "zh-CN": "{value} 个图形含圆弧，已按每 1° 一段转为折线",
        "en": "{value} geometries have arcs; they became straight lines, one a degree",
    },
    "entities_left_out": {
        "zh-CN": "图中 {value} 个对象不是闭合线，也不是闭合线内的文字，未导入",
        "en": "{value} entities of the drawing are neither closed lines nor texts in one; they are left out",
    },
    "thousands_separator": {"zh-CN": "{value} 按千分位读作 {limit}", "en": "{value} was read as {limit}"},
    "unit_from_cell": {"zh-CN": "{value} 读作 {limit}", "en": "{value} was read as {limit}"},
    "word_for_nothing": {"zh-CN": "「{value}」按空值读取", "en": "{value!r} was read as nothing"},
    "dates_changed": {
        "zh-CN": "{value} 行的日期写成了 YYYY-MM-DD",
        "en": "days of {value} rows were written as YYYY-MM-DD",
    },
    "text_tidied": {
        "zh-CN": "{value} 行的文字去掉了首尾空格或控制字符",
        "en": "spaces at the ends or control characters were taken out of {value} rows",
    },
    "text_recoded": {
        "zh-CN": "{value} 行的乱码文字已还原（{limit}）",
        "en": "garbled text of {value} rows was turned back ({limit})",
    },
    "text_cut": {
        "zh-CN": "文字在来源中被截断，去掉了半个字符：{value}",
        "en": "text was cut in the source; half a character is left out: {value}",
    },
    "encoding_contradicts": {
        "zh-CN": "文件声明编码 {value}，但内容不符，按 {limit} 读取",
        "en": "the file declares {value}, which its text contradicts; read as {limit}",
    },
    "crs_overridden": {
        "zh-CN": "文件自带坐标系 {value}，按 --crs 给出的 {limit} 读取",
        "en": "the file says {value}; read as {limit}, as given",
    },
    "datum_removed": {
        "zh-CN": "按 {value} 坐标读入并已纠偏，平均移动 {limit} m",
        "en": "read as {value} and put right, by {limit} m on average",
    },
    "offset_added": {
        "zh-CN": "整体平移：东 {value} m，北 {limit} m",
        "en": "everything was moved by {value} m east and {limit} m north",
    },
    "example_rows": {
        "zh-CN": "{value} 行以【示例】开头，是模板里的例子，未导入",
        "en": "{value} rows begin with 【示例】: they are the template's examples and are left out",
    },
    "name_read_as_key": {"zh-CN": "「{value}」按名称对应到 {limit}", "en": "{value} is the name of {limit}"},
    "name_unknown": {
        "zh-CN": "没有编号或名称为「{value}」的{limit}，按原文保留",
        "en": "nothing in {limit} has {value} for a key or a name; it is kept as it is written",
    },
    "nothing_read": {"zh-CN": "文件里没有可导入的记录", "en": "the file holds no record that can be brought in"},
    "row_left_out": {"zh-CN": "按要求不导入", "en": "left out as asked"},
    "crs_distorts": {
        "zh-CN": "工作坐标系在数据处的面积变形为 {value}",
        "en": "areas in the working CRS are distorted by {value} at the data",
    },
    "unit_from_header": {
        "zh-CN": "按列名中的单位 {value} 换算",
        "en": "converted from {value}, the unit in its name",
    },
    "nothing_to_drop": {"zh-CN": "文件里没有要去掉的列「{value}」", "en": "no column {value} to leave out"},
    "column_renamed": {"zh-CN": "与已有列重名，改名为 {value}", "en": "its name is taken; kept as {value}"},
    "computed_column_left_out": {
        "zh-CN": "这是由系统计算的列，未导入",
        "en": "this is a figure that Chengzai computes; it is left out",
    },
    "geometry_left_out": {
        "zh-CN": "该图层不含图形，来源的图形未导入",
        "en": "this layer holds no geometry; that of the source is left out",
    },
    "looks_like_share": {
        "zh-CN": "这一列都不大于 1（最大 {value}），像是比例而不是百分数；是的话用 --map 乘以 100",
        "en": "nothing in this column is above 1 (most {value}): if these are shares, multiply by 100 with --map",
    },
    "area_unit_doubtful": {
        "zh-CN": "图形面积约为登记面积的 {value} 倍，登记面积的单位像是 {limit}；是的话加 --area-unit {limit}",
        "en": "drawn areas are about {value} × the official ones, as if in {limit}; then say --area-unit {limit}",
    },
    "official_area_zero": {
        "zh-CN": "登记面积为 0，而图形有面积：按 0 计算容量",
        "en": "the official area is 0 though the outline has one; capacity counts on 0",
    },
    "function_mix_refused": {"zh-CN": "功能构成无法识别：{value}", "en": "cannot read the function mix: {value}"},
    "survey_header": {"zh-CN": "文件头：{value} → {limit}", "en": "its header says {value} → {limit}"},
    "axes_turned": {
        "zh-CN": "{value} 个地块的 X、Y 标反（例如 {limit}），已按「X 北、Y 东」对调",
        "en": "{value} parcels have X and Y swapped, such as {limit}; read with X north and Y east",
    },
    "axes_mixed": {
        "zh-CN": "同一地块内有的点 X、Y 标反（例如第 {value} 行）",
        "en": "some points of this parcel have X and Y swapped, such as line {value}",
    },
    "belt_contradicts": {
        "zh-CN": "文件头写带号 {value}，坐标的带号是 {limit}，以坐标为准",
        "en": "the header says zone {value}, the coordinates say {limit}; the coordinates count",
    },
    "parameters_unused": {
        "zh-CN": "文件头有转换参数（{value}），导入时没有使用",
        "en": "the header gives transformation parameters ({value}); they are not applied",
    },
    "point_line_bad": {
        "zh-CN": "第 {limit} 行读不出坐标：{value}",
        "en": "line {limit} holds no coordinates: {value}",
    },
    "ring_open": {
        "zh-CN": "边界没有闭合，首尾相距 {value} m",
        "en": "its outline is not closed; its ends are {value} m apart",
    },
    "ring_closed": {
        "zh-CN": "边界首尾相距 {value} m，已用直线连上",
        "en": "the ends of its outline, {value} m apart, were joined by a straight line",
    },
    "ring_end_moved": {
        "zh-CN": "从第 {limit} 行起的一圈，末点与首点同号而相距 {value} m，按首点读取",
        "en": "the ring from line {limit} ends {value} m from its first point of the same number, "
        "and is read as ending there",
    },
    "ring_not_repeated": {
        "zh-CN": "从第 {limit} 行起的一圈没有重复首点，而文件里其余的圈有；首尾相距 {value} m，按闭合读取",
        "en": "the ring from line {limit} does not repeat its first point as others do; {value} m close it",
    },
    "ring_too_short": {
        "zh-CN": "从第 {value} 行起的一圈不足 3 个点",
        "en": "the ring that begins on line {value} has fewer than 3 points",
    },
    "parcel_without_points": {
        "zh-CN": "第 {value} 行的地块没有界址点",
        "en": "the parcel on line {value} has no points",
    },
    "point_count_differs": {
        "zh-CN": "写明 {value} 个界址点，实有 {limit} 个",
        "en": "says {value} boundary points, has {limit}",
    },
    "bare_coordinates": {
        "zh-CN": "文件只有坐标，没有地块属性；按闭合圈读出 {value} 个图形",
        "en": "the file holds bare coordinates without attributes; {value} outlines were read from closed rings",
    },
    "geometry_from_column": {
        "zh-CN": "这一列是图形（WKT/WKB），读出 {value} 个",
        "en": "this column holds geometry (WKT/WKB): {value} were read",
    },
    "srids_differ": {
        "zh-CN": "各行写明的坐标系不同：{value}，都没有采用",
        "en": "rows name different CRS, {value}; none of them is used",
    },
    "points_from_columns": {
        "zh-CN": "由坐标列生成点：东 {value}、北 {limit}",
        "en": "points were made of columns: east {value}, north {limit}",
    },
    "columns_turned": {
        "zh-CN": "按数值判断「{value}」为东、北（测量惯例 X 为北），例如 {limit}",
        "en": "numbers say that {value} are east and north (surveys call the north X), such as {limit}",
    },
    "points_no_outlines": {
        "zh-CN": "该图层需要面状图形，表里的坐标只是点，未用作图形",
        "en": "this layer holds outlines; the coordinates of the table are points and are not used",
    },
    "title_rows": {
        "zh-CN": "表头之上有 {value} 行标题，未作数据（{limit}）",
        "en": "{value} rows of titles above the names of columns are no data ({limit})",
    },
    "names_in_two_rows": {
        "zh-CN": "列名写在第 {value}、{limit} 两行，已合并",
        "en": "names of columns stand in rows {value} and {limit}; they were joined",
    },
    "unit_row": {
        "zh-CN": "第 {value} 行是单位，已并入列名",
        "en": "row {value} holds units, which were put to the names",
    },
    "row_too_long": {
        "zh-CN": "这一行有 {value} 格，而列名只有 {limit} 个：多半是值里有逗号而没有加引号",
        "en": "has {value} cells for {limit} columns: a value probably holds a comma and is not quoted",
    },
    "row_too_short": {
        "zh-CN": "这一行只有 {value} 格，列名有 {limit} 个，其余按空值读取",
        "en": "has {value} cells for {limit} columns; the others are read as empty",
    },
    "not_a_feature": {
        "zh-CN": "文件的这一项不是可读取的要素（{value}），没有读取",
        "en": "this member of the file is no feature that can be read ({value})",
    },
    "elements_left_out": {
        "zh-CN": "文件里另有 {value} 项不是要素，未读取：{limit}",
        "en": "{value} elements of the file are no features and are not read: {limit}",
    },
    "sum_rows": {"zh-CN": "{value} 行合计未作数据", "en": "{value} rows of sums are no data and are left out"},
    "formula_cells": {
        "zh-CN": "{value} 个单元格是公式，按文件保存的结果读取",
        "en": "{value} cells are formulas; the results kept in the file are read",
    },
    "merged_cells": {
        "zh-CN": "{value} 处合并单元格（{limit}）：只有左上角有值，其余按空值读取；请在 Excel 中取消合并并填满",
        "en": "{value} merged areas ({limit}): only the first cell holds the value, the others are read as empty; "
        "unmerge and fill them in Excel",
    },
    "formula_without_value": {
        "zh-CN": "{value} 个公式没有保存结果（例如 {limit}），按空值读取；请在 Excel 中打开并保存",
        "en": "{value} formulas have no result, such as {limit}, and are read as empty: open and save it in Excel",
    },
    "error_cells": {
        "zh-CN": "{value} 个单元格是错误值（例如 {limit}），按空值读取",
        "en": "{value} cells hold errors, such as {limit}; read as empty",
    },
    "nested_column": {
        "zh-CN": "这一列是列表或嵌套结构，按 JSON 文本保留",
        "en": "this column holds lists or structures; they are kept as JSON text",
    },
    "geometry_columns": {
        "zh-CN": "有多个图形列，使用 {value}，未使用 {limit}",
        "en": "there are several columns of geometry; {value} is used, {limit} not",
    },
    "geo_metadata_missing": {
        "zh-CN": "文件没有 GeoParquet 元数据，{value} 列按 WKB 读取，坐标系不详",
        "en": "the file has no GeoParquet metadata; {value} is read as WKB, its CRS is not known",
    },
    "point_line_left_out": {
        "zh-CN": "第 {limit} 行不是测点，未读取：{value}",
        "en": "line {limit} is no survey point and is left out: {value}",
    },
    "points_closed": {
        "zh-CN": "按编码和顺序围成 {value} 个面，{limit} 个点未成面",
        "en": "{value} outlines were closed by code and order; {limit} points form none",
    },
    "points_kept": {
        "zh-CN": "测点没有围成面，读作 {value} 个点",
        "en": "the points close no outline; they are read as {value} points",
    },
    "match_tied": {
        "zh-CN": "有多个地块与它重叠得一样多，取 {value}",
        "en": "several rows share as much land with it; {value} is taken",
    },
    "match_ambiguous": {
        "zh-CN": "编号「{value}」在图层里对应多行，而本行没有图形，无法判断是哪一行",
        "en": "number {value!r} stands on several rows of the layer, and this row has no outline to tell them by",
    },
    "match_elsewhere": {
        "zh-CN": "编号与 {value} 相同，但两个图形没有重叠",
        "en": "has the number of {value}, but their outlines share no land",
    },
    "assigned_without_room": {
        "zh-CN": "改后该地块上已落位的 {value} m² 将无处可放，本行不采用，地块保持原样",
        "en": "{value} m² assigned there would have no room; the parcel stays as it is",
    },
    "join_shared": {
        "zh-CN": "关联键 {value} 对应 {limit} 个图形，可加总的量按面积分摊",
        "en": "key {value} stands on {limit} features; quantities that add up are shared by area",
    },
    "join_record_below_minimum": {
        "zh-CN": "关联表第 {limit} 条记录的值 {value} 小于 0",
        "en": "record {limit} of the joined file has {value}, below 0",
    },
    "join_record_ignored": {
        "zh-CN": "关联表第 {limit} 条记录的值 {value} 不能用，未计入",
        "en": "record {limit} of the joined file has {value}; it is not counted",
    },
    "join_not_a_number": {
        "zh-CN": "关联表第 {limit} 条记录的值不是数字：{value}",
        "en": "record {limit} of the joined file is not a number: {value}",
    },
    "join_unmatched_features": {
        "zh-CN": "{value} 个图形在关联表中没有记录",
        "en": "{value} features have no record in the joined file",
    },
    "join_unmatched_records": {
        "zh-CN": "关联表中 {value} 条记录没有对应的图形",
        "en": "{value} records of the joined file have no feature",
    },
}


def note(
    code: str,
    column: str,
    *,
    row: int | None = None,
    severity: Severity = "info",
    value: object = "",
    limit: object = "",
) -> Complaint:
    """One thing to say about a row or a column, in the words of `NOTES`.

    >>> note("key_generated", "zone_id", row=3, value="zones-4").message("en")
    'no key; zones-4 is given'
    """
    return Complaint(row, column, code, severity, str(value)[:120], str(limit)[:120], texts=NOTES)
