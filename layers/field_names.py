"""Names of columns in shapefiles: ten ASCII bytes at most, the pinyin initials that planners know.

``python -m layers.field_names`` prints the published table, `docs/field-names.md`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from layers.catalogue import LAYERS
from layers.contract import Column
from layers.vocabulary import FUNCTIONS, STATION_KINDS

MOST_BYTES = 10

LOCATED = (
    Column("zone", "text", "所属分区", "Zone that holds most of the parcel, by outline"),
    Column("sub_area", "text", "所属片区", "Sub-area that holds most of the parcel, by outline"),
)
COMPUTED = (
    Column("parks", "list", "所属特色园区", "Specialised parks of the parcel, by share of area, the largest first"),
    Column(
        "binding_limit", "text", "制约条件", "Limit that binds the permitted floor area; unknown where there is none"
    ),
    Column("planar_area_m2", "number", "平面面积", "Area of the outline in the working CRS", "m²"),
    Column("ellipsoidal_area_m2", "number", "椭球面积", "Area of the outline on the CGCS2000 ellipsoid", "m²"),
    Column("site_area_m2", "number", "计算用地面积", "Official area, else planar area", "m²"),
    Column(
        "excluded_area_m2",
        "number",
        "扣除面积",
        "What constraints take of it, where the ratio is on gross land",
        "m²",
    ),
    Column("net_area_m2", "number", "净用地面积", "Site area less what is excluded; what the ratio counts on", "m²"),
    Column("permitted_m2", "number", "允许建筑规模", "Permitted floor area; empty where unknown", "m²"),
    Column("built_m2", "number", "已建规模", "Account: built, occupied and vacant", "m²"),
    Column("built_vacant_m2", "number", "已建空置规模", "Part of built that is vacant", "m²"),
    Column("under_construction_m2", "number", "在建规模", "Account: under construction", "m²"),
    Column("committed_m2", "number", "签约规模", "Account: signed", "m²"),
    Column("reserved_m2", "number", "意向规模", "Account: intent", "m²"),
    Column("held_by_cap_m2", "number", "总量限制规模", "Account: held back by the zone's cap", "m²"),
    Column("available_m2", "number", "可用规模", "Account: available", "m²"),
    Column("over_m2", "number", "超出规模", "What exceeds the permitted floor area", "m²"),
    Column(
        "remaining_signed_m2", "number", "剩余规模（有正负）", "Permitted less built and under construction", "m²"
    ),
    Column("remaining_clipped_m2", "number", "剩余规模（不计负值）", "The same, never below 0", "m²"),
)
"""Columns of parcels that Chengzai computes; they go out and never come back in."""

REMAINING = (
    Column("functions_allowed", "list", "可容纳功能", "Functions that land use and zone allow", "", tuple(FUNCTIONS)),
)
ASSIGNED = (
    Column("parcel_no", "text", "地块编号", "Number of the parcel"),
    Column("project_name", "text", "项目名称", "Name of the project"),
    Column("zone", "text", "所属分区", "Zone that holds most of the parcel"),
    Column("sub_area", "text", "所属片区", "Sub-area that holds most of the parcel"),
    Column("geometry_basis", "text", "图形依据", "How the parcel's outline was obtained"),
)
"""Columns that an assignment takes from its parcel and project when it goes out."""

TYPED = (
    Column("zone_typed", "text", "填报分区", "Zone as typed, where it differs from the one by outline"),
    Column("sub_area_typed", "text", "填报片区", "Sub-area as typed, where it differs from the one by outline"),
)

CATCHMENTS = (
    Column("catchment_id", "text", "范围编号", "Station and ring", required=True),
    Column("station_id", "text", "车站编号", "Station whose entrances it surrounds"),
    Column("name", "text", "名称", "Name of the station"),
    Column("kind", "text", "类别", "Kind of the station", allowed=tuple(STATION_KINDS)),
    Column("ring", "text", "圈层", "Assumption that gives the radius", allowed=("near", "far")),
    Column("distance", "text", "距离类型", "How the radius is measured: always a straight line here"),
    Column("radius_m", "number", "半径", "Radius, an assumption that nobody verified", "m"),
    Column("parcels", "integer", "地块数", "Parcels that lie in it with any part"),
    Column("unknown_parcels", "integer", "承载未知地块数", "Of these, without any limit; they are in no sum"),
    Column("permitted_m2", "number", "允许规模", "Permitted floor area within, by share of area", "m²"),
    Column("available_m2", "number", "可用规模", "Available floor area within", "m²"),
    Column("built_m2", "number", "已建规模", "Built floor area within", "m²"),
    Column("built_vacant_m2", "number", "已建空置规模", "Vacant floor area within", "m²"),
)
"""Columns of the catchments of stations, which are worked out and never come in."""

SHEETS: dict[str, tuple[Column, ...]] = {name: layer.columns for name, layer in LAYERS.items()} | {
    "parcels": (*LAYERS["parcels"].columns, *COMPUTED, *TYPED),
    "remaining": (*LAYERS["parcels"].columns, *COMPUTED, *TYPED, *REMAINING),
    "assignments": (*LAYERS["assignments"].columns, *ASSIGNED),
    "catchments": CATCHMENTS,
}
"""Every layer that can be handed out, with all columns that it can have."""

LAYER_NAMES_ZH = {name: layer.zh for name, layer in LAYERS.items()} | {
    "remaining": "剩余可用地块",
    "catchments": "车站辐射范围",
}
"""Names of the layers as they are told to people."""

FIELDS: dict[str, str] = {
    "parcel_id": "NBBH", "parcel_no": "DKBH", "name": "MC", "name_en": "YWMC", "zone": "SSFQ", "sub_area": "SSPQ",
    "classification": "FLBZ", "land_use": "YDXZDM", "official_area_m2": "YDMJ", "far_max": "RJLSX",
    "far_min": "RJLXX", "far_basis": "RJLKJ", "stated_floor_area_m2": "ZMJ", "coverage_max_pct": "JZMDSX",
    "height_max_m": "JZXG", "storey_height_m": "CG", "green_min_pct": "LDLXX", "built_floor_area_m2": "XZJZMJ",
    "under_construction_floor_area_m2": "ZJJZMJ", "underground_floor_area_m2": "DXJZMJ", "status": "GYZT",
    "supply_mode": "GYFS", "term_years": "NQ", "available_from": "KGNF", "geometry_basis": "TXYJ",
    "geometry_error_m": "TXWC", "parents": "LYDK", "source": "LY", "note": "BZ",
    "parks": "SSYQ", "binding_limit": "ZYTJ", "planar_area_m2": "PMMJ", "ellipsoidal_area_m2": "TQMJ",
    "site_area_m2": "JSYDMJ", "excluded_area_m2": "KCMJ", "net_area_m2": "JYDMJ",
    "permitted_m2": "YXGM", "built_m2": "YJGM", "built_vacant_m2": "KZGM", "under_construction_m2": "ZJGM",
    "committed_m2": "QYGM", "reserved_m2": "YXIANGGM", "held_by_cap_m2": "ZLXZGM", "available_m2": "KYGM",
    "over_m2": "CCGM", "remaining_signed_m2": "SYGMZF", "remaining_clipped_m2": "SYGM", "functions_allowed": "KRNGN",
    "zone_typed": "TBFQ", "sub_area_typed": "TBPQ",
    "zone_id": "FQBH", "kind": "LB", "parent": "SJBH", "functions": "GNDW", "land_uses": "ZRYD",
    "floor_area_cap_m2": "GMSX", "published_floor_area_m2": "GBGM",
    "building_id": "JZBH", "floor_area_m2": "JZMJ", "vacant_floor_area_m2": "KZMJ", "reusable_from": "KLYNF",
    "condition": "ZK",
    "park_id": "YQBH", "lead_organisation": "QTDW", "plan_row": "GHTM", "member_parcels": "SHDK",
    "existing_floor_area_m2": "XYKJ", "incubator_share_pct": "FHZB",
    "project_id": "XMDM", "project_name": "XMMC", "state": "XMZT", "chain_segment": "CYLHJ", "function_mix": "GNGC",
    "headcount_low": "RSDZ", "headcount": "RS", "headcount_high": "RSGZ", "requested_floor_area_low_m2": "XQMJDZ",
    "requested_floor_area_m2": "XQMJ", "requested_floor_area_high_m2": "XQMJGZ", "need_by": "XYNF",
    "priority": "YXJ", "must_zone": "ZDFQ", "may_zones": "KXFQ", "exclusive": "DZ", "lead_partner": "LTQY",
    "basis": "SJYJ",
    "splittable": "KCF", "partial": "KBF", "adjoining": "KLP", "must_parcels": "SDDK", "barred_parcels": "PCDK",
    "parcels_reason": "SPLY",
    "milestone_id": "YIWUBH", "due": "DQR", "first_due": "YDDQR", "done_on": "LXR", "promised": "CNZ",
    "achieved": "SJZ", "started_land_m2": "YDGMJ", "investment_total_wan": "ZTZ",
    "investment_made_wan": "YTZ", "stopped_since": "ZZKFR", "delay_cause": "YQYY",
    "assignment_id": "LWBH", "stage": "JD", "phase": "FQI", "assigned_by": "JBR", "assigned_at": "SJ",
    "station_id": "CZBH", "line": "XL", "constraint_id": "YSBH", "effect": "ZUOYONG", "factor": "XS",
    "assumption_id": "JSBH", "function": "GN", "value": "QZ", "low": "DIZ", "high": "GAOZ", "unit": "DW",
    "meaning": "HY", "confidence": "KXD", "figure_id": "SJBHAO", "layer": "TC", "row_id": "HBH", "column": "LIE",
    "backdrop_id": "DTBH", "attachment_id": "FJBH", "row_key": "DXBH", "media": "WJLX", "size_bytes": "WJDX",
    "sha256": "JYZ",
    "side": "ZYFW", "way_id": "LDBH", "walkable": "KBX", "length_m": "CD", "level": "CENG",
    "facility_id": "SSBH", "capacity": "FWNL", "reach_m": "FWBJ", "open_from": "QYNF", "data_basis": "SJYJU",
    "raster_id": "SGBH", "values": "ZZL", "band": "BD", "nodata": "WSJZ", "scale": "SFXS", "offset": "PYL",
    "file_name": "WJM", "raster_crs": "SGZBX", "width": "LS", "height": "HS", "cell_m": "XYDX", "date": "RQ",
    "criterion_id": "YZBH", "model": "PJMX", "measure": "LD", "subject": "DX", "threshold": "YUZHI",
    "worst": "LFZ", "best": "MFZ", "steps": "FJ", "role": "YZZY", "weight": "QZHONG", "judgements": "LLBJ",
    "model_en": "PJMXYW", "missing": "QZCL",
    "range_is": "QJHY", "takes_functions": "CJGN", "target_id": "MBBH", "at_least": "FDXX",
    "base_year": "JN", "base_value": "JNS", "target_year": "MBN", "target_value": "MBS", "norm": "DWMJ",
    "adds": "JRHJ",
    "catchment_id": "FUSHEBH", "ring": "QUANCENG", "distance": "JULILX", "radius_m": "BANJING", "parcels": "DKS",
    "unknown_parcels": "WZDKS",
    "supervision_agreement": "JGXY", "supply_year": "GYJHND", "held_by": "ZCPT",
    "move_id": "BDBH", "from_state": "YZT", "to_state": "XZT", "moved_on": "BDRQ", "reason": "LIYOU",
    "document": "JDWH", "moved_by": "BDJBR", "moved_at": "BDSJ",
    "rule_id": "GZBH", "pack": "WENHAO", "valid_from": "SXR", "valid_to": "SHIXR", "rule": "GZ",
    "for_class": "SYLB", "constraint_kind": "SYYS", "clause": "TW", "verified": "YHD",
}  # fmt: skip
"""Column name to field name, one meaning a name in the whole product."""

WIDTHS: dict[str, str] = {
    "parcel_no": "C20", "name": "C60", "classification": "C20", "land_use": "C10", "official_area_m2": "N15.2",
    "far_max": "N6.2", "far_min": "N6.2", "stated_floor_area_m2": "N15.2", "coverage_max_pct": "N6.2",
    "height_max_m": "N6.2", "storey_height_m": "N6.2", "green_min_pct": "N6.2", "term_years": "N6.2",
    "geometry_error_m": "N6.2", "project_name": "C100", "incubator_share_pct": "N6.2", "factor": "N6.2",
    "priority": "N6.2", "headcount_low": "N10.2", "headcount": "N10.2", "headcount_high": "N10.2",
}  # fmt: skip
"""Type and width of fields that a standard or a habit sets; areas have N15.2, other text what it needs."""

OWN_NAMES: dict[str, dict[str, str]] = {
    "parcels": {"name": "DKMC"},
    "remaining": {"name": "DKMC"},
    "assignments": {"source": "KJLY"},
}
"""Layers in which a column's field has another name than elsewhere."""


