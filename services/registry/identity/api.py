"""Doors: tokens, keys, clients."""

import uuid
from typing import Any

from flask import Response, current_app
from sqlalchemy.exc import IntegrityError

from onex.chassis import access
from onex.chassis.access import Role
from onex.chassis.problems import Unauthorized
from onex.chassis.web import allow, caller, public, runtime, session
from onex.chassis.web.listing import Listing, equal
from services.registry.identity import (
    actions,
    descriptions,
    people_api,
    queries,
    sessions,
    sessions_api,
    signing_keys,
)
from services.registry.identity.doors import NO_STORE, blp
from services.registry.identity.errors import ClientExists
from services.registry.identity.models import Client
from services.registry.identity.schemas import (
    ClientSchema,
    IntrospectionSchema,
    KeySetSchema,
    MeSchema,
    NewClientSchema,
    NewSigningKeySchema,
    RegisteredClientSchema,
    RenewalSchema,
    RenewedSecretSchema,
    SigningKeyListSchema,
    SigningKeySchema,
    TokenFormSchema,
)

__all__ = ["blp", "people_api", "sessions_api"]

CLIENTS = Listing(
    ClientSchema,
    Client.id,
    filters={
        "client_id": equal(Client.client_id),
        "role": equal(Client.role, [role.value for role in Role]),
        "organization_id": equal(Client.organization_id),
    },
)


@blp.route("/oauth/token", methods=["POST"])
@public
@blp.doc(requestBody=descriptions.TOKEN_REQUEST, responses=descriptions.TOKEN_RESPONSES)
def token() -> Response:
    """OAuth 2.0 token endpoint: a client's secret, or a token of the outside issuer, for an access token.

    grant_type=client_credentials (RFC 6749) or urn:ietf:params:oauth:grant-type:token-exchange (RFC 8693).
    """
    return current_app.extensions["token_server"].create_token_response()


@blp.route("/oauth/revoke", methods=["POST"])
@public
@blp.arguments(TokenFormSchema, location="form")
@blp.response(200)
def revoke(form: dict[str, Any]) -> dict[str, Any]:
    """Sign out: end the session that a refresh token belongs to (RFC 7009). An access token ends by itself."""
    sessions.sign_out(session(), form["token"])
    return {}


@blp.route("/oauth/introspect", methods=["POST"])
@allow(*Role)
@blp.arguments(TokenFormSchema, location="form")
@blp.response(200, IntrospectionSchema)
def introspect(form: dict[str, Any]) -> dict[str, Any]:
    """What a token is good for (RFC 7662): operators may ask about any, everyone else about their own."""
    by, rt = caller(), runtime()
    of_session = sessions.of_token(session(), form["token"])
    if of_session:
        one, held = of_session
        sub, role, scope = queries.PERSON + str(one.person_id), held.role, (held.organization_id, held.province_code)
        more = {"iat": int(one.begun_at.timestamp()), "exp": int(one.expires_at.timestamp())}
        kind = "refresh_token"
    else:
        try:
            who, claims = access.verified(form["token"], rt.keys, rt.settings.public_url)
        except Unauthorized:
            return {"active": False}
        sub, role, scope = who.client_id, who.role.value, (who.organization_id, who.province_code)
        more, kind = {"iat": claims["iat"], "exp": claims["exp"]}, "Bearer"
    if by.role != Role.OPERATOR and sub != by.client_id:
        return {"active": False}
    known = {"active": True, "token_type": kind, "iss": rt.settings.public_url, "sub": sub, "role": role}
    return known | more | {"organization_id": scope[0], "province_code": scope[1]}


@blp.route("/me")
@allow(*Role)
@blp.response(200, MeSchema)
def me() -> dict[str, Any]:
    """Who the caller is, as its token says."""
    by = caller()
    return {"subject": by.client_id} | {
        name: getattr(by, name) for name in ("role", "organization_id", "province_code", "learner_id")
    }


@blp.route("/keys")
@public
@blp.response(200, KeySetSchema)
def keys() -> dict[str, Any]:
    """The public keys that verify access tokens, as a JSON Web Key Set; one that will sign soon is among them."""
    live = queries.live_signing_keys(session())
    return {"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": key.key_id, "x": key.public_key} for key in live]}


@blp.route("/signing-keys")
@allow(Role.OPERATOR, Role.MINISTRY)
@blp.response(200, SigningKeyListSchema)
def signing_key_list() -> dict[str, Any]:
    """Every key there was, newest first, and how far each is."""
    return {"items": [signing_keys.shown(key) for key in queries.all_signing_keys(session())]}


@blp.route("/signing-keys", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(NewSigningKeySchema)
@blp.response(201, SigningKeySchema)
def new_signing_key(body: dict[str, Any]) -> dict[str, Any]:
    """Change the keys before their time: in peace as every quarter, or, when one is in wrong hands, at once."""
    change = signing_keys.replace_at_once if body["compromised"] else signing_keys.announce
    return signing_keys.shown(change(session(), runtime().vault, body["reason"], by=caller()))


@blp.route("/clients", methods=["POST"])
@allow(Role.OPERATOR)
@blp.arguments(NewClientSchema)
@blp.response(201, RegisteredClientSchema)
def register_client(body: dict[str, Any]) -> Any:
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
    made = queries.client(session(), body["client_id"])
    assert made is not None
    answer = {"id": made.id, "client_id": made.client_id, "client_secret": secret, "role": body["role"]}
    return answer, 201, NO_STORE


@blp.route("/clients")
@allow(*Role)
@CLIENTS.door(blp)
def clients(query: dict[str, Any]) -> Any:
    """The machine clients the caller may see: regulators all, everyone else those of the same organization."""
    return CLIENTS.answer(session(), queries.visible_clients(caller()), query)


@blp.route("/clients/<uuid:id_>")
@allow(*Role)
@blp.response(200, ClientSchema)
def client(id_: uuid.UUID) -> Client:
    """One machine client."""
    return queries.one_client(session(), caller(), id_)


@blp.route("/clients/<uuid:id_>/secrets", methods=["POST"])
@allow(*Role)
@blp.arguments(RenewalSchema)
@blp.response(201, RenewedSecretSchema)
def renew_secret(body: dict[str, Any], id_: uuid.UUID) -> Any:
    """Give a client a new secret, in the answer and nowhere else; the old one stays good for the time stated."""
    one = queries.client_to_change(session(), caller(), id_)
    secret = actions.renew_secret(session(), one, body["old_valid_until"])
    until = one.previous_secret_valid_until
    answer = {"id": one.id, "client_id": one.client_id, "client_secret": secret, "previous_secret_valid_until": until}
    return answer, 201, NO_STORE


@blp.route("/clients/<uuid:id_>/disabling", methods=["POST"])
@allow(Role.OPERATOR)
@blp.response(200, ClientSchema)
def disable_client(id_: uuid.UUID) -> Client:
    """Give a client no more tokens; those it has end within a quarter of an hour."""
    one = queries.client_to_change(session(), caller(), id_)
    actions.disable(one, by=caller())
    return one


@blp.route("/clients/<uuid:id_>/enabling", methods=["POST"])
@allow(Role.OPERATOR)
@blp.response(200, ClientSchema)
def enable_client(id_: uuid.UUID) -> Client:
    """Give a disabled client tokens again."""
    one = queries.client_to_change(session(), caller(), id_)
    actions.enable(one)
    return one
