"""What funding refuses."""

from onex.chassis.problems import Refusal


class OutsidePilot(Refusal):
    status, code, title = 409, "funding_outside_pilot", "Outside the pilot there is no pilot funding"
    clause = "PP-43"


class DayWrong(Refusal):
    status, code, title = 422, "funding_day_wrong", "Funds are allocated, received and used in this order, and by today"
    clause = "OP-34"


class AllocationExists(Refusal):
    status, code, title = (
        409,
        "allocation_exists",
        "The document has allocated the college funds from this source already",
    )
    clause = "OP-34"


class AllocationInUse(Refusal):
    status, code, title = 409, "allocation_received", "Something of the allocation was received already"
    clause = "OP-34"


class ReceiptOverAllocation(Refusal):
    status, code, title = 409, "receipt_over_allocation", "More cannot be received than was allocated"
    clause = "OP-34"


class UseOverAllocation(Refusal):
    status, code, title = 409, "use_over_allocation", "More cannot be used than was allocated"
    clause = "OP-30"


class UseOverReceipts(Refusal):
    status, code, title = 409, "use_over_receipts", "More cannot be used than was received"
    clause = "OP-30"


class ReceiptWasUsed(Refusal):
    status, code, title = 409, "receipt_was_used", "What was used already must have been received"
    clause = "OP-30"


class Cancelled(Refusal):
    status, code, title = 409, "entry_is_cancelled", "The entry is cancelled already"


class CategoryUnknown(Refusal):
    status, code, title = 422, "use_category_unknown", "Funds are not used under this heading"
    clause = "OP-30"


class CategoryExists(Refusal):
    status, code, title = 409, "use_category_exists", "There is a heading of this code already"


class MisuseCaseOpen(Refusal):
    status, code, title = (
        409,
        "misuse_case_open",
        "An exit case on this ground is open, or the college takes no part any more",
    )
    clause = "OP-42"
