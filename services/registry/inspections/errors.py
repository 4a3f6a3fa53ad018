"""What inspections refuse."""

from onex.chassis.problems import Refusal


class NothingToDrawFrom(Refusal):
    status, code, title = 409, "nothing_to_draw_from", "Nobody is there to draw from"


class TooFewCandidates(Refusal):
    status, code, title = 422, "too_few_candidates", "Fewer candidates than are to be inspected"
    clause = "PP-28"


class TooFewInspectors(Refusal):
    status, code, title = (
        409,
        "too_few_inspectors",
        "For some candidate there are too few inspectors who may inspect it",
    )
    clause = "PP-28"


class InspectorExists(Refusal):
    status, code, title = 409, "inspector_exists", "An inspector of this code is in the pool already"


class PublicValueMissing(Refusal):
    status, code, title = (
        422,
        "public_value_missing",
        "The public number that this draw waits for is missing, or not asked for",
    )
    clause = "PP-28"


class TooEarlyToDraw(Refusal):
    status, code, title = 409, "too_early_to_draw", "The day of this draw has not come"
    clause = "PP-28"


class NotYetInspected(Refusal):
    status, code, title = 409, "not_yet_inspected", "The day of the visit lies before the draw, or has not come"


class ResultIncoherent(Refusal):
    status, code, title = 422, "inspection_result_incoherent", "A result with findings names them, one without has none"
    clause = "PP-28"


class PointsDrawn(Refusal):
    status, code, title = 409, "monitoring_points_drawn", "The type has its monitoring points; replace single ones"
    clause = "OP-38"


class NobodyToReplaceWith(Refusal):
    status, code, title = 409, "nobody_to_replace_with", "No other college has a filed site of this type"
    clause = "OP-38"


class DrawDayOver(Refusal):
    status, code, title = 422, "draw_day_over", "The day of the draw is over"
    clause = "PP-28"


class FindingOrdered(Refusal):
    status, code, title = 409, "inspection_finding_ordered", "An order has come of this finding already"
    clause = "OP-43"
