"""In which encoding the text of a file is: stated, declared, or the one that its bytes can be read in.

Text is never guessed into nonsense: every candidate has to read all bytes strictly, and what no candidate reads is
refused with a sample.
"""

from __future__ import annotations

import codecs
import contextlib
from dataclasses import dataclass
from pathlib import Path

from layers.readers.errors import EncodingRefused, FileBroken

CANDIDATES = ("utf-8", "gb18030")
_NAME_BYTES, _TORN = 10, 3
"""Where other programs cut names, and how many bytes of a character that may leave behind."""
_LDID = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x08: "cp865", 0x13: "cp932", 0x26: "cp866", 0x4D: "gbk",
    0x4E: "cp949", 0x4F: "cp950", 0x50: "cp874", 0x64: "cp852", 0x65: "cp866", 0x78: "cp950", 0x79: "cp949",
    0x7A: "gbk", 0x7B: "cp932", 0xC8: "cp1250", 0xC9: "cp1251",
}  # fmt: skip
"""Language driver IDs that name a code page; 0x57 («current ANSI») names none."""
_SPOKEN = {"utf-8": "UTF-8", "gb18030": "GB18030", "gbk": "GBK", "cp936": "GBK", "big5": "Big5", "cp950": "Big5"}
READ_AS = {"gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030"}
"""GB18030 reads every GBK text, and the rare characters that writers of «GBK» put there besides."""


@dataclass(frozen=True)
class Texts:
    """The raw text of a table: its field names, and each distinct value with the width of its field [bytes]."""

    names: tuple[bytes, ...]
    values: tuple[tuple[bytes, int], ...]


@dataclass(frozen=True)
class Encoding:
    """How text is read, why, what people call it, and what was declared but cannot be true."""

    codec: str
    basis: str
    name: str
    contradicted: str | None = None


def spoken(codec: str) -> str:
    """An encoding's name as people write it.

    >>> spoken("utf8"), spoken("GBK")
    ('UTF-8', 'GBK')
    """
    plain = codecs.lookup(codec).name
    return _SPOKEN.get(plain, plain.upper())


def known_codec(name: str, where: str) -> str:
    """Python's name for an encoding that a person or a .cpg file wrote.

    Raises
    ------
    EncodingRefused
    """
    text = name.strip().strip("\x00").lower()
    text = f"cp{text}" if text.isdigit() else text
    text = {"cp65001": "utf-8", "ansi 936": "gbk", "ansi 65001": "utf-8", "cp54936": "gb18030"}.get(text, text)
    text = "iso8859-" + text.removeprefix("cp8859") if text.startswith("cp8859") and len(text) > 6 else text
    try:
        found = codecs.lookup(text).name
        "".encode(found)
    except (LookupError, ValueError) as error:
        raise EncodingRefused(where=where, path=where, encoding=name[:40], sample="—") from error
    return found


def text_of(data: bytes, where: str, given: str | None) -> tuple[str, str, str]:
    """The text of a file, its encoding, and the basis: ``given``, ``bom`` or ``detected``.

    Raises
    ------
    EncodingRefused

    Examples
    --------
    >>> text_of("地块编号".encode("gbk"), "a.csv", None)
    ('地块编号', 'GB18030', 'detected')
    """
    if given:
        codec = known_codec(given, where)
        codec = "utf-8-sig" if codec == "utf-8" else READ_AS.get(codec, codec)
        return _decoded(data, codec, given, where), spoken(known_codec(given, where)), "given"
    if data[:3] == b"\xef\xbb\xbf":
        return _decoded(data, "utf-8-sig", "UTF-8", where), "UTF-8", "bom"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _decoded(data, "utf-16", "UTF-16", where), "UTF-16", "bom"
    for codec in CANDIDATES:
        try:
            return data.decode(codec), spoken(codec), "detected"
        except UnicodeDecodeError:
            continue
    return _decoded(data, "utf-8", "UTF-8 / GB18030", where), "UTF-8", "detected"


