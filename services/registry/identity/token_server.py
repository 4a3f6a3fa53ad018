"""OAuth 2.0 client credentials (RFC 6749 section 4.4) and token exchange (RFC 8693) by authlib.

Our part is who the clients are, whom we believe, and what a token says.
"""

import secrets
from typing import Any

import flask
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Payload, FlaskOAuth2Request
from authlib.oauth2.rfc6749 import ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.authenticate_client import authenticate_client_secret_basic
from authlib.oauth2.rfc6749.errors import InvalidRequestError
from authlib.oauth2.rfc6749.grants import BaseGrant, ClientCredentialsGrant, TokenEndpointMixin
from flask import Flask, Request

from onex.chassis.web import runtime, session
from onex.chassis.web.callers import recognized
from services.registry.identity import actions, outside, queries, signing_keys
from services.registry.identity.models import Client
from services.registry.identity.outside import NotVouchedFor
from services.registry.identity.outside_keys import OutsideKeys

TOKEN_TYPE = "urn:ietf:params:oauth:token-type:"


class OAuthClient(ClientMixin):  # type: ignore[misc]
    """A client as authlib asks about it; one that is not registered is a client too, whose secret is never right.

    authlib would tell the caller that there is no such client, and sooner than it tells of a wrong secret.
    """

    def __init__(self, client_id: str, client: Client | None) -> None:
        self.client_id, self.client = client_id, client

    def check_client_secret(self, client_secret: str) -> bool:
        return actions.secret_is_right(self.client, client_secret)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method in ("client_secret_basic", "client_secret_post")

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "client_credentials"

    def get_client_id(self) -> str:
        return self.client_id

    def get_allowed_scope(self, _scope: str) -> str:
        return ""


class TokenRequest(FlaskOAuth2Request):  # type: ignore[misc]
    """A request as authlib reads it, which refuses every address but https and this very machine's.

    TLS ends before us, at the proxy: what we see is http and whatever Host the caller liked. So the address is not asked.
    """

    def __init__(self, request: Request) -> None:
        OAuth2Request.__init__(self, request.method, f"https://localhost{request.path}", headers=request.headers)
        self._request = request
        self.payload = FlaskOAuth2Payload(request)


class TokenServer(AuthorizationServer):  # type: ignore[misc]
    def create_oauth2_request(self, _request: Any) -> TokenRequest:
        return TokenRequest(flask.request)


class ClientCredentials(ClientCredentialsGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]


class TokenExchange(BaseGrant, TokenEndpointMixin):  # type: ignore[misc]
    """A token of the outside issuer for one of ours. Whoever brings it needs no secret: the token is made out to us."""

    GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange"

    def validate_token_request(self) -> None:
        form = self.request.form
        if form.get("subject_token_type") not in (f"{TOKEN_TYPE}id_token", f"{TOKEN_TYPE}jwt"):
            raise InvalidRequestError("The subject_token_type must be that of an id_token or a jwt.")
        if form.get("requested_token_type", f"{TOKEN_TYPE}access_token") != f"{TOKEN_TYPE}access_token":
            raise InvalidRequestError("There are access tokens only.")
        keys: OutsideKeys = flask.current_app.extensions["outside_keys"]
        try:
            self.vouched = outside.read(form.get("subject_token", ""), keys, form.get("scope") or None)
        except NotVouchedFor as why:
            raise InvalidRequestError(str(why)) from None

    def create_token_response(self) -> tuple[int, dict[str, Any], Any]:
        rt = runtime()
        assert rt.settings.outside_issuer is not None  # else there is no such grant
        try:
            who = outside.sign_in(session(), rt.vault, rt.settings.outside_issuer, self.vouched)
        except NotVouchedFor as why:
            raise InvalidRequestError(str(why)) from None
        recognized(who)
        token = signing_keys.sign_token(session(), rt.vault, who, rt.settings.public_url)
        answer = {"access_token": token, "issued_token_type": f"{TOKEN_TYPE}access_token", "token_type": "Bearer"}
        return 200, answer | {"expires_in": actions.TOKEN_LIFETIME_S}, self.TOKEN_RESPONSE_HEADER


def _find(client_id: str) -> OAuthClient:
    """The client, read in a transaction of its own: no connection waits for the hash."""
    if "\0" in client_id:  # PostgreSQL keeps no NUL
        return OAuthClient(client_id, None)
    with runtime().database.transaction() as unit:
        return OAuthClient(client_id, queries.client(unit, client_id))


def _by_basic(query_client: Any, request: Any) -> OAuthClient | None:
    """HTTP Basic; what cannot be decoded authenticates nobody."""
    try:
        return authenticate_client_secret_basic(query_client, request)  # type: ignore[no-any-return]
    except ValueError:  # no base64, or no UTF-8 in it
        return None


def _make(grant_type: str, client: OAuthClient, **_: Any) -> dict[str, Any]:
    rt = runtime()
    assert client.client is not None  # its secret was right
    token = actions.issue_token(session(), rt.vault, client.client, rt.settings.public_url)
    return {"token_type": "Bearer", "access_token": token, "expires_in": actions.TOKEN_LIFETIME_S}


def attach(app: Flask) -> None:
    """Give the registry's app its token server."""
    app.secret_key = secrets.token_bytes(32)  # authlib asks for one; no session is ever kept
    server = TokenServer(app, query_client=_find, save_token=lambda token, request: None)
    server.register_client_auth_method("client_secret_basic", _by_basic)
    server.register_grant(ClientCredentials)
    server.register_token_generator("client_credentials", _make)
    trusted = app.extensions["onex"].settings.outside_issuer
    if trusted is not None:
        server.register_grant(TokenExchange)
        app.extensions["outside_keys"] = OutsideKeys(trusted)
    app.extensions["token_server"] = server
