"""What annulments are refused for."""

from onex.chassis.problems import Refusal


class SecondPersonNeeded(Refusal):
    status, code, title = 403, "second_person_needed", "Nobody decides on what they proposed themselves"
    clause = "PP-17"


class RegistrationUnknown(Refusal):
    status, code, title = 422, "registration_unknown", "No candidate of this plan has this registration number"


class ResultNotPublished(Refusal):
    code, title = "result_not_published", "Only a published result can be annulled"
    clause = "PP-17"


class ResultAnnulledAlready(Refusal):
    code, title = "result_annulled_already", "The result was annulled already"
    clause = "PP-17"


class SittingAnnulledAlready(Refusal):
    code, title = "sitting_annulled_already", "The sitting was annulled already"
    clause = "PP-21"


class AnnulmentProposedAlready(Refusal):
    code, title = "annulment_proposed_already", "There is an annulment of it that nobody has turned down"
