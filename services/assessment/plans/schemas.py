"""HTTP bodies of plans."""

from marshmallow import Schema, fields, validate

from onex.chassis.web import PageQuery

LEVELS = ("primary", "intermediate", "advanced")


class ComponentSchema(Schema):
    """One weighted part of an assessment with its own pass line (PP-19)."""

    code = fields.String(required=True, validate=validate.Regexp(r"^[a-z0-9_]{1,32}\Z"))
    name_zh = fields.String(required=True, validate=validate.Length(1, 64))
    name_en = fields.String(required=True, validate=validate.Length(1, 64))
    weight_percent = fields.Integer(required=True, strict=True)
    pass_line_hundredths = fields.Integer(required=True, strict=True)


class NewPlanSchema(Schema):
    """A plan to draft."""

    certificate_type_id = fields.UUID(required=True)
    level = fields.String(required=True, validate=validate.OneOf(LEVELS))
    title_zh = fields.String(required=True, validate=validate.Length(1, 200))
    title_en = fields.String(required=True, validate=validate.Length(1, 200))
    year = fields.Integer(required=True, strict=True, validate=validate.Range(2019, 2099))
    components = fields.List(fields.Nested(ComponentSchema), required=True, validate=validate.Length(1, 20))
    pass_line_hundredths = fields.Integer(required=True, strict=True)


class PlanSchema(Schema):
    """A plan."""

    id = fields.UUID()
    state = fields.String(metadata={"enum": ["draft", "published"]})
    certificate_type_id = fields.UUID()
    level = fields.String()
    standard_version = fields.String()
    teo_id = fields.UUID()
    title_zh = fields.String()
    title_en = fields.String()
    year = fields.Integer()
    components = fields.List(fields.Nested(ComponentSchema))
    pass_line_hundredths = fields.Integer()
    registered = fields.Integer()
    created_at = fields.AwareDateTime()
    published_at = fields.AwareDateTime(allow_none=True)


class PlanQuerySchema(PageQuery):
    """Which plans."""

    state = fields.String(load_default=None, validate=validate.OneOf(["draft", "published"]))
    year = fields.Integer(load_default=None, validate=validate.Range(2019, 2099))


class PlanPageSchema(Schema):
    """A page of plans."""

    items = fields.List(fields.Nested(PlanSchema))
    next = fields.String(allow_none=True)
