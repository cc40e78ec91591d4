"""The demo's zones: the plan's three, and the sub-areas that they are the exact union of."""

from __future__ import annotations

from typing import Any

import shapely

from data.fengtai.parcels import E2_M2, E3_M2, WEST_INDUSTRY_M2, WEST_M2, parcels

PLAN = "《“十四五”时期丰台区轨道交通产业发展规划》（丰政发〔2022〕7号）"
_BOOK = "书籍节选（掌阅），https://m.zhangyue.com/readbook/13040250/3.html?p2=109358"
_E2 = "新浪财经 2004-05-13，http://finance.sina.com.cn/b/20040513/0732757531.shtml"
_E3 = "四至：丰台区政府网站 2023-08-01；面积与规模：媒体报道 2011-08-19（转载页，须核对原文）"
_WEST = "新华网 2012-06-07（转载页，须核对原文）"
_W1 = "科技日报 2024-11-08，https://www.stdaily.com/web/gdxw/2024-11/08/content_255486.html"
_XL = "文汇报 2026-01-30；二七机车厂锚点为百科坐标（±500 m）"

EAST = "headquarters;research;support"
WEST = "laboratory;research;incubator;pilot;support"
EXPANDED = "research;laboratory;pilot;incubator;support"
EAST_USES = "M4;B23;B4;F3;A35"
WEST_USES = "M4;B23;B4;F3;A35"
EXPANDED_USES = "1001;0802;0902"


def _zone(zone_id: str, name: str, name_en: str, **filled: Any) -> dict[str, Any]:
    kind = zone_id.split("-")[0]
    functions = {"east": EAST, "west": WEST, "expanded": EXPANDED}[kind]
    uses = {"east": EAST_USES, "west": WEST_USES, "expanded": EXPANDED_USES}[kind]
    row: dict[str, Any] = {
        "zone_id": zone_id,
        "name": name,
        "name_en": name_en,
        "kind": kind,
        "parent": kind if "-" in zone_id else None,
        "functions": functions,
        "classification": "YDYH2023" if kind == "expanded" else "DB11/996",
        "land_uses": uses,
        "official_area_m2": None,
        "floor_area_cap_m2": None,
        "published_floor_area_m2": None,
        "far_max": None,
        "coverage_max_pct": None,
        "height_max_m": None,
        "geometry_basis": "schematic",
        "geometry_error_m": None,
    }
    return row | filled


_ROWS = (
    _zone(
        "east",
        "东区",
        "East Zone",
        official_area_m2=4_010_000.0,
        source=_BOOK,
        note="公布用地 401 ha（节选，文字不全）。图形为一期、二期、三期之和；三期按四至推算得 2.00 km²，"
        "大于公布的 1.81 km²，"
        "所以图形面积约 420 ha。功能依规划：企业总部办公区，设计研发、科技服务、管理决策",
    ),
    _zone(
        "east-1",
        "东区一期",
        "East Zone, Phase I",
        official_area_m2=1_760_000.0,
        source=_BOOK,
        note="公布用地 176 ha（节选，文字不全），建筑规模与四至未公布：图形为示意，按 176 ha 绘制在科怡路、"
        "丰台南路站一带",
    ),
    _zone(
        "east-2",
        "东区二期（总部基地）",
        "East Zone, Phase II (Headquarters Base)",
        published_floor_area_m2=E2_M2,
        source=_E2,
        note="公布建筑规模 120 万 m²（2004）。用地面积与四至未公布：按 401−176−181=44 ha 推算，图形为示意；"
        "由此得毛容积率 2.73，仅为算术结果",
    ),
    _zone(
        "east-3",
        "东区三期",
        "East Zone, Phase III",
        official_area_m2=1_810_000.0,
        floor_area_cap_m2=E3_M2,
        published_floor_area_m2=E3_M2,
        geometry_basis="derived",
        geometry_error_m=150.0,
        source=_E3,
        note="四至：东丰云路（张新路）、南六圈路、西四合庄西路、北南四环西路辅路。图形由四至道路推算（±150 m），"
        "绘得 2.00 km²，"
        "公布 1.81 km²（2011；2010 年报道为 1.75）。公布建筑规模 320 万 m²；刊载毛容积率 1.86，而 320/181=1.77，"
        "两者不一致。"
        "上限取公布规模。公布用途含医疗、教育用地",
    ),
    _zone(
        "west",
        "西区",
        "West Zone",
        official_area_m2=1_620_000.0,
        floor_area_cap_m2=WEST_M2,
        published_floor_area_m2=WEST_M2,
        source=_WEST,
        note="公布用地 162 ha、建筑规模 202 万 m²（2012 年规划）；上限取公布规模。功能依规划："
        "中关村数字经济创新社区，"
        "国家级产业创新平台、工程实验室、工程研究中心、企业技术中心；中试与孵化为平台成果转化所需，系本示例的理解",
    ),
    _zone(
        "west-1",
        "西区I（园博数字经济产业园）",
        "West Zone I (Yuanbo Digital Economy Park)",
        official_area_m2=1_340_000.0,
        published_floor_area_m2=WEST_INDUSTRY_M2,
        source=_W1,
        note="公布“规划总面积约 134 万平方米”，按用地理解；近 70 万 m² 为产业建筑规模（M4、B23、B4 之和与它相等），"
        "不含居住与配套。四至未公布：图形为示意，以园博园站为锚点",
    ),
    _zone(
        "west-2",
        "西区II",
        "West Zone II",
        source=_WEST,
        note="未公布任何面积：按 162−134=28 ha 推算（两个数字年份不同，口径可能不同），图形为示意",
    ),
    _zone(
        "expanded",
        "新扩区域",
        "Expanded Area",
        source=PLAN,
        note="二七车辆厂、二七机车厂等扩区主体资源，以既有厂房再利用为主。功能为本示例的理解：规划要求做好产业发展对接互动；"
        "按“创新基地与智能工厂分开”的原则不含生产",
    ),
    _zone(
        "expanded-c",
        "二七车辆厂",
        "Erqi Rolling Stock Works",
        source=PLAN,
        note="未公布面积与四至：图形为示意（48 ha），绘于长辛店站以北；建筑规模为示意厂房之和",
    ),
    _zone(
        "expanded-l",
        "二七机车厂",
        "Erqi Locomotive Works",
        geometry_error_m=500.0,
        source=_XL,
        note="锚点 ±500 m，面积与四至未公布：图形为示意（62 ha）。公布：厂房高 9–17 m，2024-12-22 启动改造；"
        "西南角为国家冰雪运动训练科研基地 58,600 m²",
    ),
)


def zones() -> list[dict[str, Any]]:
    """Rows of the zones table; an outline is the union of its parcels, a zone the union of its sub-areas."""
    held: dict[str, list[Any]] = {}
    for parcel in parcels():
        shapes = list(shapely.get_parts(parcel.piece.shape))
        for zone_id in (parcel.outline.zone_id, parcel.outline.zone_id.split("-")[0]):
            held.setdefault(zone_id, []).extend(shapes)
    return [row | {"geometry": shapely.coverage_union_all(held[row["zone_id"]])} for row in _ROWS]
