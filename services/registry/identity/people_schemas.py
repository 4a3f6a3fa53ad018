"""HTTP bodies of identity: people, sessions, sign-ins."""

from typing import Any

from marshmallow import Schema, fields, validate

from services.registry.identity.models import OUTCOMES
from services.registry.identity.passwords import LONGEST, SHORTEST
from services.registry.identity.schemas import role_name
from services.registry.text_fields import Text


class Username(fields.String):
    """A name to sign in with; capital letters and white space around it do not matter."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        return super()._deserialize(value, attr, data, **options).strip().lower()


def password_field(shortest: int = 1) -> fields.String:
    """A password as it was typed: nothing is cut off, and all characters count."""
    length = validate.Length(1, LONGEST)
    return fields.String(
        required=True, load_only=True, validate=length, metadata={"format": "password", "minLength": shortest}
    )


class PersonBodySchema(Schema):
    """How somebody is called and reached; kept sealed."""

    name = Text(100, required=True)
    email = fields.Email(load_default=None, allow_none=True, validate=validate.Length(max=254))


class NewPersonSchema(PersonBodySchema):
    """Somebody to register."""

    username = Username(required=True, validate=validate.Regexp(r"^[a-z0-9][a-z0-9._-]{2,63}\Z"))


class HeldRoleSchema(Schema):
    """A role that a person may sign in with, and whom it acts for."""

    id = fields.UUID()
    role = role_name()
    organization_id = fields.UUID(allow_none=True)
    province_code = fields.String(allow_none=True)
    learner_id = fields.UUID(allow_none=True)
    granted_by = fields.String()
    granted_at = fields.AwareDateTime()


class PersonSchema(Schema):
    """Somebody who signs in, masked, with the roles of today."""

    id = fields.UUID()
    username = fields.String()
    name = fields.String(metadata={"description": "masked"})
    email = fields.String(allow_none=True, metadata={"description": "masked"})
    password_assigned = fields.Boolean(metadata={"description": "must be changed before it signs in"})
    password_set_at = fields.AwareDateTime()
    created_by = fields.String()
    created_at = fields.AwareDateTime()
    disabled_at = fields.AwareDateTime(allow_none=True)
    disabled_by = fields.String(allow_none=True)
    roles = fields.List(fields.Nested(HeldRoleSchema))


class RegisteredPersonSchema(PersonSchema):
    """Somebody who was registered, with the password to hand over, which is shown this once."""

    password = fields.String()


class AssignedPasswordSchema(Schema):
    """A password to hand over, which is shown this once and must be changed before it signs in."""

    password = fields.String()


class SignInSchema(Schema):
    """Name and password, and the role to act in where there are several."""

    username = Username(required=True, validate=validate.Length(1, 64))
    password = password_field()
    role_id = fields.UUID(load_default=None)


class NewPasswordSchema(Schema):
    """Name and password, and the password to take its place."""

    username = Username(required=True, validate=validate.Length(1, 64))
    password = password_field()
    new_password = password_field(SHORTEST)


class RefreshSchema(Schema):
    """A refresh token, good once."""

    refresh_token = fields.String(required=True, load_only=True, validate=validate.Length(1, 256))


class TokensSchema(Schema):
    """An access token, and the refresh token to get the next one with."""

    access_token = fields.String()
    token_type = fields.String()
    expires_in = fields.Integer(metadata={"description": "seconds"})
    refresh_token = fields.String(metadata={"description": "good once, within an hour"})
    session_id = fields.UUID()
    session_expires_at = fields.AwareDateTime()
    role = role_name()
    organization_id = fields.UUID(allow_none=True)
    province_code = fields.String(allow_none=True)


class SessionSchema(Schema):
    """From a sign-in to its end."""

    id = fields.UUID()
    person_id = fields.UUID()
    role_id = fields.UUID()
    begun_at = fields.AwareDateTime()
    expires_at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime(allow_none=True)
    ended_why = fields.String(allow_none=True)
    ended_by = fields.String(allow_none=True)


class SignInRecordSchema(Schema):
    """What became of attempts to sign in."""

    id = fields.UUID()
    person_id = fields.UUID()
    outcome = fields.String(metadata={"enum": list(OUTCOMES)})
    happened_at = fields.AwareDateTime()
    failures = fields.Integer(metadata={"description": "wrong passwords since the last right one"})
    session_id = fields.UUID(allow_none=True)
    by = fields.String()


class OutsidePersonSchema(Schema):
    """Somebody whom the outside issuer vouched for, with the role and scope of the last time."""

    id = fields.UUID()
    role = role_name()
    organization_id = fields.UUID(allow_none=True)
    province_code = fields.String(allow_none=True)
    first_seen_at = fields.AwareDateTime()
    last_seen_on = fields.Date()
    disabled_at = fields.AwareDateTime(allow_none=True)
    disabled_by = fields.String(allow_none=True)
