"""The library as people read it, 中文 and English side by side (PP-44). It needs no script, no cookie, nothing from elsewhere."""

import uuid
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from marshmallow import EXCLUDE, ValidationError

from onex.chassis.problems import Malformed, NotFound
from onex.chassis.web import public, runtime, session
from onex.chassis.web.callers import caller_or_none
from services.registry.policies import feed, queries
from services.registry.policies.api import POLICIES
from services.registry.policies.rules import KINDS, SUPERSEDED

blp = Blueprint("policy_pages", __name__, template_folder="templates")
ROWS = 20
KIND_NAMES = dict(
    zip(
        KINDS,
        (
            ("法律法规", "Law"), ("方案", "Plan"), ("意见", "Opinions"), ("通知", "Notice"), ("办法", "Measures"),
            ("解读", "Interpretation"), ("其他", "Other"),
        ),
        strict=True,
    )
)  # fmt: skip
_ASKED = ("title", "number", "kind", "cursor")
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)


@blp.get("/registry/policies")
@public
def library() -> Response:
    """The published policies, what was issued last first; searched by title, number and kind."""
    asked = {name: value for name in _ASKED if (value := request.args.get(name, "").replace("\x00", "").strip())}
    found: dict[str, Any] = {"items": [], "next": None}
    wrong = False
    try:
        many = {name: [value] if name == "kind" else value for name, value in asked.items()}
        given = POLICIES.query_schema(unknown=EXCLUDE).load(many | {"sort": "-issued_on", "size": ROWS})
        answer = POLICIES.answer(session(), queries.public(), given)
        assert isinstance(answer, dict)  # no file was asked for
        found = answer
    except (ValidationError, Malformed):
        wrong = True
    following = asked | {"cursor": found["next"]} if found["next"] else None
    return _page(
        "policies/library.html",
        422 if wrong else 200,
        policies=found["items"],
        asked=asked,
        wrong=wrong,
        kinds=KIND_NAMES,
        next=url_for("policy_pages.library", **following) if following else None,
    )


@blp.get("/registry/policies/<uuid:policy_id>")
@public
def policy(policy_id: uuid.UUID) -> Response:
    """One policy: where it is from, what it says in short, its files, whom to ask."""
    caller_or_none()
    try:
        found = queries.one_visible(session(), None, policy_id)
    except NotFound:
        return _page("policies/absent.html", 404)
    files = queries.attachments_of(session(), [found.id])[found.id]
    public_url = runtime().settings.public_url
    return _page(
        "policies/policy.html",
        policy=found,
        kind=KIND_NAMES[found.kind],
        superseded=found.state == SUPERSEDED,
        files=[(one, feed.file_address("", one)) for one in files],
        address=feed.page_address(public_url, found.id),
    )


def _page(template: str, status: int = 200, **values: Any) -> Response:
    page = make_response(render_template(template, **values), status)
    page.headers["Cache-Control"] = "public, max-age=60" if status == 200 else "no-store"
    page.headers["Content-Security-Policy"] = _POLICY
    return page
