"""What evaluations refuse."""

from onex.chassis.problems import Refusal


class EvaluationExists(Refusal):
    status, code, title = 409, "evaluation_exists", "There is an evaluation of this organization, kind and year already"
    clause = "OP-39"


class WeightsWrong(Refusal):
    status, code, title = 422, "evaluation_weights_wrong", "The weights do not make 100"
    clause = "OP-39"


class YearWrong(Refusal):
    status, code, title = 422, "evaluation_year_wrong", "The year lies before the pilot, or has not come"
    clause = "OP-39"


class EvaluatorMissing(Refusal):
    status, code, title = 422, "evaluator_missing", "A third party that evaluates has a name"
    clause = "OP-39"


class KindNotOpen(Refusal):
    status, code, title = 403, "evaluation_kind_not_open", "The caller may not make an evaluation of this kind"
    clause = "OP-39"
