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


class AgreementIsTerminated(Refusal):
    status, code, title = 409, "agreement_is_terminated", "The agreement is terminated already"
    clause = "OP-36"


class AgreementIsOver(Refusal):
    status, code, title = 409, "agreement_is_over", "The agreement has ended already"
    clause = "OP-36"


class TerminationDayWrong(Refusal):
    status, code, title = (
        422,
        "termination_day_wrong",
        "An agreement ends early today or later, before its own last day",
    )
    clause = "OP-36"
