"""The platform's own keys: they sign the status lists, which are no single TEO's (docs/decisions)."""

from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from onex.chassis import clock
from onex.chassis.pii import Vault
from services.certificates.credentials import did, keys
from services.certificates.credentials.signing import Signer
from services.certificates.standing.models import PlatformKey

NAME = "platform"
"""Its place among the issuers: `…/issuers/platform/did.json`."""
_PURPOSE = "platform key"
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('onex.platform.key'))")
_IN_FORCE = select(PlatformKey).where(PlatformKey.retired_at.is_(None))


def platform_did(public_url: str) -> str:
    """The platform's `did:web`."""
    return did.did_web(f"{public_url}/certificates/v1", NAME)


def signer(session: Session, vault: Vault, public_url: str) -> Signer:
    """Who signs for the platform now; the first key is made when it is first asked for. Who retires it waits for us."""
    held = _IN_FORCE.with_for_update(read=True)
    found = session.scalars(held).first()
    if found is None:
        session.execute(_ONE_AT_A_TIME)
        found = session.scalars(held).first() or _make(session, vault)
    return Signer(vault.open(found.sealed_secret, _PURPOSE), f"{platform_did(public_url)}#{found.public_multibase}")


def rotate(session: Session, vault: Vault) -> PlatformKey:
    """Retire the key and make the next; what the old one signed stays valid. Two at once take turns."""
    session.execute(_ONE_AT_A_TIME)
    old = session.scalars(_IN_FORCE.with_for_update()).first()
    if old is not None:
        # Proofs are dated to the second, downwards: the retirement is rounded upwards.
        old.retired_at = clock.now().replace(microsecond=0) + timedelta(seconds=1)
        session.flush()
    return _make(session, vault)


def every_key(session: Session) -> list[did.IssuerKey]:
    """Every key the platform signs or has signed with, as its DID document lists them."""
    return [
        did.IssuerKey(one.public_multibase, one.valid_from, one.retired_at)
        for one in session.scalars(select(PlatformKey))
    ]


def _make(session: Session, vault: Vault) -> PlatformKey:
    secret = keys.new_secret()
    made = PlatformKey(
        public_multibase=keys.public_multibase(keys.public_of(secret)),
        sealed_secret=vault.seal(secret, _PURPOSE),
        valid_from=clock.now().replace(microsecond=0),
    )
    session.add(made)
    session.flush()
    return made
