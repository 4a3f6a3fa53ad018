"""The log's name and key."""

from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from onex.chassis import clock
from onex.chassis.pii import Vault
from onex.transparency.notes import VerifierKey
from services.certificates.log.models import LogKey

PATH = "/certificates/v1/log"
_PURPOSE = "log key"
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('onex.log.key'))")


def origin(public_url: str) -> str:
    """The log's name, which is its address without the scheme (C2SP `tlog-checkpoint`)."""
    return urlsplit(public_url).netloc + PATH


def key_in_force(session: Session, vault: Vault) -> Ed25519PrivateKey:
    """The key that signs now; the first is made when it is first asked for."""
    in_force = select(LogKey).where(LogKey.retired_at.is_(None))
    found = session.scalars(in_force).first()
    if found is None:
        session.execute(_ONE_AT_A_TIME)
        found = session.scalars(in_force).first() or _make(session, vault)
    return Ed25519PrivateKey.from_private_bytes(vault.open(found.sealed_secret, _PURPOSE))


def verifier_keys(session: Session, public_url: str) -> list[VerifierKey]:
    """Every key that signs or has signed, the newest first."""
    keys = session.scalars(select(LogKey).order_by(LogKey.valid_from.desc(), LogKey.id.desc()))
    return [VerifierKey.of(origin(public_url), key.public) for key in keys]


def _make(session: Session, vault: Vault) -> LogKey:
    private = Ed25519PrivateKey.generate()
    made = LogKey(
        sealed_secret=vault.seal(private.private_bytes_raw(), _PURPOSE),
        public=private.public_key().public_bytes_raw(),
        valid_from=clock.now(),
    )
    session.add(made)
    session.flush()
    return made
