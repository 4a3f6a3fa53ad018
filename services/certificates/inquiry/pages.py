"""The public inquiry page, 中文 and English side by side. It needs no script, no cookie and nothing from elsewhere.

The name travels in the body of the form only: never in an address, a log or the answer.
"""

from datetime import date
from typing import Any

import psycopg
import segno
from flask import Blueprint, Flask, Response, current_app, make_response, render_template, request
from markupsafe import Markup

from onex.chassis.web import public, runtime
from services.certificates.credentials.addresses import credential_url, inquiry_url
from services.certificates.inquiry.connections import AllBusy
from services.certificates.inquiry.door import MAX_BODY_BYTES, MAX_NUMBER_LENGTH
from services.certificates.inquiry.lookup import Finding, Lookup
from services.certificates.issuing import numbers
from services.certificates.issuing.names import MAX_NAME_LENGTH

blp = Blueprint("inquiry", __name__, template_folder="templates")
_LOOKUP = "onex-inquiry-lookup"

LEVELS = {"primary": ("初级", "Primary"), "intermediate": ("中级", "Intermediate"), "advanced": ("高级", "Advanced")}
STATES = {"valid": ("有效", "Valid")}
_NOT_VALID = ("无效", "Not valid")
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)


def attach(app: Flask, lookup: Lookup) -> None:
    """Give the pages of `app` what they look certificates up with."""
    app.extensions[_LOOKUP] = lookup


@blp.get("/certificates/inquiry")
@public
def form() -> Response:
    """The empty form."""
    return _page("inquiry.html", number="")


@blp.get("/certificates/inquiry/<number>")
@public
def form_for(number: str) -> Response:
    """The form with the number filled in: where a certificate's QR code leads. Whether it exists is not said."""
    return _page("inquiry.html", number=_shown(number))


@blp.post("/certificates/inquiry")
@public
def inquire() -> Response:
    """PP-44: the certificate of this number and name, or that there is none."""
    request.max_content_length = request.max_form_memory_size = MAX_BODY_BYTES
    number = request.form.get("number", "").strip()[: MAX_NUMBER_LENGTH + 1]
    name = request.form.get("name", "").strip()[: MAX_NAME_LENGTH + 1]
    missing = {field for field, text in (("number", number), ("name", name)) if not text}
    if missing:
        return _page("inquiry.html", number=_shown(number), missing=missing, status=422)
    lookup: Lookup = current_app.extensions[_LOOKUP]
    try:
        finding = lookup.find(number, name)
    except (AllBusy, psycopg.OperationalError):
        return _page("inquiry.html", number=_shown(number), unavailable=True, status=503)
    if finding is None:
        # A slip is seen by the check character alone, so saying so tells nothing about any certificate.
        slip = not numbers.is_valid(numbers.clean(number))
        return _page("inquiry.html", number=_shown(number), not_found=True, slip=slip)
    return _page("certificate.html", **_view(finding))


def _view(finding: Finding) -> dict[str, Any]:
    public_url = runtime().settings.public_url
    address = inquiry_url(public_url, finding.number)
    return {
        "finding": finding,
        "number": numbers.grouped(finding.number),
        "level": LEVELS[finding.level],
        "state": STATES.get(finding.state, _NOT_VALID),
        "valid": finding.state == "valid",
        "issued_zh": _day_zh(finding.issued_on),
        "issued_en": _day_en(finding.issued_on),
        "address": address,
        "credential": credential_url(public_url, finding.number),
        "qr": qr_svg(address),
    }


def qr_svg(address: str) -> Markup:
    """A QR code of `address` as inline SVG, with the quiet zone of four modules that readers need (ISO/IEC 18004)."""
    code = segno.make_qr(address, error="m")
    return Markup(code.svg_inline(border=4, omitsize=True, light="#fff", dark="#1d1b19", svgclass="qr", lineclass=None))


def _shown(number: str) -> str:
    """The number as it is printed, where it is one; else what was typed, so that it can be corrected."""
    clean = numbers.clean(number[: MAX_NUMBER_LENGTH + 1])
    return numbers.grouped(clean) if numbers.is_valid(clean) else number[:MAX_NUMBER_LENGTH]


def _day_zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _day_en(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _page(template: str, status: int = 200, **values: Any) -> Response:
    page = make_response(render_template(template, **values), status)
    page.headers["Cache-Control"] = "no-store"
    page.headers["Content-Security-Policy"] = _POLICY
    return page
