"""What issuing refuses."""

from onex.chassis.problems import Refusal


class NotTheTypesTeo(Refusal):
    status, code, title = 409, "not_the_types_teo", "Only the TEO of a certificate type issues its certificates"
    clause = "PP-18"
