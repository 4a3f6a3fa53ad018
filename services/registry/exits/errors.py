"""What exits refuses."""

from onex.chassis.problems import Refusal


class NobodyExits(Refusal):
    status, code, title = 422, "organization_cannot_exit", "Only TEOs and colleges have an exit"
    clause = "OP-41"


class GroundUnknownForTeo(Refusal):
    status, code, title = 422, "exit_ground_unknown", "A TEO exits on one of the grounds (a) to (f)"
    clause = "OP-41"


class GroundUnknownForCollege(GroundUnknownForTeo):
    title = "A college exits on one of the grounds (a) to (e)"
    clause = "OP-42"


class CaseOpen(Refusal):
    status, code, title = 409, "exit_case_open", "A case of this organization on this ground is open already"


class NotTheMinistry(Refusal):
    status, code, title = 403, "not_the_deciding_body", "Only the Ministry ends a TEO's part"
    clause = "OP-41"


class NotTheProvince(NotTheMinistry):
    title = "Only the college's province ends a college's part"
    clause = "OP-42"


class StatementDayTooSoon(Refusal):
    status, code, title = 422, "statement_day_too_soon", "The organization needs more time for its statement"


class StatementTermOver(Refusal):
    status, code, title = 409, "statement_term_over", "The term for a statement is over"


class TeoNotHeard(Refusal):
    status, code, title = 409, "organization_not_heard", "The organization has not been heard yet"
    clause = "OP-41"


class CollegeNotHeard(TeoNotHeard):
    clause = "OP-42"


class NothingFound(Refusal):
    status, code, title = 409, "exit_without_evidence", "Nothing is verified without evidence"


class NothingMissed(Refusal):
    status, code, title = 409, "no_order_was_missed", "This ground needs an order that was not put right in time"
    clause = "OP-41"
