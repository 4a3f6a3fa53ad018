"""What organizations refuses."""

from onex.chassis.problems import Refusal


class OrganizationExists(Refusal):
    status, code, title = 409, "organization_exists", "An organization of this code is registered already"


class OrganizationUnknown(Refusal):
    status, code, title = 422, "organization_unknown", "No organization has this id"


class CreditCodeWrong(Refusal):
    status, code, title = 422, "credit_code_wrong", "This is no unified social credit code (GB 32100)"


class ProvinceUnknown(Refusal):
    status, code, title = 422, "province_unknown", "No province of the pilot has this code"
    clause = "OP-01"


class ProvinceMissing(Refusal):
    status, code, title = 422, "province_missing", "An organization of this kind needs the code of its province"
    clause = "OP-01"


class DivisionUnknown(Refusal):
    status, code, title = 422, "division_unknown", "GB/T 2260 has no such division today"


class DivisionNotInProvince(Refusal):
    status, code, title = 422, "division_not_in_province", "The division lies in another province"
    clause = "OP-01"


class CollegeKindMissing(Refusal):
    status, code, title = 422, "college_kind_missing", "A college needs its kind"
    clause = "PP-34"


class TechnicalSchoolExcluded(Refusal):
    status, code, title = 422, "technical_school_excluded", "Technical schools are not part of the pilot"
    clause = "PP-34"


class NotOfACollege(Refusal):
    status, code, title = 422, "not_of_a_college", "Only a college has this"


class AlreadyAdmitted(Refusal):
    status, code, title = 409, "organization_already_admitted", "The organization is admitted already"


class WorkGroupIncomplete(Refusal):
    status, code, title = 409, "work_group_incomplete", "A college needs a work group with its leader and a contact"
    clause = "OP-03"


class NotACollege(Refusal):
    status, code, title = 403, "not_a_college", "A province files its colleges; others are admitted by the operator"
    clause = "PP-33"


class NotAdmitted(Refusal):
    status, code, title = 409, "organization_not_admitted", "The organization is not admitted to the pilot"


class OrganizationHasExited(Refusal):
    status, code, title = 409, "organization_exited", "The organization's part in the pilot has ended"


class NothingToExit(Refusal):
    status, code, title = 422, "kind_does_not_exit", "Only a TEO or a college exits"


class OwnCodeWrong(Refusal):
    status, code, title = 422, "own_code_wrong", "A code of its own has 4 to 32 capital letters, digits and hyphens"


class SchoolCodeWrong(Refusal):
    status, code, title = 422, "school_code_wrong", "A college's identifier has ten digits"


class LeadsNotOfItsKind(Refusal):
    status, code, title = 422, "leading_college_of_another_kind", "Higher vocational colleges are named as leading ones"
    clause = "PP-35"


class BodyOfProvinceExists(Refusal):
    status, code, title = 409, "coordinating_body_exists", "The province has its coordinating body"
    clause = "OP-02"


class NothingToCorrect(Refusal):
    status, code, title = 422, "nothing_to_correct", "The correction changes nothing"


class BatchExists(Refusal):
    status, code, title = 409, "batch_exists", "A batch of this code exists already"


class BatchDaysWrong(Refusal):
    status, code, title = 422, "batch_days_wrong", "The batch's days do not follow one another"
    clause = "PP-36"


class BatchHasBegun(Refusal):
    status, code, title = (
        409,
        "batch_has_begun",
        "A batch that has begun keeps its first day, and every day that has passed",
    )
    clause = "PP-36"


class QuotaYearWrong(Refusal):
    status, code, title = 422, "quota_year_wrong", "Quotas are filed for this year and the next"
    clause = "OP-07"


class FieldUnknown(Refusal):
    status, code, title = 422, "field_unknown", "There is no such field"
    clause = "PP-03"


class FieldExists(Refusal):
    status, code, title = 409, "field_exists", "A field of this code exists already"


class ConsortiumExists(Refusal):
    status, code, title = 409, "consortium_exists", "A consortium of this name exists for the type already"


class ConsortiumTooSmall(Refusal):
    status, code, title = 422, "consortium_too_small", "A consortium is of two colleges or more, one of which leads it"
    clause = "OP-19"


class ConsortiumDissolved(Refusal):
    status, code, title = 409, "consortium_is_dissolved", "The consortium is dissolved"
    clause = "OP-19"


class AlreadyAMember(Refusal):
    status, code, title = 409, "consortium_joined_already", "The college is a member already"
    clause = "OP-19"


class SharesNoBase(Refusal):
    status, code, title = 422, "shares_no_base", "Colleges and enterprises share training bases"
    clause = "PP-39"


class ShareDaysWrong(Refusal):
    status, code, title = 422, "share_days_wrong", "The last day is before the first"
    clause = "PP-39"


class OrganizationDiffers(Refusal):
    status, code, title = 409, "organization_differs", "The organization is registered already with other particulars"
