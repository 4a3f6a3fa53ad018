"""Data Integrity proofs with `eddsa-jcs-2022` and `eddsa-rdfc-2022` (W3C Data Integrity EdDSA Cryptosuites 1.0).

What is signed is SHA-256(proof without proofValue) followed by SHA-256(document without proof), 64 bytes, each in a form that
is the same wherever it is made: JCS for the first suite (every byte of the JSON), canonical N-Quads for the second (every
statement it makes as linked data, rdf.py). The platform signs with the first; the second is put beside it for those who ask.
"""

import secrets
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any

import orjson
from nacl.bindings import crypto_sign, crypto_sign_BYTES, crypto_sign_open, crypto_sign_seed_keypair
from nacl.exceptions import BadSignatureError

from services.certificates.credentials import base58, keys
from services.certificates.credentials.canonical import NotCanonical, canonical
from services.certificates.credentials.times import moment

PROOF_TYPE = "DataIntegrityProof"
CRYPTOSUITE = "eddsa-jcs-2022"
RDF_CRYPTOSUITE = "eddsa-rdfc-2022"
PURPOSE = "assertionMethod"

# Anything else in a proof (an expiry, a domain, a challenge, an earlier proof) would change what it means in a way that
# is not looked at here, so a proof that has it is refused rather than half understood.
_UNDERSTOOD = {"id", "type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"}
_UNDERSTOOD_BY = {CRYPTOSUITE: _UNDERSTOOD | {"@context"}, RDF_CRYPTOSUITE: _UNDERSTOOD}
_LONGEST_PROOF_VALUE = 100  # 64 bytes are at most 88 base58 characters and the `z`
_MOST_PROOFS = 10


class ProofInvalid(Exception):
    """A document's proof does not hold. `reason` is stable, for clients and tests:

    `no_proof`, `malformed_proof`, `unknown_proof_type`, `unknown_cryptosuite`, `unsupported_option`, `wrong_purpose`,
    `wrong_context`, `not_canonical`, `malformed_signature`, `malformed_key`, `signature_mismatch`; and of `genuine.check`
    `not_as_issued`, `issuer_mismatch`, `key_not_listed`, `key_not_in_force`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Signer:
    """Signs documents with one key. Safe to share between threads."""

    def __init__(self, secret: bytes, verification_method: str) -> None:
        """`secret` is an Ed25519 seed (32 bytes); `verification_method` the URL under which its public key is found,
        say `did:web:example.org:teos:1#z6Mk…`. Raises NotAKey for a secret of another length."""
        self.public_multibase = keys.public_multibase(keys.public_of(secret))
        self.verification_method = verification_method
        _, self._seed_and_public = crypto_sign_seed_keypair(secret)
        self._last: _Options | None = None

    def sign(self, document: dict[str, Any], created: datetime) -> dict[str, Any]:
        """A copy of `document` with a proof made at `created` (aware; written in UTC, to the second).

        Raises NotCanonical where the document has no canonical form, ValueError where it has a proof already or
        `created` has no time zone.
        """
        if "proof" in document:
            raise ValueError("the document has a proof already")
        return {**document, "proof": self.proof(canonical(document), document.get("@context"), created)}

    def proof(self, text: bytes, context: Any, created: datetime) -> dict[str, Any]:
        """The proof of a document whose canonical form is `text` and whose `@context` is `context`.

        Raises ValueError where `created` has no time zone.
        """
        options = self._options(context, created)
        proof = options.proof | {"proofValue": self._value(options, text)}
        if isinstance(options.context, list):
            proof["@context"] = list(options.context)  # nobody's but this document's
        return proof

    def proof_text(self, text: bytes, context: Any, created: datetime) -> bytes:
        """`proof` in canonical form. Raises ValueError where `created` has no time zone."""
        options = self._options(context, created)
        before, after = options.around_value
        return b"".join((before, self._value(options, text).encode(), after))

    def _value(self, options: "_Options", text: bytes) -> str:
        digest = options.hashed + sha256(text).digest()
        return "z" + base58.encode(crypto_sign(digest, self._seed_and_public)[:crypto_sign_BYTES])

    def sign_statements(self, document: dict[str, Any], created: datetime) -> dict[str, Any]:
        """A copy of `document` with an `eddsa-rdfc-2022` proof besides those it has: with any, `proof` becomes an array.

        Raises NotCanonical where the document is not linked data by the pinned contexts, ValueError where `created` has no zone.
        """
        if created.tzinfo is None:
            raise ValueError("created has no time zone")
        before = document.get("proof", [])
        unsecured = {name: value for name, value in document.items() if name != "proof"}
        proof = _unsigned(RDF_CRYPTOSUITE, self.verification_method, created)
        signature = crypto_sign(_statements_digest(unsecured, proof), self._seed_and_public)[:crypto_sign_BYTES]
        proof["proofValue"] = "z" + base58.encode(signature)
        proofs = [*(before if isinstance(before, list) else [before]), proof]
        return unsecured | {"proof": proofs if len(proofs) > 1 else proof}

    def _options(self, context: Any, created: datetime) -> "_Options":
        """A batch shares one time and one context, so the last options are kept."""
        if created.tzinfo is None:
            raise ValueError("created has no time zone")
        last = self._last  # read once: another thread may put a new one there
        if last is None or last.created != created or last.context != context:
            last = self._last = _Options(self.verification_method, context, created)
        return last


class _Options:
    """A proof without its value, and the SHA-256 of its canonical form."""

    def __init__(self, verification_method: str, context: Any, created: datetime) -> None:
        self.created = created
        self.context = list(context) if isinstance(context, list) else context  # a copy: theirs may be changed
        self.proof = _unsigned(CRYPTOSUITE, verification_method, created)
        if context is not None:
            self.proof["@context"] = self.context
        self.hashed = sha256(canonical(self.proof)).digest()

    @cached_property
    def around_value(self) -> tuple[bytes, bytes]:
        """What stands before and behind the value in the proof's canonical form."""
        # Random, so that no context and no key's name can hold it.
        mark = secrets.token_hex(16).encode()
        before, after = canonical(self.proof | {"proofValue": mark.decode()}).split(mark)
        return before, after


