"""HTTP bodies of deadlines."""

from marshmallow import Schema, fields


class TeoTimelinessSchema(Schema):
    """How timely one TEO's certificates came onto the platform (OP-32)."""

    teo_id = fields.UUID()
    name_zh = fields.String()
    name_en = fields.String()
    on_time = fields.Integer()
    late = fields.Integer()
    not_judged = fields.Integer(
        attribute="unknown", data_key="unknown", metadata={"description": "the calendar that decides is not published"}
    )  # marshmallow has another use for the name `unknown`


class TimelinessSchema(Schema):
    """Each TEO's timeliness."""

    items = fields.List(fields.Nested(TeoTimelinessSchema))
