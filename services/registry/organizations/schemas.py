"""HTTP bodies of organizations."""

from marshmallow import Schema, fields, validate

from onex.chassis.web import PageQuery
from services.registry.organizations.rules import COLLEGE_KINDS, EXCLUDED_COLLEGE_KIND, KINDS, STATUSES
from services.registry.text_fields import Text, division_code, province_code


class ContactSchema(Schema):
    """A person to turn to; shown masked."""

    name = Text(100, required=True)
    phone = Text(30, blank=True, load_default="")
    email = Text(200, blank=True, load_default="")


class WorkGroupSchema(Schema):
    """A college's work group (OP-03); people are shown masked."""

    leader_name = Text(100, blank=True, load_default="", metadata={"description": "the college's principal leader"})
    leader_title = Text(100, blank=True, load_default="")
    contact_name = Text(100, blank=True, load_default="")
    contact_phone = Text(30, blank=True, load_default="")


class NewOrganizationSchema(Schema):
    """An organization to register."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    code = Text(
        30, required=True, metadata={"description": "unified social credit code; for a province its two digits"}
    )
    name_zh = Text(200, required=True)
    name_en = Text(200, required=True)
    division_code = division_code(required=True)
    province_code = province_code(load_default=None, allow_none=True)
    college_kind = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf([*COLLEGE_KINDS, EXCLUDED_COLLEGE_KIND])
    )
    contacts = fields.List(fields.Nested(ContactSchema), load_default=list, validate=validate.Length(max=20))
    work_group = fields.Nested(WorkGroupSchema, load_default=None, allow_none=True)


class OrganizationSchema(Schema):
    """An organization as everyone who may see it sees it."""

    id = fields.UUID()
    kind = fields.String(metadata={"enum": list(KINDS)})
    code = fields.String()
    name_zh = fields.String()
    name_en = fields.String()
    division_code = fields.String()
    province_code = fields.String(allow_none=True)
    college_kind = fields.String(allow_none=True)
    status = fields.String(metadata={"enum": list(STATUSES)})
    created_at = fields.AwareDateTime()
    admitted_at = fields.AwareDateTime(allow_none=True)


class OrganizationWithPeopleSchema(OrganizationSchema):
    """An organization with the people it names, masked; regulators, the operator and itself see them."""

    contacts = fields.List(fields.Nested(ContactSchema))
    work_group = fields.Nested(WorkGroupSchema, allow_none=True)


class OrganizationQuery(PageQuery):
    """Which organizations."""

    kind = fields.String(load_default=None, validate=validate.OneOf(KINDS))
    province_code = province_code(load_default=None)


class OrganizationPageSchema(Schema):
    """A page of organizations."""

    items = fields.List(fields.Nested(OrganizationSchema))
    next = fields.String(allow_none=True)
