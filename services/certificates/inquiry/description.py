"""What the service's OpenAPI document says of the inquiry door, which no blueprint describes."""

from typing import Any

from flask import Flask

from services.certificates.inquiry import tokens
from services.certificates.inquiry.door import MAX_NUMBER_LENGTH, PATH
from services.certificates.issuing.names import MAX_NAME_LENGTH


def describe(app: Flask) -> None:
    """Add the door to the OpenAPI document of `app`."""
    (api,) = app.extensions["flask-smorest"]["apis"].values()
    # The specification's options are merged into the document; its own `path` takes nothing but Flask's routes.
    api["ext_obj"].spec.options.setdefault("paths", {})[PATH] = {"post": _POST}


def _text(longest: int, meaning: str) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": longest, "description": meaning}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


_STRING = {"type": "string"}
_STATES = {"type": "string", "enum": ["valid", "suspended", "revoked", "replaced"]}
_NAMES = {"name_zh": _STRING, "name_en": _STRING}
_CERTIFICATE = _object(
    number=_STRING,
    masked_name=_STRING,
    certificate_type=_object(code=_STRING, **_NAMES),
    level={"type": "string", "enum": ["primary", "intermediate", "advanced"]},
    teo=_object(**_NAMES),
    issued_on={"type": "string", "format": "date"},
    state=_STATES,
    credential_url={"type": "string", "format": "uri"},
    inquiry_url={"type": "string", "format": "uri"},
)
_FOUND = _object(found={"const": True}, certificate=_CERTIFICATE)
_NOT_FOUND = _object(found={"const": False}, message=_object(zh=_STRING, en=_STRING))
_NUMBER = _text(MAX_NUMBER_LENGTH, "as printed; spaces, hyphens, case and width do not matter")
_BY_NAME = _object(number=_NUMBER, name=_text(MAX_NAME_LENGTH, "the holder's name"))
_BY_TOKEN = _object(number=_NUMBER, token=_text(tokens.LENGTH, "what its QR code has after `t=`"))
_QUESTION = {"oneOf": [_BY_NAME, _BY_TOKEN]}
_POST: dict[str, Any] = {
    "tags": ["inquiry"],
    "summary": "Check a certificate by its number and its holder's name, or the token of its QR code.",
    "description": (
        "Open to anyone. A wrong name, a wrong token and a number that was never issued get the same answer."
        " Who asks too much, or guesses too often, is told by `Retry-After` when to ask again."
    ),
    "security": [],
    "requestBody": {"required": True, "content": {"application/json": {"schema": _QUESTION}}},
    "responses": {
        "200": {
            "description": "Found, or not.",
            "content": {"application/json": {"schema": {"oneOf": [_FOUND, _NOT_FOUND]}}},
        }
    }
    | {
        status: {"description": f"Problem `{code}`.", "content": {"application/problem+json": {}}}
        for status, code in (
            ("400", "malformed"),
            ("413", "too_large"),
            ("415", "media_type"),
            ("422", "invalid"),
            ("429", "too_many_requests"),
            ("503", "unavailable"),
        )
    },
}
