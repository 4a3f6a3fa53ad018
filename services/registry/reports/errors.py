"""What reports refuses."""

from onex.chassis.problems import Refusal


class PeriodUnreadable(Refusal):
    status, code, title = 422, "report_period_unreadable", "There is no such period"
    clause = "OP-06"


class ReportKindUnknown(Refusal):
    status, code, title = 422, "report_kind_unknown", "There is no report of this kind"
    clause = "OP-06"


class ReportKindExists(Refusal):
    status, code, title = 409, "report_kind_exists", "There is a report of this kind already"


class ReportNotOfYours(Refusal):
    status, code, title = 422, "report_kind_of_others", "Organizations of this kind send no such report"
    clause = "OP-06"


class SenderUnknown(Refusal):
    status, code, title = 409, "report_sender_unknown", "The caller stands for no organization that is registered"


class PeriodNotBegun(Refusal):
    status, code, title = 409, "report_period_not_begun", "The period has not begun yet"
    clause = "OP-06"


class PeriodBeforeJoining(Refusal):
    status, code, title = (
        409,
        "report_period_before_joining",
        "The organization was not part of the pilot in this period",
    )
    clause = "OP-06"


class SectionMissing(Refusal):
    status, code, title = 422, "report_section_missing", "The report lacks a section that its kind asks for"
    clause = "OP-06"


class BreakInThePast(Refusal):
    status, code, title = 409, "report_break_past", "A notice excuses weeks whose reports are not due yet"
    clause = "OP-42"


class BreakBackwards(Refusal):
    status, code, title = 422, "report_break_backwards", "The last week lies before the first"


class BreakWithdrawn(Refusal):
    status, code, title = 409, "report_break_is_withdrawn", "The notice is withdrawn already"


class ActivityBegun(Refusal):
    status, code, title = 409, "activity_begun", "The activity has begun: it should have been filed before"
    clause = "OP-04"


class ActivityNotBegun(Refusal):
    status, code, title = 409, "activity_not_begun", "The activity has not begun: there is still time to file it"
    clause = "OP-04"


class ActivityBackwards(Refusal):
    status, code, title = 422, "activity_backwards", "The activity ends before it begins"


class InvitationBackwards(Refusal):
    status, code, title = 422, "invitation_backwards", "The occasion ends before it begins"


class InvitationBegun(Refusal):
    status, code, title = 409, "invitation_begun", "The occasion has begun or is over"
    clause = "OP-05"


class InvitationNotBegun(Refusal):
    status, code, title = 409, "invitation_not_begun", "The occasion has not begun: nobody can have attended"
    clause = "OP-05"


class ReasonMissing(Refusal):
    status, code, title = 422, "invitation_reason_missing", "Who declines says why"
    clause = "OP-05"


class AnswerMissing(Refusal):
    status, code, title = 422, "suggestion_answer_missing", "A decision on a suggestion says why"
    clause = "OP-44"
