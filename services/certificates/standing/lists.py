"""Status lists: 131,072 certificates of all TEOs in one, so that whom someone asks for is hidden among many.

A list's bits are a row, which is locked to change one, and with it the credential that says so is signed anew: what is committed
is what anyone gets, from that moment on. A list of which no bit is set yet is signed when it is first asked for, and a
signature that grows old is renewed then. So to show a list is to read a row, and a cache may keep it for a minute.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from onex.chassis import clock
from onex.chassis.pii import Vault
from services.certificates.issuing.models import Certificate
from services.certificates.standing import bitstring, platform_keys
from services.certificates.standing.entries import Purpose, list_url
from services.certificates.standing.models import StatusList
from services.certificates.standing.positions import Position

CONTEXTS = ("https://www.w3.org/ns/credentials/v2",)
TYPES = ("VerifiableCredential", "BitstringStatusListCredential")
KEPT_FOR_S = 60
"""So long a verifier, and whatever stands between, may go on with the copy it has."""
GOOD_FOR = timedelta(hours=24)
"""So old a list may be that was kept by who has no network."""
RENEWED_BEFORE = timedelta(hours=12)


def mark(session: Session, vault: Vault, public_url: str, position: Position, bits: dict[str, bool]) -> None:
    """Set the bits of one certificate, by purpose, and sign the lists that changed. Who changes another bit of them waits."""
    for purpose in sorted(bits):  # in one order, so that two of us wait for each other and never deadlock
        row = _held(session, vault, public_url, position.list, purpose)
        changed = bitstring.put(row.bits, position.index, bits[purpose])
        if changed != row.bits:
            row.bits = changed
            _sign(session, vault, public_url, row)
    session.flush()


def shown(session: Session, vault: Vault, public_url: str, which: int, purpose: Purpose) -> StatusList | None:
    """A list as it is now, with a signature good for at least RENEWED_BEFORE; None where no certificate is in it yet."""
    row = session.get(StatusList, (which, purpose))
    if row is None and not _begun(session, which):
        return None
    if row is None or _grows_old(row):
        row = _held(session, vault, public_url, which, purpose)
        if _grows_old(row):  # else another has just renewed it
            _sign(session, vault, public_url, row)
            session.flush()
    return row


def _grows_old(row: StatusList) -> bool:
    return row.valid_until - clock.now() < RENEWED_BEFORE


def _begun(session: Session, which: int) -> bool:
    newest = session.scalar(select(Certificate.status_list).order_by(Certificate.status_list.desc()).limit(1))
    return newest is not None and 0 <= which <= newest


def _held(session: Session, vault: Vault, public_url: str, which: int, purpose: str) -> StatusList:
    """The list's row, locked; made where there is none."""
    key = (which, purpose)
    found = session.get(StatusList, key, with_for_update=True, populate_existing=True)
    if found is None:
        text, signed_at, valid_until = _signed(session, vault, public_url, which, purpose, bitstring.EMPTY)
        row = {"list": which, "purpose": purpose, "bits": bitstring.EMPTY, "credential": text}
        made = insert(StatusList).values(row | {"signed_at": signed_at, "valid_until": valid_until})
        session.execute(made.on_conflict_do_nothing())
        found = session.get_one(StatusList, key, with_for_update=True, populate_existing=True)
    return found


def _sign(session: Session, vault: Vault, public_url: str, row: StatusList) -> None:
    row.credential, row.signed_at, row.valid_until = _signed(
        session, vault, public_url, row.list, row.purpose, row.bits
    )


def _signed(
    session: Session, vault: Vault, public_url: str, which: int, purpose: str, bits: bytes
) -> tuple[str, datetime, datetime]:
    """The credential's JSON, and from when to when it is good."""
    signer = platform_keys.signer(session, vault, public_url)
    now = clock.now().replace(microsecond=0)
    until = now + GOOD_FOR
    document = unsigned(public_url, which, purpose, bits, now, until)
    return orjson.dumps(signer.sign(document, now)).decode(), now, until


def unsigned(
    public_url: str, which: int, purpose: str, bits: bytes, valid_from: datetime, valid_until: datetime
) -> dict[str, Any]:
    """A list as a BitstringStatusListCredential, without its proof."""
    url = list_url(public_url, which, purpose)
    return {
        "@context": list(CONTEXTS),
        "id": url,
        "type": list(TYPES),
        "issuer": platform_keys.platform_did(public_url),
        "validFrom": _written(valid_from),
        "validUntil": _written(valid_until),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": bitstring.encoded(bits),
            "ttl": KEPT_FOR_S * 1000,
        },
    }


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
