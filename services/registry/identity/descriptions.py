"""What the OpenAPI document says of the token endpoint: its bodies are OAuth's, not ours.

RFC 6749 sections 4.4 and 5, RFC 8693 section 2.
"""

from typing import Any

_STRING = {"type": "string"}
_CLIENT_FORM = {
    "type": "object",
    "properties": {
        "grant_type": {"const": "client_credentials"},
        "client_id": _STRING,
        "client_secret": {"type": "string", "description": "both may be sent by HTTP Basic instead"},
    },
    "required": ["grant_type"],
}
_EXCHANGE_FORM = {
    "type": "object",
    "description": "only where an outside issuer is trusted",
    "properties": {
        "grant_type": {"const": "urn:ietf:params:oauth:grant-type:token-exchange"},
        "subject_token": {"type": "string", "description": "a token of the outside issuer, made out to this platform"},
        "subject_token_type": {
            "enum": ["urn:ietf:params:oauth:token-type:id_token", "urn:ietf:params:oauth:token-type:jwt"]
        },
        "scope": {"type": "string", "description": "one role, where the token gives several"},
    },
    "required": ["grant_type", "subject_token", "subject_token_type"],
}
_FORM = {"oneOf": [_CLIENT_FORM, _EXCHANGE_FORM]}
_TOKEN = {
    "type": "object",
    "properties": {
        "access_token": _STRING,
        "token_type": {"const": "Bearer"},
        "expires_in": {"type": "integer"},
        "issued_token_type": {"type": "string", "description": "after an exchange"},
    },
    "required": ["access_token", "token_type", "expires_in"],
}
_ERROR = {
    "type": "object",
    "properties": {"error": _STRING, "error_description": _STRING},
    "required": ["error"],
}


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


TOKEN_REQUEST: dict[str, Any] = {
    "required": True,
    "content": {"application/x-www-form-urlencoded": {"schema": _FORM}},
}
TOKEN_RESPONSES: dict[str, Any] = {
    "200": _answer("The token.", _TOKEN),
    "400": _answer("The request is not right.", _ERROR),
    "401": _answer("The client is not known, or its secret is wrong: which of the two is not said.", _ERROR),
}
