"""What results refuse: a request, or one row of a results file."""

from onex.chassis.problems import Refusal


class NothingToPublish(Refusal):
    status, code, title = 409, "nothing_to_publish", "The plan has no result that is not published"


class RowRefused(Exception):
    """One row of a results file that cannot be taken; `column` is the sheet's name of the cell to put right."""

    def __init__(self, column: str, code: str, reason: str, reason_zh: str) -> None:
        super().__init__(code)
        self.column, self.code, self.reason, self.reason_zh = column, code, reason, reason_zh
