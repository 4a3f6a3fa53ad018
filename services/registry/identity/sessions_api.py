"""Doors: signing in and out, changing the password, and what is on record of it."""

import uuid
from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import allow, caller, limited, public, runtime, session
from onex.chassis.web.callers import recognized
from onex.chassis.web.listing import Listing, equal, span
from services.registry.identity import queries, sessions
from services.registry.identity.doors import NO_STORE, blp
from services.registry.identity.errors import SessionInvalid
from services.registry.identity.models import OUTCOMES, PersonSession, SignIn
from services.registry.identity.people_schemas import (
    NewPasswordSchema,
    RefreshSchema,
    SessionSchema,
    SignInRecordSchema,
    SignInSchema,
    TokensSchema,
)
from services.registry.identity.signing_keys import TOKEN_LIFETIME_S

SESSIONS = Listing(SessionSchema, PersonSession.id, filters={"person_id": equal(PersonSession.person_id)})
SIGN_INS = Listing(
    SignInRecordSchema,
    SignIn.id,
    filters={
        "person_id": equal(SignIn.person_id),
        "outcome": equal(SignIn.outcome, OUTCOMES),
        "happened": span(SignIn.happened_at, leads=True),
    },
    sorts={"happened_at": SignIn.happened_at},
)


@blp.route("/sessions", methods=["POST"])
@public
@limited
@blp.arguments(SignInSchema)
@blp.response(201, TokensSchema)
def sign_in(body: dict[str, Any]) -> Any:
    """Sign in with name and password, in one role: an access token for a quarter of an hour, and a refresh token."""
    rt = runtime()
    known = sessions.recognize(rt.database, rt.vault, body["username"], body["password"])
    tokens = sessions.begin(session(), rt.vault, known, body["role_id"], rt.settings.public_url)
    recognized(tokens.who)
    return _shown(tokens), 201, NO_STORE


@blp.route("/sessions/refresh", methods=["POST"])
@public
@limited
@blp.arguments(RefreshSchema)
@blp.response(200, TokensSchema)
def refresh(body: dict[str, Any]) -> Any:
    """Exchange a refresh token for the next tokens. One that comes a second time ends the session."""
    rt = runtime()
    with rt.database.transaction() as own:  # its own: what a refusal found out must stay
        tokens = sessions.refresh(own, rt.vault, body["refresh_token"], rt.settings.public_url)
    if tokens is None:
        raise SessionInvalid()
    return _shown(tokens), 200, NO_STORE


@blp.route("/sessions")
@allow(*Role)
@SESSIONS.door(blp)
def session_list(query: dict[str, Any]) -> Any:
    """The sessions of the caller; regulators see everybody's."""
    return SESSIONS.answer(session(), queries.visible_sessions(caller()), query)


@blp.route("/sessions/<uuid:id_>/end", methods=["POST"])
@allow(*Role)
@blp.response(200, SessionSchema)
def end_session(id_: uuid.UUID) -> PersonSession:
    """End a session of one's own; operators may end anybody's."""
    one = sessions.to_end(session(), caller(), id_)
    sessions.end(session(), one, by=caller())
    return one


@blp.route("/passwords", methods=["POST"])
@public
@limited
@blp.arguments(NewPasswordSchema)
@blp.response(204)
def change_password(body: dict[str, Any]) -> None:
    """Change one's password; every session ends. An assigned one must be changed before it signs in."""
    rt = runtime()
    known = sessions.recognize(rt.database, rt.vault, body["username"], body["password"])
    sessions.change_password(session(), known, body["username"], body["new_password"])


@blp.route("/sign-ins")
@allow(*Role)
@SIGN_INS.door(blp)
def sign_ins(query: dict[str, Any]) -> Any:
    """When the caller signed in and its name was locked; regulators see everybody's."""
    return SIGN_INS.answer(session(), queries.visible_sign_ins(caller()), query)


def _shown(tokens: sessions.Tokens) -> dict[str, Any]:
    one, held = tokens.session, tokens.held
    return {
        "access_token": tokens.access_token,
        "token_type": "Bearer",
        "expires_in": TOKEN_LIFETIME_S,
        "refresh_token": tokens.refresh_token,
        "session_id": one.id,
        "session_expires_at": one.expires_at,
        "role": held.role,
        "organization_id": held.organization_id,
        "province_code": held.province_code,
    }
