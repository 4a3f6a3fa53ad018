"""HTTP bodies of admission."""

from marshmallow import Schema, fields, validate

from services.registry.admission.rules import APPLICATION, FILING, OBJECTION, ROUND, SECTORS, TIERS
from services.registry.text_fields import Text

MOST_COLLEGES = 500


def _cap() -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=10_000))


class RoundSchema(Schema):
    """A recruitment round (PP-04)."""

    id = fields.UUID(dump_only=True)
    code = fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z0-9][A-Za-z0-9-]{1,31}\Z"))
    name_zh = Text(200, required=True)
    name_en = Text(200, required=True)
    conditions = Text(10_000, required=True, metadata={"description": "what an applicant must bring"})
    field_codes = fields.List(Text(32), load_default=list, validate=validate.Length(max=100))
    opens_on = fields.Date(required=True)
    closes_on = fields.Date(required=True, metadata={"description": "the last day, included"})
    cap_mature = _cap()
    cap_growing = _cap()
    cap_planned = _cap()
    objection_days = fields.Integer(
        load_default=7,
        strict=True,
        validate=validate.Range(min=1, max=90),
        metadata={"description": "days after its own that a public notice stands open for objections (PP-27)"},
    )
    state = fields.String(dump_only=True, metadata={"enum": list(ROUND.states)})
    created_at = fields.AwareDateTime(dump_only=True)
    announced_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    withdrawn_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class ApplicationSchema(Schema):
    """A TEO's application in a round."""

    id = fields.UUID(dump_only=True)
    round_id = fields.UUID(dump_only=True)
    teo_id = fields.UUID(dump_only=True)
    tier = fields.String(required=True, validate=validate.OneOf(TIERS))
    statement = Text(20_000, required=True)
    field_codes = fields.List(Text(32), load_default=list, validate=validate.Length(max=100))
    state = fields.String(dump_only=True, metadata={"enum": list(APPLICATION.states)})
    drafted_at = fields.AwareDateTime(dump_only=True)
    submitted_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    noticed_on = fields.Date(dump_only=True, allow_none=True)
    objections_until = fields.Date(dump_only=True, allow_none=True)
    decided_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    reason = fields.String(dump_only=True, allow_none=True)


class ApplicationWithdrawalSchema(Schema):
    """Why an application is taken back."""

    reason = Text(2000, required=True)


class ApplicationDecisionSchema(Schema):
    """What becomes of an application."""

    accepted = fields.Boolean(required=True)
    reason = Text(2000, required=True)


class NewPoolExpertSchema(Schema):
    """An expert for the pool (PP-26)."""

    name = Text(100, required=True)
    phone = Text(30, required=True)
    sector = fields.String(required=True, validate=validate.OneOf(SECTORS))
    specialty = Text(200, required=True)
    organization_id = fields.UUID(load_default=None, allow_none=True)


class PoolExpertChangeSchema(Schema):
    """What an expert does, and where."""

    sector = fields.String(required=True, validate=validate.OneOf(SECTORS))
    specialty = Text(200, required=True)
    organization_id = fields.UUID(load_default=None, allow_none=True)


class PoolExpertSchema(Schema):
    """An expert of the pool, the person masked."""

    id = fields.UUID()
    name = fields.String()
    phone = fields.String()
    sector = fields.String(metadata={"enum": list(SECTORS)})
    specialty = fields.String()
    organization_id = fields.UUID(allow_none=True)
    added_at = fields.AwareDateTime()
    retired_at = fields.AwareDateTime(allow_none=True)


class ExpertInterestSchema(Schema):
    """An organization in which an expert has an interest."""

    organization_id = fields.UUID(required=True)


class PanelAppointmentSchema(Schema):
    """Who is to judge an application."""

    expert_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=50))


class PanelScoreSchema(Schema):
    """An expert's score."""

    expert_id = fields.UUID(required=True)
    score = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=100))
    opinion = Text(2000, required=True)


class PanelMemberSchema(Schema):
    """An expert's seat in a panel."""

    expert_id = fields.UUID()
    appointed_at = fields.AwareDateTime()
    recused_at = fields.AwareDateTime(allow_none=True)
    score = fields.Integer(allow_none=True)
    opinion = fields.String(allow_none=True)
    scored_at = fields.AwareDateTime(allow_none=True)


class PanelSchema(Schema):
    """An application's panel, and the mean of its scores once all who have a say have given theirs."""

    members = fields.List(fields.Nested(PanelMemberSchema))
    mean = fields.String(allow_none=True, metadata={"description": "exact, as a fraction such as 251/3"})


class NoticeSchema(Schema):
    """An application before the public (PP-27)."""

    id = fields.UUID()
    round_id = fields.UUID()
    round_code = fields.String()
    teo_name_zh = fields.String()
    teo_name_en = fields.String()
    tier = fields.String(metadata={"enum": list(TIERS)})
    state = fields.String(metadata={"enum": list(APPLICATION.states)})
    noticed_on = fields.Date()
    objections_until = fields.Date(metadata={"description": "the last day, included"})
    decided_at = fields.AwareDateTime(allow_none=True)


class NewObjectionSchema(Schema):
    """What someone holds against an application."""

    name = Text(100, required=True)
    contact = Text(200, required=True, metadata={"description": "a telephone number or an address for mail"})
    text = Text(5000, required=True)


class ObjectionReceiptSchema(Schema):
    """By which the answer is found. It is told to nobody else."""

    receipt = fields.String()
    received_at = fields.AwareDateTime()


class ObjectionAnswerSchema(Schema):
    """What became of an objection, for who made it."""

    state = fields.String(metadata={"enum": list(OBJECTION.states)})
    received_at = fields.AwareDateTime()
    answer = fields.String(allow_none=True)
    answered_at = fields.AwareDateTime(allow_none=True)


class ObjectionSchema(ObjectionAnswerSchema):
    """An objection for those who answer it, the person masked."""

    id = fields.UUID()
    application_id = fields.UUID()
    name = fields.String()
    text = fields.String()


class NewObjectionAnswerSchema(Schema):
    """The answer to an objection."""

    upheld = fields.Boolean(required=True)
    answer = Text(5000, required=True)


class NewFilingSchema(Schema):
    """Colleges that a province files (PP-33)."""

    document = Text(200, required=True, metadata={"description": "the number of the province's letter"})
    batch_id = fields.UUID(load_default=None, allow_none=True)
    college_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=MOST_COLLEGES))


class FilingSchema(Schema):
    """A province's filing."""

    id = fields.UUID()
    province_code = fields.String()
    batch_id = fields.UUID(allow_none=True)
    document = fields.String()
    state = fields.String(metadata={"enum": list(FILING.states)})
    filed_at = fields.AwareDateTime()
    recorded_at = fields.AwareDateTime(allow_none=True)
    withdrawn_at = fields.AwareDateTime(allow_none=True)


class FiledCollegeSchema(Schema):
    """A college of a filing, and what became of it."""

    id = fields.UUID()
    college_id = fields.UUID()
    outcome = fields.String(metadata={"enum": ["waiting", "admitted", "returned"]})
    code = fields.String(allow_none=True, metadata={"description": "why it came back"})
    reason = fields.String(allow_none=True)
