"""Registration numbers: what a candidate, a site and a results file know a registration by."""


def registration_number(year: int, plan_serial: int, place: int) -> str:
    """Sixteen characters: R, the year (2), the plan (5), the place in the plan (6), two check digits (ISO 7064 mod 97-10).

    Two check digits catch every mistyped digit and every pair swapped. The letter keeps spreadsheets from taking
    the number for a number, which would cost it its last digits.
    """
    digits = f"{year % 100:02}{plan_serial:05}{place:06}"
    return f"R{digits}{98 - int(digits) * 100 % 97:02}"
