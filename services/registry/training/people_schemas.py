"""HTTP bodies of training: teachers, their roles, experts, pay, workload."""

from collections.abc import Callable
from decimal import Decimal

from marshmallow import Schema, ValidationError, fields, validate

from services.registry.text_fields import Text
from services.registry.training import rules
from services.registry.training.schemas import fen
from services.registry.training.states import EXPERT, TEACHER


def decimal_places(most: int) -> Callable[[Decimal], None]:
    """Nothing is rounded: a number with more decimal places is refused."""

    def check(value: Decimal) -> None:
        exponent = value.normalize().as_tuple().exponent
        if not isinstance(exponent, int) or -exponent > most:
            raise ValidationError(f"At most {most} decimal places.")

    return check


class TeacherCorrectionSchema(Schema):
    """What may be put right in a teacher's record."""

    name = Text(100, required=True, metadata={"description": "shown masked"})
    subject = Text(200, required=True)


class TeacherSchema(TeacherCorrectionSchema):
    """A teacher of a college."""

    id = fields.UUID(dump_only=True)
    college_id = fields.UUID(dump_only=True)
    province_code = fields.String(dump_only=True)
    staff_number = Text(32, required=True)
    state = fields.String(dump_only=True, metadata={"enum": list(TEACHER.states)})
    created_at = fields.AwareDateTime(dump_only=True)
    left_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class SeedTeacherSchema(Schema):
    """The type in which a teacher leads the others (OP-08)."""

    certificate_type_id = fields.UUID(required=True)


class TeacherRoleSchema(Schema):
    """What a teacher may do for a certificate type (OP-08)."""

    id = fields.UUID()
    teacher_id = fields.UUID()
    college_id = fields.UUID()
    province_code = fields.String()
    certificate_type_id = fields.UUID()
    role = fields.String(metadata={"enum": list(rules.ROLES)})
    enrolment_id = fields.UUID(allow_none=True)
    certification_fee_fen = fields.Integer()
    granted_at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime(allow_none=True)
    end_reason = fields.String(allow_none=True)


class TrainingExpertCorrectionSchema(Schema):
    """What may be put right before an expert is approved."""

    name = Text(100, required=True, metadata={"description": "shown masked"})
    source = fields.String(required=True, validate=validate.OneOf(rules.SOURCES))
    employer = Text(200, required=True)
    specialty = Text(200, required=True)
    qualification = Text(2_000, required=True)


class TrainingExpertSchema(TrainingExpertCorrectionSchema):
    """An expert of a TEO's team (PP-40)."""

    id = fields.UUID(dump_only=True)
    teo_id = fields.UUID(dump_only=True)
    number = Text(32, required=True)
    state = fields.String(dump_only=True, metadata={"enum": list(EXPERT.states)})
    created_at = fields.AwareDateTime(dump_only=True)
    reviewer = fields.String(dump_only=True, allow_none=True)
    review_opinion = fields.String(dump_only=True, allow_none=True)
    reviewed_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class ExpertReviewSchema(Schema):
    """The review of an expert's quality (OP-15)."""

    approved = fields.Boolean(required=True)
    reviewer = Text(200, required=True, metadata={"description": "the body that reviewed, no person's name"})
    opinion = Text(5_000, required=True)


class PayStandardSchema(Schema):
    """The most an expert of a rank is paid for a lesson of government training (OP-09)."""

    id = fields.UUID(dump_only=True)
    province_code = fields.String(dump_only=True, metadata={"description": "00 is the Ministry"})
    rank = fields.String(required=True, validate=validate.OneOf(rules.RANKS))
    most_fen_a_lesson = fen("the most for a lesson", required=True)
    in_force_from = fields.Date(required=True)
    document = Text(300, required=True, metadata={"description": "the notice that set it"})
    created_at = fields.AwareDateTime(dump_only=True)


class RatioSchema(Schema):
    """By how much a college counts lessons of certificate training (OP-18)."""

    id = fields.UUID(dump_only=True)
    college_id = fields.UUID(dump_only=True)
    ratio = fields.Decimal(
        required=True,
        as_string=True,
        validate=[validate.Range(Decimal("0.0001"), Decimal("99.9999")), decimal_places(4)],
        metadata={"description": "at most four decimal places"},
    )
    in_force_from = fields.Date(required=True)
    created_at = fields.AwareDateTime(dump_only=True)


class WorkloadSchema(Schema):
    """Lessons a teacher gave towards a certificate, and what they count for (OP-18)."""

    id = fields.UUID(dump_only=True)
    college_id = fields.UUID(dump_only=True)
    teacher_id = fields.UUID(required=True)
    certificate_type_id = fields.UUID(required=True)
    taught_on = fields.Date(required=True)
    lessons = fields.Decimal(
        required=True,
        as_string=True,
        validate=[validate.Range(Decimal("0.01"), Decimal("24")), decimal_places(2)],
        metadata={"description": "at most two decimal places"},
    )
    ratio = fields.Decimal(dump_only=True, as_string=True)
    workload = fields.Decimal(dump_only=True, as_string=True, metadata={"description": "lessons times ratio, exactly"})
    what = Text(300, required=True)
    recorded_at = fields.AwareDateTime(dump_only=True)
    withdrawn_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class WorkloadSumSchema(Schema):
    """A teacher's workload in a time (OP-18)."""

    teacher_id = fields.UUID()
    college_id = fields.UUID()
    staff_number = fields.String()
    name = fields.String(metadata={"description": "masked"})
    lessons = fields.Decimal(as_string=True)
    workload = fields.Decimal(as_string=True)
