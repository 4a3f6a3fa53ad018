"""HTTP bodies of organizations."""

from typing import Any

from marshmallow import Schema, fields, validate

from services.registry.organizations.rules import COLLEGE_KINDS, EXCLUDED_COLLEGE_KIND, KINDS, STATUSES
from services.registry.text_fields import Text, division_code, province_code

INDUSTRIES = ("agriculture", "manufacturing", "services", "emerging")
LEVELS = ("primary", "intermediate", "advanced")


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


def college_kind(**options: Any) -> fields.String:
    """One of the kinds of college; a technical school is let in here to be refused by the rule that names it (PP-34)."""
    return fields.String(allow_none=True, validate=validate.OneOf([*COLLEGE_KINDS, EXCLUDED_COLLEGE_KIND]), **options)


def school_code(**options: Any) -> fields.String:
    """Ten digits; the rule says so."""
    return Text(10, allow_none=True, metadata={"description": "a college's ten-digit identifier"}, **options)


class NewOrganizationSchema(Schema):
    """An organization to register."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    code = Text(
        32,
        required=True,
        metadata={
            "description": "unified social credit code; for a province its two digits; a coordinating body or a training"
            " base may have a code of its own"
        },
    )
    name_zh = Text(200, required=True)
    name_en = Text(200, required=True)
    division_code = division_code(required=True)
    province_code = province_code(load_default=None, allow_none=True)
    college_kind = college_kind(load_default=None)
    school_code = school_code(load_default=None)
    demonstration = fields.Boolean(load_default=False)
    double_high = fields.Boolean(load_default=False)
    contacts = fields.List(fields.Nested(ContactSchema), load_default=list, validate=validate.Length(max=20))
    work_group = fields.Nested(WorkGroupSchema, load_default=None, allow_none=True)


class OrganizationCorrectionSchema(Schema):
    """What is to be put right; what is left out stays."""

    name_zh = Text(200)
    name_en = Text(200)
    division_code = division_code()
    college_kind = college_kind()
    school_code = school_code()
    demonstration = fields.Boolean()
    double_high = fields.Boolean()


class ContactsSchema(Schema):
    """Whom to turn to."""

    contacts = fields.List(fields.Nested(ContactSchema), required=True, validate=validate.Length(min=1, max=20))


class AdmissionSchema(Schema):
    """An admission."""

    reason = Text(
        500,
        load_default=None,
        allow_none=True,
        metadata={"description": "why a TEO without an accepted application is admitted, outside a recruitment round"},
    )


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
    school_code = fields.String(allow_none=True)
    demonstration = fields.Boolean()
    double_high = fields.Boolean()
    levels = fields.List(fields.String(metadata={"enum": list(LEVELS)}))
    status = fields.String(metadata={"enum": list(STATUSES)})
    created_at = fields.AwareDateTime()
    admitted_at = fields.AwareDateTime(allow_none=True)
    exited_at = fields.AwareDateTime(allow_none=True)
    exit_ground = fields.String(allow_none=True)


class OrganizationWithPeopleSchema(OrganizationSchema):
    """An organization with the people it names, masked, and how it came in; regulators, the operator and itself see that."""

    contacts = fields.List(fields.Nested(ContactSchema))
    work_group = fields.Nested(WorkGroupSchema, allow_none=True)
    application_id = fields.UUID(allow_none=True, metadata={"description": "through which a TEO came in"})
    outside_round_reason = fields.String(
        allow_none=True, metadata={"description": "why a TEO came in without an application"}
    )


class BatchSchema(Schema):
    """A batch of the pilot (PP-36)."""

    id = fields.UUID(dump_only=True)
    code = fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z0-9][A-Za-z0-9-]{1,31}\Z"))
    name_zh = Text(200, required=True)
    name_en = Text(200, required=True)
    field_codes = fields.List(Text(32), load_default=list, validate=validate.Length(max=100))
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True, metadata={"description": "the last day, included"})
    review_on = fields.Date(load_default=None, allow_none=True)
    created_at = fields.AwareDateTime(dump_only=True)


class CollegesSchema(Schema):
    """Some colleges."""

    college_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=1000))


class BatchCollegeSchema(Schema):
    """A college's part in a batch."""

    id = fields.UUID()
    batch_id = fields.UUID()
    college_id = fields.UUID()
    added_at = fields.AwareDateTime()


class AddedSchema(Schema):
    """How many of those named were not there yet."""

    added = fields.Integer()


class QuotaSchema(Schema):
    """A college's quota for a type's level in a year (OP-07)."""

    id = fields.UUID(dump_only=True)
    college_id = fields.UUID(required=True)
    certificate_type_id = fields.UUID(required=True)
    level = fields.String(required=True, validate=validate.OneOf(LEVELS))
    year = fields.Integer(required=True, strict=True, validate=validate.Range(min=2019, max=2100))
    seats = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=1_000_000))
    version = fields.Integer(dump_only=True)
    province_code = fields.String(dump_only=True)
    filed_at = fields.AwareDateTime(dump_only=True)


