"""Registration numbers: what a candidate, a site and a results file know a registration by."""

from collections.abc import Callable


def registration_number(year: int, plan_serial: int, place: int) -> str:
    """Sixteen characters: R, the year (2), the plan (5), the place in the plan (6), two check digits (ISO 7064 mod 97-10).

    Two check digits catch every mistyped digit and every pair swapped. The letter keeps spreadsheets from taking
    the number for a number, which would cost it its last digits.
    """
    return numbers_of_plan(year, plan_serial)(place)


def numbers_of_plan(year: int, plan_serial: int) -> Callable[[int], str]:
    """What makes the `registration_number` of a place in the plan."""
    plan = (year % 100 * 10**5 + plan_serial) * 10**6

    def number_of(place: int) -> str:
        digits = (plan + place) * 100  # the last two for the check
        return f"R{digits + 98 - digits % 97:015}"

    return number_of
