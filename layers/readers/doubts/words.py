"""Sentences of findings and lines of cures, Chinese and English; figures are set in by the evidence."""

from __future__ import annotations

Pair = tuple[str, str]

SENTENCES: dict[str, Pair] = {
    # where it lies
    "crs_missing": (
        "文件没有坐标系；坐标 {at} 按 {best} 读时距工作空间 {best_distance}",
        "The file has no CRS; {at} read as {best} lies {best_distance} from the workspace",
    ),
    "crs_contradicts": (
        "文件声明 {declared}，坐标 {at} 却不可能是；按 {best} 读时距工作空间 {best_distance}",
        "The file says {declared}, which {at} cannot be; read as {best} it lies {best_distance} from the workspace",
    ),
    "crs_misplaces": (
        "按 {declared} 读，数据距工作空间 {distance}；按 {best} 读，距离为 {best_distance}",
        "Read as {declared} the data lies {distance} from the workspace; read as {best}, {best_distance}",
    ),
    "axes_swapped": (
        "坐标 {at} 像是 X 为北、Y 为东；对调并按 {best} 读时距工作空间 {best_distance}",
        "{at} looks like north before east; swapped and read as {best} it lies {best_distance} from the workspace",
    ),
    "outside_workspace": (
        "数据中心距工作空间范围 {distance}，没有更合适的坐标系",
        "The middle of the data lies {distance} from the workspace, and no other CRS puts it nearer",
    ),
    "rows_far_away": (
        "{count} 行远离其余数据（最远 {distance}，通常不超过 {usual}），例如{first}",
        "{count} rows lie far from the others (up to {distance}, usually within {usual}), such as {first}",
    ),
    "shift_gcj02": (
        "与工作空间相同的 {pairs} 个图形整体偏移 {shift_m:.0f} m（方位角 {azimuth_deg:.0f}°）；按 {datum} "
        "纠偏后余 {residual_m:.2f} m",
        "{pairs} shapes that the workspace has too lie {shift_m:.0f} m off (azimuth {azimuth_deg:.0f}°); with "
        "{datum} "
        "taken out {residual_m:.2f} m remain",
    ),
    "shift_by_zones": (
        "{inside:.0%} 的图形在分区内；按 {datum} 纠偏后为 {inside_after:.0%}",
        "{inside:.0%} of the shapes lie inside the zones; with {datum} taken out, {inside_after:.0%}",
    ),
    "shift_unexplained": (
        "与工作空间相同的 {pairs} 个图形整体偏移 东 {east_m:+.2f} m、北 {north_m:+.2f} m，不是 GCJ-02 或 "
        "BD-09；平移后余 "
        "{residual_m:.2f} m（可能是 1954/1980 坐标系或地方坐标系）",
        "{pairs} shapes that the workspace has too lie {east_m:+.2f} m east and {north_m:+.2f} m north, which "
        "is neither "
        "GCJ-02 nor BD-09; moved back, {residual_m:.2f} m remain (perhaps Beijing 1954, Xian 1980 or a local grid)",
    ),
    "shift_old_datum": (
        "与工作空间相同的 {pairs} 个图形整体偏移 {shift_m:.2f} m；改正量 X {add_x:+.2f} m、Y {add_y:+.2f} m "
        "在 {datum} 坐标系转到 CGCS2000 的常见范围内，像是该坐标系的成果；按量得的平移后余 {residual_m:.2f} m",
        "{pairs} shapes that the workspace has too lie {shift_m:.2f} m off; what has to be added, X {add_x:+.2f} m "
        "and Y {add_y:+.2f} m, is what {datum} gives on the way to CGCS2000; moved as measured, {residual_m:.2f} m "
        "remain",
    ),
    "datum_unsure": (
        "文件声明 {crs}（{datum}）。它到 CGCS2000 的转换参数不公开，这里只换算椭球、没有平移；"
        "全国的改正量为 X {x} m、Y {y} m。请用已转为 CGCS2000 的成果，或粘贴带参数的 WKT",
        "The file says {crs} ({datum}). Its parameters to CGCS2000 are not public: the ellipsoid is changed and "
        "nothing is moved; in China X changes by {x} m and Y by {y} m. Give it in CGCS2000, or paste "
        "a WKT with parameters",
    ),
    "wgs84_said": (
        "文件声明 WGS 84（EPSG:4326），数据在中国境内：测绘成果通常是 CGCS2000（EPSG:4490）。两者相差厘米到分米，"
        "坐标本身无法区分；这里不作换算，数值不变",
        "The file says WGS 84 (EPSG:4326) and lies in China, where surveys are in CGCS2000 (EPSG:4490). The two "
        "differ by centimetres to decimetres and cannot be told apart by coordinates; nothing is "
        "computed, numbers stay",
    ),
    "outside_zone": (
        "数据在 {place}，而 {crs} 只适用于 {valid}：带号或中央子午线可能选错",
        "The data lies at {place}, and {crs} is valid for {valid} only: its zone or meridian may be wrong",
    ),
    "outside_china": (
        "坐标系是 {crs}，数据却在 {place}，不在中国境内：请核对坐标系和坐标顺序",
        "The CRS is {crs}, and the data lies at {place}, which is not in China: check the CRS and the order of axes",
    ),
    "shift_untold": (
        "文件给的是经纬度；工作空间里没有可比对的图形，无法判断是否为 GCJ-02 或 BD-09",
        "The file gives longitude and latitude; the workspace has nothing to compare with, so a shift of GCJ-02 or "
        "BD-09 cannot be told",
    ),
    # areas
    "official_area_zero": (
        "{count} 行登记面积为 0，而图形有面积",
        "{count} rows have an official area of 0 though they have an outline",
    ),
    "area_unit_doubtful": (
        "图形面积约为「{column}」的 {ratio:.5g} 倍；按单位 {unit} 计，{share:.0%} 的行相差在 2% 以内（现按 "
        "{told} 为 {share_as_told:.0%}）",
        "Drawn areas are about {ratio:.5g} × {column}; in {unit}, {share:.0%} of the rows agree within 2 % "
        "(in {told}, as read now, {share_as_told:.0%})",
    ),
    "floor_area_unit_doubtful": (
        "容积率 × 用地面积约为「{column}」的 {ratio:.5g} 倍，像是以万 m² 为单位",
        "Ratio × site is about {ratio:.5g} × {column}, as if it were in 10,000 m²",
    ),
    "area_is_ellipsoidal": (
        "「{column}」是椭球面积：与椭球面积相差 {ellipsoidal_ppm:.0f} ppm，与平面面积相差 {planar_ppm:.0f} ppm",
        "{column} is measured on the ellipsoid: {ellipsoidal_ppm:.0f} ppm from that, {planar_ppm:.0f} ppm from "
        "the plane",
    ),
    "area_disagrees": (
        "{compared} 行中有 {count} 行登记面积与图形相差超过 max(1 m², 0.1%)，最大为{worst_row}："
        "{worst_official_m2:,.2f} 与 {worst_drawn_m2:,.2f} m²",
        "{count} of {compared} official areas differ from the outline by more than max(1 m², 0.1 %), most in "
        "{worst_row}: {worst_official_m2:,.2f} against {worst_drawn_m2:,.2f} m²",
    ),
    # numbers of parcels
    "parcel_no_missing": (
        "{count} 行没有地块编号（{share:.0%}），例如{first}",
        "{count} rows have no parcel number ({share:.0%}), such as {first}",
    ),
    "parcel_no_duplicate": (
        "{numbers} 个地块编号重复，共 {count} 行，例如 {sample}",
        "{numbers} parcel numbers are repeated, on {count} rows, such as {sample}",
    ),
    "parcel_no_alike": (
        "{count} 行的地块编号只差大小写、空格或连字符的写法，例如 {sample}",
        "Parcel numbers of {count} rows differ by case, spaces or the kind of hyphen only, such as {sample}",
    ),
    # figures
    "looks_like_share": (
        "「{column}」最大为 {most:g}，像是 0–1 的比例而不是百分数",
        "{column} is {most:g} at most, as if it held shares of 0 to 1 and no per cent",
    ),
    # outlines
    "geometry_missing": (
        "{count} 行没有图形，例如{first}",
        "{count} rows have no geometry, such as {first}",
    ),
    "geometry_empty": (
        "{count} 行的图形为空（环未闭合的 GeoJSON 也读成这样），例如{first}",
        "{count} rows have an empty geometry, such as {first} (a ring of GeoJSON that is not closed leaves one too)",
    ),
    "geometry_unreadable": (
        "{count} 行的图形无法解析，例如{first}",
        "The geometry of {count} rows cannot be parsed, such as {first}",
    ),
    "rings_open": (
        "{count} 个图形的边界没有闭合，缺口最大 {widest_m:.3f} m，在{first}",
        "The outlines of {count} rows are not closed; the widest gap, {widest_m:.3f} m, is in {first}",
    ),
    "dimensions_left_out": ("{shapes} 个图形的 Z/M 值未导入", "Z or M of {shapes} shapes is left out"),
    "curves_straightened": ("{shapes} 个图形的圆弧转成了折线", "Arcs of {shapes} shapes became short lines"),
    "lines_want_width": (
        "{count} 行是线，约束按面计算：给出每侧缓冲宽度（米）",
        "{count} rows are lines, and constraints are areas: say how many metres they reach on either side",
    ),
    "constraint_named": (
        "名称“{name}”像是「{kind_zh}」；这一类通常：{effect_zh}（{side_zh}）",
        "{name!r} sounds like {kind_en}; such areas usually: {effect_en} ({side_en})",
    ),
    "effect_proposed": (
        "{count} 行没有写明作用；按类别通常为：{zh}",
        "{count} rows do not say what they do; by kind this is usual: {en}",
    ),
    "effect_unknown": (
        "{count} 行没有写明作用，名称也看不出类别：指定类别与作用（扣除、打分或提示）",
        "{count} rows do not say what they do, nor does a name: give their kind and effect (exclude, factor, inform)",
    ),
    "geometry_mixed": ("图形类型不一：{said}", "The file mixes kinds of geometry: {said}"),
    "geometry_invalid": (
        "{count} 个图形无效，例如{first}在 {at} 处：{reason}",
        "{count} shapes are invalid, such as {first} at {at}: {reason}",
    ),
    "ring_order_mixed": (
        "{rings} 个外环中有 {other} 个走向相反（不影响导入）",
        "{other} of {rings} outer rings run the other way (harmless here)",
    ),
    "vertices_repeated": (
        "{count} 行共有 {vertices} 个重复的顶点（不影响面积）",
        "{vertices} vertices of {count} rows are repeated (areas do not change)",
    ),
    "geometry_twice": (
        "{count} 行的图形重复绘制，例如{first}与{first_of}",
        "{count} rows have an outline that is there already, such as {first}, that of {first_of}",
    ),
    "parcels_overlap": (
        "{faults} 处重叠，共 {area_m2:,.2f} m²，最大 {largest_m2:,.2f} m²：{whose}，在 {at}",
        "{faults} overlaps of {area_m2:,.2f} m² together, the largest {largest_m2:,.2f} m²: {whose}, at {at}",
    ),
    "parcels_gap": (
        "{faults} 处缝隙，共 {area_m2:,.2f} m²，最大 {largest_m2:,.2f} m²：{whose}，在 {at}",
        "{faults} gaps of {area_m2:,.2f} m² together, the largest {largest_m2:,.2f} m²: {whose}, at {at}",
    ),
    "parcels_sliver": (
        "{faults} 个狭长细碎的图形，共 {area_m2:,.2f} m²，最大为{whose}，在 {at}",
        "{faults} slivers of {area_m2:,.2f} m² together, the largest {whose} at {at}",
    ),
    "parcels_on_held": (
        "{count} 行与工作空间已有的图形重叠，共 {area_m2:,.2f} m²",
        "{count} rows overlap what the workspace holds, by {area_m2:,.2f} m² together",
    ),
    # cells
    "encoding_contradicts": (
        "文件声明编码 {declared}，内容不符；按 {read_as} 读取，例如 {pair}",
        "The file declares {declared}, which its text contradicts; it is read as {read_as}, such as {pair}",
    ),
    "encoding_doubtful": (
        "文字按 {read_as} 读成了乱码；按 {likelier} 读，{share:.0%} 的文字成为常用汉字，例如 {pair}",
        "Read as {read_as} the text is garbled; as {likelier}, {share:.0%} of it is common Chinese, such as {pair}",
    ),
    "characters_lost": (
        "有的文字含「\ufffd」，例如 {sample}：这些字在来源中已经丢失，请向提供者要原文件",
        "Some text holds «\ufffd», such as {sample}: these characters were lost before; ask for the original file",
    ),
    "land_use_other_standard": (
        "分类标准写的是 {said}，只有 {share:.0%} 的用地代码属于它（例如 {sample} 不是）；"
        "{best_share:.0%} 属于 {best}",
        "The standard is given as {said}, which has {share:.0%} of the land-use codes (not {sample}); {best} has "
        "{best_share:.0%}",
    ),
    "land_use_standard_untold": (
        "文件没有写用地代码按哪个分类标准；{best_share:.0%} 的代码属于 {best}，例如 {sample}",
        "No standard is given for the land-use codes; {best} has {best_share:.0%} of them, such as {sample}",
    ),
    "land_use_unknown": (
        "有的用地代码不在分类标准（{said}）的代码表里，例如 {sample}；最接近的 {best} 含 {best_share:.0%}",
        "Some land-use codes are not in the list of their standard ({said}), such as {sample}; the nearest, {best}, "
        "has {best_share:.0%}",
    ),
    "land_use_zero_lost": (
        "{count} 行的用地代码像是丢了开头的 0（{pair}），例如{first}：请把这一列存成文字再导入",
        "The land-use codes of {count} rows seem to lack their first zero ({pair}), such as {first}: keep the column "
        "as text",
    ),
    "texts_could_be": (
        "图上「{layer}」的文字像是「{column}」：{one:.0%} 的边界内恰有一个（例如 {sample}），"
        "{several} 个边界内有几个，{none} 个没有",
        "Texts «{layer}» of the drawing could be {column}: {one:.0%} of the outlines hold exactly one (such as "
        "{sample}), {several} hold several, {none} none",
    ),
    "numbers_as_text": (
        "「{column}」把数字存成了文字，例如 {sample}",
        "{column} keeps numbers as text, such as {sample}",
    ),
    "full_width_digits": (
        "「{column}」有 {count} 行用了全角数字，例如 {sample}",
        "{count} rows of {column} have full-width digits, such as {sample}",
    ),
    "thousands_separators": (
        "「{column}」有 {count} 行带千分位逗号，例如 {sample}",
        "{count} rows of {column} have commas between thousands, such as {sample}",
    ),
    "units_in_cells": (
        "「{column}」有 {count} 行在单元格里写了单位，可读作 {pair}",
        "{count} rows of {column} have their unit in the cell; it can be read as {pair}",
    ),
    "words_for_nothing": (
        "「{column}」有 {count} 行用「{sample}」之类的字样表示没有",
        "{count} rows of {column} say there is nothing by a word such as {sample}",
    ),
    "not_numbers": (
        "「{column}」有 {count} 行不是数字，例如 {sample}",
        "{count} rows of {column} are no number, such as {sample}",
    ),
    "text_untidy": (
        "「{column}」有 {count} 行首尾带空格或含控制字符，例如 {sample}",
        "{count} rows of {column} have spaces at the ends or control characters, such as {sample}",
    ),
    "dates_for_nothing": (
        "「{column}」有 {count} 行是表示空值的日期，例如 {sample}",
        "{count} rows of {column} hold a day that stands for nothing, such as {sample}",
    ),
    "dates_impossible": (
        "「{column}」有 {count} 行是不存在的日期，例如 {sample}",
        "{count} rows of {column} hold a day that no calendar has, such as {sample}",
    ),
    "dates_written": (
        "「{column}」有 {count} 行的日期不是 YYYY-MM-DD，例如 {sample}",
        "{count} rows of {column} write days otherwise than YYYY-MM-DD, such as {sample}",
    ),
    "dates_unclear": (
        "「{column}」的日期分不清日在前还是月在前，例如 {sample}",
        "In {column} it cannot be told whether the day or the month comes first, such as {sample}",
    ),
    "far_in_percent": (
        "「{column}」中位数为 {median:g}，像是以百分数填写",
        "The median of {column} is {median:g}, as if it were in per cent",
    ),
    "far_unusual": (
        "{count} 行「{column}」不在 {usual[0]:g}–{usual[1]:g} 之内（{low:g} 至 {high:g}），例如{first}",
        "{count} rows have a {column} outside {usual[0]:g}–{usual[1]:g} ({low:g} to {high:g}), such as {first}",
    ),
}
SENTENCES["shift_bd09"] = SENTENCES["shift_gcj02"]

