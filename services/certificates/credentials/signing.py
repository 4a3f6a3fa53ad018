"""Data Integrity proofs with `eddsa-jcs-2022` (W3C Data Integrity EdDSA Cryptosuites 1.0, section 3.3).

What is signed is SHA-256(JCS(proof without proofValue)) followed by SHA-256(JCS(document without proof)): 64 bytes.
The proof carries a copy of the document's `@context`, as the suite asks.
"""

import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from nacl.bindings import crypto_sign, crypto_sign_BYTES, crypto_sign_open, crypto_sign_seed_keypair
from nacl.exceptions import BadSignatureError

from services.certificates.credentials import base58, keys
from services.certificates.credentials.canonical import NotCanonical, canonical

PROOF_TYPE = "DataIntegrityProof"
CRYPTOSUITE = "eddsa-jcs-2022"
PURPOSE = "assertionMethod"

# Anything else in a proof (an expiry, a domain, a challenge, an earlier proof) would change what it means in a way that
# is not looked at here, so a proof that has it is refused rather than half understood.
_UNDERSTOOD = {"@context", "type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"}
_DATE_TIME = re.compile(r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})")
_LONGEST_PROOF_VALUE = 100  # 64 bytes are at most 88 base58 characters and the `z`


class ProofInvalid(Exception):
    """A document's proof does not hold. `reason` is stable, for clients and tests:

    `no_proof`, `malformed_proof`, `unknown_proof_type`, `unknown_cryptosuite`, `unsupported_option`, `wrong_purpose`,
    `wrong_context`, `not_canonical`, `malformed_signature`, `malformed_key`, `signature_mismatch`.
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
        if created.tzinfo is None:
            raise ValueError("created has no time zone")
        options = self._options(context, created)
        digest = options.hashed + sha256(text).digest()
        signature = crypto_sign(digest, self._seed_and_public)[:crypto_sign_BYTES]
        proof = options.proof | {"proofValue": "z" + base58.encode(signature)}
        if isinstance(options.context, list):
            proof["@context"] = list(options.context)  # nobody's but this document's
        return proof

    def _options(self, context: Any, created: datetime) -> "_Options":
        """A batch shares one time and one context, so the last options are kept."""
        last = self._last  # read once: another thread may put a new one there
        if last is None or last.created != created or last.context != context:
            last = self._last = _Options(self.verification_method, context, created)
        return last


class _Options:
    """A proof without its value, and the SHA-256 of its canonical form."""

    def __init__(self, verification_method: str, context: Any, created: datetime) -> None:
        self.created = created
        self.context = list(context) if isinstance(context, list) else context  # a copy: theirs may be changed
        self.proof: dict[str, Any] = {
            "type": PROOF_TYPE,
            "cryptosuite": CRYPTOSUITE,
            "created": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "verificationMethod": verification_method,
            "proofPurpose": PURPOSE,
        }
        if context is not None:
            self.proof["@context"] = self.context
        self.hashed = sha256(canonical(self.proof)).digest()


def verify(document: dict[str, Any], public_key_multibase: str) -> None:
    """Returns when the proof of `document` was made with the key `public_key_multibase` (`z6Mk…`), else ProofInvalid.

    The caller finds the key: `verification_method(document)` names it, and the caller must see to it that this key
    belongs to the document's issuer and was in force when the proof was made (`did.py`).
    As the suite says, a document may have further contexts after those of the proof; they are not under the signature.
    """
    proof = _proof(document)
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    signature = _signature(proof.get("proofValue"))
    try:
        public_key = keys.public_from(public_key_multibase)
    except keys.NotAKey:
        raise ProofInvalid("malformed_key") from None
    try:
        options_hash = sha256(canonical(options)).digest()
        if "@context" in proof:
            if not _starts_with(document.get("@context"), proof["@context"]):
                raise ProofInvalid("wrong_context")
            unsecured["@context"] = proof["@context"]
        digest = options_hash + sha256(canonical(unsecured)).digest()
    except NotCanonical:
        raise ProofInvalid("not_canonical") from None
    try:
        crypto_sign_open(signature + digest, public_key)
    except BadSignatureError:
        raise ProofInvalid("signature_mismatch") from None


def verification_method(document: dict[str, Any]) -> str:
    """The URL of the key that `document` says its proof was made with, which proves nothing. Raises ProofInvalid."""
    method: str = _proof(document)["verificationMethod"]
    return method


def _proof(document: dict[str, Any]) -> dict[str, Any]:
    """The proof, when its form is one this suite makes."""
    if not isinstance(document, dict) or "proof" not in document:
        raise ProofInvalid("no_proof")
    proof = document["proof"]
    if not isinstance(proof, dict):  # a list of proofs is allowed by the standard, but never made here
        raise ProofInvalid("malformed_proof")
    if proof.get("type") != PROOF_TYPE:
        raise ProofInvalid("unknown_proof_type")
    if proof.get("cryptosuite") != CRYPTOSUITE:
        raise ProofInvalid("unknown_cryptosuite")
    if proof.get("proofPurpose") != PURPOSE:
        raise ProofInvalid("wrong_purpose")
    if not _UNDERSTOOD.issuperset(proof):
        raise ProofInvalid("unsupported_option")
    method = proof.get("verificationMethod")
    if not isinstance(method, str) or not method or not _is_date_time(proof.get("created")):
        raise ProofInvalid("malformed_proof")
    return proof


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


def _is_date_time(text: Any) -> bool:
    """Whether `text` is a dateTimeStamp of XML Schema 1.1 that is a real moment."""
    if not isinstance(text, str) or not _DATE_TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
