"""What rectification refuses."""

from onex.chassis.problems import Refusal


class NotSupervised(Refusal):
    status, code, title = 422, "organization_not_supervised", "Only TEOs and colleges are ordered to put things right"
    clause = "OP-43"


class DueDayPast(Refusal):
    status, code, title = 422, "due_day_past", "The due day is over already"
    clause = "OP-43"


class DueDayNotLater(Refusal):
    status, code, title = 422, "due_day_not_later", "A due day is only put off"
    clause = "OP-43"