REASONS: dict[str, str] = {
    "Self-intersection": "自相交",
    "Ring Self-intersection": "环自相交",
    "Hole lies outside shell": "内环在外环之外",
    "Nested holes": "内环套内环",
    "Nested shells": "部件套部件",
    "Interior is disconnected": "内部不连通",
    "Too few points in geometry component": "顶点不足",
    "Duplicate Rings": "环重复",
}
"""Why an outline is invalid, in the words of the library and in Chinese."""
KINDS: dict[str, str] = {
    "POINT": "点", "LINESTRING": "线", "POLYGON": "面", "MULTIPOINT": "多点", "MULTILINESTRING": "多线",
    "MULTIPOLYGON": "多部件面", "GEOMETRYCOLLECTION": "几何集合", "LINEARRING": "环",
}  # fmt: skip

UNITS: dict[str, Pair] = {
    "mu": ("亩", "mu"),
    "ha": ("公顷", "hectares"),
    "m2": ("m²", "m²"),
    "ft2": ("平方英尺", "square feet"),
    "km2": ("km²", "km²"),
    "10000m2": ("万 m²", "10,000 m²"),
    "share": ("0–1 的比例", "shares of 0 to 1"),
    "%": ("百分数", "per cent"),
}

CURES: dict[str, Pair] = {
    "crs": ("按 {crs} 读取", "Read it as {crs}"),
    "swap_axes": ("对调 X 与 Y，按 {crs} 读取", "Swap x and y and read it as {crs}"),
    "datum": ("按 {datum} 读取并纠偏", "Read it as {datum} and take the shift out"),
    "offset": (
        "整体平移 东 {east_m:+.3f} m、北 {north_m:+.3f} m",
        "Move everything by {east_m:+.3f} m east and {north_m:+.3f} m north",
    ),
    "unit": ("「{column}」按{unit}换算", "Convert {column} from {unit}"),
    "constraint": (
        "按「{kind_zh}」导入，作用：{effect_zh}（{side_zh}）",
        "Bring it in as {kind_en}: {effect_en} ({side_en})",
    ),
    "usual_effects": ("没有写明作用的行按类别取通常作用", "Rows without an effect take the usual one of their kind"),
    "repair": ("修复这 {count} 个图形", "Mend these {count} shapes"),
    "read_cells": ("「{column}」按单元格里的单位换算", "Convert {column} by the units in its cells"),
    "read_blanks": ("「{column}」中这些字样按空值读取", "Read such words in {column} as nothing"),
    "encoding": ("按 {encoding} 读取文字", "Read the text as {encoding}"),
    "recode": ("把文字由 {written} 还原为 {encoding}", "Turn the text back from {written} to {encoding}"),
    "classification": ("分类标准按 {standard}", "Take {standard} as the standard"),
    "close_rings": ("用直线连上首尾", "Join the ends by a straight line"),
    "map_text": ("把「{layer}」的文字作为「{column}」", "Read the texts «{layer}» as {column}"),
    "tidy": ("去掉首尾空格和控制字符", "Take spaces at the ends and control characters out"),
    "dates": ("「{column}」的日期统一写成 YYYY-MM-DD", "Write the days of {column} as YYYY-MM-DD"),
    "skip_rows": ("不导入这 {count} 行", "Leave these {count} rows out"),
}
