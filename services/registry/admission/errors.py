"""What admission refuses."""

from onex.chassis.problems import Refusal


class RoundExists(Refusal):
    status, code, title = 409, "round_exists", "A recruitment round of this code exists already"


class RoundDaysWrong(Refusal):
    status, code, title = 422, "round_days_wrong", "The round's days do not follow one another, or have passed"
    clause = "PP-04"


class RoundInUse(Refusal):
    status, code, title = 409, "round_has_applications", "TEOs have applied in this round"
    clause = "PP-04"


class RoundNotOpen(Refusal):
    status, code, title = 409, "round_not_open", "The round takes no applications today"
    clause = "PP-04"


class TierClosed(Refusal):
    status, code, title = 409, "tier_closed", "The round takes nobody of this tier"
    clause = "PP-08"


class CapReached(Refusal):
    status, code, title = 409, "tier_cap_reached", "As many of this tier as the round may take are accepted"
    clause = "PP-08"


class ApplicationExists(Refusal):
    status, code, title = 409, "application_exists", "The TEO has applied in this round already"
    clause = "PP-04"


class ApplicationStands(Refusal):
    status, code, title = (
        409,
        "application_stands",
        "The TEO has applied: the application decides, not an admission outside it",
    )
    clause = "PP-04"


class ExpertExists(Refusal):
    status, code, title = 409, "expert_in_pool_already", "This expert is in the pool already"


class ExpertUnknown(Refusal):
    status, code, title = 422, "expert_not_in_pool", "No expert of the pool has this id"


class ExpertRetired(Refusal):
    status, code, title = 409, "expert_retired", "The expert has left the pool"
    clause = "PP-26"


class ExpertRecused(Refusal):
    status, code, title = 409, "expert_recused", "The expert belongs to the applicant or has an interest in it"
    clause = "PP-26"


class PanelIncomplete(Refusal):
    status, code, title = (
        409,
        "panel_incomplete",
        "A panel has at least three experts, an odd number, who have all scored",
    )
    clause = "PP-26"


class NotOfThePanel(Refusal):
    status, code, title = 422, "not_of_the_panel", "The expert has no seat in this panel"
    clause = "PP-26"


class ScoreGiven(Refusal):
    status, code, title = 409, "score_given", "The expert has given a score already"
    clause = "PP-26"


class ObjectionWindowOpen(Refusal):
    status, code, title = 409, "objection_window_open", "The public may still object"
    clause = "PP-27"


class ObjectionWindowClosed(Refusal):
    status, code, title = 409, "objection_window_closed", "The days for objections have passed"
    clause = "PP-27"


class ObjectionUnanswered(Refusal):
    status, code, title = 409, "objection_unanswered", "An objection has no answer yet"
    clause = "PP-27"


class ObjectionUpheld(Refusal):
    status, code, title = 409, "objection_upheld", "An objection was upheld: the application cannot be accepted"
    clause = "PP-27"


class CollegeFiledTwice(Refusal):
    status, code, title = 409, "college_filed_already", "Another filing that waits to be recorded names this college"
    clause = "PP-33"


class BatchUnknown(Refusal):
    status, code, title = 422, "batch_unknown", "No batch has this id"