class CoordinatingBodySchema(Schema):
    """The guiding and coordinating body that a province names (OP-02)."""

    code = Text(32, required=True, metadata={"description": "a unified social credit code, or one of its own"})
    name_zh = Text(200, required=True)
    name_en = Text(200, required=True)
    division_code = division_code(required=True)
    contacts = fields.List(fields.Nested(ContactSchema), required=True, validate=validate.Length(min=1, max=20))


class NewLiaisonSchema(Schema):
    """Whom a province names for a certificate type and its TEO (OP-02)."""

    certificate_type_id = fields.UUID(required=True)
    name = Text(100, required=True)
    phone = Text(30, required=True)
    email = Text(200, blank=True, load_default="")


class LiaisonSchema(Schema):
    """A liaison; the person is shown masked."""

    id = fields.UUID()
    province_code = fields.String()
    certificate_type_id = fields.UUID()
    teo_id = fields.UUID()
    name = fields.String()
    phone = fields.String()
    email = fields.String()
    named_at = fields.AwareDateTime()


class GapQuery(Schema):
    """Of which province."""

    province_code = province_code(load_default=None)


class GapSchema(Schema):
    """A province in which a certificate type is under way, and nobody is named for it."""

    province_code = fields.String()
    certificate_type_id = fields.UUID()
    certificate_type_code = fields.String()
    teo_id = fields.UUID()


class GapsSchema(Schema):
    """What the provinces have not named yet (OP-02)."""

    without_coordinating_body = fields.List(fields.String(), metadata={"description": "codes of provinces"})
    without_liaison = fields.List(fields.Nested(GapSchema))


class NewConsortiumSchema(Schema):
    """A consortium to found (OP-19)."""

    name_zh = Text(200, required=True)
    certificate_type_id = fields.UUID(required=True)
    purpose = Text(2000, required=True)
    college_ids = fields.List(
        fields.UUID(), required=True, validate=validate.Length(min=1, max=200),
        metadata={"description": "the members, the college that leads it among them"},
    )  # fmt: skip


class ConsortiumSchema(Schema):
    """A consortium of colleges for a certificate type."""

    id = fields.UUID()
    name_zh = fields.String()
    certificate_type_id = fields.UUID()
    lead_college_id = fields.UUID()
    purpose = fields.String()
    founded_at = fields.AwareDateTime()
    dissolved_at = fields.AwareDateTime(allow_none=True)


class MemberSchema(Schema):
    """A college's membership."""

    id = fields.UUID()
    consortium_id = fields.UUID()
    college_id = fields.UUID()
    joined_at = fields.AwareDateTime()
    left_at = fields.AwareDateTime(allow_none=True)


class ShareSchema(Schema):
    """A college's or an enterprise's part in a training base (PP-39)."""

    id = fields.UUID(dump_only=True)
    base_id = fields.UUID(dump_only=True)
    organization_id = fields.UUID(required=True)
    part = fields.String(required=True, validate=validate.OneOf(("builds", "operates", "uses")))
    since = fields.Date(required=True)
    until = fields.Date(load_default=None, allow_none=True, metadata={"description": "the last day, included"})
    recorded_at = fields.AwareDateTime(dump_only=True)


class FieldChangeSchema(Schema):
    """What is known of a vocational field (PP-32)."""

    name_zh = Text(100, required=True)
    name_en = Text(100, required=True)
    industry = fields.String(required=True, validate=validate.OneOf(INDUSTRIES))
    shortage = fields.Boolean(required=True)
    also = fields.List(
        Text(100),
        load_default=list,
        load_only=True,
        validate=validate.Length(max=50),
        metadata={"description": "other ways in which it is written"},
    )
    spellings = fields.List(fields.String(), dump_only=True)


class FieldSchema(FieldChangeSchema):
    """A vocational field with its code."""

    id = fields.UUID(dump_only=True)
    code = fields.String(required=True, validate=validate.Regexp(r"^[a-z0-9][a-z0-9-]{1,31}\Z"))


class UnmatchedFieldSchema(Schema):
    """A certificate type whose field nothing in the taxonomy recognises."""

    id = fields.UUID()
    code = fields.String()
    name_zh = fields.String()
    field = fields.String()


class DivisionNameSchema(Schema):
    """A name that a division's code stood for, and when."""

    name = fields.String()
    from_year = fields.Integer(allow_none=True, metadata={"description": "none where the source names no year"})
    to_year = fields.Integer(allow_none=True, metadata={"description": "none while it is in force"})


class DivisionSchema(Schema):
    """What a code of GB/T 2260 stands and stood for."""

    code = fields.String()
    province_code = fields.String()
    in_force = fields.Boolean(metadata={"description": "on the day that is asked for"})
    names = fields.List(fields.Nested(DivisionNameSchema))


class DivisionQuery(Schema):
    """On which day."""

    on = fields.Date(load_default=None, metadata={"description": "today if not given"})


class DutySchema(Schema):
    """What an actor of the pilot answers for, and with which doors (PP-37)."""

    actor = fields.String()
    clause = fields.String()
    duty = fields.String()
    role = fields.String()
    doors = fields.List(fields.String())
    reads = fields.String()
