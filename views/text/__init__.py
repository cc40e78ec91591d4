"""Texts of the screens in both languages, with equal keys."""

from __future__ import annotations

from dataclasses import dataclass

from layers.vocabulary import Terms, term
from views.text.allocation_en import ALLOCATION_EN
from views.text.allocation_zh_cn import ALLOCATION_ZH_CN
from views.text.assumptions_en import ASSUMPTIONS_EN
from views.text.assumptions_zh_cn import ASSUMPTIONS_ZH_CN
from views.text.balance_en import BALANCE_EN
from views.text.balance_zh_cn import BALANCE_ZH_CN
from views.text.en import EN
from views.text.exchange_en import EXCHANGE_EN
from views.text.exchange_zh_cn import EXCHANGE_ZH_CN
from views.text.ground_en import GROUND_EN
from views.text.ground_zh_cn import GROUND_ZH_CN
from views.text.handing_out_en import HANDING_OUT_EN
from views.text.handing_out_zh_cn import HANDING_OUT_ZH_CN
from views.text.history_en import HISTORY_EN
from views.text.history_zh_cn import HISTORY_ZH_CN
from views.text.obligations_en import OBLIGATIONS_EN
from views.text.obligations_zh_cn import OBLIGATIONS_ZH_CN
from views.text.people_en import PEOPLE_EN
from views.text.people_zh_cn import PEOPLE_ZH_CN
from views.text.projects_en import PROJECTS_EN
from views.text.projects_zh_cn import PROJECTS_ZH_CN
from views.text.supply_en import SUPPLY_EN
from views.text.supply_zh_cn import SUPPLY_ZH_CN
from views.text.zh_cn import ZH_CN

LANGUAGES: dict[str, dict[str, str]] = {
    "zh-CN": ZH_CN
    | ALLOCATION_ZH_CN
    | ASSUMPTIONS_ZH_CN
    | BALANCE_ZH_CN
    | OBLIGATIONS_ZH_CN
    | HISTORY_ZH_CN
    | PEOPLE_ZH_CN
    | EXCHANGE_ZH_CN
    | HANDING_OUT_ZH_CN
    | GROUND_ZH_CN
    | PROJECTS_ZH_CN
    | SUPPLY_ZH_CN,
    "en": EN
    | ALLOCATION_EN
    | ASSUMPTIONS_EN
    | BALANCE_EN
    | OBLIGATIONS_EN
    | HISTORY_EN
    | PEOPLE_EN
    | EXCHANGE_EN
    | HANDING_OUT_EN
    | GROUND_EN
    | PROJECTS_EN
    | SUPPLY_EN,
}


@dataclass(frozen=True)
class Text:
    """The texts of one language.

    Examples
    --------
    >>> Text("en")("saved")
    'Saved'
    """

    language: str

    def __call__(self, key: str, **facts: object) -> str:
        """The text of a key, with its facts filled in."""
        found = LANGUAGES[self.language][key]
        return found.format(**facts) if facts else found

    def term(self, terms: Terms, code: object) -> str:
        """The word for a code; nothing reads as a dash."""
        return term(terms, code, self.language) or "—"

    def name(self, chinese: object, english: object = None) -> str:
        """A name in this language, or in the other where it has none."""
        order = (english, chinese) if self.language == "en" else (chinese, english)
        return next((str(value) for value in order if value is not None and value == value and value != ""), "—")


def texts(language: str) -> Text:
    """The texts of a language; anything unknown reads Chinese."""
    return Text(language if language in LANGUAGES else "zh-CN")
