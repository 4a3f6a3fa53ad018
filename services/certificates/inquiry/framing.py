"""What every page of this service has about it: no script, no cookie, nothing from elsewhere, and a choice of language.

A page is in both languages; `?lang=zh` or `?lang=en` leaves one of them out. The choice lies in the address and nowhere
else, so it is made by a link.
"""

from typing import Any
from urllib.parse import urlencode

import segno
from flask import Response, make_response, render_template, request
from markupsafe import Markup

LANGUAGES = ("zh", "en")
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)


def page(
    template: str, status: int = 200, *, here: str, asked: dict[str, str] | None = None, **values: Any
) -> Response:
    """A page. `here` and `asked` are the path and the query by which it is got again, in another language too."""
    language = chosen()
    asked = asked or {}
    answer = make_response(
        render_template(
            template,
            language=language,
            suffix=f"?lang={language}" if language else "",
            languages=[
                (one, with_query(here, asked | ({"lang": one} if one else {})), one == language)
                for one in ("", *LANGUAGES)
            ],
            **values,
        ),
        status,
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def chosen() -> str:
    """The one language asked for, or nothing for both."""
    language = request.args.get("lang", "")
    return language if language in LANGUAGES else ""


def with_query(path: str, asked: dict[str, str]) -> str:
    """An address on this server."""
    return f"{path}?{urlencode(asked)}" if asked else path


def qr_svg(address: str) -> Markup:
    """A QR code of `address` as inline SVG, with the quiet zone of four modules that readers need (ISO/IEC 18004)."""
    code = segno.make_qr(address, error="m")
    return Markup(code.svg_inline(border=4, omitsize=True, light="#fff", dark="#1d1b19", svgclass="qr", lineclass=None))
