"""What proposals are refused for."""

from onex.chassis.problems import Refusal


class CertificateTypeUnknown(Refusal):
    status, code, title = 404, "certificate_type_unknown", "No certificate type of this id has been published"


class StandardUnknown(Refusal):
    status, code, title = 422, "standard_unknown", "The certificate type has no such standard at this level"
    clause = "PP-10"


class ProposalExists(Refusal):
    code, title = "proposal_exists", "The credit record of this standard has been proposed already"


class ProposalApproved(Refusal):
    code, title = "proposal_approved", "This proposal has been approved already"
