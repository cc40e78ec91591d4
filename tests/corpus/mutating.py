"""Damage to a file's bytes, the same for the same number."""

from __future__ import annotations

import random

_EXTREMES = (b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80")


def mutated(data: bytes, number: int) -> bytes:
    """One to six blows to the bytes of a file."""
    dice = random.Random(number)
    out = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        if not out:
            break
        _BLOWS[dice.randrange(len(_BLOWS))](out, dice)
    return bytes(out)


def _flip(out: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randint(1, 12)):
        out[dice.randrange(len(out))] ^= 1 << dice.randrange(8)


def _overwrite(out: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(out))
    length = dice.randint(1, 64)
    out[at : at + length] = dice.randbytes(min(length, len(out) - at))


def _extreme(out: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(out))
    out[at : at + 4] = dice.choice(_EXTREMES)[: len(out) - at]


def _extreme_in_head(out: bytearray, dice: random.Random) -> None:
    at = dice.randrange(min(len(out), 200))
    out[at : at + 4] = dice.choice(_EXTREMES)[: len(out) - at]


def _cut(out: bytearray, dice: random.Random) -> None:
    del out[dice.randrange(len(out)) :]


def _remove(out: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(out))
    del out[at : at + dice.randint(1, 200)]


def _repeat(out: bytearray, dice: random.Random) -> None:
    at = dice.randrange(len(out))
    piece = bytes(out[at : at + dice.randint(1, 400)])
    out[at:at] = piece * dice.randint(1, 8)


_BLOWS = (_flip, _overwrite, _extreme, _extreme_in_head, _cut, _remove, _repeat)
