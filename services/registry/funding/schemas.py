"""HTTP bodies of funding. Amounts are whole fen, hundredths of a yuan."""

from typing import Any

from marshmallow import Schema, fields, validate

from services.registry.funding import rules
from services.registry.text_fields import Text

MOST_FEN = 10**13
_CODE = validate.Regexp(r"^[a-z][a-z0-9_]{1,39}\Z")


def amount(**options: Any) -> fields.Integer:
    """Whole fen, at least one, at most a hundred billion yuan."""
    return fields.Integer(strict=True, validate=validate.Range(1, MOST_FEN), **options)


class AllocationChangesSchema(Schema):
    """What a document says of funds for a college."""

    source = fields.String(required=True, validate=validate.OneOf(rules.SOURCES))
    kind = fields.String(required=True, validate=validate.OneOf(rules.KINDS))
    reference = Text(100, required=True, metadata={"description": "the document's number"})
    purpose = Text(500, blank=True, load_default="")
    amount_fen = amount(required=True)
    allocated_on = fields.Date(required=True)


class NewAllocationSchema(AllocationChangesSchema):
    """Funds for a college."""

    college_id = fields.UUID(required=True)


class AllocationSchema(NewAllocationSchema):
    """Funds for a college, with what has been received and used of them."""

    id = fields.UUID()
    province_code = fields.String()
    received_fen = fields.Integer()
    used_fen = fields.Integer()
    received_in_full_on = fields.Date(allow_none=True)
    state = fields.String(metadata={"enum": list(rules.ALLOCATION.states)})
    recorded_by = fields.String()
    recorded_at = fields.AwareDateTime()
    changed_by = fields.String(allow_none=True)
    changed_at = fields.AwareDateTime(allow_none=True)


class NewReceiptSchema(Schema):
    """Funds that have come."""

    amount_fen = amount(required=True)
    received_on = fields.Date(required=True)


class _EntrySchema(Schema):
    id = fields.UUID()
    allocation_id = fields.UUID()
    college_id = fields.UUID()
    province_code = fields.String()
    recorded_by = fields.String()
    recorded_at = fields.AwareDateTime()
    cancelled_by = fields.String(allow_none=True)
    cancelled_at = fields.AwareDateTime(allow_none=True)
    cancelled_because = fields.String(allow_none=True)


class ReceiptSchema(_EntrySchema):
    """Funds of an allocation that have reached the college."""

    amount_fen = fields.Integer()
    received_on = fields.Date()


class NewUseSchema(Schema):
    """Funds that were used."""

    category = fields.String(required=True, validate=_CODE)
    amount_fen = amount(required=True)
    used_on = fields.Date(required=True)
    purpose = Text(500, required=True)


class FundUseSchema(_EntrySchema):
    """What a college used of an allocation, and for what."""

    category = fields.String()
    amount_fen = fields.Integer()
    used_on = fields.Date()
    purpose = fields.String()


class CancellationSchema(Schema):
    """Why an entry is cancelled."""

    reason = Text(500, required=True)


class UseCategoryChangesSchema(Schema):
    """What may be changed of a heading."""

    name_zh = Text(100)
    name_en = Text(100)
    allowed = fields.Boolean()


class NewUseCategorySchema(Schema):
    """A heading under which funds are used."""

    code = fields.String(required=True, validate=_CODE)
    name_zh = Text(100, required=True)
    name_en = Text(100, required=True)
    allowed = fields.Boolean(required=True)


class UseCategorySchema(NewUseCategorySchema):
    """A heading, and who said so last."""

    id = fields.UUID()
    changed_by = fields.String()
    changed_at = fields.AwareDateTime()


class NewMisuseSchema(Schema):
    """Funds found withheld or diverted."""

    college_id = fields.UUID(required=True)
    what = fields.String(required=True, validate=validate.OneOf(rules.MISUSES[1:]))
    amount_fen = amount(load_default=None, allow_none=True)
    finding = Text(2_000, required=True, metadata={"description": "what was found; it names no person"})


class MisuseSchema(Schema):
    """Misuse of funds, and what became of it."""

    id = fields.UUID()
    college_id = fields.UUID()
    province_code = fields.String()
    use_id = fields.UUID(allow_none=True)
    what = fields.String(metadata={"enum": list(rules.MISUSES)})
    amount_fen = fields.Integer(allow_none=True)
    finding = fields.String()
    state = fields.String(metadata={"enum": list(rules.MISUSE.states)})
    remark = fields.String()
    exit_case_id = fields.UUID(allow_none=True)
    found_by = fields.String()
    found_at = fields.AwareDateTime()
    settled_by = fields.String(allow_none=True)
    settled_at = fields.AwareDateTime(allow_none=True)


class MisuseSettlementSchema(Schema):
    """What becomes of found misuse."""

    outcome = fields.String(required=True, validate=validate.OneOf(tuple(rules.MISUSE.moves)))
    remark = Text(1_000, required=True)


class FundingTimelinessQuery(Schema):
    """Which allocations: by their day, both included, and their source."""

    allocated_from = fields.Date(load_default=None)
    allocated_to = fields.Date(load_default=None)
    source = fields.String(load_default=None, validate=validate.OneOf(rules.SOURCES))


class FundingTimelinessSchema(Schema):
    """How long funds took in a province from allocation to receipt in full, in days."""

    province_code = fields.String()
    allocations = fields.Integer()
    received_in_full = fields.Integer()
    allocated_fen = fields.Integer()
    received_fen = fields.Integer()
    days_total = fields.Integer(metadata={"description": "of all that were received in full, together"})
    days_mean = fields.String(allow_none=True, metadata={"description": "exact, such as 37/3"})
    days_longest = fields.Integer(allow_none=True)
    days_waiting_longest = fields.Integer(
        allow_none=True, metadata={"description": "of what has not come in full, to today"}
    )
