"""The good bundle, altered: in what it says before it is signed, in its parts, or in its text afterwards."""

import copy
import gzip
import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any

from onex.transparency import notes
from services.certificates.standing import bitstring
from tests.certificates.log import forging
from tests.certificates.log.forging import (
    CREATED,
    OTHER_LOG_KEY,
    PLATFORM,
    PLATFORM_KEY,
    SECOND,
    TEO,
    TEO_KEY,
    Document,
    bundle,
    document,
    entry,
    log_proofs,
    signed,
    status_lists,
)

Made = Document | bytes
Make = Callable[[], Made]


def written(made: Made) -> bytes:
    return made if isinstance(made, bytes) else json.dumps(made, ensure_ascii=False).encode("utf-8", "surrogatepass")


def put(path: str, value: Any) -> Callable[[Document], None]:
    """A change: `value` at `a.0.b`."""

    def change(made: Document) -> None:
        *way, last = path.split(".")
        place: Any = made
        for step in way:
            place = place[int(step) if isinstance(place, list) else step]
        place[int(last) if isinstance(place, list) else last] = value

    return change


def with_(made: Document, *changes: Callable[[Document], Any]) -> Document:
    made = copy.deepcopy(made)
    for change in changes:
        change(made)
    return made


def text(old: str, new: str) -> bytes:
    """The good bundle with something replaced in its text, where it surely is."""
    whole = json.dumps(bundle(), ensure_ascii=False)
    assert old in whole
    return whole.replace(old, new, 1).encode("utf-8", "surrogatepass")


def proof_text(old: str, new: str) -> Document:
    """The good bundle with something replaced in its log proof."""
    (good,) = log_proofs([entry(signed())])
    assert old in good
    return bundle(proofs=[good.replace(old, new, 1)])


def of_entries(*kinds: str, **options: Any) -> Document:
    credential = signed()
    said = [entry(credential, kind, CREATED + at * SECOND) for at, kind in enumerate(kinds)]
    return bundle(credential, proofs=log_proofs(said, **options))


def packed(data: bytes) -> str:
    return "u" + urlsafe_b64encode(data).decode().rstrip("=")


def of_subject(**changes: Any) -> Document:
    return bundle(statusLists=status_lists(change=lambda made: made["credentialSubject"].update(changes)))


def of_list(encoded: str) -> Document:
    return of_subject(encodedList=encoded)


def of_issuer(issuer: str, **parts: Any) -> Document:
    """A certificate that names this issuer, logged as its, and signed with the TEO's key."""
    credential = signed(put("issuer.id", issuer))
    return bundle(credential, proofs=log_proofs([entry(credential, issuer_did=issuer)]), **parts)


def of_status(**changes: Any) -> Document:
    return bundle(signed(lambda made: made["credentialStatus"].update(changes)))


def witness(origin: str = "witness.example") -> str:
    """A further signature line."""
    return "— " + notes.sign("any\n", origin, OTHER_LOG_KEY).rpartition("— ")[2]


def by(*issuers: Document) -> Document:
    return bundle(issuers=list(issuers))


TEOS, PLATFORMS = document(TEO, TEO_KEY), document(PLATFORM, PLATFORM_KEY)
REVOKED = bitstring.put(bitstring.EMPTY, forging.PLACE.index, True)
STRANGER = forging.key_of(9, "did:web:elsewhere.example:issuers:7")
BOMB = gzip.compress(bytes(64 << 20), mtime=0)
DEEP = 100_000


def with_text(credential: Document, old: str, new: str) -> bytes:
    """A bundle of this credential, with something replaced in its text after all was signed."""
    whole = json.dumps(bundle(credential), ensure_ascii=False)
    assert whole.count(old) == 1
    return whole.replace(old, new).encode()


def both_proofs(*changes: Callable[[Document], Any]) -> Document:
    """The good bundle whose credential has a second proof: its own, changed."""
    made = bundle()
    own = made["credential"]["proof"]
    other = with_(own, *changes)
    made["credential"]["proof"] = [own, {name: value for name, value in other.items() if value is not None}]
    return made


def cut_hash(proof: str) -> list[str]:
    lines = proof.split("\n")
    del lines[3]
    return lines


def other_base64(proof: str) -> str:
    """The first hash with its last character changed, so that a careless decoder makes the same bytes of it."""
    lines = proof.split("\n")
    whole = b64decode(lines[3])
    lines[3] = next(
        other
        for digit in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        if (other := lines[3][:-2] + digit + "=") != lines[3] and b64decode(other) == whole
    )
    return "\n".join(lines)


def older_head() -> Document:
    """The proof under a head of the log as it was before the entry."""
    before = log_proofs([forging.FILLING[0]])[0].partition("\n\n")[2]
    mine = log_proofs([entry(signed())])[0].partition("\n\n")[0]
    return bundle(proofs=[f"{mine}\n\n{before}"])
