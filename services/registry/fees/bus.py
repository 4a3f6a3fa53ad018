"""Event and timer doors of fees."""


class FeesBus:
    pass
