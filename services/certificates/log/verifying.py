"""Whether a certificate is what it says it is, from files alone: its proof, its issuer's keys, the log, the status lists.

Everything is told as findings that a person can read. What could not be looked at is said as well, never passed over.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import orjson

from onex.transparency.notes import Checkpoint, NoteWrong, VerifierKey
from onex.transparency.proofs import ProofFile, ProofFileWrong
from services.certificates.credentials import did, genuine, signing
from services.certificates.credentials.canonical import canonical
from services.certificates.credentials.holder import holder_matches
from services.certificates.log.entries import MAY_FOLLOW, STATE_AFTER
from services.certificates.standing import bitstring
from services.certificates.standing.platform_keys import NAME

Document = dict[str, Any]
ENDED = {"suspended": "suspended", "revoked": "revoked", "replaced": "replaced by another certificate"}


class Outcome(StrEnum):
    HOLDS = "holds"
    WRONG = "wrong"
    MISSING = "not checked"  # what is needed for it was not given
    NOTE = "note"  # what no file can show


class Finding(NamedTuple):
    outcome: Outcome
    what: str


class Wrong(Exception):
    """Something does not hold; the message says what, to a person."""


@dataclass
class Evidence:
    """What was given to check a certificate with."""

    issuers: dict[str, Document] = field(default_factory=dict)
    """DID documents by their DID."""
    lists: dict[str, Document] = field(default_factory=dict)
    """Status list credentials by their address."""
    proofs: list[ProofFile] = field(default_factory=list)
    log_keys: list[VerifierKey] = field(default_factory=list)
    """Keys that came with the files."""
    trusted_keys: list[VerifierKey] = field(default_factory=list)
    """Keys that whoever asks knows to be the log's; where there is one, no other counts."""
    fetched_from: str = ""
    """The host that all this was asked for just now, over TLS."""


def verify(credential: Document, evidence: Evidence, now: datetime, name: str | None = None) -> list[Finding]:
    """Check one credential with all that was given. It is to be accepted where `is_good` says so of the findings."""
    found = _told(_signature, credential, evidence)
    found += _told(_log, credential, evidence)
    found += _told(_status, credential, evidence, now)
    if name is not None:
        right = holder_matches(credential, name)
        said = (
            "It was issued to a holder of the name given." if right else "It was not issued to a holder of that name."
        )
        found.append(Finding(Outcome.HOLDS if right else Outcome.WRONG, said))
    else:
        found.append(Finding(Outcome.NOTE, "Whose certificate it is was not checked: no name was given."))
    if not evidence.trusted_keys and not evidence.fetched_from:
        known = ", ".join(str(key) for key in evidence.log_keys) or "none"
        found.append(
            Finding(
                Outcome.NOTE,
                "The keys came with the files, and whoever made the files could have made the keys. Compare the log's key with"
                f" the one the platform publishes, or give that one: {known}",
            )
        )
    return found


def is_good(found: Iterable[Finding], *, partial: bool = False) -> bool:
    """Whether nothing is wrong and, unless `partial` will do, nothing that can be checked was left unchecked."""
    return not any(one.outcome is Outcome.WRONG or (one.outcome is Outcome.MISSING and not partial) for one in found)


def _told(check: Any, *arguments: Any) -> list[Finding]:
    try:
        return list(check(*arguments))
    except Wrong as wrong:
        return [Finding(Outcome.WRONG, str(wrong))]
    except signing.ProofInvalid as invalid:
        return [Finding(Outcome.WRONG, f"Its signature does not hold ({invalid.reason}).")]
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError):
        return [Finding(Outcome.WRONG, "Something in the files is not of the form it must have.")]


def _signature(credential: Document, evidence: Evidence) -> Sequence[Finding]:
    issuer = credential["issuer"]["id"]
    if issuer not in evidence.issuers:
        return [Finding(Outcome.MISSING, f"The signature: the DID document of its issuer {issuer} was not given.")]
    made = genuine.check(credential, evidence.issuers[issuer])[0].created
    who = credential["issuer"].get("name", issuer)
    return [Finding(Outcome.HOLDS, f"{who} signed it on {made:%Y-%m-%d}, with a key in force; nothing was altered.")]


def _check_proof(document: Document, issuer: str, evidence: Evidence) -> datetime:
    """When a status list's proof was made; raises Wrong where it was not by a key that its issuer had in force then."""
    method = signing.verification_method(document) if isinstance(document.get("proof"), dict) else ""
    known = evidence.issuers[issuer]
    listed = [one for one in known["verificationMethod"] if one["id"] == method and one["controller"] == issuer]
    if not method.startswith(issuer + "#") or len(listed) != 1 or method not in known["assertionMethod"]:
        raise Wrong("It is signed with a key that is not its issuer's.")
    try:
        signing.verify(document, listed[0]["publicKeyMultibase"])
    except signing.ProofInvalid as invalid:
        raise Wrong(
            f"The signature of {document.get('id', 'the document')} does not hold ({invalid.reason})."
        ) from None
    made = datetime.fromisoformat(document["proof"]["created"])
    if "revoked" in listed[0] and made >= datetime.fromisoformat(listed[0]["revoked"]):
        raise Wrong("It was signed after its key had been retired.")
    return made


