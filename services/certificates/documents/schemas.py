"""HTTP bodies of documents."""

from marshmallow import Schema, fields, validate


class PictureQuery(Schema):
    """Which picture."""

    form = fields.String(
        load_default="card",
        validate=validate.OneOf(("card", "page")),
        metadata={"description": "card: 1200 by 630 pixels, to share; page: the whole A4 page"},
    )


class BundleOrderSchema(Schema):
    """Whose documents."""

    sitting_id = fields.UUID(required=True, metadata={"description": "the sitting the certificates were earned in"})
