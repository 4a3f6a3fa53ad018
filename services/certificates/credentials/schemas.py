"""HTTP bodies of credentials."""

from marshmallow import Schema, fields, validate

from services.certificates.credentials.signing import CRYPTOSUITE, RDF_CRYPTOSUITE


class ProofQuery(Schema):
    """Which proofs a credential is wanted with."""

    proof = fields.String(
        load_default=CRYPTOSUITE,
        validate=validate.OneOf([CRYPTOSUITE, RDF_CRYPTOSUITE]),
        metadata={
            "description": "`eddsa-rdfc-2022` puts a proof over the credential's RDF statements beside the one it was issued"
            " with: `proof` is then an array. What was issued, and what the log holds, is the credential with the first alone."
        },
    )


class IssuerKeySchema(Schema):
    """An issuer's public key in force."""

    teo_id = fields.UUID()
    public_multibase = fields.String(metadata={"description": "Ed25519 Multikey, z6Mk…"})
    valid_from = fields.AwareDateTime()
    retired_at = fields.AwareDateTime(allow_none=True)
