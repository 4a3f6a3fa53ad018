"""What the log refuses."""

from onex.chassis.problems import Refusal


class NotLoggedYet(Refusal):
    status, code, title = 404, "not_logged_yet", "The log does not hold this yet; it will within seconds"


class SizeWrong(Refusal):
    status, code, title = 422, "log_size_wrong", "The log never had this size, or has it now"
