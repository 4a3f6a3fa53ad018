"""The page that a holder's link opens: what they chose to show, as it stands now, in two languages and on paper."""

from flask import Blueprint, Response, request

from onex.chassis import clock
from onex.chassis.web import public, runtime, session
from services.certificates.inquiry.framing import page
from services.certificates.inquiry.limits import TooManyRequests
from services.certificates.inquiry.pages import limits_here
from services.certificates.presentations import actions, showing, tokens
from services.certificates.presentations.errors import NothingShown

blp = Blueprint("presentation", __name__, template_folder="templates")


@blp.get(tokens.PATH)
@public
def presentation() -> Response:
    """PP-45: what the link shows. The same page, with 404, for one that never was, ended or was withdrawn."""
    token = request.args.get(tokens.PARAMETER, "")[: tokens.MAX_LENGTH + 1]
    limits = limits_here()
    client, now = limits.client(request.environ), clock.now()
    try:
        limits.enter(client)
        found = actions.view(session(), token, now)
    except TooManyRequests as refusal:
        wait_s: int = refusal.facts["retry_after_s"]
        answer = page("no_presentation.html", 429, here=tokens.PATH, wait_minutes=-(-wait_s // 60))
        answer.headers["Retry-After"] = str(wait_s)
        return answer
    except NothingShown:
        limits.missed(client)
        return page("no_presentation.html", 404, here=tokens.PATH)
    asked = {tokens.PARAMETER: token}
    return page("presentation.html", here=tokens.PATH, asked=asked, **showing.for_page(runtime().vault, found, now))
