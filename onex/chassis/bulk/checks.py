"""Checks that several sheets share. Each takes a cell's stripped text and gives the value, or raises CellRefused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from stdnum.util import clean

from onex.chassis.bulk.refusals import CellRefused
from onex.chassis.pii import RESIDENT_IDENTITY

Value = TypeVar("Value")

# GB/T 2260: the first two digits of a division. 81 to 83 also begin residence permits of people from
# Hong Kong, Macao and Taiwan.
_PROVINCES = frozenset(
    map(
        str,
        (
            *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71,
            *range(81, 84),
        ),
    )
)  # fmt: skip
_CENTURIES = frozenset(("19", "20"))
_MONTH_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAYS = frozenset(f"{month:02}{day:02}" for month, days in enumerate(_MONTH_LENGTHS, 1) for day in range(1, days + 1))
_CHECK_DIGITS = "10X98765432"  # GB 11643: ISO 7064 mod 11-2, by the remainder of the weighted sum

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_HAN_NAME = re.compile(f"[{_HAN}]+(?:·[{_HAN}]+)*")
_SPACE_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}·])\\s+(?=[{_HAN}·])")
_DOTS = re.compile(f"(?<=[{_HAN}])\\s*[.•‧∙⋅・･・。]\\s*(?=[{_HAN}])")  # what people type for ·
_IN_NAMES = frozenset(" ·'’.-‐")

_DECIMAL = re.compile(r"\d{1,9}(?:\.\d{1,9})?")
_INTEGER = re.compile(r"-?\d{1,18}")
_DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))"
    r"(?:[ T]00:00(?::00)?)?"  # what a spreadsheet adds to a day
)


def identity_number(value: str) -> str:
    """A resident identity number or a residence permit number, 18 characters, upper case (GB 11643).

    Codes: empty_cell, wrong_length, wrong_characters, wrong_check_digit, birth_date_impossible, unknown_division,
    number_cell_lost_digits. Spaces and hyphens within the number are let pass.

    The same sum as `stdnum.cn.ric`, at a fraction of its time. One thing is wider on purpose: of the place only
    the province is looked up. A number is kept for life, also one given under a division that was later
    renumbered or by an office with a code of its own, and stdnum's table turns such people away.
    """
    number = value
    if len(number) != 18 or not number.isascii():
        number = clean(unicodedata.normalize("NFKC", number), " -").strip()
        if not number:
            raise CellRefused("empty_cell", "The identity number is empty.", "证件号码为空。")
        if len(number) != 18:
            raise CellRefused(
                "wrong_length",
                f"An identity number has 18 characters, this one has {len(number)}.",
                f"证件号码应为18位，现为{len(number)}位。",
            )
    digits = number[:17]
    if not (digits.isascii() and digits.isdigit()) or number[17] not in "0123456789Xx":
        raise CellRefused(
            "wrong_characters",
            "An identity number is 17 digits and a digit or X.",
            "证件号码应为17位数字加一位数字或X。",
        )
    number = number.upper()
    # The weights are powers of 2 modulo 11, and 13 is 2 modulo 11: read in base 13, the digits are the sum.
    if _CHECK_DIGITS[int(digits, 13) * 2 % 11] != number[17]:
        if number.endswith("000"):  # 15 digits and zeros is what a spreadsheet leaves of a number
            raise CellRefused(
                "number_cell_lost_digits",
                "The last digits are lost: a spreadsheet kept this as a number. Format the column as text.",
                "末尾数字已丢失：电子表格把该号码当作数值保存。请将该列设为文本格式后重新填写。",
            )
        raise CellRefused("wrong_check_digit", "The identity number's check digit is wrong.", "证件号码校验位错误。")
    day = number[10:14]
    if day not in _DAYS or number[6:8] not in _CENTURIES or (day == "0229" and not _is_leap(int(number[6:10]))):
        raise CellRefused(
            "birth_date_impossible",
            "The date of birth in the identity number does not exist.",
            "证件号码中的出生日期不存在。",
        )
    if number[:2] not in _PROVINCES:
        raise CellRefused(
            "unknown_division",
            "The identity number begins with no province's code.",
            "证件号码前两位不是有效的省级行政区划代码。",
        )
    return number


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def name(value: str, max_length: int = 64) -> str:
    """A person's name: Han, with · between the parts of many minority names, or in Latin or any other letters.

    Codes: empty_name, too_long, illegal_character. The dots and spaces people type are put right
    (`买买提.艾力` and `张　三` become `买买提·艾力` and `张三`).
    """
    if not _HAN_NAME.fullmatch(value):
        value = unicodedata.normalize("NFKC", value)
        value = " ".join(value.split())
        value = _SPACE_BETWEEN_HAN.sub("", _DOTS.sub("·", value))
        if not value:
            raise CellRefused("empty_name", "The name is empty.", "姓名为空。")
        letters = [character for character in value if character not in _IN_NAMES]
        if not letters or not all(unicodedata.category(character)[0] in "LM" for character in letters):
            raise CellRefused(
                "illegal_character",
                "The name has a character that no name has.",
                "姓名中含有不允许的字符。",
            )
    if len(value) > max_length:
        raise CellRefused(
            "too_long", f"The name is longer than {max_length} characters.", f"姓名超过{max_length}个字符。"
        )
    return value


def choice(options: Mapping[Value, Iterable[str]]) -> Callable[[str], Value]:
    """One of a few values; `options` gives for each value how it may be written. Code: not_a_choice, empty_cell.

    Written forms are compared without case and in NFKC; the value itself is not one unless it is listed.
    """
    by_spelling = {_folded(one): option for option, spellings in options.items() for one in spellings}
    shown = [next(iter(spellings)) for spellings in options.values()]

    def check(value: str) -> Value:
        try:
            return by_spelling[value]
        except KeyError:
            pass
        try:
            return by_spelling[_folded(value)]
        except KeyError:
            raise _empty_or(
                value, "not_a_choice", f"Must be one of: {', '.join(shown)}.", f"只能填写：{'、'.join(shown)}。"
            ) from None

    return check


def text(max_length: int = 64) -> Callable[[str], str]:
    """Any text that is not too long. Codes: empty_cell, too_long."""

    def check(value: str) -> str:
        if value and len(value) <= max_length:
            return value
        raise _empty_or(value, "too_long", f"Longer than {max_length} characters.", f"超过{max_length}个字符。")

    return check


def decimal_score(minimum: int | str, maximum: int | str, places: int = 2) -> Callable[[str], Decimal]:
    """A score from `minimum` to `maximum`, both included, exact. Codes: empty_cell, not_a_number,
    too_many_decimals, out_of_range."""
    least, most = Decimal(minimum), Decimal(maximum)

    def check(value: str) -> Decimal:
        if not _DECIMAL.fullmatch(value) or not value.isascii():
            raise _empty_or(value, "not_a_number", "Must be a number such as 85 or 85.5.", "应为数字，例如85或85.5。")
        if len(value.partition(".")[2].rstrip("0")) > places:
            raise CellRefused("too_many_decimals", f"At most {places} decimal places.", f"小数位数不能超过{places}位。")
        score = Decimal(value)
        if not least <= score <= most:
            raise _out_of_range(least, most)
        return score

    return check


def integer(minimum: int, maximum: int) -> Callable[[str], int]:
    """A whole number from `minimum` to `maximum`, both included. Codes: empty_cell, not_an_integer, out_of_range."""

    def check(value: str) -> int:
        if not _INTEGER.fullmatch(value) or not value.isascii():
            raise _empty_or(value, "not_an_integer", "Must be a whole number.", "应为整数。")
        number = int(value)
        if not minimum <= number <= maximum:
            raise _out_of_range(minimum, maximum)
        return number

    return check


def day(value: str) -> date:
    """A day as people write it: 2026-03-02, 2026/3/2, 2026.3.2, 20260302, 2026年3月2日. Codes: empty_cell, not_a_day."""
    found = _DAY.fullmatch(value) if value.isascii() or "年" in value else None
    try:
        if found:
            return date(*(int(part) for part in found.groups() if part))
    except ValueError:
        pass
    raise _empty_or(value, "not_a_day", "Must be a day such as 2026-03-02.", "应为日期，例如2026-03-02。")


def _folded(value: str) -> str:
    return unicodedata.normalize("NFKC", value).strip().casefold()


def _out_of_range(least: int | Decimal, most: int | Decimal) -> CellRefused:
    return CellRefused("out_of_range", f"Must be from {least} to {most}.", f"应在{least}至{most}之间。")


def _empty_or(value: str, code: str, reason_en: str, reason_zh: str) -> CellRefused:
    if not value:
        return CellRefused("empty_cell", "The cell is empty.", "该单元格为空。")
    return CellRefused(code, reason_en, reason_zh)


# A residence permit of people from Hong Kong, Macao and Taiwan has a number of the same kind (GB 11643, beginning
# 81 to 83), so both documents are one type: what a school calls it must not make two learners of one.
document_type = choice({RESIDENT_IDENTITY: ("居民身份证", "身份证", "RIC", "居住证", "港澳台居民居住证")})
level = choice(
    {"primary": ("初级", "primary"), "intermediate": ("中级", "intermediate"), "advanced": ("高级", "advanced")}
)
