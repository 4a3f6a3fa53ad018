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
    plan = f"{year % 100:02}{plan_serial:05}"

    def number_of(place: int) -> str:
        digits = f"{plan}{place:06}"
        return f"R{digits}{98 - int(digits) * 100 % 97:02}"

    return number_of
