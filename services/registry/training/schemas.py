"""HTTP bodies of training: programmes, requests, enrolments, attendance, the calendar."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from onex.chassis.web.moments import Moment
from services.registry.text_fields import Text
from services.registry.training import rules
from services.registry.training.states import ENROLMENT, PROGRAMME, REQUEST

MOST_FEN = 10**8


def fen(what: str, **options: object) -> fields.Integer:
    """An amount in hundredths of a yuan."""
    told = {"description": f"{what}, in hundredths of a yuan"}
    return fields.Integer(strict=True, validate=validate.Range(0, MOST_FEN), metadata=told, **options)  # type: ignore[arg-type]


def told_apart(rows: list[dict[str, Any]], name: str) -> None:
    """Each row is about another one."""
    if len({row[name] for row in rows}) < len(rows):
        raise ValidationError(f"Two of them have the same {name}.")


class TrainingSessionSchema(Schema):
    """A session of a programme (OP-13)."""

    id = fields.UUID(dump_only=True)
    number = fields.Integer(dump_only=True)
    held_on = fields.Date(required=True)
    lessons = fields.Integer(required=True, strict=True, validate=validate.Range(1, 24))
    mode = fields.String(required=True, validate=validate.OneOf(rules.MODES))
    venue_kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(rules.VENUE_KINDS))
    venue_id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "the college or training base"})
    venue = Text(300, required=True, metadata={"description": "the address, or how one takes part online"})
    expert_id = fields.UUID(required=True, metadata={"description": "who teaches (OP-15)"})
    topic = Text(300, required=True)


class ProgrammeExpertSchema(Schema):
    """An expert of a programme (OP-14)."""

    expert_id = fields.UUID(required=True)
    rank = fields.String(required=True, validate=validate.OneOf(rules.RANKS))
    pay_fen_a_lesson = fen("for a lesson", required=True)


class NewProgrammeSchema(Schema):
    """A programme to lay down or to correct; with the sessions and experts it is to have."""

    trains_for = fields.String(required=True, validate=validate.OneOf(rules.ROLES))
    title_zh = Text(200, required=True)
    title_en = Text(200, required=True)
    content = Text(10_000, required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True, metadata={"description": "the last day, included"})
    enrol_until = fields.Date(required=True, metadata={"description": "the last day, included"})
    places = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100_000))
    fee_fen = fen("for one participant", required=True)
    fee_basis = Text(1_000, required=True, metadata={"description": "the rules by which the fee was set"})
    certification_fee_fen = fen("0: certifying costs nothing extra (OP-12)", load_default=0)
    sessions = fields.List(fields.Nested(TrainingSessionSchema), load_default=list, validate=validate.Length(max=200))
    experts = fields.List(
        fields.Nested(ProgrammeExpertSchema),
        load_default=list,
        validate=[validate.Length(max=200), lambda rows: told_apart(rows, "expert_id")],
    )


class DraftProgrammeSchema(NewProgrammeSchema):
    """A programme to lay down."""

    certificate_type_id = fields.UUID(required=True)


class ProgrammeSchema(Schema):
    """A programme, as lists show it."""

    id = fields.UUID()
    organizer_kind = fields.String(metadata={"enum": list(rules.ORGANIZER_KINDS)})
    teo_id = fields.UUID(allow_none=True)
    province_code = fields.String(
        allow_none=True, metadata={"description": "of a government's programme; 00 is the Ministry"}
    )
    certificate_type_id = fields.UUID()
    trains_for = fields.String(metadata={"enum": list(rules.ROLES)})
    title_zh = fields.String()
    title_en = fields.String()
    content = fields.String()
    starts_on = fields.Date()
    ends_on = fields.Date()
    enrol_until = fields.Date()
    places = fields.Integer()
    enrolled = fields.Integer()
    fee_fen = fields.Integer()
    fee_basis = fields.String()
    certification_fee_fen = fields.Integer()
    state = fields.String(metadata={"enum": list(PROGRAMME.states)})
    announced_at = fields.AwareDateTime(allow_none=True)
    ended_at = fields.AwareDateTime(allow_none=True)
    end_reason = fields.String(allow_none=True)


class WholeProgrammeSchema(ProgrammeSchema):
    """A programme with its sessions and experts, for those who organize or supervise it."""

    sessions = fields.List(fields.Nested(TrainingSessionSchema))
    experts = fields.List(fields.Nested(ProgrammeExpertSchema))


class AnnouncedSessionSchema(Schema):
    """A session, as it is announced: nobody's name."""

    number = fields.Integer()
    held_on = fields.Date()
    lessons = fields.Integer()
    mode = fields.String()
    venue_kind = fields.String(allow_none=True)
    venue = fields.String()
    topic = fields.String()


