"""`POST /certificates/v1/inquiries`, the one door that a nation may knock at: plain WSGI, because Flask halves its rate.

It keeps the chassis's promises by itself: problem documents with stable codes, the same metrics, no personal data in logs.
"""

import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import orjson
import psycopg

from onex.chassis import logs, metrics, trace
from onex.chassis.health import StartResponse
from onex.chassis.problems import Invalid, Malformed, NotFound, Refusal, TooLarge
from services.certificates.credentials.addresses import credential_url, inquiry_url
from services.certificates.inquiry import tokens
from services.certificates.inquiry.asking import Question, ask
from services.certificates.inquiry.connections import AllBusy
from services.certificates.inquiry.limits import UNLIMITED, Limits
from services.certificates.inquiry.lookup import Finding, Lookup
from services.certificates.issuing.names import MAX_NAME_LENGTH

log = logs.get(__name__)
PATH = "/certificates/v1/inquiries"
MAX_BODY_BYTES = 4096
MAX_NUMBER_LENGTH = 64

# One answer for a wrong name, a wrong token and an absent number: the same bytes.
NOT_FOUND = orjson.dumps(
    {
        "found": False,
        "message": {
            "zh": "没有与该证书编号和姓名相符的证书。",
            "en": "No certificate matches this number and name.",
        },
    }
)


class MethodNotAllowed(Refusal):
    status, code, title = 405, "method_not_allowed", "Method Not Allowed"


class MediaType(Refusal):
    status, code, title = 415, "media_type", "The body must be application/json"


class Unavailable(Refusal):
    status, code, title = 503, "unavailable", "Please try again soon"


class Broken(Refusal):
    status, code, title = 500, "internal", "Something broke on our side"


class InquiryDoor:
    """The WSGI callable."""

    def __init__(self, lookup: Lookup, service: str, public_url: str, limits: Limits = UNLIMITED) -> None:
        self._lookup, self._limits, self._service, self._public_url = lookup, limits, service, public_url
        self._seconds = metrics.http_seconds.labels(service, PATH)
        self._answered = metrics.http_requests.labels(service, "POST", PATH, 200)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        started = time.perf_counter()
        try:
            body = self._answer(environ)
        except Refusal as refusal:
            return self._refuse(environ, start_response, refusal, started)
        except (psycopg.OperationalError, AllBusy) as error:
            log.error("database_away", error=type(error).__name__)
            return self._refuse(environ, start_response, Unavailable(), started)
        except Exception:
            log.exception("request_failed", route=PATH)
            return self._refuse(environ, start_response, Broken(), started)
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response("200 OK", headers + _ALWAYS)
        self._answered.inc()
        self._seconds.observe(time.perf_counter() - started)
        return [body]

    def _answer(self, environ: dict[str, Any]) -> bytes:
        if environ["PATH_INFO"] != PATH:
            raise NotFound()
        if environ["REQUEST_METHOD"] != "POST":
            raise MethodNotAllowed("An inquiry is sent by POST, so that no name is in an address.")
        if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != "application/json":
            raise MediaType()
        finding = ask(self._lookup, self._limits, environ, _question(_body(environ)))
        return NOT_FOUND if finding is None else orjson.dumps(self._view(finding))

    def _view(self, finding: Finding) -> dict[str, Any]:
        return {
            "found": True,
            "certificate": {
                "number": finding.number,
                "masked_name": finding.masked_name,
                "certificate_type": {
                    "code": finding.type_code,
                    "name_zh": finding.type_zh,
                    "name_en": finding.type_en,
                },
                "level": finding.level,
                "teo": {"name_zh": finding.teo_zh, "name_en": finding.teo_en},
                "issued_on": finding.issued_on,
                "state": finding.state,
                "credential_url": credential_url(self._public_url, finding.number),
                "inquiry_url": inquiry_url(self._public_url, finding.number),
            },
        }

    def _refuse(
        self, environ: dict[str, Any], start_response: StartResponse, refusal: Refusal, started: float
    ) -> Iterable[bytes]:
        with trace.follow(environ.get("HTTP_TRACEPARENT")) as traceparent:
            members = refusal.problem() | {"instance": PATH, "trace_id": trace.trace_id(traceparent)}
        body = orjson.dumps(members)
        headers = [("Content-Type", "application/problem+json"), ("Content-Length", str(len(body)))]
        headers += {405: [("Allow", "POST")], 503: [("Retry-After", "5")]}.get(refusal.status, [])
        if "retry_after_s" in refusal.facts:
            headers.append(("Retry-After", str(refusal.facts["retry_after_s"])))
        start_response(f"{refusal.status} {HTTPStatus(refusal.status).phrase}", headers + _ALWAYS)
        method = metrics.method(environ["REQUEST_METHOD"])
        metrics.http_requests.labels(self._service, method, PATH, refusal.status).inc()
        self._seconds.observe(time.perf_counter() - started)
        return [body]


_ALWAYS = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer")]


def _body(environ: dict[str, Any]) -> bytes:
    """The request's body; raises TooLarge without having read more than is allowed."""
    length = environ.get("CONTENT_LENGTH") or ""
    if length:
        if not (length.isascii() and length.isdecimal()):
            raise Malformed("Content-Length is not a number.")
        if len(length) > 9 or int(length) > MAX_BODY_BYTES:
            raise TooLarge(f"An inquiry has at most {MAX_BODY_BYTES} bytes.")
        return environ["wsgi.input"].read(int(length))  # type: ignore[no-any-return]
    if not environ.get("wsgi.input_terminated"):
        return b""  # nobody says where the body ends, so there is none
    body: bytes = environ["wsgi.input"].read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        raise TooLarge(f"An inquiry has at most {MAX_BODY_BYTES} bytes.")
    return body


def _question(body: bytes) -> Question:
    """Number with name or token; raises Malformed or Invalid."""
    try:
        question = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Malformed("The body is not JSON in UTF-8.") from None
    if not isinstance(question, dict):
        raise Malformed("The body must be a JSON object with number and name.")
    number, name, token = question.get("number"), question.get("name"), question.get("token")
    wrong: dict[str, list[str]] = {}
    if not _is_text(number, MAX_NUMBER_LENGTH):
        wrong["number"] = [f"A text of 1 to {MAX_NUMBER_LENGTH} characters is needed."]
    if token is None:
        if not _is_text(name, MAX_NAME_LENGTH):
            wrong["name"] = [f"A text of 1 to {MAX_NAME_LENGTH} characters is needed."]
    elif name is not None:
        wrong["token"] = ["Send the name or the token, not both."]
    elif not _is_text(token, tokens.LENGTH):
        wrong["token"] = [f"A text of {tokens.LENGTH} characters is needed."]
    if wrong:
        raise Invalid(errors={"json": wrong})
    return Question(str(number), name or "", token)


def _is_text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= len(value) <= longest
