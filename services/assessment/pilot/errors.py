"""What is refused because of the pilot's frame."""

from onex.chassis.problems import Refusal


class NoAgreementInForce(Refusal):
    status, code, title, clause = 409, "no_agreement_in_force", "The TEO has no agreement in force today", "OP-36"


class TeoExited(Refusal):
    status, code, title, clause = 409, "teo_exited", "The TEO has left the pilot; nothing new of it is taken", "OP-41"


class CollegeExited(Refusal):
    status, code, title, clause = (
        409,
        "college_exited",
        "The college has left the pilot; nothing new of it is taken",
        "OP-42",
    )
