"""Certificate numbers: nobody guesses one, and no slip of the pen leads to another."""

import os
import re

import pytest
from stdnum.iso7064 import mod_37_36

from services.certificates.issuing import numbers

ISO_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.fixture(scope="module")
def thousand() -> list[str]:
    """A thousand numbers of many years, types and levels."""
    return [numbers.draw(2019 + n % 30, f"{n % 447 + 1:03d}", n % 3 + 1) for n in range(1000)]


@pytest.mark.rule("PP-10")
@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_number_tells_year_type_and_level(level: int) -> None:
    number = numbers.draw(2026, "004", level)
    assert re.fullmatch(rf"26004{level}[0-9A-HJKMNP-TV-Z]{{14}}", number)
    assert numbers.is_valid(number)


def test_the_check_character_is_that_of_iso_7064_mod_37_36(thousand: list[str]) -> None:
    for number in thousand:
        assert mod_37_36.is_valid(number)
        assert number[-1] == mod_37_36.calc_check_digit(number[:-1])


def test_no_number_has_a_letter_that_is_taken_for_a_digit(thousand: list[str]) -> None:
    assert not set("ILOU") & set("".join(thousand))


def test_every_single_wrong_character_is_caught(thousand: list[str]) -> None:
    for number in thousand:
        for at in range(numbers.LENGTH):
            for wrong in ISO_ALPHABET:
                if wrong != number[at]:
                    assert not numbers.is_valid(number[:at] + wrong + number[at + 1 :])


def test_every_exchange_of_two_neighbours_is_caught(thousand: list[str]) -> None:
    for number in thousand:
        # From the level digit on: year and type serial are given, not drawn.
        for at in range(5, numbers.LENGTH - 1):
            if number[at] != number[at + 1]:
                exchanged = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
                assert not numbers.is_valid(exchanged), (number, exchanged)


def test_a_number_whose_neighbours_could_be_exchanged_unseen_is_not_accepted() -> None:
    # By ISO 7064 both are right; they differ only in the order of 2 and 3 (found by searching for such a pair).
    one, other = _pair_that_the_standard_cannot_tell_apart()
    assert mod_37_36.is_valid(one)
    assert mod_37_36.is_valid(other)
    assert not numbers.is_valid(one)
    assert not numbers.is_valid(other)


def _pair_that_the_standard_cannot_tell_apart() -> tuple[str, str]:
    for a in numbers.ALPHABET:
        for b in numbers.ALPHABET:
            for c in numbers.ALPHABET:
                one, other = (f"260042{a}{pair}0000000000" for pair in (b + c, c + b))
                check = mod_37_36.calc_check_digit(one)
                if b != c and check in numbers.ALPHABET and mod_37_36.is_valid(other + check):
                    return one + check, other + check
    raise AssertionError("MOD 37,36 has such pairs")


def test_the_random_part_is_65_bits_from_the_operating_system(monkeypatch: pytest.MonkeyPatch) -> None:
    # Not a mock of ours: the operating system's randomness is replaced, to see that nothing else goes in.
    def bytes_that_count(count: int) -> bytes:
        return bytes(n * 7 % 251 for n in range(count))

    monkeypatch.setattr(os, "urandom", bytes_that_count)
    first, again = numbers.draw_many(50, 2026, "004", 1), numbers.draw_many(50, 2026, "004", 1)
    assert first == again
    lots = [bytes_that_count(13 * 80)[at : at + 13] for at in range(0, 13 * 80, 13)]
    possible = {"".join(numbers.ALPHABET[byte & 31] for byte in lot) for lot in lots}
    assert {number[6:19] for number in first} <= possible


def test_every_random_character_is_as_likely_as_any_other() -> None:
    drawn = numbers.draw_many(40_000, 2026, "004", 1)
    for place in range(6, 19):
        counts = [sum(number[place] == character for number in drawn) for character in numbers.ALPHABET]
        # 1,250 expected; the draws thrown away may tilt a place by a few in a hundred.
        assert min(counts) > 950
        assert max(counts) < 1550


def numbers_of(year: int, serial: str, level: int) -> int:
    """How many numbers there are of one year, type and level, counted by walking through all that can follow what.

    A state is what the check character depends on; with it go the two last characters, by which a pair is looked at.
    """
    prefix = f"{year % 100:02d}{serial}{level}"
    before, state = numbers._START, numbers._START
    for character in prefix:
        before, state = state, numbers._NEXT[state][character]
    ways = {(before, prefix[-1], state): 1}
    for _ in range(numbers._RANDOM_LENGTH):
        longer: dict[tuple[int, str, int], int] = {}
        for (before, last, state), count in ways.items():
            for character in numbers.ALPHABET:
                if numbers._BLIND[before].get(last) != character:
                    key = (state, character, numbers._NEXT[state][character])
                    longer[key] = longer.get(key, 0) + count
        ways = longer
    checks = (
        (count, numbers._CHECK[state], numbers._BLIND[before].get(last))
        for (before, last, state), count in ways.items()
    )
    return sum(count for count, check, blind in checks if check is not None and check != blind)


