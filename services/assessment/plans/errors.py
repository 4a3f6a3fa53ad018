"""What plans refuse."""

from onex.chassis.problems import Refusal


class CertificateTypeUnknown(Refusal):
    status, code, title = 422, "certificate_type_unknown", "No certificate type of this id is published"


class LevelNotPublished(Refusal):
    status, code, title, clause = 422, "level_not_published", "This level has no published standard", "PP-10"


class TypeOfAnotherTeo(Refusal):
    status, code, title, clause = (
        403,
        "organization_not_allowed",
        "Only the TEO of a certificate type assesses it",
        "PP-18",
    )


class ComponentsNotRight(Refusal):
    status, code, title, clause = 422, "components_not_right", "The components of the plan are not right", "PP-19"


class PlanNotPublished(Refusal):
    status, code, title, clause = 409, "plan_not_published", "The plan is not published yet", "OP-22"


class PlanPublishedAlready(Refusal):
    status, code, title = 409, "plan_published_already", "The plan was published before"
