"""HTTP bodies of publicity."""

from marshmallow import Schema, fields, validate

from services.registry.publicity.phrases import CLAIMS, SAID_AS
from services.registry.publicity.rules import AUTHORIZATION_STATES, CHANNELS, FILING_STATES, FINDING_STATES
from services.registry.text_fields import Text

LONGEST_TEXT = 20_000
CLAIM = {"enum": list(CLAIMS), "description": "; ".join(f"{claim}: {words}" for claim, words in SAID_AS.items())}


class HitSchema(Schema):
    """A claim that needs authorization, in the words of the text."""

    claim = fields.String(metadata=CLAIM)
    phrase = fields.String(metadata={"description": "as the text writes it"})
    start = fields.Integer(metadata={"description": "of the first character, counted from 0"})
    end = fields.Integer(metadata={"description": "after the last character"})
    excerpt = fields.String()


class PublicityTextSchema(Schema):
    """A text to scan."""

    text = Text(LONGEST_TEXT, required=True)


class ScanSchema(Schema):
    """What a text claims."""

    hits = fields.List(fields.Nested(HitSchema))


class NewPublicityFilingSchema(Schema):
    """Publicity to file (OP-37). Title and text may be in Chinese, English or both."""

    title = Text(200, required=True)
    text = Text(LONGEST_TEXT, required=True)
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    shown_from = fields.Date(required=True)
    shown_to = fields.Date(required=True, metadata={"description": "the last day, included"})


class PublicityFilingSchema(Schema):
    """A publicity filing, without its text."""

    id = fields.UUID()
    organization_id = fields.UUID()
    province_code = fields.String(allow_none=True)
    title = fields.String()
    channel = fields.String(metadata={"enum": list(CHANNELS)})
    shown_from = fields.Date()
    shown_to = fields.Date(metadata={"description": "the last day, included"})
    claims = fields.List(fields.String(metadata=CLAIM), metadata={"description": "all of them authorized when filed"})
    state = fields.String(metadata={"enum": list(FILING_STATES)})
    filed_at = fields.AwareDateTime()
    corrected_at = fields.AwareDateTime(allow_none=True)
    suspended_at = fields.AwareDateTime(allow_none=True)
    withdrawn_at = fields.AwareDateTime(allow_none=True)


class PublicityFilingWithTextSchema(PublicityFilingSchema):
    """A publicity filing."""

    text = fields.String()
    hits = fields.List(fields.Nested(HitSchema))


class PublicityAuthorizationSchema(Schema):
    """That an organization may make a claim. Anyone may read it."""

    id = fields.UUID(dump_only=True)
    organization_id = fields.UUID(required=True)
    claim = fields.String(
        required=True, validate=validate.OneOf(CLAIMS), metadata={"description": CLAIM["description"]}
    )
    authorized_by = Text(200, required=True, metadata={"description": "the body that authorized it"})
    reference = Text(200, required=True, metadata={"description": "the number of its document"})
    in_force_from = fields.Date(required=True)
    in_force_to = fields.Date(required=True, metadata={"description": "the last day, included"})
    state = fields.String(dump_only=True, metadata={"enum": list(AUTHORIZATION_STATES)})
    recorded_at = fields.AwareDateTime(dump_only=True)
    revoked_on = fields.Date(dump_only=True, allow_none=True)
    revoked_because = fields.String(dump_only=True, allow_none=True)


class PublicityReasonSchema(Schema):
    """Why."""

    because = Text(1_000, required=True)


class NewPublicityFindingSchema(Schema):
    """A claim found in public."""

    organization_id = fields.UUID(required=True)
    source_url = fields.Url(required=True, schemes={"http", "https"}, validate=validate.Length(max=2_000))
    seen_on = fields.Date(required=True)
    text = Text(LONGEST_TEXT, required=True, metadata={"description": "what it says there, copied on that day"})


class PublicityFindingSchema(Schema):
    """A finding, without its text."""

    id = fields.UUID()
    organization_id = fields.UUID()
    province_code = fields.String(allow_none=True)
    source_url = fields.String()
    seen_on = fields.Date()
    state = fields.String(metadata={"enum": list(FINDING_STATES)})
    recorded_at = fields.AwareDateTime()
    rectification_id = fields.UUID(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    dismissed_because = fields.String(allow_none=True)


class PublicityFindingWithTextSchema(PublicityFindingSchema):
    """A finding."""

    text = fields.String()
    hits = fields.List(fields.Nested(HitSchema))


class PublicityOrderSchema(Schema):
    """An order to take a claim back."""

    matter = Text(500, required=True, metadata={"description": "what is to be put right; it names no person"})
    due_on = fields.Date(required=True, metadata={"description": "the last day, included"})
