"""What sites refuses."""

from onex.chassis.problems import Refusal


class SiteExists(Refusal):
    status, code, title = 409, "site_exists", "A site of this code exists already"


class SiteIsDeclared(Refusal):
    status, code, title = 409, "site_is_declared", "The site is declared and not settled yet"
    clause = "OP-23"


class SiteIsSettled(Refusal):
    status, code, title = 409, "site_is_settled", "The site is settled already"
    clause = "OP-23"


class SiteIsFiled(Refusal):
    status, code, title = 409, "site_is_filed", "The site is filed already"
    clause = "OP-23"


class ConsentGiven(Refusal):
    status, code, title = 409, "site_consent_given", "This side has given its consent already"
    clause = "OP-23"
