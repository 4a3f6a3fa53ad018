"""HTTP bodies of publishers, textbooks, case banks and question banks."""

from marshmallow import Schema, fields, validate

from services.registry.standards.resource_rules import KINDS, LONGEST_INTERVAL_MONTHS, RESOURCE
from services.registry.standards.rules import LEVELS
from services.registry.text_fields import Text

MOST_FEN = 10**12


class PublisherSchema(Schema):
    """A publisher that qualifies for textbooks (OP-20)."""

    id = fields.UUID(dump_only=True)
    name_zh = Text(200, required=True)
    name_en = Text(200, required=True)
    qualification = Text(500, required=True, metadata={"description": "the document that says that it qualifies"})
    isbn_prefixes = fields.List(
        fields.String(validate=validate.Regexp(r"^[0-9]{1,5}-[0-9]{1,7}\Z")),
        load_default=list,
        validate=validate.Length(max=50),
        metadata={"description": "group and registrant of its ISBNs, such as 7-04"},
    )
    listed_at = fields.AwareDateTime(dump_only=True)
    struck_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    struck_reason = fields.String(dump_only=True, allow_none=True)


class CostItemSchema(Schema):
    """One item of what something costs."""

    name = Text(200, required=True)
    amount_fen = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=MOST_FEN))


class ResourceDescriptionSchema(Schema):
    """What may be put right of a resource."""

    level = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(LEVELS),
        metadata={"description": "none where it serves every level"},
    )
    title_zh = Text(300, required=True)
    address = Text(500, required=True, metadata={"description": "where it is had"})
    interval_months = fields.Integer(
        load_default=None,
        strict=True,
        validate=validate.Range(min=1, max=LONGEST_INTERVAL_MONTHS),
        metadata={"description": "after how many months an update is due (OP-21); by its kind if not given"},
    )
    price_fen = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0, max=MOST_FEN))
    users = fields.Integer(
        load_default=1,
        strict=True,
        validate=validate.Range(min=1, max=10_000_000),
        metadata={"description": "over how many users the cost is spread"},
    )
    cost_items = fields.List(fields.Nested(CostItemSchema), load_default=list, validate=validate.Length(max=100))


class ResourceSchema(ResourceDescriptionSchema):
    """A textbook, case bank or question bank of a certificate type (OP-20, OP-21)."""

    id = fields.UUID(dump_only=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    certificate_type_id = fields.UUID(required=True)
    teo_id = fields.UUID(dump_only=True)
    isbn = Text(
        32, load_default=None, allow_none=True, metadata={"description": "ten or thirteen digits; a textbook's"}
    )
    edition = Text(100, load_default=None, allow_none=True)
    publisher_id = fields.UUID(load_default=None, allow_none=True)
    updated_on = fields.Date(required=True, metadata={"description": "published or renewed on"})
    due_on = fields.Date(dump_only=True, metadata={"description": "the last day on which it is up to date"})
    state = fields.String(dump_only=True, metadata={"enum": list(RESOURCE.states)})
    created_at = fields.AwareDateTime(dump_only=True)
    withdrawn_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class ResourceUpdateSchema(Schema):
    """A renewal of a resource; a textbook's new edition has an ISBN of its own."""

    updated_on = fields.Date(required=True)
    what_changed = Text(5_000, required=True)
    isbn = Text(32, load_default=None, allow_none=True)
    edition = Text(100, load_default=None, allow_none=True)
    publisher_id = fields.UUID(load_default=None, allow_none=True)


class ResourceUpdatedSchema(Schema):
    """A renewal that was recorded."""

    id = fields.UUID()
    updated_on = fields.Date()
    what_changed = fields.String()
    late = fields.Boolean(metadata={"description": "after the day on which it was due"})
    recorded_at = fields.AwareDateTime()


class StaleResourceSchema(Schema):
    """Something that should have been renewed (OP-41 d)."""

    kind = fields.String(metadata={"enum": ["standard", *KINDS]})
    id = fields.UUID()
    title = fields.String()
    certificate_type_id = fields.UUID()
    level = fields.String(allow_none=True)
    due_on = fields.Date()


class StaleResourcesSchema(Schema):
    """What of a TEO is stale today, the oldest first."""

    items = fields.List(fields.Nested(StaleResourceSchema))
