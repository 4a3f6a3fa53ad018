"""HTTP bodies of opinions."""

from marshmallow import Schema, fields, validate

from services.registry.opinions.rules import CLAUSE_OF, GROUNDS, STATES
from services.registry.text_fields import Text, province_code

LONGEST = 5_000
GROUND = {"description": "; ".join(f"{ground} ({clause})" for ground, clause in CLAUSE_OF.items())}
PUBLIC = {"description": "for everyone to read; it names no person"}


class SenderSchema(Schema):
    """How the sender can be reached, if the sender wants that."""

    name = Text(100, blank=True, load_default="")
    phone = Text(30, blank=True, load_default="")
    email = Text(200, blank=True, load_default="")


class OpinionSubjectSchema(Schema):
    """What an opinion is about."""

    ground = fields.String(required=True, validate=validate.OneOf(GROUNDS), metadata=GROUND)
    organization_id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "whom it means"})
    province_code = province_code(load_default=None, allow_none=True)


class NewOpinionSchema(OpinionSubjectSchema):
    """Something that anyone has to say (PP-30)."""

    text = Text(LONGEST, required=True)
    contact = fields.Nested(SenderSchema, load_default=None, allow_none=True)


class OpinionReceiptSchema(Schema):
    """What the sender is given. The reference is shown once and finds the answer."""

    reference = fields.String()
    received_at = fields.AwareDateTime()
    due_on = fields.Date(
        allow_none=True,
        metadata={"description": "the last day for the answer; null while its calendar is not published"},
    )


class OpinionReferenceSchema(Schema):
    """The reference that the sender was given."""

    reference = Text(60, required=True)


class OwnOpinionSchema(Schema):
    """What became of an opinion, for its sender."""

    ground = fields.String(metadata={"enum": list(GROUNDS)})
    state = fields.String(metadata={"enum": list(STATES)})
    received_at = fields.AwareDateTime()
    due_on = fields.Date(allow_none=True)
    overdue = fields.Boolean()
    answer = fields.String(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    set_aside_because = fields.String(allow_none=True)


class ReleasedOpinionSchema(Schema):
    """An opinion and its answer, as the operator released them."""

    id = fields.UUID()
    ground = fields.String(metadata={"enum": list(GROUNDS)})
    received_on = fields.Date()
    in_time = fields.Boolean()
    public_text = fields.String()
    public_answer = fields.String()
    released_at = fields.AwareDateTime()


class OpinionSchema(Schema):
    """An opinion, without what was written."""

    id = fields.UUID()
    ground = fields.String(metadata={"enum": list(GROUNDS)})
    organization_id = fields.UUID(allow_none=True)
    province_code = fields.String(allow_none=True)
    received_at = fields.AwareDateTime()
    due_on = fields.Date(allow_none=True)
    state = fields.String(metadata={"enum": list(STATES)})
    overdue = fields.Boolean()
    assigned_teo_id = fields.UUID(allow_none=True)
    assigned_at = fields.AwareDateTime(allow_none=True)
    replied_at = fields.AwareDateTime(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    in_time = fields.Boolean(allow_none=True)
    set_aside_because = fields.String(allow_none=True)
    released_at = fields.AwareDateTime(allow_none=True)
    rectification_id = fields.UUID(allow_none=True)
    exit_case_id = fields.UUID(allow_none=True)


class OpinionInFullSchema(OpinionSchema):
    """An opinion with what was written; how to reach the sender is not part of it."""

    text = fields.String()
    reply = fields.String(allow_none=True)
    answer = fields.String(allow_none=True)
    has_contact = fields.Boolean()


class OpinionAssignmentSchema(Schema):
    """Who is asked to reply: a province or a TEO."""

    teo_id = fields.UUID(load_default=None, allow_none=True)
    province_code = province_code(load_default=None, allow_none=True)


class OpinionWordsSchema(Schema):
    """A reply or an answer."""

    text = Text(LONGEST, required=True)


class OpinionReleaseSchema(Schema):
    """What everyone may read."""

    public_text = Text(LONGEST, required=True, metadata=PUBLIC)
    public_answer = Text(LONGEST, required=True, metadata=PUBLIC)


class OpinionReasonSchema(Schema):
    """Why; the sender can read it."""

    because = Text(1_000, required=True)


class OpinionOrderSchema(Schema):
    """An order that comes of an opinion."""

    matter = Text(500, required=True, metadata={"description": "what is to be put right; it names no person"})
    due_on = fields.Date(required=True, metadata={"description": "the last day, included"})


class OpinionCaseSchema(Schema):
    """An exit case that comes of an opinion."""

    found = Text(5_000, required=True, metadata={"description": "what was found; it names no person"})
