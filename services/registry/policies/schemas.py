"""HTTP bodies of policies."""

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import Schema, ValidationError, fields, validate

from services.registry.policies import media, rules
from services.registry.text_fields import Text, printable, province_code


def _web_address(value: str) -> None:
    """http or https and nothing else: the page makes a link of it."""
    validate.URL(schemes={"http", "https"}, require_tld=True)(value)
    printable(value)
    if len(value) > 500 or any(character.isspace() for character in value):
        raise ValidationError("An address has at most 500 characters and no space.")


class NewPolicySchema(Schema):
    """A policy document. A province's holds in its own territory, whatever it names."""

    number = Text(100, required=True, metadata={"description": "such as 教职成〔2019〕6号"})
    source = Text(300, required=True, metadata={"description": "who issued it"})
    province_code = province_code(load_default=None, allow_none=True)
    kind = fields.String(required=True, validate=validate.OneOf(rules.KINDS))
    issued_on = fields.Date(required=True)
    title_zh = Text(300, required=True)
    title_en = Text(500, required=True)
    summary_zh = Text(5_000, blank=True, load_default="")
    summary_en = Text(10_000, blank=True, load_default="")
    address = fields.String(
        load_default=None, allow_none=True, validate=_web_address, metadata={"description": "where its source has it"}
    )
    office = Text(200, required=True, metadata={"description": "the office to turn to"})
    office_phone = Text(60, blank=True, load_default="")
    contact = Text(100, blank=True, load_default="", metadata={"description": "a person's name: sealed, never public"})


class AttachmentSchema(Schema):
    """A file of a policy."""

    id = fields.UUID()
    name = fields.String()
    media_type = fields.String(metadata={"enum": list(media.ENDINGS)})
    size = fields.Integer(metadata={"description": "bytes"})
    sha256 = fields.String()
    added_at = fields.AwareDateTime()


class PolicyRowSchema(Schema):
    """A policy document in a list."""

    id = fields.UUID()
    number = fields.String()
    source = fields.String()
    province_code = fields.String(allow_none=True)
    kind = fields.String(metadata={"enum": list(rules.KINDS)})
    issued_on = fields.Date()
    title_zh = fields.String()
    title_en = fields.String()
    state = fields.String(metadata={"enum": list(rules.POLICY.states)})
    superseded_by_id = fields.UUID(allow_none=True)
    published_at = fields.AwareDateTime(allow_none=True)
    updated_at = fields.AwareDateTime()


class PolicySchema(PolicyRowSchema):
    """A policy document with its files, as anyone reads it."""

    summary_zh = fields.String()
    summary_en = fields.String()
    address = fields.String(allow_none=True)
    office = fields.String()
    office_phone = fields.String()
    attachments = fields.List(fields.Nested(AttachmentSchema))


class KeptPolicySchema(PolicySchema):
    """A policy document as those see it who keep the library."""

    contact = fields.String(metadata={"description": "masked"})
    reason = fields.String(metadata={"description": "why it was withdrawn"})
    created_by = fields.String()
    created_at = fields.AwareDateTime()
    updated_by = fields.String()
    published_by = fields.String(allow_none=True)


class AttachmentUploadSchema(Schema):
    """A file: PDF, OFD, DOCX, XLSX, PNG or JPEG, up to 20 MB."""

    file = Upload(required=True)


class SuccessorSchema(Schema):
    """What takes a policy's place."""

    superseded_by_id = fields.UUID(required=True)


class PolicyWithdrawalSchema(Schema):
    """Why a policy is withdrawn."""

    reason = Text(1_000, blank=True, load_default="")


def row(policy: Any) -> dict[str, Any]:
    """What is shown of a policy in any answer."""
    return {name: getattr(policy, name) for name in PolicySchema().fields if name != "attachments"}
