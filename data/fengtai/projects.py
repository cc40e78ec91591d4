"""The demo's project library: every organisation that the plan names, its three platforms and two national labs.

Headcounts and floor areas are illustrative (示意) throughout, but for the 150,000 m² of the university's base.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from data.fengtai.zones import PLAN

ILLUSTRATIVE = "示意：人数或面积为编制，不代表该单位的计划"
OFFICE = "headquarters=0.35; research=0.5; support=0.15"
HEAD_OFFICE = "headquarters=0.85; support=0.15"
STUDIO = "research=0.85; support=0.15"
NURSERY = "incubator=0.85; support=0.15"
PARTNER_PARKS = "创新基地与智能工厂分开：生产面积宜落保定、沧州、沈北新区等协同分园（规划 五（三））；"

AGREEMENT = {
    key: f"示意-监管〔{year}〕{number:02d}号"
    for number, (key, year) in enumerate(
        (
            ("bjtu", 2021), ("ftinv", 2025), ("crexp", 2025), ("tct", 2026), ("bjmoa", 2026), ("synergy", 2026),
            ("zgcrail", 2026), ("plattc", 2026), ("crsc", 2026), ("longtie", 2026), ("crsccity", 2026), ("eeb", 2026),
        ),
        start=1,
    )
}  # fmt: skip
"""Supervision agreements of the projects that are signed or further; the numbers are made up."""

Range = tuple[float, float, float]


@dataclass(frozen=True)
class _Project:
    key: str
    name: str
    name_en: str
    state: str
    segment: str
    mix: str
    need_by: int
    people: Range | None = None
    floor: Range | None = None
    priority: float = 1.0
    must: str | None = None
    may: str | None = None
    exclusive: bool = False
    splittable: bool = False
    partial: bool = False
    adjoining: bool = False
    lead: str | None = None
    basis: str = "schematic"
    source: str = PLAN
    note: str = ""

    def row(self) -> dict[str, Any]:
        people, floor = self.people or (None, None, None), self.floor or (None, None, None)
        return {
            "project_id": self.key,
            "name": self.name,
            "name_en": self.name_en,
            "state": self.state,
            "supervision_agreement": AGREEMENT.get(self.key),
            "chain_segment": self.segment,
            "function_mix": self.mix,
            "headcount_low": people[0],
            "headcount": people[1],
            "headcount_high": people[2],
            "requested_floor_area_low_m2": floor[0],
            "requested_floor_area_m2": floor[1],
            "requested_floor_area_high_m2": floor[2],
            "need_by": self.need_by,
            "priority": self.priority,
            "must_zone": self.must,
            "may_zones": self.may,
            "exclusive": self.exclusive,
            "splittable": self.splittable,
            "partial": self.partial,
            "adjoining": self.adjoining,
            "lead_partner": self.lead,
            "basis": self.basis,
            "source": self.source,
            "note": self.note + ILLUSTRATIVE if self.basis == "schematic" else self.note,
        }


_P = _Project
_UP, _MID, _DOWN, _PLAT = "upstream", "midstream", "downstream", "platform"

_PROJECTS = (
    _P("crsc", "中国铁路通信信号集团", "China Railway Signal & Communication", "signed", _MID, OFFICE, 2027,
       floor=(90_000, 110_000, 140_000), priority=2.0, must="east", note="P7 中国通号产业园牵头；"),
    _P("tct", "交控科技", "Traffic Control Technology", "started", _MID,
       "headquarters=0.3; research=0.6; support=0.1", 2027,
       people=(1_000, 1_300, 1_600), priority=2.0, must="east", exclusive=True, note="P7 交控科技产业园牵头；"),
    _P("crscd", "北京全路通信信号研究设计院", "CRSC Research & Design Institute", "admitted", _UP,
       "headquarters=0.1; research=0.8; support=0.1", 2029, floor=(40_000, 55_000, 75_000), priority=1.5,
       may="east;west",
       lead="crsc", note="规划：培育百亿龙头；"),
    _P("crec", "中国中铁", "China Railway Group", "admitted", _MID,
       "headquarters=0.6; research=0.3; support=0.1", 2028,
       floor=(60_000, 80_000, 110_000), priority=1.5, must="east", adjoining=True),
    _P("crcg", "中铁建工集团", "China Railway Construction Engineering", "admitted", _MID,
       "headquarters=0.5; research=0.4; support=0.1", 2028, people=(600, 900, 1_200), may="east", lead="crec"),
    _P("eeb", "中铁电气化局集团", "China Railway Electrification Engineering", "signed", _MID, HEAD_OFFICE, 2028,
       floor=(60_000, 75_000, 95_000), priority=1.5, must="east", lead="crec", note="规划：培育百亿龙头；"),
    _P("bjtec", "北京轨道交通技术装备集团", "Beijing Rail Transit Technology Equipment", "reserve", _MID,
       "research=0.3; pilot=0.2; production=0.5", 2028, floor=(60_000, 90_000, 140_000), may="west;expanded",
       adjoining=True,
       note=PARTNER_PARKS),
    _P("crhi", "中铁高新工业", "China Railway Hi-Tech Industry", "reserve", _MID,
       "headquarters=0.15; research=0.35; production=0.5", 2029, floor=(50_000, 80_000, 120_000), lead="crec",
       note=PARTNER_PARKS),
    _P("dinghan", "鼎汉技术", "Dinghan Technology", "admitted", _MID,
       "headquarters=0.2; research=0.7; support=0.1", 2027,
       floor=(15_000, 20_000, 28_000), may="east", lead="crsc", note="规划：“隐形冠军”潜力企业；"),
    _P("zhudao", "主导时代", "Leading Times Technology", "admitted", _DOWN,
       "headquarters=0.1; research=0.8; support=0.1", 2027,
       people=(400, 500, 650), may="east", lead="crec", note="运营维护智能化；"),
    _P("longtie", "龙铁纵横", "Longtie Zongheng Rail Technology", "signed", _DOWN, "laboratory=0.4; pilot=0.6", 2026,
       floor=(6_000, 8_000, 12_000), must="expanded", lead="bjmoa", note="检修检测智能化；"),
    _P("skytrain", "中建空列", "CSCEC Sky Train", "admitted", _MID, "laboratory=0.3; pilot=0.7", 2028,
       floor=(10_000, 16_000, 25_000), may="expanded;west", note="规划：“隐形冠军”潜力企业；"),
    _P("crrcinv", "中车产业投资", "CRRC Industrial Investment", "admitted", _MID, HEAD_OFFICE, 2027,
       people=(220, 300, 420), may="east"),
    _P("crsccity", "通号智慧城市研究设计院", "CRSC Smart City Institute", "signed", _UP, STUDIO, 2026,
       people=(300, 400, 500), must="west", lead="crsc"),
    _P("bjmoa", "北京轨道交通运营管理", "Beijing Metro Operation Administration", "operating", _DOWN,
       "headquarters=0.5; research=0.4; support=0.1", 2026, people=(300, 380, 480), must="east"),
    _P("crexp", "中铁快运", "China Railway Express", "operating", _DOWN, HEAD_OFFICE, 2025,
       floor=(8_000, 9_000, 12_000), must="east", note="规划：培育百亿龙头；"),
    _P("crsl", "中铁特货", "China Railway Special Cargo", "admitted", _DOWN, HEAD_OFFICE, 2027, people=(280,
       350, 450),
       may="east", note="规划：培育百亿龙头；"),
    _P("bjtu", "北京交通大学轨道交通创新基地", "Beijing Jiaotong University base", "operating", _UP, STUDIO, 2028,
       floor=(120_000, 150_000, 150_000), priority=2.0, must="east", basis="published",
       source="北京交通大学新闻；协议 2021-03-23",
       note="P8。约 150,000 m² 既有空间为公布，分期取得，自总部基地起步；功能构成、低值与年份为示意"),
    _P("cars", "中国铁道科学研究院（下属板块）", "China Academy of Railway Sciences", "reserve", _UP,
       "research=0.4; laboratory=0.5; support=0.1", 2029, floor=(40_000, 60_000, 90_000), priority=1.5, may="west",
       adjoining=True),
    _P("ftcx", "丰台创新中心轨道交通硬科技孵化器", "Fengtai Innovation Centre incubator", "admitted", _PLAT,
       NURSERY, 2027,
       floor=(20_000, 30_000, 45_000), priority=1.5, may="west;expanded", lead="cars", note="P6，位置未找到；"),
    _P("synergy", "北京轨道交通协同创新研究院", "Beijing Collaborative Innovation Institute", "operating",
       _PLAT, STUDIO, 2026,
       people=(200, 260, 320), must="west"),
    _P("metrori", "地铁运营公司技术创新研究院", "Metro Operation Innovation Institute", "admitted", _PLAT,
       "research=0.5; laboratory=0.5", 2027, floor=(8_000, 12_000, 18_000), must="west", lead="bjmoa"),
    _P("crcc", "中国铁建（下属公司）", "China Railway Construction (subsidiaries)", "lead", _MID,
       "headquarters=0.4; research=0.5; support=0.1", 2029, floor=(50_000, 70_000, 100_000), may="east",
       adjoining=True),
    _P("ftinv", "丰台科技园投资控股（自持产业空间）", "Fengtai Park Investment Holding", "started", _PLAT,
       STUDIO, 2027,
       floor=(28_000, 30_000, 32_000), must="east", note="P11 开发建设平台：剩余产业用地自持开发；"),
    _P("fthatch", "丰台科技园孵化器", "Fengtai Park Incubator", "admitted", _PLAT, NURSERY, 2027,
       floor=(15_000, 20_000, 30_000), may="west;expanded", lead="ftinv", note="P11；"),
    _P("zgcrail", "北京中关村轨道交通产业发展有限公司", "Zhongguancun Rail Transit Development", "operating",
       _PLAT, HEAD_OFFICE,
       2026, people=(60, 80, 120), must="east", note="产业服务平台；"),
    _P("bima", "德国毕马", "Bima, Germany", "lead", _MID, "research=0.15; pilot=0.25; production=0.6", 2029,
       floor=(12_000, 20_000, 30_000), may="west;expanded", note=PARTNER_PARKS),
    _P("plattc", "城市轨道交通列车通信与运行控制平台", "Train communication and control platform", "signed", _PLAT,
       "laboratory=0.8; pilot=0.2", 2027, floor=(12_000, 18_000, 26_000), priority=2.0, must="west", lead="tct",
       exclusive=True, note="P18；"),
    _P("platchip", "轨道交通安全控制与专用芯片平台", "Safety control and chip platform", "admitted", _PLAT,
       "research=0.1; laboratory=0.9", 2027, floor=(15_000, 22_000, 32_000), priority=2.0, must="west", lead="crscd",
       note="P18；"),
    _P("platveh", "智能市域轨道车辆工程研究平台", "Intelligent suburban vehicle platform", "admitted", _PLAT,
       "laboratory=0.5; pilot=0.5", 2028, floor=(25_000, 40_000, 60_000), priority=1.5, may="west;expanded",
       lead="bjtec",
       note="P18；"),
    _P("labnet", "城市轨道交通网络创新中心", "Urban rail network innovation centre", "reserve", _PLAT,
       "research=0.4; laboratory=0.6", 2027, floor=(10_000, 15_000, 22_000), priority=1.5, must="west", lead="bjtu",
       note="P18；"),
    _P("labgreen", "绿色与安全建造技术国家工程实验室", "National lab of green and safe construction",
       "admitted", _PLAT,
       "laboratory=0.7; pilot=0.3", 2027, floor=(15_000, 25_000, 38_000), priority=1.5, must="west", lead="crec",
       note="P18；"),
    _P("techcentres", "企业技术中心与工程实验室（首批，打包）", "Enterprise technology centres, first batch",
       "reserve", _PLAT,
       "research=0.1; laboratory=0.9", 2027, floor=(70_000, 100_000, 145_000), must="west", splittable=True,
       note="P2、P18：创新平台突破 40 个，不具名者打包；"),
    _P("techcentres2", "企业技术中心与工程实验室（第二批，打包）",
       "Enterprise technology centres, second batch", "lead", _PLAT,
       "research=0.2; laboratory=0.6; pilot=0.2", 2030, floor=(45_000, 70_000, 110_000), may="west;expanded",
       splittable=True, partial=True,
       note="P2、P18；"),
    _P("inspect", "某智能检测企业（示意，已退出）", "An inspection firm (illustrative, exited)", "exited",
       _DOWN, STUDIO, 2024,
       floor=(4_000, 4_000, 4_000), may="east", note="P12：项目退出机制的例子；", source="示意"),
)  # fmt: skip


def projects() -> list[dict[str, Any]]:
    """Rows of the projects table."""
    return [project.row() for project in _PROJECTS]


@dataclass(frozen=True)
class _Given:
    parcel: str
    project: str
    floor: float
    source: str
    stage: str
    mode: str
    term: float | None
    phase: str
    day: str
    since: str | None = None

    @property
    def dates(self) -> tuple[str | None, str | None]:
        """First and last day of the term: from the day it was signed; an exit ended it."""
        if self.stage == "intent":
            return None, None
        if self.stage == "vacated":
            return self.since, self.day
        first = datetime.date.fromisoformat(self.day)
        last = first.replace(year=first.year + int(self.term or 0)) - datetime.timedelta(days=1)
        return self.day, last.isoformat()


_G = _Given
_ASSIGNMENTS = (
    _G("E2-01-02", "bjtu", 50_000, "existing", "completed", "lease", 15, "一期", "2021-03-23"),
    _G("E2-08-02", "bjtu", 50_000, "existing", "signed", "lease", 15, "二期", "2026-06-18"),
    _G("E2-07-01", "crexp", 9_000, "existing", "completed", "lease", 10, "一期", "2025-09-10"),
    _G("E1-18-03", "bjmoa", 8_000, "existing", "completed", "lease", 10, "一期", "2026-02-27"),
    _G("E1-05-03", "inspect", 4_000, "existing", "vacated", "lease", 5, "一期", "2026-08-31", "2023-09-01"),
    _G("E3-30-01", "crsc", 80_000, "new", "signed", "lease", 15, "一期", "2026-05-12"),
    _G("E3-10-03", "tct", 38_000, "new", "under_construction", "lease", 15, "一期", "2026-01-15"),
    _G("E3-17-04", "ftinv", 30_000, "new", "under_construction", "self_held", 30, "一期", "2025-11-20"),
    _G("E3-28-02", "eeb", 75_000, "new", "signed", "transfer", 40, "一期", "2026-09-03"),
    _G("E3-03-02", "dinghan", 20_000, "new", "intent", "agreement", 20, "一期", "2026-10-14"),
    _G("E3-03-02", "zhudao", 14_000, "new", "intent", "agreement", 20, "一期", "2026-10-14"),
    _G("E3-27-01", "crec", 60_000, "new", "intent", "transfer", 50, "一期", "2026-11-05"),
    _G("W1-17-03", "plattc", 18_000, "new", "signed", "lease_then_transfer", 20, "一期", "2026-04-22"),
    _G("W1-20-01", "platchip", 22_000, "new", "intent", "flexible_transfer", 20, "一期", "2026-07-09"),
    _G("W1-20-01", "labgreen", 15_000, "new", "intent", "flexible_transfer", 20, "一期", "2026-07-09"),
    _G("W1-CXZX-1", "synergy", 6_500, "existing", "completed", "lease", 10, "一期", "2026-03-30"),
    _G("W1-CXZX-1", "crsccity", 9_000, "existing", "signed", "lease", 10, "一期", "2026-08-12"),
    _G("XL-02-01", "longtie", 8_000, "existing", "signed", "lease", 10, "一期", "2026-05-28"),
    _G("XL-06-01", "skytrain", 8_000, "existing", "intent", "lease", 10, "一期", "2026-10-27"),
)


def assignments() -> list[dict[str, Any]]:
    """Rows of the assignments table, one of every stage and source among them."""
    return [
        {
            "assignment_id": f"A-{number:03d}",
            "parcel_id": given.parcel,
            "project_id": given.project,
            "floor_area_m2": float(given.floor),
            "source": given.source,
            "stage": given.stage,
            "supply_mode": given.mode,
            "term_years": given.term,
            "valid_from": given.dates[0],
            "valid_to": given.dates[1],
            "building_id": f"B-{given.parcel}-01" if given.source == "existing" else None,
            "phase": given.phase,
            "assigned_by": "demo",
            "assigned_at": f"{given.day}T02:00:00Z",
            "note": "示意：落位为编制，不代表任何单位的计划或合同",
        }
        for number, given in enumerate(_ASSIGNMENTS, start=1)
    ]


def moves() -> list[dict[str, Any]]:
    """Rows of the moves table: how far the projects with an assignment have come, and the one that left."""
    first: dict[str, _Given] = {}
    for given in _ASSIGNMENTS:
        first.setdefault(given.project, given)
    steps: list[dict[str, Any]] = []
    for project in _PROJECTS:
        day = first[project.key].day if project.key in first else None
        if day is None or project.state not in _FROM:
            continue
        left = project.state == "exited"
        steps.append(
            {
                "move_id": f"M-{len(steps) + 1:03d}",
                "layer": "projects",
                "row_key": project.key,
                "from_state": _FROM[project.state],
                "to_state": project.state,
                "moved_on": day,
                "reason": "示意：退出机制的例子" if left else "示意",
                "document": AGREEMENT.get(project.key),
                "moved_by": "demo",
                "moved_at": f"{day}T02:00:00Z",
            }
        )
    return steps


_FROM = {"signed": "admitted", "started": "signed", "operating": "completed", "exited": "operating"}
