"""HTTP bodies of accounts."""

from marshmallow import Schema, fields


class AccountSchema(Schema):
    id = fields.UUID()
    learner_id = fields.UUID()
    opened_at = fields.AwareDateTime()


class StatementEntrySchema(Schema):
    """One booking in a learner's account, with the certificate it is for."""

    id = fields.UUID()
    credit_hundredths = fields.Integer(attribute="amount_hundredths")
    booked_at = fields.AwareDateTime()
    kind = fields.String(metadata={"enum": ["deposit", "reversal"]})
    held = fields.Boolean(metadata={"description": "whether its certificate is suspended, so that it is not available"})
    reason = fields.String(attribute="reversal.reason", metadata={"description": "of a reversal"})
    certificate_id = fields.UUID(attribute="of.bearer_id", metadata={"description": "the one that stands now"})
    certificate_number = fields.String(attribute="of.bearer_number")
    certificate_type_code = fields.String(attribute="of.certificate_type_code")
    certificate_type_name_zh = fields.String(attribute="of.certificate_type.name_zh")
    certificate_type_name_en = fields.String(attribute="of.certificate_type.name_en")
    booked_for_number = fields.String(
        attribute="of.number", metadata={"description": "the number of the certificate that was issued first"}
    )
    level = fields.String(attribute="of.level")
    standard_version = fields.String(attribute="of.standard_version")
    issued_on = fields.Date(attribute="of.issued_on")


class StatementSchema(Schema):
    """A learner's account: what is in it, and why. Credit is in hundredths of a credit."""

    account = fields.Nested(AccountSchema, allow_none=True)
    balance_hundredths = fields.Integer()
    held_hundredths = fields.Integer(metadata={"description": "of the balance: of certificates that are suspended"})
    available_hundredths = fields.Integer()
    items = fields.List(fields.Nested(StatementEntrySchema))
    next = fields.String(allow_none=True)
