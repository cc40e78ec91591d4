"""Text that was written in one encoding and read in another, turned back."""

from __future__ import annotations

LOST = "\ufffd"
"""Stands where a program could not read a character; what it was is gone."""
_TAIL = 3
"""Bytes of a character that a field of fixed width, or the wrong reading, may have cut off."""


def recoded(text: str, written: str, true: str) -> str | None:
    """Text as it is when its bytes are read in another encoding; None where they are none of that.

    Parameters
    ----------
    written
        Codec that it was read in.
    true
        Codec that its bytes are in.

    Examples
    --------
    >>> recoded("鍦板潡", "gb18030", "utf-8"), recoded("联通", "gb18030", "utf-8")
    ('地块', None)
    """
    if text.isascii():
        return text
    try:
        data = text.encode(written)
    except UnicodeEncodeError:
        return None
    try:
        new = data.decode(true)
    except UnicodeDecodeError as error:
        if len(data) - error.start > _TAIL or not error.start:
            return None
        new = data[: error.start].decode(true)
    return new if looks_chinese(new) else None


def looks_chinese(text: str) -> bool:
    """Whether what a text has beyond ASCII is Chinese as people write it, and none of it rare.

    >>> looks_chinese("地块 1-A"), looks_chinese("鍦板潡"), looks_chinese("naïve")
    (True, False, False)
    """
    beyond = [sign for sign in text if not sign.isascii()]
    common = sum(_is_common(sign) for sign in beyond)
    return bool(beyond) and common >= 0.9 * len(beyond)


def _is_common(sign: str) -> bool:
    """A character of GB 2312 level 1, or a sign of Chinese text."""
    try:
        data = sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return len(data) == 2 and (0xB0 <= data[0] <= 0xD7 or data[0] in (0xA1, 0xA3))
