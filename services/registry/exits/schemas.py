"""HTTP bodies of exit cases."""

from marshmallow import Schema, fields, validate

from services.registry.exits.rules import KINDS, LEAST_STATEMENT_DAYS, LETTERS, STATEMENT_DAYS, STATES
from services.registry.text_fields import Text

FOUND = {"description": "what was found; it names no person"}


class NewExitCaseSchema(Schema):
    """A case to open."""

    organization_id = fields.UUID(required=True)
    ground = fields.String(
        required=True, validate=validate.OneOf(LETTERS), metadata={"description": "the clause's letter"}
    )
    found = Text(5_000, required=True, metadata=FOUND)


class ExitCaseSchema(Schema):
    """An exit case (OP-41, OP-42)."""

    id = fields.UUID()
    organization_id = fields.UUID()
    kind = fields.String(metadata={"enum": list(KINDS)})
    province_code = fields.String(allow_none=True)
    ground = fields.String(metadata={"enum": list(LETTERS)})
    state = fields.String(metadata={"enum": list(STATES)})
    found = fields.String(metadata=FOUND)
    opened_by_itself = fields.Boolean()
    opened_at = fields.AwareDateTime()
    investigated_at = fields.AwareDateTime(allow_none=True)
    statement_due_on = fields.Date(allow_none=True, metadata={"description": "the last day, included"})
    verified_at = fields.AwareDateTime(allow_none=True)
    finding = fields.String(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    reasons = fields.String(allow_none=True)
    decided_by = fields.String(allow_none=True)


class InvestigationSchema(Schema):
    """Until when the organization may make its statement."""

    statement_due_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": f"{STATEMENT_DAYS} days from today unless told, at least {LEAST_STATEMENT_DAYS}"},
    )


class EvidenceSchema(Schema):
    """A piece of evidence."""

    id = fields.UUID(dump_only=True)
    title = Text(200, required=True)
    source = Text(500, required=True, metadata={"description": "such as an inspection or an opinion, by its number"})
    content = Text(20_000, required=True, metadata={"description": "kept sealed"})
    added_at = fields.AwareDateTime(dump_only=True)


class EvidenceListSchema(Schema):
    """The evidence of a case, oldest first."""

    items = fields.List(fields.Nested(EvidenceSchema))


class StatementSchema(Schema):
    """What the organization says for itself."""

    id = fields.UUID(dump_only=True)
    statement = Text(20_000, required=True, metadata={"description": "kept sealed"})
    made_at = fields.AwareDateTime(dump_only=True)


class StatementListSchema(Schema):
    """The organization's statements, oldest first."""

    items = fields.List(fields.Nested(StatementSchema))


class FindingSchema(Schema):
    """What the investigation has found."""

    finding = Text(10_000, required=True)


class ReasonsSchema(Schema):
    """Why."""

    reasons = Text(10_000, required=True)


class GroundSchema(Schema):
    """A ground, and the orders that were not put right in time and speak for it (OP-43)."""

    ground = fields.String(metadata={"enum": list(LETTERS)})
    says = fields.String()
    missed_orders = fields.List(fields.UUID())


class GroundListSchema(Schema):
    """The grounds there are for an organization."""

    items = fields.List(fields.Nested(GroundSchema))
