"""Whether a credential is genuine, and whether those that are stored are, and say what their certificates say."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson

from onex.chassis import clock
from onex.chassis.invariants import Connection, Fault, Kind
from services.certificates.credentials import did, signing
from services.certificates.issuing.rules import LEVEL_DIGIT

PAGE = 1_000
_KEYS = "SELECT public_multibase, teo_id, valid_from, retired_at FROM issuer_key"
_CERTIFICATES = (
    "SELECT id, number, type_code, level, standard_version, teo_id, issued_on, status_list, status_index, foreign_number,"
    " credential FROM certificate WHERE id > %s::uuid ORDER BY id LIMIT %s"
)


class Stored(NamedTuple):
    """A certificate's row, as far as its credential repeats it."""

    id: uuid.UUID
    number: str
    type_code: str
    level: str
    standard_version: str
    teo_id: uuid.UUID
    issued_on: date
    status_list: int
    status_index: int
    foreign_number: str | None
    credential: str


class Signed(NamedTuple):
    """A proof that holds."""

    cryptosuite: str
    verification_method: str
    created: datetime
    key: did.IssuerKey


def check(
    credential: dict[str, Any], issuer_document: dict[str, Any], logged_at: datetime | None = None
) -> list[Signed]:
    """The proofs of `credential`, all of which hold by the keys of its issuer's DID document, else ProofInvalid.

    `logged_at` is the time of the log's entry, where that was proved. Whoever has a key can date a proof as they like, but not
    the log: for a key that is revoked by now, it is what tells a certificate from a forgery. Without it the proof's
    own date is taken. Says nothing of the standing, which is in the status lists, nor of the holder (`holder.holder_matches`).
    """
    proofs = signing.proofs(credential)
    issued = signing.issued_proof(proofs)
    try:
        listed = did.keys_in(issuer_document)
    except ValueError:
        raise signing.ProofInvalid("issuer_mismatch") from None
    issuer = credential.get("issuer")
    named = issuer.get("id") if isinstance(issuer, dict) else issuer
    if not isinstance(named, str) or named != issuer_document["id"]:
        raise signing.ProofInvalid("issuer_mismatch")
    held = []
    for proof in proofs:
        method, created = proof["verificationMethod"], datetime.fromisoformat(proof["created"])
        key = listed.get(method)
        if key is None:
            raise signing.ProofInvalid("key_not_listed")
        # The suite lets further contexts follow, which are not under the signature; nothing of the platform's has any.
        if proof.get("@context", credential.get("@context")) != credential.get("@context"):
            raise signing.ProofInvalid("wrong_context")
        logged = logged_at if logged_at is not None and proof is issued else created
        if not (key.in_force(created) and key.in_force(logged)):
            raise signing.ProofInvalid("key_not_in_force")
        signing.verify_proof(credential, proof, key.multibase)
        held.append(Signed(proof["cryptosuite"], method, created, key))
    return held


@dataclass(frozen=True)
class Key:
    """A key that signs, and whose it is."""

    teo_id: str
    key: did.IssuerKey


def faults(connection: Connection) -> Iterator[Fault]:
    """The certificates whose credential is not genuine. About 130 µs of CPU each, most of it for the signature.

    In short transactions: one that lasted for minutes would keep the database from clearing away what was deleted
    meanwhile, of which a busy outbox has much.
    """
    after = uuid.UUID(int=0)
    while rows := connection.execute(_CERTIFICATES, [after, PAGE]).fetchall():
        # After the certificates: so every key that signed one of them is there.
        keys = {
            multibase: Key(str(teo_id), did.IssuerKey(multibase, valid_from, retired_at))
            for multibase, teo_id, valid_from, retired_at in connection.execute(_KEYS).fetchall()
        }
        connection.rollback()
        after = rows[-1][0]
        for one in map(Stored._make, rows):
            if why := _not_genuine(one, keys):
                yield Fault(Kind.ALTERED, str(one.id), f"its credential: {why}")


def _not_genuine(one: Stored, keys: dict[str, Key]) -> str | None:
    """What is wrong with a credential, or None."""
    try:
        document = orjson.loads(one.credential)
        multibase = signing.verification_method(document).partition("#")[2]
        signer = keys.get(multibase)
        if signer is None or signer.teo_id != str(one.teo_id):
            return "signed with no key of its TEO"
        signing.verify(document, multibase)
        if not signer.key.in_force(datetime.fromisoformat(document["proof"]["created"])):
            return "signed when its key was not in force"
        return next((f"says another {what}" for what, same in _compared(document, one) if not same), None)
    except signing.ProofInvalid as invalid:
        return invalid.reason
    except (ValueError, KeyError, TypeError, AttributeError):
        return "cannot be read"


def _compared(document: dict[str, Any], one: Stored) -> Iterator[tuple[str, bool]]:
    achievement = document["credentialSubject"]["achievement"]
    yield "number", document["id"].rpartition("/")[2] == one.number
    yield "TEO", document["issuer"]["id"].rpartition(":")[2] == str(one.teo_id)
    yield "type or level", achievement["humanCode"] == f"{one.type_code}-{LEVEL_DIGIT[one.level]}"
    yield "standard", achievement["version"] == one.standard_version
    status = document["credentialStatus"]
    yield "place in the status lists", status["statusListIndex"] == str(one.status_index)
    yield "status list", status["statusListCredential"].endswith(f"/status-lists/{one.status_list}/suspension")
    yield "number of its paper", document["credentialSubject"].get("licenseNumber") in (None, one.foreign_number)
    yield "day of issue", clock.beijing_day(datetime.fromisoformat(document["validFrom"])) == one.issued_on
