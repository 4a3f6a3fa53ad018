"""HTTP bodies of course mappings."""

from marshmallow import Schema, fields, validate

from services.registry.standards.rules import LEVELS
from services.registry.text_fields import Text


class CourseSchema(Schema):
    """A course of a programme."""

    code = Text(32, required=True)
    name = Text(200, required=True)
    hours = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=2_000))


class ChangedCoursesSchema(Schema):
    """What a college may adjust."""

    programme_name = Text(200, required=True)
    courses = fields.List(fields.Nested(CourseSchema), required=True, validate=validate.Length(min=1, max=100))


class CourseMappingSchema(ChangedCoursesSchema):
    """The courses of a college's programme that lead to a certificate's level (OP-35)."""

    id = fields.UUID(dump_only=True)
    college_id = fields.UUID(dump_only=True)
    province_code = fields.String(dump_only=True)
    teo_id = fields.UUID(dump_only=True)
    certificate_type_id = fields.UUID(required=True)
    level = fields.String(required=True, validate=validate.OneOf(LEVELS))
    programme_code = fields.String(
        required=True,
        validate=validate.Regexp(r"^[0-9]{6}[A-Z]{0,2}\Z"),
        metadata={"description": "as in the Ministry's catalogue of programmes"},
    )
    created_at = fields.AwareDateTime(dump_only=True)
    changed_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    withdrawn_at = fields.AwareDateTime(dump_only=True, allow_none=True)