def key_of(layer: str) -> str:
    """Column that names the rows of a layer, also of one that only goes out.

    >>> key_of("zones"), key_of("remaining"), key_of("catchments")
    ('zone_id', 'parcel_id', 'catchment_id')
    """
    return {"remaining": "parcel_id", "catchments": "catchment_id"}.get(layer) or LAYERS[layer].key


def field_name(layer: str, column: str) -> str | None:
    """The published field of a column, or None for a column of the user's own.

    >>> field_name("parcels", "parcel_no"), field_name("parcels", "owner")
    ('DKBH', None)
    """
    if column not in {known.name for known in SHEETS.get(layer, ())}:
        return None
    return OWN_NAMES.get(layer, {}).get(column) or FIELDS[column]


def field_type(column: Column) -> str:
    """The published type of a field in a .dbf file: ``C20``, ``N15.2``, ``D``, ``L``; wider where the data need it.

    Text without a set width has ``C``: what the longest one needs, 254 bytes at most. A number without one has ``N``.

    >>> [field_type(LAYERS["parcels"].column(name)) for name in ("land_use", "official_area_m2", "note")]
    ['C10', 'N15.2', 'C']
    """
    if column.kind in ("text", "list"):
        return WIDTHS.get(column.name, "C")
    if column.kind == "number":
        return WIDTHS.get(column.name) or ("N15.2" if column.unit == "m²" else "N")
    return {"integer": "N9", "date": "D", "boolean": "L"}[column.kind]


