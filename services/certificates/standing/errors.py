"""What a change of standing is refused for."""

from onex.chassis.problems import Refusal


class ReasonWrong(Refusal):
    status, code, title = 422, "reason_not_for_this", "This reason is not one for such a change"
    clause = "PP-07"


class NameNotForThis(Refusal):
    status, code, title = 422, "name_not_for_this", "Only a replacement corrects the holder's name"


class SecondPersonNeeded(Refusal):
    status, code, title = 403, "second_person_needed", "Who proposed a change of standing does not decide about it"
    clause = "PP-17"


class NotTheProposer(Refusal):
    status, code, title = 403, "not_the_proposer", "Only who proposed a change of standing withdraws it"


class OrderedAbove(Refusal):
    status, code, title = 403, "ordered_above", "A TEO does not refuse what the Ministry or the operator proposed"
    clause = "PP-17"


class TeoHasLeft(Refusal):
    code, title = "teo_has_left", "The TEO has left: the operator and the Ministry act for it"
    clause = "OP-41"


class ProposalOpen(Refusal):
    code, title = "proposal_open", "This change has been proposed already and waits for its second person"


class OtherProposalOpen(Refusal):
    code, title = "other_proposal_open", "Another change of this certificate's standing is to be decided first"


class ResultWasAnnulled(Refusal):
    code, title = "result_was_annulled", "The result was annulled: what it earned is not replaced"
    clause = "PP-07"
