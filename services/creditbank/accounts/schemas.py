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
    certificate_id = fields.UUID(attribute="deposit.certificate_id")
    certificate_number = fields.String(attribute="deposit.number")
    certificate_type_code = fields.String(attribute="deposit.certificate_type_code")
    certificate_type_name_zh = fields.String(attribute="deposit.certificate_type.name_zh")
    certificate_type_name_en = fields.String(attribute="deposit.certificate_type.name_en")
    level = fields.String(attribute="deposit.level")
    standard_version = fields.String(attribute="deposit.standard_version")
    issued_on = fields.Date(attribute="deposit.issued_on")


class StatementSchema(Schema):
    """A learner's account: what is in it, and why. Credit is in hundredths of a credit."""

    account = fields.Nested(AccountSchema, allow_none=True)
    balance_hundredths = fields.Integer()
    items = fields.List(fields.Nested(StatementEntrySchema))
    next = fields.String(allow_none=True)
