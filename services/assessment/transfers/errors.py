"""What transfers and releases refuse: a whole request, or one of its registrations."""

from onex.chassis.problems import Refusal


class SittingHasBegun(Refusal):
    code, title = "sitting_has_begun", "The sitting has begun; nobody is moved to it any more"


class SittingOfNobody(Refusal):
    code, title, clause = "sitting_not_held", "The sitting is not held", "OP-42"


class RefundedAlready(Refusal):
    code, title = "refunded_already", "The fee was paid back already"


class NumberRefused(Exception):
    """One registration that is neither moved nor released."""

    def __init__(self, code: str, reason: str, reason_zh: str) -> None:
        super().__init__(code)
        self.code, self.reason, self.reason_zh = code, reason, reason_zh
