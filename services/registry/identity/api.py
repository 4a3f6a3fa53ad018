"""Doors: tokens, keys, clients."""

from typing import Any

from flask import Response, current_app
from sqlalchemy.exc import IntegrityError

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, public, runtime, session
from services.registry.identity import actions, descriptions, queries
from services.registry.identity.errors import ClientExists
from services.registry.identity.schemas import ClientSchema, KeySetSchema, RegisteredClientSchema

blp = Blueprint("identity", "identity", description="Clients, tokens, keys")


@blp.route("/oauth/token", methods=["POST"])
@public
@blp.doc(requestBody=descriptions.TOKEN_REQUEST, responses=descriptions.TOKEN_RESPONSES)
def token() -> Response:
    """OAuth 2.0 token endpoint: grant_type=client_credentials, client_id and client_secret (RFC 6749)."""
    return current_app.extensions["token_server"].create_token_response()


@blp.route("/keys")
@public
@blp.response(200, KeySetSchema)
def keys() -> dict[str, Any]:
    """The public keys that verify access tokens, as a JSON Web Key Set."""
    live = queries.live_signing_keys(session())
    return {"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": key.key_id, "x": key.public_key} for key in live]}


@blp.route("/clients", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(ClientSchema)
@blp.response(201, RegisteredClientSchema)
def register_client(body: dict[str, Any]) -> dict[str, Any]:
    """Register a machine client; its secret is in the answer and nowhere else."""
    learner, rt = body["learner"], runtime()
    learner_id = rt.vault.learner_id(learner["document_type"], learner["document_number"]) if learner else None
    try:
        secret = actions.register_client(
            session(),
            body["client_id"],
            body["role"],
            by=caller().client_id,
            organization_id=body["organization_id"],
            learner_id=learner_id,
        )
    except IntegrityError:
        raise ClientExists() from None
    return {"client_id": body["client_id"], "client_secret": secret, "role": body["role"]}
