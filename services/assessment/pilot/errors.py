"""What is refused because of the pilot's frame."""

from onex.chassis.problems import Refusal


class NoAgreementInForce(Refusal):
    status, code, title, clause = 409, "no_agreement_in_force", "The TEO has no agreement in force today", "OP-36"
