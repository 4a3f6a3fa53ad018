"""OAuth 2.0 client credentials (RFC 6749 section 4.4) by authlib; our part is who the clients are and what a token says."""

import secrets
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from flask import Flask

from onex.chassis.web import runtime, session
from services.registry.identity import actions, queries
from services.registry.identity.models import Client


class OAuthClient(ClientMixin):  # type: ignore[misc]
    """A registered client as authlib asks about it."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def check_client_secret(self, client_secret: str) -> bool:
        return actions.secret_is_right(self.client, client_secret)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method in ("client_secret_basic", "client_secret_post")

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "client_credentials"

    def get_client_id(self) -> str:
        return self.client.client_id

    def get_allowed_scope(self, _scope: str) -> str:
        return ""


class ClientCredentials(ClientCredentialsGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]


def _find(client_id: str) -> OAuthClient | None:
    found = queries.client(session(), client_id)
    return OAuthClient(found) if found else None


def _make(grant_type: str, client: OAuthClient, **_: Any) -> dict[str, Any]:
    rt = runtime()
    token = actions.issue_token(session(), rt.vault, client.client, rt.settings.public_url)
    return {"token_type": "Bearer", "access_token": token, "expires_in": actions.TOKEN_LIFETIME_S}


def attach(app: Flask) -> None:
    """Give the registry's app its token server."""
    app.secret_key = secrets.token_bytes(32)  # authlib asks for one; no session is ever kept
    server = AuthorizationServer(app, query_client=_find, save_token=lambda token, request: None)
    server.register_grant(ClientCredentials)
    server.register_token_generator("client_credentials", _make)
    app.extensions["token_server"] = server
