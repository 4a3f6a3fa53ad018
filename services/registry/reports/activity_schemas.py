"""HTTP bodies of activities, invitations, cases and suggestions."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from onex.chassis.web.moments import Moment
from services.registry.organizations.schemas import OrganizationSchema
from services.registry.reports import activity_rules as rules
from services.registry.reports.rules import REPORTERS
from services.registry.text_fields import Text, division_code, province_code


class ActivityChangesSchema(Schema):
    """What a filing says of an activity, besides where."""

    kind = fields.String(required=True, validate=validate.OneOf(rules.ACTIVITY_KINDS))
    title = Text(200, required=True)
    place = Text(300, required=True)
    division_code = division_code(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    participants = fields.Integer(required=True, strict=True, validate=validate.Range(0, 1_000_000))
    explanation = Text(2_000, blank=True, load_default="")

    @validates_schema(skip_on_field_errors=True)
    def _in_our_time(self, data: dict[str, Any], **_: Any) -> None:
        for name in ("starts_at", "ends_at"):
            if not 2000 <= data[name].year < 2200:
                raise ValidationError("This is no day of the pilot's.", name)


class NewActivitySchema(ActivityChangesSchema):
    """An activity of the caller's in a province."""

    province_code = province_code(required=True)
    late = fields.Boolean(load_default=False, metadata={"description": "it has begun: take it as the breach it is"})


class UnfiledActivitySchema(ActivityChangesSchema):
    """An activity that a TEO held without filing it. A province's is its own, whatever it names."""

    teo_id = fields.UUID(required=True)
    province_code = province_code(required=True)


class ActivitySchema(Schema):
    """A filed activity, or one on record as a breach."""

    id = fields.UUID()
    teo_id = fields.UUID()
    province_code = fields.String()
    kind = fields.String(metadata={"enum": list(rules.ACTIVITY_KINDS)})
    title = fields.String()
    place = fields.String()
    division_code = fields.String()
    starts_at = fields.AwareDateTime()
    ends_at = fields.AwareDateTime()
    participants = fields.Integer()
    explanation = fields.String()
    state = fields.String(metadata={"enum": list(rules.ACTIVITY.states)})
    breach = fields.Boolean(metadata={"description": "it had begun when it was put on record"})
    unfiled = fields.Boolean(metadata={"description": "the province put it on record, not the TEO"})
    filed_at = fields.AwareDateTime()
    filed_by = fields.String()
    changed_at = fields.AwareDateTime(allow_none=True)
    changed_by = fields.String(allow_none=True)
    noted_at = fields.AwareDateTime(allow_none=True)
    noted_by = fields.String(allow_none=True)


class NewInvitationSchema(Schema):
    """A TEO asked to a seminar or training of the caller's province."""

    organization_id = fields.UUID(required=True, metadata={"description": "the TEO"})
    occasion = fields.String(required=True, validate=validate.OneOf(rules.OCCASIONS))
    title = Text(200, required=True)
    place = Text(300, required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class InvitationSchema(Schema):
    """An invitation, its answer, and whether the TEO came."""

    id = fields.UUID()
    organization_id = fields.UUID()
    province_code = fields.String()
    occasion = fields.String(metadata={"enum": list(rules.OCCASIONS)})
    title = fields.String()
    place = fields.String()
    starts_on = fields.Date()
    ends_on = fields.Date()
    state = fields.String(metadata={"enum": list(rules.INVITATION.states)})
    reason = fields.String(metadata={"description": "why it was declined"})
    invited_by = fields.String()
    invited_at = fields.AwareDateTime()
    answered_by = fields.String(allow_none=True)
    answered_at = fields.AwareDateTime(allow_none=True)
    settled_by = fields.String(allow_none=True)
    settled_at = fields.AwareDateTime(allow_none=True)


class InvitationAnswerSchema(Schema):
    """A TEO's answer to an invitation."""

    answer = fields.String(required=True, validate=validate.OneOf(("accept", "decline")))
    reason = Text(1_000, blank=True, load_default="")


class InvitationAttendanceSchema(Schema):
    """Whether the TEO came."""

    attended = fields.Boolean(required=True)


class AbsenteeSchema(OrganizationSchema):
    """A TEO that was invited and never came; of what has begun."""

    accepted = fields.Integer()
    declined = fields.Integer()
    unanswered = fields.Integer()
    absent = fields.Integer()


class GoodCaseChangesSchema(Schema):
    """What a case says."""

    title_zh = Text(200, required=True)
    title_en = Text(200, required=True)
    summary = Text(20_000, required=True)


class NewGoodCaseSchema(GoodCaseChangesSchema):
    """A case to be proposed."""

    report_id = fields.UUID(load_default=None, allow_none=True)


class PublicGoodCaseSchema(Schema):
    """A good case as anyone reads it."""

    id = fields.UUID()
    organization_id = fields.UUID()
    organization_kind = fields.String(metadata={"enum": list(REPORTERS)})
    province_code = fields.String(allow_none=True)
    title_zh = fields.String()
    title_en = fields.String()
    summary = fields.String()
    state = fields.String(metadata={"enum": list(rules.GOOD_CASE.states)})
    published_at = fields.AwareDateTime(allow_none=True)


class GoodCaseSchema(PublicGoodCaseSchema):
    """A good case with where it comes from and what was decided."""

    report_id = fields.UUID(allow_none=True)
    remark = fields.String()
    proposed_by = fields.String()
    proposed_at = fields.AwareDateTime()
    decided_by = fields.String(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)


class GoodCaseDecisionSchema(Schema):
    """What is decided on a case."""

    decision = fields.String(required=True, validate=validate.OneOf(("publish", "decline")))
    remark = Text(2_000, blank=True, load_default="")


class SuggestionChangesSchema(Schema):
    """What is suggested."""

    topic = Text(200, required=True)
    suggested = Text(10_000, required=True)


class NewSuggestionSchema(SuggestionChangesSchema):
    """A suggestion, out of a report or not."""

    report_id = fields.UUID(load_default=None, allow_none=True)


class SuggestionSchema(Schema):
    """A suggestion and what became of it."""

    id = fields.UUID()
    organization_id = fields.UUID()
    organization_kind = fields.String(metadata={"enum": list(REPORTERS)})
    province_code = fields.String(allow_none=True)
    report_id = fields.UUID(allow_none=True)
    topic = fields.String()
    suggested = fields.String()
    state = fields.String(metadata={"enum": list(rules.SUGGESTION.states)})
    answer = fields.String()
    made_by = fields.String()
    made_at = fields.AwareDateTime()
    decided_by = fields.String(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)


class SuggestionDecisionSchema(Schema):
    """What becomes of a suggestion; what is adopted or declined is answered."""

    decision = fields.String(required=True, validate=validate.OneOf(("review", "adopt", "decline")))
    answer = Text(5_000, blank=True, load_default="")
