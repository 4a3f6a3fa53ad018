"""HTTP bodies of annulments."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.assessment.results.annulment_rules import GROUNDS, STATES


class NewAnnulmentSchema(Schema):
    """What is to be annulled, one result or a whole sitting, and why. The note is sealed; it may name persons."""

    registration_number = fields.String(load_default=None, validate=validate.Length(1, 24))
    sitting_id = fields.UUID(load_default=None)
    ground = fields.String(required=True, validate=validate.OneOf(GROUNDS))
    note = fields.String(required=True, validate=validate.Length(1, 2000))

    @validates_schema
    def one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        if (data["registration_number"] is None) == (data["sitting_id"] is None):
            raise ValidationError("Either registration_number or sitting_id, and not both.", "registration_number")


class AnnulmentSchema(Schema):
    """An annulment: of one result, or of all that was published of a sitting."""

    id = fields.UUID()
    plan_id = fields.UUID()
    teo_id = fields.UUID()
    registration_number = fields.String(allow_none=True)
    sitting_id = fields.UUID(allow_none=True)
    ground = fields.String(metadata={"enum": list(GROUNDS)})
    state = fields.String(metadata={"enum": list(STATES)})
    proposed_by = fields.String()
    proposed_at = fields.AwareDateTime()
    decided_by = fields.String(allow_none=True)
    decided_at = fields.AwareDateTime(allow_none=True)
    job_id = fields.UUID(allow_none=True, metadata={"description": "the job that carries it out, of a sitting"})


class AnnulmentWithNoteSchema(AnnulmentSchema):
    """An annulment with its note."""

    note = fields.String()


class AnnulledResultSchema(Schema):
    """A published result that no longer counts."""

    result_id = fields.UUID()
    annulment_id = fields.UUID()
    plan_id = fields.UUID()
    registration_number = fields.String()
    college_id = fields.UUID(allow_none=True)
    ground = fields.String(metadata={"enum": list(GROUNDS)})
    passed = fields.Boolean(metadata={"description": "whether it was a pass"})
    annulled_at = fields.AwareDateTime()
