"""What sites refuses. A step that the site's state does not allow is refused by `SITE` itself (`site_is_filed` and so on)."""

from onex.chassis.problems import Refusal


class SiteExists(Refusal):
    status, code, title = 409, "site_exists", "A site of this code exists already"


class ConsentGiven(Refusal):
    status, code, title = 409, "site_consent_given", "This side has given its consent already"
    clause = "OP-23"


class ConditionsNotMet(Refusal):
    status, code, title = 422, "site_conditions_not_met", "The site does not meet the published conditions"
    clause = "OP-23"


class ConditionsInForce(Refusal):
    status, code, title = 409, "site_conditions_in_force", "The conditions are in force already"
    clause = "OP-23"


class ConditionsWithdrawn(Refusal):
    status, code, title = 409, "site_conditions_withdrawn", "The conditions are withdrawn already"
    clause = "OP-23"


class ConditionsTooEarly(Refusal):
    status, code, title = 422, "site_conditions_too_early", "Conditions come into force today or later"
    clause = "OP-23"


class NoLevelOpen(Refusal):
    status, code, title = 409, "site_no_level_open", "No published level of the type is open to the college"
    clause = "PP-20"


class BaseInOtherProvince(Refusal):
    status, code, title = 422, "base_in_other_province", "The training base lies in another province"
    clause = "OP-25"


class BaseNotShared(Refusal):
    status, code, title = 409, "base_not_shared", "The college has no part in the training base today"
    clause = "OP-25"


class SuspendedByOther(Refusal):
    status, code, title = 409, "site_suspended_by_other", "Who suspended the site lets it resume"
    clause = "OP-23"
