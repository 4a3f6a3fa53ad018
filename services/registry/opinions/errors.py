"""What opinions refuse."""

from onex.chassis.problems import Refusal


class ReferenceUnknown(Refusal):
    status, code, title = 404, "opinion_reference_unknown", "No opinion has this reference"


class AssigneeUnclear(Refusal):
    status, code, title = 422, "opinion_assignee_unclear", "An opinion is assigned to one province or to one TEO"


class NotAnswered(Refusal):
    status, code, title = 409, "opinion_not_answered", "Only what is answered is released"
    clause = "OP-40"


class NotReleased(Refusal):
    status, code, title = 409, "opinion_not_released", "The opinion is not released"


class NobodyMeant(Refusal):
    status, code, title = 409, "opinion_about_nobody", "The opinion is about no TEO or college"


class ConsequenceDrawn(Refusal):
    status, code, title = 409, "opinion_consequence_drawn", "This has come of the opinion already"


class CaseOpenAlready(Refusal):
    status, code, title = (
        409,
        "exit_case_open",
        "A case on this ground is open already, or the organization takes no part",
    )
