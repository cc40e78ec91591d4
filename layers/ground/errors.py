"""What can go wrong with the ground under the parcels, one class per cure, in both languages."""

from __future__ import annotations

from typing import ClassVar

from spatial.errors import ChengzaiError


class ModelUnknown(ChengzaiError):
    code = "model_unknown"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "评价模型“{model}”没有用于“{function}”的加权因子",
        "en": "The suitability model “{model}” weighs nothing for {function}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "换一个模型或功能，或先添加因子；已有：{known}",
        "en": "Choose another model or function, or add criteria; there is: {known}",
    }


class CriterionRefused(ChengzaiError):
    code = "criterion_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "评价因子 {key} 不成立：{reason}",
        "en": "Criterion {key} cannot be used: {reason}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "给出零分值和满分值（不同），或分级“起点=得分”；列名见数据字典的 criteria",
        "en": "Give different worst and best values, or steps `from=score`; the data dictionary lists the columns",
    }


class MeasureRefused(ChengzaiError):
    code = "measure_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "因子 {key} 无法量度：{measure}，对象“{subject}”不可用",
        "en": "Criterion {key} cannot be measured: {measure} of “{subject}”",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "对象可选：{known}", "en": "It can be measured of: {known}"}


class CriteriaFileRefused(ChengzaiError):
    code = "criteria_file_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "不能读作评价因子文件：{where}（{reason}）",
        "en": "This is no file of criteria: {where} ({reason})",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": '用 UTF-8 的 JSON：{{"criteria": [{{"measure": …, "worst": …, "best": …, "weight": …}}]}}',
        "en": 'Use JSON in UTF-8: {{"criteria": [{{"measure": …, "worst": …, "best": …, "weight": …}}]}}',
    }


class RasterUnknown(ChengzaiError):
    code = "raster_unknown"
    says: ClassVar[dict[str, str]] = {"zh-CN": "没有栅格 {raster}", "en": "There is no raster {raster}"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "先用 import … --layer rasters 导入，或给出 GeoTIFF 的路径；已有：{known}",
        "en": "Bring it in with `import … --layer rasters`, or give the path of a GeoTIFF; there are: {known}",
    }


class RasterFileMissing(ChengzaiError):
    """A row whose file is not where it should lie."""

    code = "raster_missing"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "栅格 {path} 的文件不在工作区旁的 {folder} 文件夹里",
        "en": "The file of raster {path} is not in the folder {folder} beside the workspace",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "把该文件夹与工作区放在一起，从备份 restore，或删除这一行后重新导入",
        "en": "Keep that folder with the workspace, restore a backup, or delete the row and bring the file in again",
    }


class RasterFileChanged(ChengzaiError):
    """A file that is not what came in."""

    code = "raster_changed"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "栅格 {path} 的文件已被改动：{found} 字节，导入时为 {size} 字节",
        "en": "The file of raster {path} was changed: {found} bytes where {size} came in",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "从备份 restore，或重新导入原文件（会替换损坏的文件）",
        "en": "Restore a backup, or bring the original in again, which replaces the damaged file",
    }


class RasterThere(ChengzaiError):
    """The same band of the same file came in before."""

    code = "raster_there"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{path} 的这个波段已经导入，编号 {raster}",
        "en": "This band of {path} is here already, as {raster}",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "直接使用它；要重新导入，先撤销或删除那一行",
        "en": "Use that one; to bring it in again, undo or delete its row first",
    }


class TerrainTooFine(ChengzaiError):
    """Heights of so many cells that slope cannot be worked out in memory."""

    code = "terrain_too_fine"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "地块范围内有 {cells} 个高程像元，坡度最多计算 {limit} 个",
        "en": "The parcels' extent holds {cells} cells of heights; slope is worked out for {limit} at most",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "先把高程重采样得粗一些（gdalwarp -tr）",
        "en": "Bring in coarser heights (made with gdalwarp -tr)",
    }


class StatisticMeansNothing(ChengzaiError):
    """Directions go round, so that their mean says nothing."""

    code = "statistic_of_directions"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "坡向是方向，「{statistic}」没有意义（359° 与 1° 的均值不是 180°）",
        "en": "Aspect is a direction, of which {statistic} means nothing (of 359° and 1° the mean is not 180°)",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "改用 share_above、share_below 的差得到各方向占比",
        "en": "Use share_above and share_below, whose differences are the shares of directions",
    }
