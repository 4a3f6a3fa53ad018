"""HTTP bodies of credentials."""

from marshmallow import Schema, fields


class IssuerKeySchema(Schema):
    """An issuer's public key in force."""

    teo_id = fields.UUID()
    public_multibase = fields.String(metadata={"description": "Ed25519 Multikey, z6Mk…"})
    valid_from = fields.AwareDateTime()
    retired_at = fields.AwareDateTime(allow_none=True)
