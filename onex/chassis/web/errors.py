"""Every error a client sees is an RFC 9457 problem with a stable code; none shows an exception's own text."""

from typing import Any

from flask import Flask, Response, request
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from onex.chassis import logs, trace
from onex.chassis.problems import Invalid, Refusal, Unauthorized

log = logs.get(__name__)
_CODES = {
    400: "malformed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "media_type",
    422: "invalid",
}
_OF_THE_BODY = frozenset({"content-type", "content-length"})


def problem(app: Flask, members: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    """The response that carries these problem members."""
    body = members | {"instance": request.path, "trace_id": trace.current_trace_id()}
    answer = Response(app.json.dumps(body), members["status"], headers, content_type="application/problem+json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def register(app: Flask) -> None:
    """Answer every kind of failure with a problem document."""

    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Response:
        headers = {"WWW-Authenticate": 'Bearer realm="onex"'} if isinstance(refusal, Unauthorized) else {}
        if "retry_after_s" in refusal.facts:
            headers["Retry-After"] = str(refusal.facts["retry_after_s"])
        return problem(app, refusal.problem(), headers)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        details = getattr(error, "data", None) or {}
        status = error.code or 500
        code = _CODES.get(status, f"http_{status}")
        members = {"type": f"urn:onex:problem:{code}", "title": error.name, "status": status, "code": code}
        if "messages" in details:  # what webargs found wrong, by place and field
            members["errors"] = details["messages"]
        elif status != 500:
            members["detail"] = error.description or error.name
        # What a status must say beside it (Allow, Retry-After …); the body is ours.
        headers = {name: value for name, value in error.get_headers() if name.lower() not in _OF_THE_BODY}
        return problem(app, members, headers)

    @app.errorhandler(DataError)
    def not_kept(error: DataError) -> Response:
        # The database was asked to keep or compare what none of its types holds, such as a number beyond all numbers.
        log.warning("value_not_kept", route=str(request.url_rule), error=type(error.orig).__name__)
        return problem(app, Invalid("A value lies outside of what can be kept.").problem())

    @app.errorhandler(OperationalError)
    @app.errorhandler(PoolTimeout)
    def database_away(error: Exception) -> Response:
        log.error("database_away", error=type(error).__name__)
        members = {"type": "urn:onex:problem:unavailable", "title": "Please try again soon", "status": 503}
        return problem(app, members | {"code": "unavailable"}, {"Retry-After": "5"})

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        log.exception("request_failed", route=str(request.url_rule))
        members = {"type": "urn:onex:problem:internal", "title": "Something broke on our side", "status": 500}
        return problem(app, members | {"code": "internal"})
