"""Whether a certificate is what it says it is, from files alone: its proof, its issuer's keys, the log, the status lists.

Everything is told as findings that a person can read. What could not be looked at is said as well, never passed over.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import orjson

from onex.transparency.notes import Checkpoint, NoteWrong, VerifierKey
from onex.transparency.proofs import ProofFile, ProofFileWrong
from services.certificates.credentials import did, genuine, signing
from services.certificates.credentials.canonical import canonical
from services.certificates.credentials.holder import holder_matches
from services.certificates.credentials.times import moment
from services.certificates.log.entries import MAY_FOLLOW, STATE_AFTER
from services.certificates.standing import bitstring
from services.certificates.standing.platform_keys import NAME

Document = dict[str, Any]
CLOCKS_DIFFER = timedelta(minutes=10)
"""So far ahead the clock of who issued may be of the clock here."""
LOGGED_WITHIN = timedelta(days=1)
"""A certificate is signed and its entry written in one transaction: what is dated earlier is dated back."""
INDEX = re.compile(r"[0-9]{1,10}")
ENDED = {"suspended": "suspended", "revoked": "revoked", "replaced": "replaced by another certificate"}


class Outcome(StrEnum):
    HOLDS = "holds"
    WRONG = "wrong"
    MISSING = "not checked"  # what is needed for it was not given
    NOTE = "note"  # what no file can show


class Finding(NamedTuple):
    outcome: Outcome
    what: str


PAGE_NOT_READ = Finding(
    Outcome.NOTE, "What is printed on the document was not read: only what is said here is certified. Compare the two."
)


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
    found += _told(_period, credential, now)
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
    if evidence.fetched_from:
        found.append(
            Finding(
                Outcome.NOTE, f"All this is what {evidence.fetched_from} says: see that it is the platform you mean."
            )
        )
    elif not evidence.trusted_keys:
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
    outcomes = {one.outcome for one in found}
    return Outcome.WRONG not in outcomes and (partial or Outcome.MISSING not in outcomes)


def _told(check: Any, *arguments: Any) -> list[Finding]:
    try:
        return list(check(*arguments))
    except Wrong as wrong:
        return [Finding(Outcome.WRONG, str(wrong))]
    except signing.ProofInvalid as invalid:
        return [Finding(Outcome.WRONG, f"Its signature does not hold ({invalid.reason}).")]
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError):
        return [Finding(Outcome.WRONG, "Something in the files is not of the form it must have.")]


def _signature(credential: Document, evidence: Evidence) -> Sequence[Finding]:
    issuer = credential["issuer"]["id"]
    if issuer not in evidence.issuers:
        return [Finding(Outcome.MISSING, f"The signature: the DID document of its issuer {issuer} was not given.")]
    made = genuine.check(credential, evidence.issuers[issuer])[0].created
    who = credential["issuer"].get("name", issuer)
    what = f"{who} signed it on {made.date()}, with a key in force; nothing was altered"
    return [Finding(Outcome.HOLDS, f"{what}: {credential['name']}." if "name" in credential else f"{what}.")]


def _period(credential: Document, now: datetime) -> Sequence[Finding]:
    """Nothing where the credential is valid now, as far as it says itself since when and how long."""
    if moment(credential["validFrom"]) > now + CLOCKS_DIFFER:
        raise Wrong("It is not valid yet.")
    if "validUntil" in credential and moment(credential["validUntil"]) <= now:
        raise Wrong("It is valid no longer.")
    return []


def _log(credential: Document, evidence: Evidence) -> Sequence[Finding]:
    keys = evidence.trusted_keys or evidence.log_keys
    if not keys or not evidence.proofs:
        return [Finding(Outcome.MISSING, "The log: " + ("no proof file" if keys else "no key of it") + " was given.")]
    digest = hashlib.sha256(canonical(signing.as_issued(credential))).hexdigest()
    said: dict[int, Document] = {}
    head: Checkpoint | None = None
    for proof in evidence.proofs:
        entry = orjson.loads(proof.extra) if proof.extra is not None else None
        if not isinstance(entry, dict) or entry.get("credential") != digest:
            continue  # of another certificate
        head = _head_of(proof, keys)
        if entry["issuer"] != credential["issuer"]["id"]:
            raise Wrong("The log names another issuer.")
        said[proof.index] = entry
    if head is None:
        raise Wrong("None of the proofs is of this certificate: as it is here, it is not proved to be in the log.")
    history = [said[index] for index in sorted(said)]
    _agrees(credential, moment(history[0]["time"]), evidence)
    kinds = [one["kind"] for one in history]
    if any(kind not in MAY_FOLLOW[before] for before, kind in zip([None, *kinds], kinds, strict=False)):
        raise Wrong("The log's entries of it that were given are not all of them, or not in order.")
    place = f"as entry {min(said)} of {head.size}"
    found = [Finding(Outcome.HOLDS, f"The log {head.origin} holds its issue, {place}: {_day(history[0])}.")]
    if STATE_AFTER[kinds[-1]] != "valid":
        found.append(Finding(Outcome.WRONG, f"The log says that it was {ENDED[kinds[-1]]}, on {_day(history[-1])}."))
    return found


def _agrees(credential: Document, logged_at: datetime, evidence: Evidence) -> None:
    """Raise where the signature is dated otherwise than the log's entry: who has a key can date a signature, but not the log."""
    made = moment(signing.as_issued(credential)["proof"]["created"])
    if not timedelta(0) <= logged_at - made < LOGGED_WITHIN:
        raise Wrong(f"It is dated {made:%Y-%m-%d}, and the log says that it was issued on {logged_at:%Y-%m-%d}.")
    if known := evidence.issuers.get(credential["issuer"]["id"]):
        genuine.check(credential, known, logged_at)


def _head_of(proof: ProofFile, keys: Sequence[VerifierKey]) -> Checkpoint:
    # A log's head counts where the log of that name signed it, whichever others are trusted.
    of_this_log = [key for key in keys if key.name == proof.note.partition("\n")[0]]
    try:
        return proof.check(of_this_log)
    except (ProofFileWrong, NoteWrong) as error:
        raise Wrong(f"The log's proof does not hold: {error}") from None


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
        if not INDEX.fullmatch(one["statusListIndex"]):
            raise Wrong("Its place in the status list is no number.")
        index = int(one["statusListIndex"])
        if one["statusListCredential"].rpartition("/")[2] != one["statusPurpose"]:
            raise Wrong("The status list is of another purpose.")
        addresses[one["statusListCredential"]] = index
        if reference := one.get("statusReference"):
            addresses[reference] = index
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
        try:
            signed_at = genuine.check(kept, evidence.issuers[platform])[0].created
        except signing.ProofInvalid as invalid:
            raise Wrong(f"The signature of its status list does not hold ({invalid.reason}).") from None
        subject = kept["credentialSubject"]
        if "BitstringStatusListCredential" not in kept["type"] or subject["type"] != "BitstringStatusList":
            raise Wrong("The status list is none.")
        if address.rpartition("/")[2] != subject["statusPurpose"]:
            raise Wrong("The status list is of another purpose.")
        if bitstring.is_set(bitstring.decoded(subject["encodedList"]), index):
            ended.append(subject["statusPurpose"])
        oldest = signed_at if oldest is None else min(oldest, signed_at)
        until = min(until, moment(kept["validUntil"]))
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