def _decoded(data: bytes, codec: str, name: str, where: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        sample = data[max(0, error.start - 6) : error.start + 6]
        raise EncodingRefused(where=where, path=where, encoding=name, sample=repr(sample)) from error


def encoding_of(shp: Path, where: str, given: str | None) -> Encoding:
    """The encoding of a shapefile's table: given, else its .cpg, else its LDID byte, else what its bytes allow.

    A .cpg or an LDID that the text contradicts is not believed, and that is reported.

    Raises
    ------
    EncodingRefused, FileBroken
    """
    found = raw_texts(shp.with_suffix(".dbf"), where)
    if given:
        codec = known_codec(given, where)
        codec = READ_AS.get(codec, codec)
        bad = _unreadable(found, codec)
        if bad is not None:
            raise EncodingRefused(where=where, path=where, encoding=given, sample=repr(bad))
        return Encoding(codec, "given", spoken(known_codec(given, where)))
    declared = _declared(shp, where)
    for name, basis in declared:
        codec = READ_AS.get(name, name)
        if _unreadable(found, codec) is None:
            return Encoding(codec, basis, spoken(name))
    lie = spoken(declared[0][0]) if declared else None
    for codec in CANDIDATES:
        if _unreadable(found, codec) is None:
            return Encoding(codec, "detected", spoken(codec), lie)
    sample = _unreadable(found, CANDIDATES[-1])
    raise EncodingRefused(where=where, path=where, encoding="UTF-8 / GB18030", sample=repr(sample))


def _declared(shp: Path, where: str) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    cpg = shp.with_suffix(".cpg")
    if cpg.exists():
        text = cpg.read_bytes()[:64].decode("ascii", "replace").strip()
        with contextlib.suppress(EncodingRefused):  # a .cpg that names nothing says nothing
            out.append((known_codec(text, where), "cpg"))
    with shp.with_suffix(".dbf").open("rb") as handle:
        ldid = handle.read(32)[29]
    if ldid in _LDID:
        out.append((_LDID[ldid], "ldid"))
    return out


def raw_texts(path: Path, where: str) -> Texts:
    """Names and distinct text values of a .dbf file, as bytes.

    Raises
    ------
    FileBroken
        When the header promises more than the file holds.
    """
    data = path.read_bytes()
    count, start, width = (int.from_bytes(data[at:stop], "little") for at, stop in ((4, 8), (8, 10), (10, 12)))
    if start < 33 or width < 1 or len(data) < start + count * width:
        raise FileBroken(where=where, path=where, reason=".dbf")
    names, values = [], set()
    place = 1
    for at in range(32, start - 1, 32):
        field = data[at : at + 32]
        if len(field) < 32 or field[0] == 0x0D:
            break
        names.append(field[:11].split(b"\x00")[0])
        size = field[16] + (256 * field[17] if field[11:12] == b"C" else 0)
        if field[11:12] == b"C":
            begin = start + place
            values |= {
                (data[at : at + size].rstrip(b" \x00"), size) for at in range(begin, begin + count * width, width)
            }
        place += size
    return Texts(tuple(names), tuple(values))


def column_name(data: bytes, codec: str) -> tuple[str, bool]:
    """A field's name, and whether it is torn: other programs cut at ten bytes, amid a character if need be.

    >>> column_name("用地性质".encode()[:10], "utf-8"), column_name("容积率".encode(), "utf-8")
    (('用地性', True), ('容积率', False))
    """
    try:
        return data.decode(codec), False
    except UnicodeDecodeError:
        return data.decode(codec, "ignore"), True


def _unreadable(found: Texts, codec: str) -> bytes | None:
    for name in found.names:
        lost = len(name) - len(column_name(name, codec)[0].encode(codec))
        if lost > (_TORN if len(name) >= _NAME_BYTES - 1 else 0):
            return name
    return next((value for value, width in found.values if decode(value, width, codec) is None), None)


def decode(value: bytes, width: int, codec: str) -> str | None:
    """Text from bytes, strictly; None where they are not in this encoding.

    A value that fills its field may end in half a character, which is left out.

    >>> decode("地块".encode()[:5], 5, "utf-8"), decode(b"\\xff\\xff", 10, "utf-8")
    ('地', None)
    """
    try:
        return value.decode(codec)
    except UnicodeDecodeError as error:
        if width and len(value) >= width - 3 and len(value) - error.start <= 3:
            try:
                return codecs.getincrementaldecoder(codec)().decode(value, final=False)
            except UnicodeDecodeError:
                return None
        return None