@pytest.mark.parametrize(("serial", "level"), [("004", 1), ("447", 2), ("ZZZ", 3), ("000", 2)])
def test_a_hundred_million_numbers_hardly_ever_collide_and_are_never_guessed(serial: str, level: int) -> None:
    """All of one year, type and level, which are far more than there will ever be.

    The birthday bound: n numbers drawn of N hold two that are equal with a chance below n² / 2N. One that does is drawn again
    (test_issuing.py), and a batch gives up only where that happens five times running.
    """
    there, issued, batch = numbers_of(2026, serial, level), 10**8, 500
    assert there > 2**64.7
    assert issued**2 / (2 * there) < 0.0002
    assert issued / there < 1e-11, "the chance that a guess hits"
    assert (batch * issued / there) ** 5 < 1e-40, "the chance that a batch gives up"


def test_the_count_of_numbers_is_that_of_those_that_are_drawn() -> None:
    """The share of draws that is thrown away, computed and measured, is the same."""
    computed = numbers_of(2026, "004", 2) / 32**13
    drawn = sum(numbers._tail(*_begun("260042"), os.urandom(13)) is not None for _ in range(20_000))
    assert abs(drawn / 20_000 - computed) < 0.02


def _begun(prefix: str) -> tuple[int, str]:
    return numbers._walk(numbers._START, prefix[:-1]), prefix[-1]


def test_two_hundred_thousand_numbers_do_not_collide() -> None:
    drawn = numbers.draw_many(200_000, 2026, "004", 2)
    assert len(drawn) == 200_000 == len(set(drawn))


def test_every_number_that_is_drawn_is_accepted() -> None:
    assert all(map(numbers.is_valid, numbers.draw_many(30_000, 2026, "004", 3)))


def test_as_many_numbers_are_drawn_as_asked_for() -> None:
    assert numbers.draw_many(0, 2026, "004", 2) == []
    for count in (1, 2, 99):
        drawn = numbers.draw_many(count, 2026, "004", 2)
        assert len(drawn) == count
        assert all(map(numbers.is_valid, drawn))


@pytest.mark.parametrize("serial", [f"{n:03d}" for n in range(0, 1000, 37)] + ["ZZZ", "A0Z", "444"])
def test_every_type_serial_has_numbers(serial: str) -> None:
    for level in numbers.LEVELS:
        assert numbers.is_valid(numbers.draw(2026, serial, level))


@pytest.mark.parametrize(
    ("year", "serial", "level"),
    [
        (1999, "004", 1),
        (2100, "004", 1),
        (2026, "04", 1),
        (2026, "0O4", 1),
        (2026, "00é", 1),
        (2026, "004", 0),
        (2026, "004", 4),
    ],
)
def test_a_number_that_cannot_be_written_is_refused(year: int, serial: str, level: int) -> None:
    with pytest.raises(ValueError):
        numbers.draw(year, serial, level)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError):
        numbers.draw_many(-1, 2026, "004", 1)


def test_what_a_person_types_is_the_number_they_meant(thousand: list[str]) -> None:
    for number in thousand:
        full_width = "".join(chr(ord(character) + 0xFEE0) for character in number)
        misread = number.replace("0", "O").replace("1", "l")
        for typed in (number.lower(), numbers.grouped(number), f" {numbers.grouped(number)}\n", full_width, misread):
            assert numbers.clean(typed) == number
    assert numbers.clean("2600–42f4 0zri—anee　bA66") == "260042F40ZR1ANEEBA66"


def test_each_character_is_read_alike_beside_one_that_is_not_of_ascii() -> None:
    for character in map(chr, range(128)):
        assert numbers.clean(f"2{character}6") + "2" == numbers.clean(f"2{character}6２")


@pytest.mark.parametrize(
    "text", ["", "0", "26004", "2" * 20, "２６" * 10, "26004２" * 4, "\ud800" * 20, "张三", "A" * 20]
)
def test_what_is_no_number_is_not_valid(text: str) -> None:
    assert not numbers.is_valid(numbers.clean(text))


def test_a_number_is_printed_in_groups_of_four() -> None:
    assert numbers.grouped("260042F40ZR1ANEEBA66") == "2600-42F4-0ZR1-ANEE-BA66"
