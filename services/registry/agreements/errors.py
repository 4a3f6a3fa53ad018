"""What agreements refuses."""

from onex.chassis.problems import Refusal


class ClauseMissing(Refusal):
    status, code, title = 422, "agreement_clause_missing", "The agreement lacks one of its five clauses"
    clause = "OP-36"


class PeriodWrong(Refusal):
    status, code, title = 422, "agreement_period_wrong", "The agreement's days do not follow one another"
    clause = "OP-36"


class NoAgreementInForce(Refusal):
    status, code, title = 409, "no_agreement_in_force", "The TEO has no agreement in force today"
    clause = "OP-36"