class AnnouncementSchema(ProgrammeSchema):
    """A programme, as it is announced to everyone (OP-10)."""

    sessions = fields.List(fields.Nested(AnnouncedSessionSchema))
    experts_by_source = fields.Dict(
        keys=fields.String(), values=fields.Integer(), metadata={"description": "how many come from where (OP-14)"}
    )


class EndReasonSchema(Schema):
    """Why something ends."""

    reason = Text(1_000, required=True)


class ReplacementSchema(Schema):
    """Who teaches instead."""

    expert_id = fields.UUID(required=True)


class NewRequestSchema(Schema):
    """What a government asks of a TEO (OP-09)."""

    teo_id = fields.UUID(required=True)
    needs = Text(5_000, required=True)


class AnswerSchema(Schema):
    """What the TEO answers."""

    accepted = fields.Boolean(required=True)
    answer = Text(5_000, required=True)


class TrainingRequestSchema(Schema):
    """A government's request to a TEO, and its answer (OP-09)."""

    id = fields.UUID()
    programme_id = fields.UUID()
    teo_id = fields.UUID()
    province_code = fields.String()
    needs = fields.String()
    state = fields.String(metadata={"enum": list(REQUEST.states)})
    requested_at = fields.AwareDateTime()
    answer = fields.String(allow_none=True)
    answered_at = fields.AwareDateTime(allow_none=True)


class ConsentSchema(Schema):
    """That the teacher agreed, in person, and when (OP-11)."""

    given = fields.Boolean(required=True)
    given_by = Text(100, required=True, metadata={"description": "the teacher's name"})
    given_at = Moment(required=True)


class NewEnrolmentSchema(Schema):
    """A teacher to enrol."""

    teacher_id = fields.UUID(required=True)
    consent = fields.Nested(ConsentSchema, required=True)


class EnrolmentSchema(Schema):
    """A teacher's place in a programme; who consented is shown masked."""

    id = fields.UUID()
    programme_id = fields.UUID()
    teacher_id = fields.UUID()
    college_id = fields.UUID()
    province_code = fields.String()
    fee_fen = fields.Integer()
    consent_by = fields.String()
    consented_at = fields.AwareDateTime()
    state = fields.String(metadata={"enum": list(ENROLMENT.states)})
    enrolled_at = fields.AwareDateTime()
    withdrawn_at = fields.AwareDateTime(allow_none=True)


class PresenceSchema(Schema):
    """In how many lessons of a session a participant took part."""

    enrolment_id = fields.UUID(required=True)
    lessons = fields.Integer(required=True, strict=True, validate=validate.Range(0, 24))


class AttendanceSchema(Schema):
    """Who took part in a session."""

    present = fields.List(
        fields.Nested(PresenceSchema),
        required=True,
        validate=[validate.Length(max=2_000), lambda rows: told_apart(rows, "enrolment_id")],
    )


class CertificationSchema(Schema):
    """The certification of a trained teacher, at no fee (OP-12)."""

    fee_fen = fen("0", load_default=0)


class CalendarSchema(Schema):
    """How many programmes for a certificate type begin in a year (PP-40)."""

    certificate_type_id = fields.UUID()
    type_code = fields.String()
    type_name_zh = fields.String()
    type_name_en = fields.String()
    teo_id = fields.UUID()
    year = fields.Integer()
    programmes = fields.Integer()
    first_starts_on = fields.Date(allow_none=True)
    trained = fields.Boolean(metadata={"description": "whether there is at least one"})
