"""What standards refuses."""

from onex.chassis.problems import Refusal


class CertificateTypeExists(Refusal):
    status, code, title = 409, "certificate_type_exists", "A certificate type of this code exists already"


class CertificateTypeInUse(Refusal):
    status, code, title = (
        409,
        "certificate_type_in_use",
        "There are standards, or other things, of this certificate type",
    )


class CertificateTypeUnknown(Refusal):
    status, code, title = 422, "certificate_type_unknown", "No certificate type has this id"


class CertificateTypeNotPublished(Refusal):
    status, code, title = 409, "certificate_type_not_published", "The certificate type is not published yet"


class CertificateTypeRetired(Refusal):
    status, code, title = 409, "certificate_type_retired", "The certificate type has no standard in force any more"
    clause = "PP-10"


class LevelNotPublished(Refusal):
    status, code, title = 409, "level_not_published", "The certificate type has no standard in force at this level"
    clause = "PP-10"


class CancelledQualification(Refusal):
    status, code, title = 422, "cancelled_qualification", "A cancelled professional qualification may not come back"
    clause = "PP-16"


class StandardExists(Refusal):
    status, code, title = 409, "standard_exists", "This level has a standard of this version already"


class NotDevelopedJointly(Refusal):
    status, code, title = 422, "standard_not_developed_jointly", "A standard is developed by several parties together"
    clause = "PP-11"


class ReviewerIsAuthor(Refusal):
    status, code, title = 422, "reviewer_is_author", "Who developed a standard does not review it"
    clause = "PP-12"


class NotReviewed(Refusal):
    status, code, title = 409, "standard_not_reviewed", "A level has no reviewed standard"
    clause = "PP-12"


class NothingToPublish(Refusal):
    status, code, title = 409, "nothing_to_publish", "There is no reviewed standard that is not published yet"
    clause = "PP-12"


class LevelNotOpen(Refusal):
    status, code, title = 409, "level_not_open", "The college does not train and assess at this level"
    clause = "PP-13"


class LevelsNotToChoose(Refusal):
    status, code, title = 409, "levels_not_to_choose", "Colleges of this kind train and assess at every level"
    clause = "PP-13"


class IsbnWrong(Refusal):
    status, code, title = 422, "isbn_wrong", "This is no ISBN: its length, its prefix or its check digit is wrong"
    clause = "OP-20"


class IsbnOfAnother(Refusal):
    status, code, title = 422, "isbn_of_another_publisher", "The ISBN was not given out by this publisher"
    clause = "OP-20"


class PublisherUnknown(Refusal):
    status, code, title = 422, "publisher_unknown", "No publisher on the list has this id"
    clause = "OP-20"


class PublisherStruck(Refusal):
    status, code, title = 409, "publisher_struck_off", "The publisher no longer qualifies"
    clause = "OP-20"


class PublisherExists(Refusal):
    status, code, title = 409, "publisher_exists", "A publisher of this name is on the list already"


class ResourceExists(Refusal):
    status, code, title = 409, "resource_exists", "This textbook is on record already"


class NotATextbook(Refusal):
    status, code, title = (
        422,
        "not_of_a_textbook",
        "ISBN, edition and publisher are a textbook's, and a textbook has all three",
    )
    clause = "OP-20"


class UpdateNotNewer(Refusal):
    status, code, title = 422, "update_not_newer", "An update comes after the one before it, and by today"
    clause = "OP-21"


class PriceAboveCost(Refusal):
    status, code, title = 422, "price_above_cost", "Resources are free or at cost: the price is above it"
    clause = "OP-21"


class MappingExists(Refusal):
    status, code, title = 409, "course_mapping_exists", "The programme has a mapping to this level already"


class MappingWithdrawn(Refusal):
    status, code, title = 409, "course_mapping_is_withdrawn", "The mapping is withdrawn"


class CoursesTwice(Refusal):
    status, code, title = 422, "course_twice", "A course is named twice"


class NothingStale(Refusal):
    status, code, title = 409, "nothing_stale", "Everything of the TEO is up to date"
    clause = "OP-41"
