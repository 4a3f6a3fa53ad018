"""HTTP bodies of monitoring points, draws and inspections."""

from marshmallow import Schema, fields, validate

from services.registry.inspections import draw, rules
from services.registry.text_fields import Text, province_code

INSPECTOR_CODE = validate.Regexp(r"^[A-Z0-9][A-Z0-9-]{1,31}\Z")
ORGANIZATION_IDS = validate.Length(max=200)
CLAUSE = validate.Regexp(r"^(OP|PP)-[0-9]{2}\Z")


class NewMonitoringDrawSchema(Schema):
    """Which type's monitoring points to draw (OP-38)."""

    certificate_type_id = fields.UUID(required=True)
    count = fields.Integer(
        load_default=rules.POINTS, strict=True, validate=validate.Range(rules.FEWEST_POINTS, rules.MOST_POINTS)
    )
    seed = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Regexp(rf"^[0-9a-f]{{{2 * draw.SEED_BYTES}}}\Z"),
        metadata={"description": "32 bytes in hexadecimal; a random one is made if none is given"},
    )


class MonitoringDrawSchema(Schema):
    """How a type's monitoring points were drawn."""

    id = fields.UUID()
    certificate_type_id = fields.UUID()
    seed = fields.String()
    count = fields.Integer(metadata={"description": "how many were asked for"})
    candidates_digest = fields.String()
    drawn_at = fields.AwareDateTime()


class MonitoringDrawWithCandidatesSchema(MonitoringDrawSchema):
    """All that is needed to repeat the draw of monitoring points."""

    algorithm = fields.Constant(draw.ALGORITHM, dump_only=True)
    candidates = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    drawn = fields.List(fields.String(), metadata={"description": "all candidates, as they are drawn"})


class MonitoringPointSchema(Schema):
    """A college at which a type is watched."""

    id = fields.UUID()
    draw_id = fields.UUID()
    certificate_type_id = fields.UUID()
    college_id = fields.UUID()
    province_code = fields.String()
    state = fields.String(metadata={"enum": list(rules.POINT_STATES)})
    since = fields.AwareDateTime()
    replaces_id = fields.UUID(allow_none=True)
    ended_at = fields.AwareDateTime(allow_none=True)
    ended_because = fields.String(allow_none=True)


class InspectionReasonSchema(Schema):
    """Why."""

    because = Text(1_000, required=True)


class NewInspectorSchema(Schema):
    """An inspector to name."""

    code = fields.String(required=True, validate=INSPECTOR_CODE, metadata={"description": "all that the public sees"})
    name = Text(100, required=True)
    province_code = province_code(load_default=None, allow_none=True)
    organization_id = fields.UUID(load_default=None, allow_none=True)
    interests = fields.List(fields.UUID(), load_default=list, validate=ORGANIZATION_IDS)


class InspectorSchema(Schema):
    """An inspector, by name masked."""

    id = fields.UUID()
    code = fields.String()
    name = fields.String(metadata={"description": "masked"})
    province_code = fields.String(allow_none=True, metadata={"description": "whose pool; null: the national one"})
    organization_id = fields.UUID(allow_none=True)
    interests = fields.List(fields.UUID())
    state = fields.String(metadata={"enum": list(rules.INSPECTOR_STATES)})
    added_at = fields.AwareDateTime()
    interests_declared_at = fields.AwareDateTime(allow_none=True)
    retired_at = fields.AwareDateTime(allow_none=True)


class InterestsSchema(Schema):
    """The organizations in which an inspector has an interest."""

    interests = fields.List(fields.UUID(), required=True, validate=ORGANIZATION_IDS)


