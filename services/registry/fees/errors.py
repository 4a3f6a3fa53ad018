"""What fees refuses."""

from onex.chassis.problems import Refusal


class ItemsDoNotSum(Refusal):
    status, code, title = 422, "items_do_not_sum", "The items do not sum to the amount"


class CeilingBeginsTooEarly(Refusal):
    status, code, title = 422, "ceiling_begins_too_early", "A ceiling changes from a future day on"
    clause = "OP-27"


class NoCeilingInForce(Refusal):
    status, code, title = 409, "no_fee_ceiling_in_force", "No fee ceiling is published for this level and day"
    clause = "OP-27"


class PolicyBeginsTooEarly(Refusal):
    status, code, title = 422, "fee_policy_begins_too_early", "A fee policy is not made for days that have passed"
    clause = "PP-38"


class PolicyHasBegun(Refusal):
    status, code, title = 409, "fee_policy_has_begun", "The fee policy is in force; a later one replaces it"
    clause = "PP-38"


class PolicyReachWrong(Refusal):
    status, code, title = (
        422,
        "fee_policy_reach_wrong",
        "A policy is for one level or for all; training has no ceiling",
    )
    clause = "PP-38"


class FeeAboveCeiling(Refusal):
    status, code, title = 409, "fee_above_ceiling", "The fee is above the ceiling in force"
    clause = "OP-28"


class FeePeriodWrong(Refusal):
    status, code, title = (
        422,
        "fee_period_wrong",
        "A fee is agreed from today or later, for one day at least",
    )
    clause = "OP-28"


class FeeAgreementOverlaps(Refusal):
    status, code, title = 409, "fee_agreement_overlaps", "Another fee is agreed for some of these days"
    clause = "OP-28"


class FeeConsentGiven(Refusal):
    status, code, title = 409, "fee_consent_given", "This side has given its consent already"
    clause = "OP-28"


class FeeEndingDayWrong(Refusal):
    status, code, title = (
        422,
        "fee_ending_day_wrong",
        "A fee agreement ends early today or later, before its own last day",
    )
    clause = "OP-28"


class FeeAgreementIsOver(Refusal):
    status, code, title = 409, "fee_agreement_is_over", "The fee agreement's last day has passed"
    clause = "OP-28"


class SiteUnknown(Refusal):
    status, code, title = 422, "site_unknown", "No site of yours has this id"


class SiteNeverFiled(Refusal):
    status, code, title = 409, "site_never_filed", "No sitting was held at a site that was never filed"
    clause = "OP-23"


class AccountExists(Refusal):
    status, code, title = 409, "cost_account_exists", "The sitting has its account already"


class AccountTooEarly(Refusal):
    status, code, title = 422, "cost_account_too_early", "A sitting's account is drawn up once it has been held"
    clause = "OP-30"
