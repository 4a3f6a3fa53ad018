"""The public inquiry page, 中文 and English. It needs no script, no cookie and nothing from elsewhere.

The name travels in the body of the form only: never in an address, a log or the answer.
"""

from typing import Any

import psycopg
from flask import Blueprint, Flask, Response, current_app, request

from onex.chassis import clock
from onex.chassis.web import public, runtime
from services.certificates.credentials.addresses import credential_url
from services.certificates.inquiry import tokens, wording
from services.certificates.inquiry.asking import Question, ask
from services.certificates.inquiry.connections import AllBusy
from services.certificates.inquiry.door import MAX_BODY_BYTES, MAX_NUMBER_LENGTH
from services.certificates.inquiry.framing import page, qr_svg
from services.certificates.inquiry.limits import Limits, TooManyRequests
from services.certificates.inquiry.lookup import Finding, Lookup
from services.certificates.issuing import numbers
from services.certificates.issuing.names import MAX_NAME_LENGTH

blp = Blueprint("inquiry", __name__, template_folder="templates")
PATH = "/certificates/inquiry"
_LOOKUP, _LIMITS = "onex-inquiry-lookup", "onex-inquiry-limits"


def attach(app: Flask, lookup: Lookup, limits: Limits) -> None:
    """Give the pages of `app` what they look certificates up with, and how often they may."""
    app.extensions[_LOOKUP], app.extensions[_LIMITS] = lookup, limits


def limits_here() -> Limits:
    """Those of the app that answers this request."""
    limits: Limits = current_app.extensions[_LIMITS]
    return limits


@blp.get(PATH)
@public
def form() -> Response:
    """The empty form."""
    return _form("")


@blp.get(f"{PATH}/<number>")
@public
def form_for(number: str) -> Response:
    """Where a certificate's QR code leads. With its token: the certificate. Without: the form with the number filled in,
    whether it exists or not."""
    given = request.args.get(tokens.PARAMETER)
    return _form(number) if given is None else _answer(Question(number, token=given))


@blp.post(PATH)
@public
def inquire() -> Response:
    """PP-44: the certificate of this number and name, or that there is none."""
    request.max_content_length = request.max_form_memory_size = MAX_BODY_BYTES
    number = request.form.get("number", "").strip()[: MAX_NUMBER_LENGTH + 1]
    name = request.form.get("name", "").strip()[: MAX_NAME_LENGTH + 1]
    missing = {field for field, text in (("number", number), ("name", name)) if not text}
    if missing:
        return _form(number, missing=missing, status=422)
    return _answer(Question(number, name))


def _answer(question: Question) -> Response:
    lookup: Lookup = current_app.extensions[_LOOKUP]
    number = question.number[: MAX_NUMBER_LENGTH + 1]
    try:
        finding = ask(lookup, limits_here(), request.environ, question._replace(number=number))
    except TooManyRequests as refusal:
        wait_s: int = refusal.facts["retry_after_s"]
        answer = _form(number, wait_minutes=-(-wait_s // 60), status=429)
        answer.headers["Retry-After"] = str(wait_s)
        return answer
    except (AllBusy, psycopg.OperationalError):
        return _form(number, unavailable=True, status=503)
    if finding is None:
        # A slip is seen by the check character alone, so saying so tells nothing about any certificate.
        return _form(number, not_found=True, slip=not numbers.is_valid(numbers.clean(number)))
    token = tokens.token(runtime().vault, finding.number)
    return page("certificate.html", here=f"{PATH}/{finding.number}", asked={tokens.PARAMETER: token}, **_view(finding))


def _view(finding: Finding) -> dict[str, Any]:
    rt = runtime()
    address = tokens.address(rt.settings.public_url, rt.vault, finding.number)
    return {
        "finding": finding,
        "number": numbers.grouped(finding.number),
        "level": wording.LEVELS[finding.level],
        "state": wording.state_of(finding.state),
        "issued": wording.day(finding.issued_on),
        "checked": wording.moment(clock.now()),
        "address": address,
        "credential": credential_url(rt.settings.public_url, finding.number),
        "qr": qr_svg(address),
    }


def _form(number: str, status: int = 200, **values: Any) -> Response:
    clean = numbers.clean(number[: MAX_NUMBER_LENGTH + 1])
    here = f"{PATH}/{clean}" if numbers.is_valid(clean) else PATH
    return page("inquiry.html", status, here=here, number=_shown(number), **values)


def _shown(number: str) -> str:
    """The number as it is printed, where it is one; else what was typed, so that it can be corrected."""
    clean = numbers.clean(number[: MAX_NUMBER_LENGTH + 1])
    return numbers.grouped(clean) if numbers.is_valid(clean) else number[:MAX_NUMBER_LENGTH]