class NewInspectionDrawSchema(Schema):
    """A draw to commit to (PP-28)."""

    title = Text(200, required=True)
    kind = fields.String(required=True, validate=validate.OneOf(rules.KINDS))
    province_code = province_code(
        load_default=None, allow_none=True, metadata={"description": "null: the nation; of a province always its own"}
    )
    count = fields.Integer(required=True, strict=True, validate=validate.Range(1, 10_000))
    inspectors_each = fields.Integer(load_default=2, strict=True, validate=validate.Range(1, 20))
    draw_on = fields.Date(required=True, metadata={"description": "the first day on which it may be held"})
    public_source = Text(
        500,
        load_default=None,
        allow_none=True,
        metadata={
            "description": "where a number will be published that nobody knows yet, such as a lottery's of a later day"
        },
    )


class InspectionDrawSchema(Schema):
    """A draw. `seed` is null until it is held or cancelled."""

    id = fields.UUID()
    title = fields.String()
    kind = fields.String(metadata={"enum": list(rules.KINDS)})
    province_code = fields.String(allow_none=True)
    count = fields.Integer()
    inspectors_each = fields.Integer()
    draw_on = fields.Date()
    public_source = fields.String(allow_none=True)
    commitment = fields.String(metadata={"description": "SHA-256 of the seed's 32 bytes"})
    candidates_digest = fields.String()
    inspectors_digest = fields.String()
    state = fields.String(metadata={"enum": list(rules.DRAW_STATES)})
    committed_at = fields.AwareDateTime()
    seed = fields.String(allow_none=True)
    public_value = fields.String(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)
    cancelled_because = fields.String(allow_none=True)


class VisitSchema(Schema):
    """An organization that was drawn, and the codes of the inspectors drawn for it."""

    inspection_id = fields.UUID()
    organization_id = fields.UUID()
    inspectors = fields.List(fields.String())


class InspectionDrawInFullSchema(InspectionDrawSchema):
    """All that is needed to repeat the draw (docs/inspections.md, examples/repeat_draw.py)."""

    algorithm = fields.Constant(draw.ALGORITHM, dump_only=True)
    candidates = fields.List(fields.String())
    inspectors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "by code, the candidates that an inspector may not inspect"},
    )
    visits = fields.List(fields.Nested(VisitSchema))


class RevealSchema(Schema):
    """What a draw is held with."""

    public_value = Text(
        200, load_default=None, allow_none=True, metadata={"description": "the number that `public_source` published"}
    )


class InspectionFindingSchema(Schema):
    """Something that was found. Public: it names no person."""

    id = fields.UUID(dump_only=True)
    clause = fields.String(required=True, validate=CLAUSE, metadata={"description": "the clause it goes against"})
    found = Text(2_000, required=True)
    rectification_id = fields.UUID(dump_only=True, allow_none=True)


class InspectionSchema(Schema):
    """An inspection and its result."""

    id = fields.UUID()
    draw_id = fields.UUID()
    place = fields.Integer()
    organization_id = fields.UUID()
    province_code = fields.String(allow_none=True)
    inspectors = fields.List(fields.String())
    state = fields.String(metadata={"enum": list(rules.INSPECTION_STATES)})
    inspected_on = fields.Date(allow_none=True)
    outcome = fields.String(allow_none=True, metadata={"enum": [*rules.OUTCOMES, None]})
    summary = fields.String(allow_none=True)
    recorded_at = fields.AwareDateTime(allow_none=True)


class InspectionWithFindingsSchema(InspectionSchema):
    """An inspection, its result and what was found."""

    findings = fields.List(fields.Nested(InspectionFindingSchema))


class InspectionResultSchema(Schema):
    """What a visit found (PP-28). Public: it names no person."""

    inspected_on = fields.Date(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(rules.OUTCOMES))
    summary = Text(5_000, required=True)
    findings = fields.List(fields.Nested(InspectionFindingSchema), load_default=list, validate=validate.Length(max=100))


class InspectionOrderSchema(Schema):
    """An order to put a finding right."""

    matter = Text(500, required=True, metadata={"description": "what is to be put right; it names no person"})
    due_on = fields.Date(required=True, metadata={"description": "the last day, included"})
