"""A platform of a test's own, in memory: it signs whatever it is asked to, so that a file is refused for the right reason."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onex.chassis import clock
from onex.transparency import notes, tree
from onex.transparency.notes import Checkpoint, VerifierKey
from onex.transparency.proofs import ProofFile
from services.certificates.credentials import did, keys
from services.certificates.credentials.certificate_credential import achievement, certificate_credential, issuer
from services.certificates.credentials.signing import Signer, as_issued
from services.certificates.log import entries
from services.certificates.standing import bitstring, lists
from services.certificates.standing.entries import PURPOSES, credential_status, list_url
from services.certificates.standing.positions import Position

Document = dict[str, Any]
Change = Callable[[Document], Any]
URL = "https://onex.example"
BELOW = f"{URL}/certificates/v1"
TEO, PLATFORM = did.did_web(BELOW, "7"), did.did_web(BELOW, "platform")
ORIGIN = "onex.example/certificates/v1/log"
PLACE = Position(3, 77)
NOW = clock.now().replace(microsecond=0)
CREATED = NOW - timedelta(days=30)
SECOND = timedelta(seconds=1)


def key_of(number: int, issuer_did: str) -> Signer:
    """A signer of a secret that is the same in every run."""
    secret = bytes([number]) * 32
    return Signer(secret, did.key_url(issuer_did, keys.public_multibase(keys.public_of(secret))))


TEO_KEY, OTHER_KEY, PLATFORM_KEY = key_of(1, TEO), key_of(2, TEO), key_of(3, PLATFORM)
LOG_KEY, OTHER_LOG_KEY = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (4, 5))


def vkey(key: Ed25519PrivateKey = LOG_KEY, name: str = ORIGIN) -> str:
    return str(VerifierKey.of(name, key.public_key().public_bytes_raw()))


def nothing(document: Document) -> None:
    """A change that is none."""


def unsigned(change: Change = nothing) -> Document:
    """A certificate's credential without its proof."""
    made = certificate_credential(
        url=f"{BELOW}/credentials/260042F40ZR1ANEEBA66",
        issuer=issuer(TEO, "某某教育科技有限公司"),
        achievement=achievement(
            url=f"{URL}/registry/v1/certificate-types#004-2",
            type_name="Web前端开发",
            type_serial="004",
            level=2,
            criteria="通过全部考核",
            version="2.0",
        ),
        holder_name="张三",
        salt="8f1a16063b932c201e9b079a168a840f",
        issued_at=CREATED - timedelta(days=1),
        status=credential_status(URL, PLACE)[0],
    )
    change(made)
    return made


def signed(change: Change = nothing, key: Signer = TEO_KEY, created: datetime = CREATED) -> Document:
    """A certificate's credential, changed before it was signed."""
    return key.sign(unsigned(change), created)


def document(issuer_did: str, *signers: Signer, **revoked: datetime) -> Document:
    """The DID document that lists the signers' keys; `revoked` by the signer's place: `_0`."""
    return did.did_document(
        issuer_did,
        [
            did.IssuerKey(one.public_multibase, CREATED - timedelta(days=9), revoked.get(f"_{at}"))
            for at, one in enumerate(signers)
        ],
    )


def status_lists(
    bits: bytes = bitstring.EMPTY, change: Change = nothing, key: Signer = PLATFORM_KEY, place: Position = PLACE
) -> list[Document]:
    """Both status lists, changed before they were signed."""
    made = []
    for purpose in PURPOSES:
        one = lists.unsigned(URL, place.list, purpose, bits, NOW - timedelta(hours=1), NOW + timedelta(days=1))
        change(one)
        made.append(key.sign(one, NOW - timedelta(hours=1)))
    return made


def list_address(purpose: Any) -> str:
    return list_url(URL, PLACE.list, purpose)


def entry(
    credential: Document,
    kind: Any = "issued",
    at: datetime = CREATED + timedelta(milliseconds=250),
    issuer_did: str = TEO,
) -> bytes:
    return entries.entry(kind, entries.digest_of_document(as_issued(credential)), issuer_did, at)


FILLING = [entries.entry("issued", f"{number:064x}", TEO, CREATED) for number in range(5)]
"""Entries of other certificates."""


def log_proofs(
    mine: Sequence[bytes],
    *,
    origin: str = ORIGIN,
    name: str | None = None,
    key: Ed25519PrivateKey = LOG_KEY,
    extension: str = "",
    also_signed: str = "",
) -> list[str]:
    """The proofs of these entries, which lie among others, under one head."""
    logged = [*FILLING[:3], *mine, *FILLING[3:]]
    hashes = [tree.leaf_hash(one) for one in logged]

    def read(nodes: Sequence[tree.Node]) -> list[bytes]:
        return [_root(hashes[one.index << one.level : (one.index + 1) << one.level]) for one in nodes]

    head = Checkpoint(origin, len(logged), tree.root(len(logged), read))
    note = notes.sign(head.text + extension, name or origin, key) + also_signed
    return [
        ProofFile(one, at, tree.proof(tree.inclusion_nodes(at, len(logged)), read), note).text
        for at, one in enumerate(logged)
        if one in mine
    ]


def _root(hashes: list[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    half = len(hashes) // 2
    return tree.node_hash(_root(hashes[:half]), _root(hashes[half:]))


def bundle(credential: Document | None = None, **parts: Any) -> Document:
    """A bundle that holds, but for the `parts` given: `issuers`, `keys`, `proofs`, `statusLists`, members of its own."""
    credential = credential or signed()
    made = {
        "kind": "onex.certificate_bundle.v1",
        "madeAt": "2026-03-02T00:00:00Z",
        "credential": credential,
        "issuers": parts.pop("issuers", [document(TEO, TEO_KEY), document(PLATFORM, PLATFORM_KEY)]),
        "log": {
            "keys": parts.pop("keys", [vkey()]),
            "proofs": parts.pop("proofs") if "proofs" in parts else log_proofs([entry(credential)]),
        },
        "statusLists": parts.pop("statusLists") if "statusLists" in parts else status_lists(),
    }
    return made | parts
