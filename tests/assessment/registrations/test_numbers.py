"""Registration numbers: one shape, never two alike, and a mistyped one is none."""

from stdnum.iso7064 import mod_97_10

from services.assessment.registrations.numbers import registration_number


def test_the_check_digits_are_those_of_iso_7064_mod_97_10() -> None:
    for place in (1, 7, 96, 97, 98, 12_345, 999_999):
        number = registration_number(2026, 42, place)
        assert (len(number), number[:8]) == (16, "R2600042")
        assert mod_97_10.is_valid(number[1:])


def test_every_place_of_every_plan_has_a_number_of_its_own() -> None:
    made = {registration_number(2026, plan, place) for plan in range(1, 30) for place in range(1, 300)}
    assert len(made) == 29 * 299


def test_a_mistyped_digit_or_a_swapped_pair_is_no_number() -> None:
    number = registration_number(2026, 42, 123_456)[1:]
    for at, digit in enumerate(number):
        for other in set("0123456789") - {digit}:
            assert not mod_97_10.is_valid(number[:at] + other + number[at + 1 :])
    for at in range(len(number) - 1):
        if number[at] != number[at + 1]:
            swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
            assert not mod_97_10.is_valid(swapped)
