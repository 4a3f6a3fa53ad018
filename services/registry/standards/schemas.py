"""HTTP bodies of standards."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, pre_load, validate

from onex.chassis.web import PageQuery
from services.registry.standards.rules import LEVELS, STATES
from services.registry.text_fields import Text


class NewCertificateTypeSchema(Schema):
    """A certificate type to admit."""

    code = fields.String(
        required=True,
        validate=validate.Regexp(r"^(?!000)[0-9]{3}\Z"),
        metadata={"description": "001 to 999; part of every certificate number of this type"},
    )
    name_zh = Text(200, required=True)
    name_en = Text(200, required=True)
    field = Text(100, required=True, metadata={"description": "the field of work it belongs to (PP-03)"})
    teo_id = fields.UUID(required=True)
    selection_reference = Text(200, required=True, metadata={"description": "the selection it came through (PP-16)"})


class LevelSchema(Schema):
    """A level with its standard in force."""

    level = fields.String(metadata={"enum": list(LEVELS)})
    standard_version = fields.String(attribute="version")
    standard_released_on = fields.Date(attribute="released_on")


class CertificateTypeSchema(Schema):
    """A certificate type; `levels` are the published ones."""

    id = fields.UUID()
    code = fields.String()
    name_zh = fields.String()
    name_en = fields.String()
    field = fields.String()
    teo_id = fields.UUID()
    selection_reference = fields.String()
    type_version = fields.Integer(attribute="version", metadata={"description": "0 before its first publication"})
    created_at = fields.AwareDateTime()
    levels = fields.List(fields.Nested(LevelSchema))


class CertificateTypePageSchema(Schema):
    """A page of certificate types."""

    items = fields.List(fields.Nested(CertificateTypeSchema))
    next = fields.String(allow_none=True)


class CertificateTypeQuery(PageQuery):
    """Which certificate types."""

    code = fields.String(load_default=None, validate=validate.Regexp(r"^[0-9]{3}\Z"))
    teo_id = fields.UUID(load_default=None)


class StandardSchema(Schema):
    """One version of a level's standard (PP-11)."""

    id = fields.UUID(dump_only=True)
    certificate_type_id = fields.UUID(dump_only=True)
    level = fields.String(required=True, validate=validate.OneOf(LEVELS))
    version = Text(50, required=True)
    basis = Text(5_000, required=True, metadata={"description": "the occupational standards it rests on"})
    authors = fields.List(Text(200), required=True, validate=validate.Length(min=1, max=100))
    what_changed = Text(5_000, required=True)
    released_on = fields.Date(required=True)
    state = fields.String(dump_only=True, metadata={"enum": list(STATES)})
    reviewed_by = fields.String(dump_only=True, allow_none=True)
    review_opinion = fields.String(dump_only=True, allow_none=True)
    reviewed_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    published_at = fields.AwareDateTime(dump_only=True, allow_none=True)

    @pre_load
    def one_author(self, data: Any, **_: Any) -> Any:
        """A single author may be given as text."""
        if isinstance(data, Mapping) and isinstance(data.get("authors"), str):
            return {**data, "authors": [data["authors"]]}
        return data


class StandardListSchema(Schema):
    """Every standard of a certificate type."""

    items = fields.List(fields.Nested(StandardSchema))


class ReviewSchema(Schema):
    """The technical body's opinion (PP-12)."""

    reviewed_by = Text(200, required=True)
    opinion = Text(5_000, required=True)


class CancelledQualificationSchema(Schema):
    """A cancelled professional qualification (PP-16)."""

    name_zh = Text(200, required=True)
    decision = Text(200, required=True, metadata={"description": "the document that cancelled it"})
