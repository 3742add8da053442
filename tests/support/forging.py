"""Signed messages and tokens with something changed."""

import random
from collections.abc import Callable

from asking import Header

ODD = (b",", b" ", b".", b"v1,", b"v1a,", b"\x00", b"\xff", b"=", b"\r\n", "é".encode(), b"A" * 99)


def _flip(dice: random.Random, value: bytes) -> bytes:
    changed = bytearray(value or b"\0")
    changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _cut(dice: random.Random, value: bytes) -> bytes:
    return value[: dice.randrange(len(value) + 1)]


def _garbage(dice: random.Random, value: bytes) -> bytes:
    return dice.randbytes(dice.choice((0, 1, 5, 44, 300)))


def _insert(dice: random.Random, value: bytes) -> bytes:
    place = dice.randrange(len(value) + 1)
    return value[:place] + dice.choice(ODD) + value[place:]


MUTATIONS = (_flip, _cut, _garbage, _insert)


def mutant_of(
    dice: random.Random, content: bytes, headers: tuple[Header, ...]
) -> tuple[bytes, tuple[Header, ...]]:
    """Change the content or one header; headers[0] is the content's type and stays."""
    mutate: Callable[[random.Random, bytes], bytes] = dice.choice(MUTATIONS)
    place = dice.randrange(len(headers))
    if place == 0:
        return mutate(dice, content), headers
    name, value = headers[place]
    return content, (*headers[:place], (name, mutate(dice, value)), *headers[place + 1 :])


def says_the_same(one: tuple[Header, ...], other: tuple[Header, ...]) -> bool:
    """Whether two requests' headers mean the same: entries beside a good signature are skipped."""
    first, second = dict(one), dict(other)
    if b"authorization" in first:
        scheme, text = first[b"authorization"].split()  # a scheme's case says nothing
        return [scheme.lower(), text] == _lowered(second[b"authorization"].split(b" "))
    good = first.pop(b"webhook-signature") in second.pop(b"webhook-signature").split(b" ")
    return good and first == second


def _lowered(parts: list[bytes]) -> list[bytes]:
    return [parts[0].lower(), *filter(None, parts[1:])]
