"""Doors: the policy library, its files and its feed."""

import io
import uuid
from typing import Any

from flask import Response, request, send_file
from marshmallow import Schema, fields, validate

from onex.chassis.access import Caller, Role
from onex.chassis.pii import fingerprint
from onex.chassis.web import Blueprint, allow, caller, public, runtime, session
from onex.chassis.web.callers import caller_or_none
from onex.chassis.web.documents import answers_with
from onex.chassis.web.listing import Listing, equal, prefix, span
from services.registry.policies import actions, feed, queries, rules
from services.registry.policies.models import Policy, PolicyAttachment
from services.registry.policies.schemas import (
    AttachmentSchema,
    AttachmentUploadSchema,
    KeptPolicySchema,
    NewPolicySchema,
    PolicyRowSchema,
    PolicySchema,
    PolicyWithdrawalSchema,
    SuccessorSchema,
    row,
)

blp = Blueprint("policies", "policies", url_prefix="/policies", description="The policy library")
KEEPERS = (Role.OPERATOR, Role.MINISTRY, Role.PROVINCE)
_FILE_POLICY = "default-src 'none'; sandbox"

POLICIES = Listing(
    PolicyRowSchema,
    Policy.id,
    filters={
        "number": prefix(Policy.number),
        "source": prefix(Policy.source),
        "province_code": equal(Policy.province_code),
        "kind": equal(Policy.kind, rules.KINDS),
        "state": equal(Policy.state, rules.POLICY.states),
        "issued": span(Policy.issued_on),
        "title": queries.containing(Policy.title_zh, Policy.title_en),
    },
    sorts={"issued_on": Policy.issued_on},
)


class FeedQuery(Schema):
    """In which language."""

    lang = fields.String(load_default="zh", validate=validate.OneOf(feed.LANGUAGES))


@blp.route("")
@public
@POLICIES.door(blp)
def policies(query: dict[str, Any]) -> Any:
    """The published policies, for anyone (PP-44); with a token also the drafts that the caller keeps."""
    return POLICIES.answer(session(), queries.visible(caller_or_none()), query)


@blp.route("/feed.atom")
@public
@blp.arguments(FeedQuery, location="query")
@blp.doc(responses=answers_with(feed.MEDIA_TYPE, "The policies published or changed last (RFC 4287)."))
def policy_feed(query: dict[str, Any]) -> Response:
    """The policies as an Atom feed, the newest 50."""
    newest = queries.newest(session())
    files = queries.attachments_of(session(), [one.id for one in newest])
    body = feed.write(newest, files, runtime().settings.public_url, query["lang"])
    answer = Response(body, content_type=f"{feed.MEDIA_TYPE}; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=60"
    answer.set_etag(fingerprint(body))
    answer.make_conditional(request)
    return answer


@blp.route("/<uuid:policy_id>")
@public
@blp.response(200, PolicySchema)
def policy(policy_id: uuid.UUID) -> dict[str, Any]:
    """One policy with its files."""
    return _with_files(queries.one_visible(session(), caller_or_none(), policy_id))


@blp.route("/<uuid:policy_id>/record")
@allow(*KEEPERS)
@blp.response(200, KeptPolicySchema)
def record(policy_id: uuid.UUID) -> dict[str, Any]:
    """A policy as its keepers see it: who did what, and the contact, masked."""
    return _kept(actions.kept(session(), policy_id, by=caller()))


@blp.route("", methods=["POST"])
@allow(*KEEPERS)
@blp.arguments(NewPolicySchema)
@blp.response(201, KeptPolicySchema)
def draft(body: dict[str, Any]) -> dict[str, Any]:
    """Put a policy document into the library, not yet public (OP-45)."""
    return _kept(actions.draft(session(), runtime().vault, body, by=caller()))


@blp.route("/<uuid:policy_id>", methods=["PUT"])
@allow(*KEEPERS)
@blp.arguments(NewPolicySchema)
@blp.response(200, KeptPolicySchema)
def change(body: dict[str, Any], policy_id: uuid.UUID) -> dict[str, Any]:
    """Put a draft right."""
    return _kept(actions.change(session(), runtime().vault, policy_id, body, by=caller()))


@blp.route("/<uuid:policy_id>/publication", methods=["POST"])
@allow(*KEEPERS)
@blp.response(200, KeptPolicySchema)
def publish(policy_id: uuid.UUID) -> dict[str, Any]:
    """Open a policy to everyone (OP-45)."""
    return _kept(actions.publish(session(), policy_id, by=caller()))


@blp.route("/<uuid:policy_id>/supersession", methods=["POST"])
@allow(*KEEPERS)
@blp.arguments(SuccessorSchema)
@blp.response(200, KeptPolicySchema)
def supersede(body: dict[str, Any], policy_id: uuid.UUID) -> dict[str, Any]:
    """Say which published policy takes this one's place; it stays readable."""
    return _kept(actions.supersede(session(), policy_id, body["superseded_by_id"], by=caller()))


@blp.route("/<uuid:policy_id>/withdrawal", methods=["POST"])
@allow(*KEEPERS)
@blp.arguments(PolicyWithdrawalSchema)
@blp.response(200, KeptPolicySchema)
def withdraw(body: dict[str, Any], policy_id: uuid.UUID) -> dict[str, Any]:
    """Take a policy out of the library."""
    return _kept(actions.withdraw(session(), policy_id, body["reason"], by=caller()))


@blp.route("/<uuid:policy_id>/attachments", methods=["POST"])
@allow(*KEEPERS)
@blp.doc(responses={"413": {"description": "The file is too large"}})
@blp.arguments(AttachmentUploadSchema, location="files")
@blp.response(201, AttachmentSchema)
def attach(files: dict[str, Any], policy_id: uuid.UUID) -> PolicyAttachment:
    """Give a draft a file of up to 20 MB (OP-45)."""
    upload = files["file"]
    data = upload.stream.read(rules.MOST_BYTES + 1)
    return actions.attach(session(), policy_id, data, upload.filename or "", by=caller())


@blp.route("/<uuid:policy_id>/attachments/<uuid:attachment_id>", methods=["DELETE"])
@allow(*KEEPERS)
@blp.response(204)
def detach(policy_id: uuid.UUID, attachment_id: uuid.UUID) -> None:
    """Take a file from a draft."""
    actions.detach(session(), policy_id, attachment_id, by=caller())


@blp.route("/<uuid:policy_id>/attachments/<uuid:attachment_id>")
@public
@blp.doc(responses=answers_with("*/*", "The file, to be saved."))
def download(policy_id: uuid.UUID, attachment_id: uuid.UUID) -> Response:
    """A file of a policy. It is saved, never shown in the page's own name, whatever is in it."""
    by: Caller | None = caller_or_none()
    found = queries.attachment(session(), by, policy_id, attachment_id)
    answer = send_file(
        io.BytesIO(queries.body_of(session(), found.id)),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.name,
        etag=False,
        conditional=False,
    )
    answer.headers["Cache-Control"] = "private, no-store" if by else "public, max-age=600"
    answer.headers["Content-Security-Policy"] = _FILE_POLICY
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.set_etag(found.sha256)
    answer.make_conditional(request)
    return answer


def _with_files(found: Policy) -> dict[str, Any]:
    return row(found) | {"attachments": queries.attachments_of(session(), [found.id])[found.id]}


def _kept(found: Policy) -> dict[str, Any]:
    more = ("reason", "created_by", "created_at", "updated_by", "published_by")
    told = {name: getattr(found, name) for name in more}
    return _with_files(found) | told | {"contact": actions.masked_contact(runtime().vault, found)}
