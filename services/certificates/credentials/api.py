"""Doors: signed credentials and the keys to verify them with; both are for anyone, anywhere."""

import uuid

import orjson
from flask import Response

from onex.chassis.access import Role
from onex.chassis.problems import there
from onex.chassis.web import Blueprint, allow, caller, public, runtime, session
from onex.chassis.web.documents import answers_with
from services.certificates.credentials import actions, queries
from services.certificates.credentials.addresses import issuer_did
from services.certificates.credentials.anyone import for_anyone
from services.certificates.credentials.did import did_document
from services.certificates.credentials.errors import IssuerNotKnown
from services.certificates.credentials.models import IssuerKey
from services.certificates.credentials.schemas import IssuerKeySchema, ProofQuery
from services.certificates.credentials.signing import CRYPTOSUITE
from services.certificates.issuing import numbers

blp = Blueprint("credentials", "credentials", description="Verifiable credentials and issuers' keys")
blp.after_request(for_anyone)


@blp.route("/credentials/<number>")
@public
@blp.arguments(ProofQuery, location="query")
@blp.doc(responses=answers_with("application/vc", "The credential, as it was signed."))
def credential(query: dict[str, str], number: str) -> Response:
    """The certificate as a signed W3C Verifiable Credential 2.0. It names its holder only by a salted hash."""
    clean = numbers.clean(number)
    there(numbers.is_valid(clean) or None)
    if query["proof"] == CRYPTOSUITE:
        text: str | bytes = there(queries.credential(session(), clean))
    else:
        url = runtime().settings.public_url
        signed = there(actions.with_statements_signed(session(), runtime().vault, url, clean))
        text = orjson.dumps(signed, option=orjson.OPT_SORT_KEYS)
    headers = {"Content-Disposition": f'inline; filename="{clean}.vc.json"', "Cache-Control": "no-cache"}
    return Response(text, content_type="application/vc", headers=headers)


@blp.route("/issuers/<uuid:teo_id>/did.json")
@public
@blp.doc(responses=answers_with("application/did+ld+json", "The DID document."))
def issuer(teo_id: uuid.UUID) -> Response:
    """The DID document (did:web) of a TEO: every key it signs or has signed with."""
    keys = queries.keys_of(session(), teo_id)
    if not keys:
        raise IssuerNotKnown()
    document = did_document(issuer_did(runtime().settings.public_url, teo_id), keys)
    headers = {"Cache-Control": "public, max-age=60"}
    return Response(orjson.dumps(document), content_type="application/did+ld+json", headers=headers)


@blp.route("/issuers/<uuid:teo_id>/keys", methods=["POST"])
@allow(Role.OPERATOR, Role.TEO)
@blp.response(201, IssuerKeySchema)
def next_key(teo_id: uuid.UUID) -> IssuerKey:
    """Retire the TEO's key and make the next one. What the old key signed stays valid."""
    caller().must_be(teo_id)
    return actions.rotate_key(session(), runtime().vault, teo_id)
