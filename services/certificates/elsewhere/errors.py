"""What is refused of certificates issued elsewhere: a whole file, an announcement, or one row."""

from onex.chassis.problems import Refusal


class SenderLeft(Refusal):
    code, title = "sender_left", "A TEO that has left enters nothing itself; an operator enters what it issued before"
    clause = "OP-41"


class TeoUnknown(Refusal):
    status, code, title = 422, "teo_unknown", "No TEO is known by this id"


class TypeNotTheTeos(Refusal):
    code, title = "not_the_types_teo", "Only the TEO of a certificate type issues its certificates"
    clause = "PP-18"


class DayImpossible(Refusal):
    status, code, title = 422, "day_impossible", "A certificate cannot have been issued on this day"
    clause = "OP-32"


class AnnouncementExists(Refusal):
    code, title = "announcement_exists", "What was issued on this day is announced already; correct that"


class AnnouncementDue(Refusal):
    code, title = "announcement_due", "It was due already; an operator may correct it"
    clause = "OP-32"


class RowRefused(Exception):
    """A row that the rules do not allow; `column` is the sheet's name of the cell to put right, if it is one."""

    def __init__(self, column: str | None, code: str, reason: str, reason_zh: str) -> None:
        super().__init__(code)
        self.column, self.code, self.reason, self.reason_zh = column, code, reason, reason_zh
