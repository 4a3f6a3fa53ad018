"""The OpenAPI documents tell the truth about refusals: they are RFC 9457 problems, with our codes."""

from decimal import Decimal
from typing import Any

from flask_smorest import Api
from marshmallow import Schema, fields


class ProblemSchema(Schema):
    """Why a request was refused (RFC 9457). `code` is stable; some problems have members of their own besides."""

    class Meta:
        unknown = "include"

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String()
    clause = fields.String(metadata={"description": "the clause of the rules that was applied"})
    errors = fields.Dict(metadata={"description": "what is wrong, by place and field"})
    instance = fields.String()
    trace_id = fields.String(allow_none=True)


def answers_with(content_type: str, description: str) -> dict[str, Any]:
    """The `responses` of a door (for `@blp.doc`) whose answer is no JSON of ours but this type."""
    return {"200": {"description": description, "content": {content_type: {"schema": {"type": "string"}}}}}


def _exact_numbers(_converter: Any, field: Any, ret: dict[str, Any], **_: Any) -> dict[str, Any]:
    """An exact number is written as text where its field says so, and its bounds are numbers in any case."""
    bounds = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    said: dict[str, Any] = {name: float(ret[name]) for name in bounds if isinstance(ret.get(name), Decimal | str)}
    if isinstance(field, fields.Decimal) and field.as_string:
        # What is sent may be a number or a text; what is answered is a text.
        kinds = ["string"] if field.dump_only else ["number", "string"]
        said["type"] = [*kinds, "null"] if field.allow_none else kinds if len(kinds) > 1 else "string"
    return said


class DocumentedApi(Api):  # type: ignore[misc]
    """flask-smorest's, whose every refusal is described as the problem it is."""

    ERROR_SCHEMA = ProblemSchema

    def _init_spec(self, *args: Any, **options: Any) -> None:
        super()._init_spec(*args, **options)
        self.ma_plugin.converter.add_attribute_function(_exact_numbers)

    def _register_responses(self) -> None:
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = Api.DEFAULT_RESPONSE_CONTENT_TYPE
