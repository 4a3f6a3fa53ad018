"""HTTP bodies of presentations."""

from marshmallow import Schema, fields, validate

from services.certificates.presentations import rules, tokens


class ChosenSchema(Schema):
    """One of the learner's certificates, and what of it is shown."""

    number = fields.String(required=True, validate=validate.Length(min=1, max=64))
    fields_ = fields.List(
        fields.String(validate=validate.OneOf(rules.FIELDS)),
        required=True,
        data_key="fields",
        attribute="fields",
        validate=validate.Length(min=1, max=len(rules.FIELDS)),
        metadata={"description": "`masked_name` or `name`; `credential` only with all others and `name`"},
    )


class NewPresentationSchema(Schema):
    """A link to be made."""

    certificates = fields.List(
        fields.Nested(ChosenSchema), required=True, validate=validate.Length(min=1, max=rules.MOST_CERTIFICATES)
    )
    expires_at = fields.AwareDateTime(
        required=True, metadata={"description": f"at most {rules.LONGEST.days} days from now"}
    )
    label = fields.String(load_default=None, allow_none=True, validate=validate.Length(min=1, max=100))


class PresentationSchema(Schema):
    """A link, as its holder sees it."""

    id = fields.UUID()
    label = fields.String(allow_none=True)
    state = fields.String(metadata={"enum": ["in_force", "expired", "withdrawn"]})
    created_at = fields.AwareDateTime()
    expires_at = fields.AwareDateTime()
    withdrawn_at = fields.AwareDateTime(allow_none=True)
    views = fields.Integer()
    last_viewed_at = fields.AwareDateTime(allow_none=True)
    certificates = fields.List(fields.Nested(ChosenSchema))


class MadePresentationSchema(PresentationSchema):
    """The same with its address, which is told once: the platform keeps no more than a hash of its token."""

    url = fields.String()


class PresentationPageSchema(Schema):
    """A page of the learner's links, newest first."""

    items = fields.List(fields.Nested(PresentationSchema))
    next = fields.String(allow_none=True)


class TokenQuery(Schema):
    """The token of a link."""

    token = fields.String(
        required=True, data_key=tokens.PARAMETER, validate=validate.Length(min=1, max=tokens.MAX_LENGTH)
    )


class ShownTypeSchema(Schema):
    """A certificate type."""

    code = fields.String()
    name_zh = fields.String()
    name_en = fields.String()


class ShownTeoSchema(Schema):
    """The TEO that answers for the certificate (PP-07)."""

    name_zh = fields.String()
    name_en = fields.String()


class ShownCertificateSchema(Schema):
    """The state as it is now, and of the rest what the holder chose."""

    state = fields.String(metadata={"enum": ["valid", "suspended", "revoked", "replaced"]})
    certificate_type = fields.Nested(ShownTypeSchema)
    level = fields.String(metadata={"enum": ["primary", "intermediate", "advanced"]})
    teo = fields.Nested(ShownTeoSchema)
    issued_on = fields.Date()
    standard_version = fields.String()
    number = fields.String()
    masked_name = fields.String()
    name = fields.String()
    credential = fields.Dict(metadata={"description": "the signed credential"})


class ShownSchema(Schema):
    """What a link shows."""

    viewed_at = fields.AwareDateTime()
    expires_at = fields.AwareDateTime()
    certificates = fields.List(fields.Nested(ShownCertificateSchema))
