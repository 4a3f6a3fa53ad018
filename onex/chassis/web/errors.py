"""Every error a client sees is an RFC 9457 problem with a stable code; none shows an exception's own text."""

from typing import Any

from flask import Flask, Response, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, UnsupportedMediaType

from onex.chassis import logs, trace
from onex.chassis.problems import Refusal, Unauthorized

log = logs.get(__name__)
_CODES = {
    400: "malformed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "media_type",
    422: "invalid",
}


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
        headers = {"WWW-Authenticate": 'Bearer realm="onex"'} if isinstance(refusal, Unauthorized) else None
        return problem(app, refusal.problem(), headers)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        details = getattr(error, "data", None) or {}
        if "json" in details.get("messages", {}) and request.content_length and not request.is_json:
            # The body was not looked at, so its fields seem to be missing: that is not what is wrong with it.
            error, details = UnsupportedMediaType("The body must be JSON, sent as application/json."), {}
        status = error.code or 500
        code = _CODES.get(status, f"http_{status}")
        members = {"type": f"urn:onex:problem:{code}", "title": error.name, "status": status, "code": code}
        if "messages" in details:  # what webargs found wrong, by place and field
            members["errors"] = details["messages"]
        elif status != 500:
            members["detail"] = error.description or error.name
        return problem(app, members)

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
