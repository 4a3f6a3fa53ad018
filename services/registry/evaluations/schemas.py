"""HTTP bodies of evaluations and quality indicators."""

from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from services.registry.evaluations.indicators import WINDOW_DAYS
from services.registry.evaluations.rules import KINDS, STATES
from services.registry.text_fields import Text


def hundredth(**options: Any) -> fields.Decimal:
    """A number from 0 to 100 with at most two decimals, as text or number in, as text out."""
    return fields.Decimal(as_string=True, required=True, validate=[validate.Range(0, 100), _two_decimals], **options)


def _two_decimals(value: Decimal) -> None:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -2:
        raise ValidationError("At most two decimals.")


class ItemSchema(Schema):
    """One thing that is scored."""

    name = Text(200, required=True)
    weight = hundredth(metadata={"description": "of 100; the weights of all items make 100 exactly"})
    score = hundredth(metadata={"description": "of 100"})
    remark = Text(2_000, blank=True, load_default="")


class ScoresSchema(Schema):
    """The scored items."""

    items = fields.List(fields.Nested(ItemSchema), required=True, validate=validate.Length(min=1, max=100))
    evaluator = Text(200, load_default=None, allow_none=True, metadata={"description": "a third party's name"})


class NewEvaluationSchema(ScoresSchema):
    """An evaluation to make (OP-39)."""

    organization_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    year = fields.Integer(required=True, strict=True, validate=validate.Range(2000, 2999))


class EvaluationSchema(Schema):
    """An evaluation, without its items."""

    id = fields.UUID()
    organization_id = fields.UUID()
    organization_kind = fields.String()
    province_code = fields.String(allow_none=True)
    kind = fields.String(metadata={"enum": list(KINDS)})
    year = fields.Integer()
    made_by_province = fields.String(allow_none=True)
    evaluator = fields.String(allow_none=True)
    total = fields.Decimal(as_string=True, metadata={"description": "exact, of 100"})
    state = fields.String(metadata={"enum": list(STATES)})
    made_at = fields.AwareDateTime()
    corrected_at = fields.AwareDateTime(allow_none=True)
    submitted_at = fields.AwareDateTime(allow_none=True)
    returned_because = fields.String(allow_none=True)
    published_at = fields.AwareDateTime(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    annulled_because = fields.String(allow_none=True)


class EvaluationWithItemsSchema(EvaluationSchema):
    """An evaluation."""

    items = fields.List(fields.Nested(ItemSchema))


class EvaluationReasonSchema(Schema):
    """Why."""

    because = Text(1_000, required=True)


class IndicatorsSchema(Schema):
    """What shows an organization's quality (PP-29)."""

    organization_id = fields.UUID()
    kind = fields.String()
    code = fields.String()
    name_zh = fields.String()
    name_en = fields.String()
    province_code = fields.String(allow_none=True)
    status = fields.String()
    late_reports = fields.Integer(
        metadata={"description": f"this and the following: over {WINDOW_DAYS} days, unless open now"}
    )
    opinions = fields.Integer()
    discipline_opinions = fields.Integer()
    publicity_findings = fields.Integer()
    inspections = fields.Integer()
    inspection_findings = fields.Integer()
    orders_overdue = fields.Integer(metadata={"description": "now"})
    stale_resources = fields.Integer(metadata={"description": "now"})
    exit_cases_open = fields.Integer(metadata={"description": "now"})
    evaluation_score = fields.Decimal(as_string=True, allow_none=True, metadata={"description": "mean of 100"})


class QualitySummarySchema(Schema):
    """The quality of the TEOs, or of the colleges of a province, for everyone to read (PP-29)."""

    kind = fields.String()
    province_code = fields.String(allow_none=True)
    organizations = fields.Integer()
    inspections = fields.Integer()
    inspections_with_findings = fields.Integer()
    orders_overdue = fields.Integer()
    evaluated = fields.Integer()
    evaluation_score = fields.Decimal(as_string=True, allow_none=True)


class QualitySummariesSchema(Schema):
    """One row a kind and province."""

    items = fields.List(fields.Nested(QualitySummarySchema))
