"""HTTP bodies of batch inquiries."""

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from services.certificates.inquiry.batch import MAX_ROWS


class BatchFileSchema(Schema):
    """A CSV or XLSX file with the columns 证书编号 (number) and 姓名 (name)."""

    file = Upload(required=True)


class BatchListSchema(Schema):
    """Numbers and names. An item that is not as it should be is told of in the results, and hinders no other."""

    inquiries = fields.List(fields.Raw(allow_none=True), required=True, validate=validate.Length(min=1, max=MAX_ROWS))


class BatchResultSchema(Schema):
    """What one row found. The facts are there only where `outcome` is `found`; the name is masked."""

    row = fields.Integer(metadata={"description": "the line of the file; of a list the item, from 1 on"})
    outcome = fields.String(metadata={"enum": ["found", "not_found", "malformed"]})
    number = fields.String()
    state = fields.String(metadata={"enum": ["valid", "suspended", "revoked", "replaced"]})
    masked_name = fields.String()
    type_code = fields.String()
    type_zh = fields.String()
    type_en = fields.String()
    level = fields.String(metadata={"enum": ["primary", "intermediate", "advanced"]})
    teo_zh = fields.String()
    teo_en = fields.String()
    issued_on = fields.Date()
    code = fields.String(metadata={"description": "what is wrong with a malformed row"})
    reason = fields.String()
    reason_zh = fields.String()


class BatchResultsSchema(Schema):
    """What the rows of a batch found, as the certificates stand now."""

    items = fields.List(fields.Nested(BatchResultSchema))


_ITEM = {
    "type": "object",
    "properties": {"number": {"type": "string"}, "name": {"type": "string"}},
    "required": ["number", "name"],
}
_LIST = {"type": "array", "items": _ITEM, "minItems": 1, "maxItems": MAX_ROWS}
_FILE = {"type": "string", "format": "binary"}
BATCH_REQUEST: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"type": "object", "properties": {"inquiries": _LIST}, "required": ["inquiries"]}
        },
        "multipart/form-data": {"schema": {"type": "object", "properties": {"file": _FILE}, "required": ["file"]}},
    },
}
