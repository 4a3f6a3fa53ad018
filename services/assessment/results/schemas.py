"""HTTP bodies of results."""

from marshmallow import Schema, fields

from services.assessment.results.annulment_rules import GROUNDS


class SummarySchema(Schema):
    """Figures of a plan's results."""

    registered = fields.Integer()
    with_result = fields.Integer()
    passed = fields.Integer(metadata={"description": "without those that were annulled"})
    published = fields.Integer()
    annulled = fields.Integer(metadata={"description": "of those published, how many no longer count"})


class ComponentScoreSchema(Schema):
    """The score of one component."""

    code = fields.String()
    name_zh = fields.String()
    name_en = fields.String()
    score_hundredths = fields.Integer()


class OwnResultSchema(Schema):
    """A published result as its learner sees it."""

    id = fields.UUID()
    registration_number = fields.String()
    plan_id = fields.UUID()
    title_zh = fields.String()
    title_en = fields.String()
    certificate_type_code = fields.String()
    certificate_type_zh = fields.String()
    certificate_type_en = fields.String()
    level = fields.String()
    components = fields.List(fields.Nested(ComponentScoreSchema))
    score_hundredths = fields.Integer()
    passed = fields.Boolean()
    assessed_on = fields.Date()
    published_at = fields.AwareDateTime()
    annulled_at = fields.AwareDateTime(allow_none=True, metadata={"description": "since when it no longer counts"})
    annulled_for = fields.String(allow_none=True, metadata={"enum": list(GROUNDS)})


class OwnResultPageSchema(Schema):
    """A page of one's own results."""

    items = fields.List(fields.Nested(OwnResultSchema))
    next = fields.String(allow_none=True)
