"""HTTP bodies of identity: clients, keys, tokens."""

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from onex.chassis.access import Role
from onex.chassis.bulk import CellRefused
from onex.chassis.bulk.checks import identity_number
from services.registry.text_fields import Text


def role_name() -> fields.String:
    """A role as it is shown."""
    return fields.String(metadata={"enum": [role.value for role in Role]})


def resident_number(text: str) -> None:
    """GB 11643, as a roster's are: from any other number comes the id of a learner who cannot exist."""
    try:
        identity_number(text)
    except CellRefused as refused:
        raise ValidationError(refused.reason_en) from None


class LearnerDocumentSchema(Schema):
    """A learner's document; only the id derived from it is kept."""

    document_type = fields.String(required=True, validate=validate.OneOf(["RIC"]))
    document_number = fields.String(required=True, validate=resident_number)


class RoleInScopeSchema(Schema):
    """A role and whom or what it acts for."""

    role = fields.Enum(Role, by_value=True, required=True)
    organization_id = fields.UUID(load_default=None)
    learner = fields.Nested(LearnerDocumentSchema, load_default=None)

    @validates_schema
    def check_learner(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("role") == Role.LEARNER) != (data.get("learner") is not None):
            raise ValidationError("A learner's document is given for the role learner, and only for it.", "learner")


class NewClientSchema(RoleInScopeSchema):
    """A machine client to register."""

    client_id = fields.String(required=True, validate=validate.Regexp(r"^[a-z0-9][a-z0-9._-]{2,63}\Z"))


class ClientSchema(Schema):
    """A machine client. Its secrets are never shown."""

    id = fields.UUID()
    client_id = fields.String()
    role = role_name()
    organization_id = fields.UUID(allow_none=True)
    province_code = fields.String(allow_none=True)
    learner_id = fields.UUID(allow_none=True)
    created_by = fields.String()
    created_at = fields.AwareDateTime()
    secret_made_at = fields.AwareDateTime()
    previous_secret_valid_until = fields.AwareDateTime(
        allow_none=True, metadata={"description": "the secret before the last is good until then"}
    )
    last_used_on = fields.Date(allow_none=True, metadata={"description": "the last day it was given a token"})
    disabled_at = fields.AwareDateTime(allow_none=True)
    disabled_by = fields.String(allow_none=True)


class RegisteredClientSchema(Schema):
    """A registered client with its secret, which is shown this once."""

    id = fields.UUID()
    client_id = fields.String()
    client_secret = fields.String()
    role = role_name()


class RenewalSchema(Schema):
    """A new secret is wanted."""

    old_valid_until = fields.AwareDateTime(
        load_default=None,
        metadata={"description": "the old one stays good until then: a day if not said, 90 at most; at once if past"},
    )


class RenewedSecretSchema(Schema):
    """A client's new secret, which is shown this once."""

    id = fields.UUID()
    client_id = fields.String()
    client_secret = fields.String()
    previous_secret_valid_until = fields.AwareDateTime(allow_none=True)


class KeySetSchema(Schema):
    """A JSON Web Key Set (RFC 7517)."""

    keys = fields.List(fields.Dict())


class SigningKeySchema(Schema):
    """A key that signs access tokens."""

    key_id = fields.String()
    public_key = fields.String()
    state = fields.String(metadata={"enum": ["announced", "signing", "retiring", "retired"]})
    made_by = fields.String()
    reason = fields.String()
    created_at = fields.AwareDateTime()
    signs_from = fields.AwareDateTime(metadata={"description": "planned: not before"})
    heard_at = fields.AwareDateTime(allow_none=True, metadata={"description": "came round through the broker"})
    signing_since = fields.AwareDateTime(allow_none=True)
    retires_at = fields.AwareDateTime(allow_none=True)


class SigningKeyListSchema(Schema):
    """The keys, newest first."""

    items = fields.List(fields.Nested(SigningKeySchema))


class NewSigningKeySchema(Schema):
    """Why the keys are to change before their time, and whether that is an emergency."""

    reason = Text(500, required=True)
    compromised = fields.Boolean(
        load_default=False, metadata={"description": "every key retires at once, and tokens signed with them end"}
    )


class TokenFormSchema(Schema):
    """A token to revoke or to ask about (RFC 7009 section 2.1, RFC 7662 section 2.1)."""

    class Meta:
        unknown = EXCLUDE

    token = fields.String(required=True, validate=validate.Length(1, 16_384))
    token_type_hint = fields.String(load_default=None)


class IntrospectionSchema(Schema):
    """What a token is good for (RFC 7662 section 2.2); of one that is good for nothing only that."""

    active = fields.Boolean()
    token_type = fields.String()
    iss = fields.String()
    sub = fields.String()
    role = fields.String()
    organization_id = fields.UUID(allow_none=True)
    province_code = fields.String(allow_none=True)
    iat = fields.Integer()
    exp = fields.Integer()


class MeSchema(Schema):
    """Who the caller is, as its token says."""

    subject = fields.String()
    role = role_name()
    organization_id = fields.UUID(allow_none=True)
    province_code = fields.String(allow_none=True)
    learner_id = fields.UUID(allow_none=True)
