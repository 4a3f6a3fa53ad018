"""A short piece of a refused value, enough to find it in the file and never a whole identity number."""

from __future__ import annotations

import re

EXCERPT_LENGTH = 40

# Lone surrogates (undecodable bytes), control characters and what was already lost before it came to us.
_UNPRINTABLE = re.compile("[\ud800-\udfff\x00-\x1f\x7f-\x9f\u2028\u2029]")

# Seven or more digits, also when spaces, hyphens or broken bytes stand between them.
_LONG_NUMBER = re.compile(r"\d(?:\W{0,2}\d){6,}(?:\W?[Xx])?")


def _mask(found: re.Match[str]) -> str:
    number = found.group()
    kept = min(4, len(number) // 4)
    return number[:kept] + "*" * (len(number) - 2 * kept) + number[-kept:]


def excerpt(value: str) -> str:
    """At most 40 characters of `value`, printable, with the middle of every long number masked.

    `440106199901010071` becomes `4401**********0071`: the date of birth is never shown.
    """
    printable = _UNPRINTABLE.sub("\ufffd", value[:200])
    masked = _LONG_NUMBER.sub(_mask, printable)
    return masked if len(masked) <= EXCERPT_LENGTH else masked[: EXCERPT_LENGTH - 1] + "…"
