"""HTTP bodies of sites."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from onex.chassis.web import PageQuery
from services.registry.sites.rules import STATES
from services.registry.text_fields import Text, division_code, printable

MOST_CONDITIONS, LONGEST_CONDITION = 100, 1_000


def check_conditions(conditions: dict[str, Any]) -> None:
    """Named conditions, each a text, a number or yes/no."""
    if len(conditions) > MOST_CONDITIONS:
        raise ValidationError(f"At most {MOST_CONDITIONS} conditions.")
    for name, value in conditions.items():
        if not isinstance(value, str | int | bool) or (isinstance(value, int) and abs(value) > 10**9):
            raise ValidationError("A condition is a text, a whole number, or true or false.")
        printable(name)
        if isinstance(value, str):
            if len(value) > LONGEST_CONDITION:
                raise ValidationError(f"A condition has at most {LONGEST_CONDITION} characters.")
            printable(value)


class SiteSchema(Schema):
    """An assessment site."""

    id = fields.UUID(dump_only=True)
    code = fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z0-9][A-Za-z0-9-]{1,31}\Z"))
    college_id = fields.UUID(dump_only=True)
    certificate_type_id = fields.UUID(required=True)
    teo_id = fields.UUID(dump_only=True)
    province_code = fields.String(dump_only=True)
    address_zh = Text(300, required=True)
    division_code = division_code(required=True)
    capacity = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=100_000))
    conditions = fields.Dict(
        keys=fields.String(validate=validate.Length(min=1, max=100)), required=True, validate=check_conditions
    )
    state = fields.String(dump_only=True, metadata={"enum": list(STATES)})
    declared_at = fields.AwareDateTime(dump_only=True)
    teo_consented_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    province_consented_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    filed_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class SiteQuery(PageQuery):
    """Which sites."""

    state = fields.String(load_default=None, validate=validate.OneOf(STATES))
    certificate_type_id = fields.UUID(load_default=None)


class SitePageSchema(Schema):
    """A page of sites."""

    items = fields.List(fields.Nested(SiteSchema))
    next = fields.String(allow_none=True)
