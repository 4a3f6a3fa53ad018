"""Doors: the log as any monitor reads it (C2SP `tlog-tiles`), and the proof of one certificate. All are for anyone."""

import base64
import gzip
import uuid
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields

from onex.chassis.problems import NotFound, there
from onex.chassis.web import Blueprint, public, runtime, session
from onex.chassis.web.documents import answers_with
from onex.transparency import tiles
from services.certificates.credentials import queries as credentials
from services.certificates.credentials.anyone import for_anyone
from services.certificates.issuing import numbers
from services.certificates.log import bundle, keys, queries
from services.certificates.log.errors import NotLoggedYet, SizeWrong
from services.certificates.log.models import LogHead

blp = Blueprint("log", "log", description="The transparency log of certificates")
blp.after_request(for_anyone)

_TEXT, _BYTES = "text/plain; charset=utf-8", "application/octet-stream"
_FOR_EVER = "public, max-age=31536000, immutable"
"""What a tile's name leads to never changes: a wider one has another name."""


class LogKeySchema(Schema):
    """A key that signs the log's heads, or did."""

    vkey = fields.String(metadata={"description": "C2SP `signed-note` verifier key"})


class LogKeysSchema(Schema):
    """The log's name and keys."""

    origin = fields.String()
    keys = fields.List(fields.Nested(LogKeySchema), metadata={"description": "newest first"})


class ConsistencyQuery(Schema):
    """From which size."""

    size = fields.Integer(required=True, metadata={"description": "of the head that was seen before"})


class ConsistencySchema(Schema):
    """Proof that the log was only appended to (RFC 6962, section 2.1.2)."""

    old_size = fields.Integer()
    size = fields.Integer()
    proof = fields.List(fields.String(), metadata={"description": "hashes in base64"})
    checkpoint = fields.String()


@blp.route("/log/checkpoint")
@public
@blp.doc(responses=answers_with("text/plain", "A signed note: origin, size, root hash."))
def checkpoint() -> Response:
    """The newest head of the log, signed."""
    return _answer(_head().note, _TEXT, "no-cache")


@blp.route("/log/tile/<path:path>")
@public
@blp.doc(responses=answers_with("application/octet-stream", "The tile, or the bundle of entries."))
def tile(path: str) -> Response:
    """A tile of hashes (`0/x001/067`), or a bundle of entries (`entries/x001/067.p/5`)."""
    try:
        name = tiles.parse(f"tile/{path}")
    except ValueError:
        raise NotFound() from None
    found = queries.tile(session(), name)
    if found is None:
        raise NotFound()
    if name.level is not None:  # hashes cannot be packed
        return _answer(found, _BYTES, _FOR_EVER)
    packed = request.accept_encodings.quality("gzip") > 0
    encoding = {"Content-Encoding": "gzip"} if packed else {}
    return _answer(
        gzip.compress(found, mtime=0) if packed else found, _BYTES, _FOR_EVER, {"Vary": "Accept-Encoding"} | encoding
    )


@blp.route("/log/keys")
@public
@blp.response(200, LogKeysSchema)
def log_keys() -> dict[str, Any]:
    """The keys that the log's heads are checked with."""
    url = runtime().settings.public_url
    return {"origin": keys.origin(url), "keys": [{"vkey": str(key)} for key in keys.verifier_keys(session(), url)]}


@blp.route("/log/consistency")
@public
@blp.arguments(ConsistencyQuery, location="query")
@blp.response(200, ConsistencySchema)
def consistency(query: dict[str, int]) -> dict[str, Any]:
    """Proof that the log of today begins with the log of a smaller size."""
    head = _head()
    if not 0 < query["size"] <= head.size:
        raise SizeWrong(f"The log has {head.size} entries.")
    path = queries.consistency(session(), query["size"], head)
    return {
        "old_size": query["size"],
        "size": head.size,
        "proof": [base64.b64encode(one).decode() for one in path],
        "checkpoint": head.note,
    }


def _certificate(number: str) -> tuple[str, uuid.UUID]:
    """The number without what people put between its digits, and the certificate's id; raise NotFound without one."""
    clean = numbers.clean(number)
    return clean, there(credentials.certificate_id(session(), clean) if numbers.is_valid(clean) else None)


@blp.route("/credentials/<number>/log-proof")
@public
@blp.doc(responses=answers_with("text/plain", "C2SP `tlog-proof`: the entry, its place, the proof, the signed head."))
def log_proof(number: str) -> Response:
    """The file that proves, offline and for ever, that the log holds the issue of this certificate."""
    clean, certificate_id = _certificate(number)
    head = _head()
    mine = [one for one in queries.entries_of(session(), certificate_id) if one.index < head.size]
    if not mine:
        raise NotLoggedYet()
    headers = {"Content-Disposition": f'inline; filename="{clean}.tlog-proof"'}
    return _answer(queries.proof(session(), mine[0], head).text, _TEXT, "no-cache", headers)


@blp.route("/credentials/<number>/bundle")
@public
@blp.doc(responses=answers_with("application/json", "Credential, issuers' documents, log proofs, status lists."))
def bundle_of(number: str) -> Response:
    """One file with all that is needed to check the certificate offline, with `onex verify` or one of the examples."""
    clean, certificate_id = _certificate(number)
    settings = runtime().settings
    made = bundle.bundle(session(), runtime().vault, settings.public_url, certificate_id, _head())
    if made is None:
        raise NotLoggedYet()
    headers = {"Content-Disposition": f'inline; filename="{clean}.onex.json"'}
    return _answer(made, "application/json", "no-cache", headers)


def _head() -> LogHead:
    head = queries.head(session())
    if head is None:
        raise NotLoggedYet("Nothing is logged yet.")
    return head


def _answer(body: str | bytes, kind: str, cached: str, more: dict[str, str] | None = None) -> Response:
    return Response(body, content_type=kind, headers={"Cache-Control": cached} | (more or {}))
