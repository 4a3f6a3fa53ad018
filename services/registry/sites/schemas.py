"""HTTP bodies of sites, their conditions and their coverage."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from onex.chassis.web import PageQuery, exporting
from services.registry.sites.rules import CONDITION_KINDS, NUMBER, SIDES
from services.registry.sites.states import SITE
from services.registry.text_fields import Text, division_code, printable, province_code

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


def site_code() -> fields.String:
    """The code by which candidates and rosters name a site."""
    return fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z0-9][A-Za-z0-9-]{1,31}\Z"))


class SiteConditionSchema(Schema):
    """Something that a certificate type asks of its sites (OP-23)."""

    name = Text(100, required=True)
    kind = fields.String(required=True, validate=validate.OneOf(CONDITION_KINDS))
    least = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(min=0, max=10**9),
        metadata={"description": "of a number: the least that meets the condition"},
    )

    @validates_schema
    def least_of_a_number(self, data: dict[str, Any], **_: Any) -> None:
        """A number has a least, the other kinds have none."""
        if (data["kind"] == NUMBER) is (data["least"] is None):
            raise ValidationError("A condition has a least if it is a number, and only then.", "least")


class SiteConditionListSchema(Schema):
    """A version of the conditions that a certificate type asks of its sites (OP-23)."""

    id = fields.UUID(dump_only=True)
    certificate_type_id = fields.UUID(required=True)
    version = fields.Integer(dump_only=True)
    conditions = fields.List(
        fields.Nested(SiteConditionSchema), required=True, validate=validate.Length(min=1, max=MOST_CONDITIONS)
    )
    in_force_from = fields.Date(required=True, metadata={"description": "the first day, a day in Beijing"})
    published_at = fields.AwareDateTime(dump_only=True)
    withdrawn_at = fields.AwareDateTime(dump_only=True, allow_none=True)

    @validates_schema
    def names_differ(self, data: dict[str, Any], **_: Any) -> None:
        """Answers are given by name."""
        names = [condition["name"] for condition in data.get("conditions", ())]
        if len(set(names)) < len(names):
            raise ValidationError("Two conditions have the same name.", "conditions")


class SiteCorrectionSchema(Schema):
    """What a college may correct in a declaration."""

    base_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "the training base it lies in (OP-25)"}
    )
    address_zh = Text(300, required=True)
    division_code = division_code(required=True)
    capacity = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=100_000))
    conditions = fields.Dict(
        keys=fields.String(validate=validate.Length(min=1, max=100)), required=True, validate=check_conditions
    )


class SiteSchema(SiteCorrectionSchema):
    """An assessment site."""

    id = fields.UUID(dump_only=True)
    code = site_code()
    college_id = fields.UUID(dump_only=True)
    certificate_type_id = fields.UUID(required=True)
    teo_id = fields.UUID(dump_only=True)
    province_code = fields.String(dump_only=True)
    condition_list_id = fields.UUID(dump_only=True, allow_none=True)
    state = fields.String(dump_only=True, metadata={"enum": list(SITE.states)})
    state_side = fields.String(dump_only=True, allow_none=True, metadata={"enum": [*SIDES, None]})
    state_reason = fields.String(dump_only=True, allow_none=True)
    state_changed_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    declared_at = fields.AwareDateTime(dump_only=True)
    teo_consented_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    province_consented_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    filed_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class SiteReasonSchema(Schema):
    """Why."""

    reason = Text(1_000, required=True)


class SiteGapSchema(Schema):
    """A city with pilot colleges and no filed site for a certificate type (OP-24)."""

    type_code = fields.String()
    type_name_zh = fields.String()
    type_name_en = fields.String()
    certificate_type_id = fields.UUID()
    teo_id = fields.UUID()
    city_code = fields.String(metadata={"description": "the first four digits of GB/T 2260"})
    province_code = fields.String()
    colleges = fields.Integer(metadata={"description": "how many pilot colleges of the province are in the city"})


class SiteGapPageSchema(Schema):
    """A page of the coverage report."""

    items = fields.List(fields.Nested(SiteGapSchema))
    next = fields.String(allow_none=True)


class SiteGapQuerySchema(PageQuery):
    """Which gaps."""

    certificate_type_id = fields.UUID(load_default=None)
    province_code = province_code(load_default=None)
    format = exporting.format_field()