def shapefile_names(layer: str, columns: Iterable[str]) -> dict[str, str]:
    """A field name for every column: the published one, else a safe and unique one of at most ten ASCII bytes.

    Examples
    --------
    >>> shapefile_names("parcels", ["parcel_no", "owner name", "业主", "dkbh"])
    {'parcel_no': 'DKBH', 'owner name': 'OWNER_NAME', '业主': 'F1', 'dkbh': 'DKBH_1'}
    """
    wanted = list(columns)
    out = {column: name for column in wanted if (name := field_name(layer, column))}
    taken = {name.upper() for name in out.values()}
    for column in wanted:
        if column not in out:
            out[column] = _free(_ascii(column), taken)
            taken.add(out[column].upper())
    return {column: out[column] for column in wanted}


def _ascii(column: str) -> str:
    plain = unicodedata.normalize("NFKD", column).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_").upper()[:MOST_BYTES].strip("_")
    return f"F_{name}"[:MOST_BYTES] if name[:1].isdigit() else name


def _free(name: str, taken: set[str]) -> str:
    if name and name not in taken:
        return name
    for number in range(1, 100_000):
        tail = f"_{number}" if name else f"F{number}"
        candidate = name[: MOST_BYTES - len(tail)] + tail
        if candidate not in taken:
            return candidate
    raise AssertionError("more columns than names")


def document() -> str:
    """The published table of field names, as Markdown."""
    lines = [
        "# Shapefile field names · Shapefile 字段名",
        "",
        "Generated by `python -m layers.field_names > docs/field-names.md`; a test keeps it so. Every name has at",
        "most ten ASCII bytes. Columns of your own get a safe name; every export has a `字段说明` table beside it.",
        "",
        "Width: `C20` is text of 20 bytes, `N15.2` a number of 15 places with 2 decimals, `D` a date, `L` yes or no.",
        "A field is wider where its data need it; `C` takes what its longest text needs, up to 254 bytes.",
    ]
    for layer, columns in SHEETS.items():
        lines += [
            "",
            f"## {layer} · {LAYER_NAMES_ZH[layer]}",
            "",
            "| field | width | column | 中文 | type | unit | meaning |",
            "|---|---|---|---|---|---|---|",
        ]
        lines += [
            f"| {field_name(layer, c.name)} | {field_type(c)} | `{c.name}` | {c.zh} | {c.kind} | {c.unit} "
            f"| {c.meaning} |"
            for c in columns
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(document(), end="")
