"""What can go wrong in the mathematics, one class per cure, in both languages.

Every error of the product says four things: a stable code, what is wrong, where, and what to do next.
`tell` is the one place that turns an error into words for a user.
"""

from __future__ import annotations

from typing import ClassVar

LANGUAGES = ("zh-CN", "en")


class ChengzaiError(Exception):
    """Base of every error that a user may see.

    Subclasses fill `code`, `says` and `cure`; the two texts are `str.format` templates over the keyword
    arguments that the error is raised with, `where` among them.

    Parameters
    ----------
    where
        File, table, row or column that the error is about; empty when it is about the call itself.
    **facts
        The figures and names that the texts mention.

    Examples
    --------
    >>> class Missing(ChengzaiError):
    ...     code = "file_missing"
    ...     says = {"zh-CN": "找不到文件 {name}", "en": "No file {name}"}
    ...     cure = {"zh-CN": "检查路径", "en": "Check the path"}
    >>> tell(Missing(where="a.shp", name="a.shp"), "en")
    {'code': 'file_missing', 'message': 'No file a.shp', 'where': 'a.shp', 'cure': 'Check the path'}
    """

    code: ClassVar[str] = "error"
    says: ClassVar[dict[str, str]] = {"zh-CN": "出错了", "en": "Something went wrong"}
    cure: ClassVar[dict[str, str]] = {"zh-CN": "", "en": ""}

    def __init__(self, where: str = "", **facts: object) -> None:
        self.where = where
        self.facts = facts
        super().__init__(self.says["en"].format(where=where, **facts))


class UnsuitableCrs(ChengzaiError):
    """A CRS in which areas at the data would be wrong by more than the limit."""

    code = "crs_unsuitable"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "坐标系 {crs} 在数据所在位置的面积变形为 {distortion}，超过 {limit}",
        "en": "Areas in {crs} are distorted by {distortion} at the data, more than {limit}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "改用中央经线更近的投影坐标系，例如 {suggestion}",
        "en": "Use a projected CRS whose central meridian is nearer, for example {suggestion}",
    }


class NotMetric(ChengzaiError):
    """A CRS whose unit is not the metre (degrees, feet), in which no area is computed."""

    code = "crs_not_metric"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "坐标系 {crs} 的单位是 {unit}，不能用来计算面积",
        "en": "{crs} measures in {unit}; areas are computed in metres only",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "工作空间请用以米为单位的投影坐标系，例如 {suggestion}",
        "en": "Give the workspace a projected CRS in metres, for example {suggestion}",
    }


class UnknownCrs(ChengzaiError):
    """A CRS text that PROJ does not understand, or no CRS at all."""

    code = "crs_unknown"
    says: ClassVar[dict[str, str]] = {"zh-CN": "无法识别坐标系：{crs}", "en": "Unknown CRS: {crs}"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "给出 EPSG 代码（如 EPSG:4548），或粘贴完整的 WKT / PROJ 定义",
        "en": "Give an EPSG code (EPSG:4548) or paste a full WKT or PROJ definition",
    }


class ShapeRefused(ChengzaiError):
    """An outline that no parcel can have, with the reason and the place."""

    code = "shape_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "图形不能这样修改：{said}（X={north} Y={east}）",
        "en": "The outline cannot be changed like this: {reason} (X={north} Y={east})",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "换一个位置；图形没有改变",
        "en": "Choose another place; nothing was changed",
    }


class FillRefused(ChengzaiError):
    code = "fill_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "不能填补宽 {value} m 的缝隙",
        "en": "Gaps of {value} m cannot be filled",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "宽度应大于 0，不超过 {limit} m",
        "en": "Give a width above 0 and up to {limit} m",
    }


class ScaleRefused(ChengzaiError):
    """A scale of scores that gives no score, or two."""

    code = "scale_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "评分标准不成立：{reason}",
        "en": "This scale gives no score: {reason}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "零分值与满分值要不同；分级的起点要递增，得分在 0–100",
        "en": "Worst and best have to differ; steps have to ascend and score 0 to 100",
    }


class WeightsRefused(ChengzaiError):
    """Weights that no sum can be made of."""

    code = "weights_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "权重不成立：{reason}",
        "en": "No score follows from these weights: {reason}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "权重不能为负，且至少一个大于 0",
        "en": "No weight may be negative and one has to be above 0",
    }


class JudgementsRefused(ChengzaiError):
    """Pairwise comparisons that no weights follow from."""

    code = "judgements_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "两两比较不成立：{reason}",
        "en": "No weights follow from these comparisons: {reason}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "比较值取 1–9 或其倒数，每个因子都要经若干比较与其他因子相连，最多 {most} 个因子",
        "en": "Use 1 to 9 or one over it, join every criterion to the others by comparisons, at most {most} criteria",
    }


def tell(error: ChengzaiError, language: str = "zh-CN") -> dict[str, str]:
    """Say an error in a language, as the four words of the command line's promise.

    Parameters
    ----------
    error
        Any error of the product.
    language
        ``zh-CN`` or ``en``; anything else falls back to ``zh-CN``.

    Returns
    -------
    dict
        `code`, `message`, `where`, `cure`.
    """
    tongue = language if language in LANGUAGES else "zh-CN"
    return {
        "code": error.code,
        "message": error.says[tongue].format(where=error.where, **error.facts),
        "where": error.where,
        "cure": error.cure[tongue].format(where=error.where, **error.facts),
    }


class StatisticUnknown(ChengzaiError):
    """A statistic of a raster that nobody computes."""

    code = "statistic_unknown"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "没有统计量「{statistic}」",
        "en": "There is no statistic {statistic!r}",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "可选：{known}", "en": "Choose from: {known}"}


class OutlineTooLarge(ChengzaiError):
    """An outline that covers more cells of a raster than fit into memory."""

    code = "outline_too_large"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "第 {row} 行的图形覆盖的像元超过 {limit} 个",
        "en": "The outline of row {row} covers more than {limit} cells",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "把栅格重采样得粗一些（例如用 gdalwarp -tr）再导入，或把该图形分成几块",
        "en": "Bring in a coarser raster (made with gdalwarp -tr, say), or cut the outline into pieces",
    }
