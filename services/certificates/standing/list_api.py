"""Doors: the status lists and the platform's keys that sign them. Who reads them may be anyone, anywhere."""

import orjson
from flask import Response, request

from onex.chassis.access import Role
from onex.chassis.problems import NotFound
from onex.chassis.web import Blueprint, allow, public, runtime, session
from onex.chassis.web.documents import answers_with
from services.certificates.credentials.anyone import for_anyone
from services.certificates.credentials.did import did_document
from services.certificates.standing import lists, platform_keys
from services.certificates.standing.entries import PURPOSES
from services.certificates.standing.models import PlatformKey
from services.certificates.standing.schemas import PlatformKeySchema

blp = Blueprint("status_lists", "status_lists", description="Bitstring Status Lists and the platform's keys")
blp.after_request(for_anyone)


@blp.route("/status-lists/<int:which>/<purpose>")
@public
@blp.doc(responses=answers_with("application/vc", "The list, as it was signed."))
def status_list(which: int, purpose: str) -> Response:
    """A Bitstring Status List (W3C): of 131,072 certificates which are suspended or worse, or which are so for good."""
    if purpose not in PURPOSES or which >= 2**31:
        raise NotFound()
    row = lists.shown(session(), runtime().vault, runtime().settings.public_url, which, purpose)
    if row is None:
        raise NotFound()
    cached = {"Cache-Control": f"public, max-age={lists.KEPT_FOR_S}"}
    answer = Response(row.credential, content_type="application/vc", headers=cached)
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@blp.route("/issuers/platform/did.json")
@public
@blp.doc(responses=answers_with("application/did+ld+json", "The DID document."))
def platform() -> Response:
    """The DID document (did:web) of the platform: every key it signs status lists with, or has signed with."""
    public_url = runtime().settings.public_url
    keys = platform_keys.every_key(session())
    if not keys:
        platform_keys.signer(session(), runtime().vault, public_url)
        keys = platform_keys.every_key(session())
    document = did_document(platform_keys.platform_did(public_url), keys)
    headers = {"Cache-Control": "public, max-age=60"}
    return Response(orjson.dumps(document), content_type="application/did+ld+json", headers=headers)


@blp.route("/issuers/platform/keys", methods=["POST"])
@allow(Role.OPERATOR)
@blp.response(201, PlatformKeySchema)
def next_platform_key() -> PlatformKey:
    """Retire the platform's key and make the next one. What the old key signed stays valid."""
    return platform_keys.rotate(session(), runtime().vault)
