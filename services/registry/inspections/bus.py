"""Event and timer doors of inspections."""


class InspectionsBus:
    pass
