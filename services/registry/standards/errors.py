"""What standards refuses."""

from onex.chassis.problems import Refusal


class CertificateTypeExists(Refusal):
    status, code, title = 409, "certificate_type_exists", "A certificate type of this code exists already"


class CertificateTypeUnknown(Refusal):
    status, code, title = 422, "certificate_type_unknown", "No certificate type has this id"


class CertificateTypeNotPublished(Refusal):
    status, code, title = 409, "certificate_type_not_published", "The certificate type is not published yet"


class CancelledQualification(Refusal):
    status, code, title = 422, "cancelled_qualification", "A cancelled professional qualification may not come back"
    clause = "PP-16"


class StandardExists(Refusal):
    status, code, title = 409, "standard_exists", "This level has a standard of this version already"


class AlreadyReviewed(Refusal):
    status, code, title = 409, "standard_already_reviewed", "The standard is past its review"
    clause = "PP-12"


class NotReviewed(Refusal):
    status, code, title = 409, "standard_not_reviewed", "A level has no reviewed standard"
    clause = "PP-12"


class NothingToPublish(Refusal):
    status, code, title = 409, "nothing_to_publish", "There is no reviewed standard that is not published yet"
    clause = "PP-12"
