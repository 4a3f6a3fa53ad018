"""What publicity refuses."""

from onex.chassis.problems import Refusal


class ClaimNotAuthorized(Refusal):
    status, code, title = 422, "publicity_claim_not_authorized", "The text makes a claim that nobody authorized"
    clause = "OP-37"


class PeriodWrong(Refusal):
    status, code, title = 422, "publicity_period_wrong", "The days do not follow one another, or are over"
    clause = "OP-37"


class AlreadyShown(Refusal):
    status, code, title = (
        409,
        "publicity_already_shown",
        "What is shown already is withdrawn and filed anew, not changed",
    )
    clause = "OP-37"


class NoClaimFound(Refusal):
    status, code, title = (
        422,
        "publicity_no_claim_found",
        "The text makes no claim that needs authorization on that day",
    )
    clause = "OP-37"


class SeenInFuture(Refusal):
    status, code, title = 422, "publicity_seen_in_future", "Nothing is found before its day"


class FindingExists(Refusal):
    status, code, title = 409, "publicity_finding_exists", "What this source said on this day is recorded already"
