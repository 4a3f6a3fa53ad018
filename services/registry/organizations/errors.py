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
    status, code, title = 422, "province_missing", "A college needs the code of its province"
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
    status, code, title = 403, "not_a_college", "A province files colleges; others are admitted by the operator"
    clause = "PP-33"


class NotAdmitted(Refusal):
    status, code, title = 409, "organization_not_admitted", "The organization is not admitted to the pilot"
