"""Why something that is handed over does not get as far as being read, one class per cure."""

from __future__ import annotations

from typing import ClassVar

from spatial.errors import ChengzaiError


class UploadTooLarge(ChengzaiError):
    code = "upload_too_large"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{name} 放不下：一次导入的文件合计不超过 {limit} MB",
        "en": "{name} does not fit: the files of one import may hold {limit} MB together",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "移除用不到的文件，或把数据分成几份；更大的文件请用命令行 import 导入",
        "en": "Remove files that are not needed or hand over parts; larger ones come in by the verb import",
    }


class UploadEmpty(ChengzaiError):
    code = "upload_empty"
    says: ClassVar[dict[str, str]] = {"zh-CN": "{name} 是空文件（0 字节）", "en": "{name} is empty (0 bytes)"}
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "请检查原文件，重新拷贝后再选",
        "en": "Look at the original, copy it again and choose it once more",
    }


class TooManyUploads(ChengzaiError):
    code = "too_many_uploads"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "文件太多：一次最多 {limit} 个",
        "en": "Too many files: {limit} at most at a time",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "移除用不到的文件，或打成一个 zip",
        "en": "Remove files that are not needed, or put them into one ZIP",
    }