def _log(credential: Document, evidence: Evidence) -> Sequence[Finding]:
    keys = evidence.trusted_keys or evidence.log_keys
    if not keys or not evidence.proofs:
        return [Finding(Outcome.MISSING, "The log: " + ("no proof file" if keys else "no key of it") + " was given.")]
    digest = hashlib.sha256(canonical(signing.as_issued(credential))).hexdigest()
    said: dict[int, Document] = {}
    head: Checkpoint | None = None
    for proof in evidence.proofs:
        entry = orjson.loads(proof.extra or b"{}")
        if entry.get("credential") != digest:
            continue
        head = _head_of(proof, keys)
        if entry["issuer"] != credential["issuer"]["id"]:
            raise Wrong("The log names another issuer.")
        said[proof.index] = entry
    if head is None:
        raise Wrong("None of the proofs is of this certificate: as it is here, it is not proved to be in the log.")
    history = [said[index] for index in sorted(said)]
    kinds = [one["kind"] for one in history]
    if any(kind not in MAY_FOLLOW[before] for before, kind in zip([None, *kinds], kinds, strict=False)):
        raise Wrong("The log's entries of it that were given are not all of them, or not in order.")
    place = f"as entry {min(said)} of {head.size}"
    found = [Finding(Outcome.HOLDS, f"The log {head.origin} holds its issue, {place}: {_day(history[0])}.")]
    if STATE_AFTER[kinds[-1]] != "valid":
        found.append(Finding(Outcome.WRONG, f"The log says that it was {ENDED[kinds[-1]]}, on {_day(history[-1])}."))
    return found


def _head_of(proof: ProofFile, keys: Sequence[VerifierKey]) -> Checkpoint:
    try:
        head = proof.check(keys)
    except (ProofFileWrong, NoteWrong) as error:
        raise Wrong(f"The log's proof does not hold: {error}") from None
    if head.origin not in {key.name for key in keys}:
        raise Wrong("The log's head is signed with the key of another log.")
    return head


def _day(entry: Document) -> str:
    return f"{datetime.fromisoformat(entry['time']):%Y-%m-%d %H:%M} UTC"


def _status(credential: Document, evidence: Evidence, now: datetime) -> Sequence[Finding]:
    entries = credential.get("credentialStatus")
    if not entries:
        return [Finding(Outcome.MISSING, "Whether it still stands: it names no status list.")]
    addresses: dict[str, int] = {}
    for one in entries if isinstance(entries, list) else [entries]:
        if one["type"] != "BitstringStatusListEntry":
            raise Wrong("Its status is of a kind that is not known.")
        index = int(one["statusListIndex"])
        addresses |= {one["statusListCredential"]: index}
        if reference := one.get("statusReference"):
            addresses |= {reference: index}
    missing = [address for address in addresses if address not in evidence.lists]
    if missing:
        return [Finding(Outcome.MISSING, f"Whether it still stands: the status list {missing[0]} was not given.")]
    platform = f"{credential['issuer']['id'].rpartition(':')[0]}:{NAME}"
    base = did.resolve_url(platform).removesuffix(f"/issuers/{NAME}/did.json")
    ended: list[str] = []
    oldest: datetime | None = None
    until = now
    for address, index in addresses.items():
        kept = evidence.lists[address]
        if kept["issuer"] != platform or kept["id"] != address or not address.startswith(f"{base}/status-lists/"):
            raise Wrong("The status list is another platform's.")
        if platform not in evidence.issuers:
            return [Finding(Outcome.MISSING, f"Whether it still stands: the DID document of {platform} was not given.")]
        signed_at = _check_proof(kept, platform, evidence)
        subject = kept["credentialSubject"]
        if (
            "BitstringStatusListCredential" not in kept["type"]
            or address.rpartition("/")[2] != subject["statusPurpose"]
        ):
            raise Wrong("The status list is none, or of another purpose.")
        if bitstring.is_set(bitstring.decoded(subject["encodedList"]), index):
            ended.append(subject["statusPurpose"])
        oldest = signed_at if oldest is None else min(oldest, signed_at)
        until = min(until, datetime.fromisoformat(kept["validUntil"]))
    if ended:
        state = "revoked or replaced, for good" if "revocation" in ended else "suspended"
        return [
            Finding(Outcome.WRONG, f"It does not stand: it is {state} (status list of {oldest:%Y-%m-%d %H:%M} UTC).")
        ]
    found = [
        Finding(Outcome.HOLDS, f"It stood on {oldest:%Y-%m-%d at %H:%M} UTC: neither suspended, revoked nor replaced.")
    ]
    if until < now:
        found.append(Finding(Outcome.NOTE, "What became of it since then is not known: ask for newer status lists."))
    return found