def _unsigned(cryptosuite: str, verification_method: str, created: datetime) -> dict[str, Any]:
    return {
        "type": PROOF_TYPE,
        "cryptosuite": cryptosuite,
        "created": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": verification_method,
        "proofPurpose": PURPOSE,
    }


def verify(document: dict[str, Any], public_key_multibase: str) -> None:
    """Returns when every proof of `document` was made with the key `public_key_multibase` (`z6Mk…`), else ProofInvalid.

    The caller finds the key: `verification_method(document)` names it, and the caller must see to it that this key
    belongs to the document's issuer and was in force when the proof was made (`genuine.check` does).
    As `eddsa-jcs-2022` says, a document may have further contexts after those of the proof; they are not under the signature.
    """
    for proof in proofs(document):
        verify_proof(document, proof, public_key_multibase)


def verify_proof(document: dict[str, Any], proof: dict[str, Any], public_key_multibase: str) -> None:
    """The same of one of its `proofs`, each of which may be of another key."""
    options, unsecured = dict(proof), dict(document)
    signature = _signature(options.pop("proofValue", None))
    unsecured.pop("proof", None)
    try:
        public_key = keys.public_from(public_key_multibase)
    except keys.NotAKey:
        raise ProofInvalid("malformed_key") from None
    try:
        if proof["cryptosuite"] == CRYPTOSUITE:
            digest = _bytes_digest(unsecured, options)
        else:
            digest = _statements_digest(unsecured, options)
    except NotCanonical:
        raise ProofInvalid("not_canonical") from None
    try:
        crypto_sign_open(signature + digest, public_key)
    except BadSignatureError:
        raise ProofInvalid("signature_mismatch") from None


def verification_method(document: dict[str, Any]) -> str:
    """The URL of the key that `document` says its first proof was made with, which proves nothing. Raises ProofInvalid."""
    method: str = proofs(document)[0]["verificationMethod"]
    return method


