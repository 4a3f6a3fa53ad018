"""HTTP bodies of identity."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from onex.chassis.access import Role
from onex.chassis.bulk import CellRefused
from onex.chassis.bulk.checks import identity_number


def resident_number(text: str) -> None:
    """GB 11643, as a roster's are: from any other number comes the id of a learner who cannot exist."""
    try:
        identity_number(text)
    except CellRefused as refused:
        raise ValidationError(refused.reason_en) from None


class DocumentSchema(Schema):
    """A learner's document; only the id derived from it is kept."""

    document_type = fields.String(required=True, validate=validate.OneOf(["RIC"]))
    document_number = fields.String(required=True, validate=resident_number)


class ClientSchema(Schema):
    """A machine client to register."""

    client_id = fields.String(required=True, validate=validate.Regexp(r"^[a-z0-9][a-z0-9._-]{2,63}\Z"))
    role = fields.Enum(Role, by_value=True, required=True)
    organization_id = fields.UUID(load_default=None)
    learner = fields.Nested(DocumentSchema, load_default=None)

    @validates_schema
    def check_learner(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("role") == Role.LEARNER) != (data.get("learner") is not None):
            raise ValidationError("A learner's document is given for a learner client, and only for one.", "learner")


class RegisteredClientSchema(Schema):
    """A registered client with its secret, which is shown this once."""

    client_id = fields.String()
    client_secret = fields.String()
    role = fields.Enum(Role, by_value=True)


class KeySetSchema(Schema):
    """A JSON Web Key Set (RFC 7517)."""

    keys = fields.List(fields.Dict())
