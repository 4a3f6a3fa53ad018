"""What registrations refuse: a whole roster, or one of its rows."""

from onex.chassis.problems import Refusal


class CollegeNotAdmitted(Refusal):
    status, code, title = 409, "college_not_admitted", "The college is not part of the pilot"


class RowRefused(Exception):
    """One row of a roster that the rules do not allow; `column` is the sheet's name of the cell to put right, if it is one."""

    def __init__(self, column: str | None, code: str, reason: str, reason_zh: str) -> None:
        super().__init__(code)
        self.column, self.code, self.reason, self.reason_zh = column, code, reason, reason_zh