def proofs(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The proofs of `document`, one or several, when their form is one that is understood here. Raises ProofInvalid."""
    if not isinstance(document, dict) or "proof" not in document:
        raise ProofInvalid("no_proof")
    found = document["proof"] if isinstance(document["proof"], list) else [document["proof"]]
    if not 0 < len(found) <= _MOST_PROOFS:
        raise ProofInvalid("malformed_proof")
    for proof in found:
        _check_form(proof)
    return found


def as_issued(document: dict[str, Any]) -> dict[str, Any]:
    """`document` with its `eddsa-jcs-2022` proof alone, as an object: what was issued, and what the log holds the digest of.

    Raises ProofInvalid (`not_as_issued`) where it has not exactly one.
    """
    return document | {"proof": issued_proof(proofs(document))}


def issued_proof(found: list[dict[str, Any]]) -> dict[str, Any]:
    """The `eddsa-jcs-2022` one of a document's `proofs`. Raises ProofInvalid (`not_as_issued`) where there is not exactly one."""
    own = [proof for proof in found if proof["cryptosuite"] == CRYPTOSUITE]
    if len(own) != 1:
        raise ProofInvalid("not_as_issued")
    return own[0]


def _check_form(proof: Any) -> None:
    if not isinstance(proof, dict):
        raise ProofInvalid("malformed_proof")
    if proof.get("type") != PROOF_TYPE:
        raise ProofInvalid("unknown_proof_type")
    suite = proof.get("cryptosuite")
    if not isinstance(suite, str) or suite not in _UNDERSTOOD_BY:
        raise ProofInvalid("unknown_cryptosuite")
    if proof.get("proofPurpose") != PURPOSE:
        raise ProofInvalid("wrong_purpose")
    if not _UNDERSTOOD_BY[suite].issuperset(proof):
        raise ProofInvalid("unsupported_option")
    method = proof.get("verificationMethod")
    if not isinstance(method, str) or not method or not _is_moment(proof.get("created")):
        raise ProofInvalid("malformed_proof")


def _bytes_digest(unsecured: dict[str, Any], options: dict[str, Any]) -> bytes:
    """What `eddsa-jcs-2022` signs: `unsecured` with the proof's contexts, which are put into it.

    Raises NotCanonical, and ProofInvalid where its contexts do not begin with those.
    """
    options_hash = sha256(canonical(options)).digest()
    if "@context" in options:
        if not _starts_with(unsecured.get("@context"), options["@context"]):
            raise ProofInvalid("wrong_context")
        unsecured["@context"] = options["@context"]
    return options_hash + sha256(canonical(unsecured)).digest()


def _statements_digest(unsecured: dict[str, Any], options: dict[str, Any]) -> bytes:
    """What `eddsa-rdfc-2022` signs. Raises NotCanonical."""
    from services.certificates.credentials import rdf  # here: it takes a quarter of a second, and workers never need it

    options_hash = sha256(rdf.statements(options | {"@context": unsecured.get("@context")})).digest()
    return options_hash + _statements_hash(canonical(unsecured))


@lru_cache(maxsize=1_000)  # a credential is asked for more than once, and its statements are the costly part
def _statements_hash(text: bytes) -> bytes:
    from services.certificates.credentials import rdf

    return sha256(rdf.statements(orjson.loads(text))).digest()


def _signature(proof_value: Any) -> bytes:
    if not isinstance(proof_value, str) or len(proof_value) > _LONGEST_PROOF_VALUE or not proof_value.startswith("z"):
        raise ProofInvalid("malformed_signature")
    try:
        signature = base58.decode(proof_value[1:])
    except ValueError:
        raise ProofInvalid("malformed_signature") from None
    if len(signature) != crypto_sign_BYTES:
        raise ProofInvalid("malformed_signature")
    return signature


def _starts_with(contexts: Any, beginning: Any) -> bool:
    if isinstance(contexts, list) and isinstance(beginning, list):
        return contexts[: len(beginning)] == beginning
    return bool(contexts == beginning)


def _is_moment(text: Any) -> bool:
    try:
        moment(text)
    except ValueError:
        return False
    return True
