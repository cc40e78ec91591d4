"""Why a base map is not offered, one class per cure. Whoever keeps the folder of base maps reads them."""

from __future__ import annotations

from typing import ClassVar

from spatial.errors import ChengzaiError


class BaseRefused(ChengzaiError):
    """Base of the reasons for which a base map is not offered."""

    code = "base_refused"


class BaseBroken(BaseRefused):
    """A file that is not what its name says, or is damaged."""

    code = "base_broken"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "底图 {where} 无法读取：{reason}",
        "en": "Base map {where} cannot be read: {reason}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "文件可能不完整，请重新制作或拷贝（MBTiles、PMTiles 第 3 版、GeoTIFF）",
        "en": "It may be incomplete: make or copy it again (MBTiles, PMTiles version 3, GeoTIFF)",
    }


class BaseUnsafe(BaseRefused):
    """A file with parts that would run when it is read, or that nobody needs for a base map."""

    code = "base_unsafe"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "底图 {where} 含不接受的内容：{found}",
        "en": "Base map {where} holds what is not accepted: {found}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "重新制作为只含 metadata 与 tiles（或 map、images）表的 MBTiles",
        "en": "Make it again with the tables metadata and tiles (or map and images) only",
    }


class BaseUnplaced(BaseRefused):
    """A raster that does not say where it lies."""

    code = "base_unplaced"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "底图 {where} 没有坐标系或地理定位",
        "en": "Base map {where} has no CRS or no place on the ground",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "用 gdal_translate -a_srs EPSG:4548 -of COG 重写该影像",
        "en": "Write it again with gdal_translate -a_srs EPSG:4548 -of COG",
    }


class BaseShiftedVector(BaseRefused):
    """A vector base in GCJ-02 or BD-09: only pictures are moved on the way to the map."""

    code = "base_shifted_vector"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "矢量底图 {where} 标为 {datum}，只有栅格底图可以在显示时纠偏",
        "en": "Vector base {where} is said to be {datum}; only pictures are put right for display",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "先把数据纠偏到 CGCS2000 再切片",
        "en": "Put the data right (CGCS2000) before it is cut into tiles",
    }


class BaseSettingWrong(BaseRefused):
    """An entry of bases.json that cannot be understood."""

    code = "base_setting_wrong"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "bases.json 的 {where} 写法有误：{reason}",
        "en": "{where} in bases.json is wrong: {reason}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "对照使用手册「底图」一节修改",
        "en": "See «Base maps» in the user guide",
    }


class BaseKeyMissing(BaseRefused):
    """A service that asks for a key which the environment does not give."""

    code = "base_key_missing"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "底图 {where} 需要密钥，环境变量 {variable} 未设置",
        "en": "Base map {where} needs a key; {variable} is not set",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "在服务器上设置 {variable} 后重启",
        "en": "Set {variable} on the server and start again",
    }
