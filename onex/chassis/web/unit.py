"""A request is one unit of work: committed after its answer has been built, rolled back by any error.

The answer is built first so that it can be stored with its Idempotency-Key in the same transaction: a client that never
got the answer asks again and is told what happened, once. (IETF draft-ietf-httpapi-idempotency-key-header.)
"""

from typing import Any, cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy import text

from onex.chassis.acting import work_as
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault, fingerprint
from onex.chassis.problems import IdempotencyKeyReused, Malformed
from onex.chassis.web.bodies import BoundedRequest

MAX_KEY_LENGTH = 200


def session() -> UnitOfWork:
    """The request's session. Doors read and write with it and never commit."""
    if "unit" not in g:
        g.unit = current_app.extensions["onex"].database.session()
        g.unit.begin()
    return cast(UnitOfWork, g.unit)


class TransactionalFlask(Flask):
    """Flask whose every request runs in one transaction."""

    request_class = BoundedRequest

    def dispatch_request(self) -> Any:
        try:
            key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
            answer = (
                self._answer_once(key) if key and _says_who_it_is() else self.make_response(super().dispatch_request())
            )
            if "unit" in g:
                # A door may refuse without raising (an HTTP error returned as a response): nothing of it stays.
                if answer.status_code < 400:
                    _sign(g.unit)
                    g.unit.commit()
                else:
                    g.unit.rollback()
            return answer
        finally:
            if "unit" in g:
                g.pop("unit").close()

    def _answer_once(self, key: str) -> Response:
        if len(key) > MAX_KEY_LENGTH:
            raise Malformed(f"An Idempotency-Key has at most {MAX_KEY_LENGTH} characters.")
        from onex.chassis.web.callers import caller

        subject = {"caller": caller().client_id, "key": key}
        print_now = fingerprint(request.method.encode() + request.full_path.encode() + _body_without_boundary())
        claimed = session().execute(
            text(
                "INSERT INTO idempotency_key (caller, key, fingerprint) VALUES (:caller, :key, :print)"
                " ON CONFLICT DO NOTHING RETURNING key"
            ),
            subject | {"print": print_now},
        )
        vault: Vault = current_app.extensions["onex"].vault
        if claimed.first() is None:
            row = (
                session()
                .execute(
                    text(
                        "SELECT fingerprint, status, answer, headers FROM idempotency_key WHERE caller=:caller AND key=:key"
                    ),
                    subject,
                )
                .one()
            )
            if row.fingerprint != print_now:
                raise IdempotencyKeyReused()
            headers = dict(row.headers) | {"Idempotent-Replayed": "true"}
            return Response(vault.open(row.answer, "answer"), row.status, headers)
        answer = self.make_response(super().dispatch_request())
        if answer.status_code < 400:
            kept = {name: answer.headers[name] for name in ("Content-Type", "Location") if name in answer.headers}
            session().execute(
                text(
                    "UPDATE idempotency_key SET status=:status, answer=:answer, headers=CAST(:headers AS jsonb)"
                    " WHERE caller=:caller AND key=:key"
                ),
                subject
                | {
                    "status": answer.status_code,
                    "answer": vault.seal(answer.get_data(), "answer"),
                    "headers": self.json.dumps(kept),
                },
            )
        return answer


def _sign(unit: UnitOfWork) -> None:
    """A door that reads no token works in the name of the public, whoever sent the request."""
    who = g.get("caller")
    door = str(request.endpoint)
    work_as(unit, who.client_id, who.role.value, door) if who else work_as(unit, "public", None, door)


def _says_who_it_is() -> bool:
    """Keys are kept by caller. Without a token all the world would be one caller, whose members would be given each
    other's answers (an access token, even), so a key without a token has no meaning."""
    return request.headers.get("Authorization", "").lower().startswith("bearer ")


def _body_without_boundary() -> bytes:
    """The body; of a form with files without its boundary, which clients make anew each time they send the same form."""
    body, boundary = request.get_data(), request.mimetype_params.get("boundary")
    return body.replace(boundary.encode(), b"") if boundary and request.mimetype == "multipart/form-data" else body
