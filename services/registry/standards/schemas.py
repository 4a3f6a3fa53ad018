"""HTTP bodies of standards."""

from marshmallow import Schema, fields, validate

from services.registry.standards.rules import LEVELS, LONGEST_INTERVAL_MONTHS, STATES, USUAL_INTERVAL_MONTHS
from services.registry.text_fields import Text


class CertificateTypeNamesSchema(Schema):
    """What may be put right of a certificate type."""

    name_zh = Text(200, required=True)
    name_en = Text(200, required=True)
    field = Text(100, required=True, metadata={"description": "the field of work it belongs to (PP-03)"})
    selection_reference = Text(200, required=True, metadata={"description": "the selection it came through (PP-16)"})


class NewCertificateTypeSchema(CertificateTypeNamesSchema):
    """A certificate type to admit."""

    code = fields.String(
        required=True,
        validate=validate.Regexp(r"^(?!000)[0-9]{3}\Z"),
        metadata={"description": "001 to 999; part of every certificate number of this type"},
    )
    teo_id = fields.UUID(required=True)


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


class StandardSchema(Schema):
    """One version of a level's standard (PP-11)."""

    id = fields.UUID(dump_only=True)
    certificate_type_id = fields.UUID(dump_only=True)
    level = fields.String(required=True, validate=validate.OneOf(LEVELS))
    version = Text(50, required=True)
    basis = Text(5_000, required=True, metadata={"description": "the occupational standards it rests on"})
    authors = fields.List(
        Text(200),
        required=True,
        validate=validate.Length(min=1, max=100),
        metadata={"description": "the parties that developed it jointly, two at least (PP-11)"},
    )
    what_changed = Text(5_000, required=True)
    new_technology = Text(
        5_000, required=True, metadata={"description": "the new technologies, processes and norms it reflects (PP-11)"}
    )
    framework_level = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(min=1, max=10),
        metadata={"description": "its level in the qualification framework, where it has one (PP-06, PP-25)"},
    )
    released_on = fields.Date(required=True)
    interval_months = fields.Integer(
        load_default=USUAL_INTERVAL_MONTHS,
        strict=True,
        validate=validate.Range(min=1, max=LONGEST_INTERVAL_MONTHS),
        metadata={"description": "how long after its release a newer version is due (OP-41 d)"},
    )
    due_on = fields.Date(dump_only=True, metadata={"description": "the last day on which it is up to date"})
    state = fields.String(dump_only=True, metadata={"enum": list(STATES)})
    reviewed_by = fields.String(dump_only=True, allow_none=True)
    review_opinion = fields.String(dump_only=True, allow_none=True)
    reviewed_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    published_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    retired_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    retirement_reason = fields.String(dump_only=True, allow_none=True)


class StandardReviewSchema(Schema):
    """The technical body's opinion (PP-12)."""

    decision = fields.String(load_default="approve", validate=validate.OneOf(["approve", "send_back"]))
    reviewed_by = Text(200, required=True)
    opinion = Text(5_000, required=True)


class ReviewedStandardSchema(StandardReviewSchema):
    """An opinion that was given."""

    id = fields.UUID(dump_only=True)
    reviewed_at = fields.AwareDateTime(dump_only=True)


class ReasonGivenSchema(Schema):
    """Why."""

    reason = Text(2_000, required=True)


class ChosenLevelsSchema(Schema):
    """The levels at which a college trains and assesses (PP-13)."""

    levels = fields.List(
        fields.String(validate=validate.OneOf(LEVELS)), required=True, validate=validate.Length(min=1, max=len(LEVELS))
    )


class LevelMatrixRowSchema(Schema):
    """A kind of college at a level: open to all of the kind, or to those that chose it (PP-13)."""

    college_kind = fields.String()
    level = fields.String(metadata={"enum": list(LEVELS)})
    open_to = fields.String(metadata={"enum": ["all", "those_that_choose_it"]})


class LevelMatrixSchema(Schema):
    """College kind × level (PP-13)."""

    items = fields.List(fields.Nested(LevelMatrixRowSchema))


class CancelledQualificationSchema(Schema):
    """A cancelled professional qualification (PP-16)."""

    id = fields.UUID(dump_only=True)
    name_zh = Text(200, required=True)
    decision = Text(200, required=True, metadata={"description": "the document that cancelled it"})
    added_at = fields.AwareDateTime(dump_only=True)
