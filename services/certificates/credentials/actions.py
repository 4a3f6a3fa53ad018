"""Keys of issuers are made and retired."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from onex.chassis import clock
from onex.chassis.database import UnitOfWork
from onex.chassis.ids import new_id
from onex.chassis.pii import Vault
from services.certificates.credentials import keys
from services.certificates.credentials.errors import IssuerNotKnown
from services.certificates.credentials.models import IssuerKey
from services.certificates.credentials.signing import Signer
from services.certificates.pilot.models import Teo

_PURPOSE = "issuer key"


def ensure_keys(session: UnitOfWork, vault: Vault, teo_ids: Iterable[uuid.UUID]) -> None:
    """Make the first key of each TEO that has none; a TEO heard of again keeps the one it has."""
    have = set(session.scalars(select(IssuerKey.teo_id).where(IssuerKey.teo_id.in_(teo_ids))))
    for teo_id in sorted(set(teo_ids) - have):
        _make_key(session, vault, teo_id)


def rotate_key(session: UnitOfWork, vault: Vault, teo_id: uuid.UUID) -> IssuerKey:
    """Retire the TEO's key and make the next one; returns it. Raises IssuerNotKnown for a TEO not heard of.

    The lock on the key waits for batches that are signing with it (they hold it FOR SHARE), and the time is taken after
    it, so that no proof is dated after its key's retirement. The lock on the TEO makes two retirements take turns.
    """
    if session.get(Teo, teo_id, with_for_update=True) is None:
        raise IssuerNotKnown()
    in_force = select(IssuerKey).where(IssuerKey.teo_id == teo_id, IssuerKey.retired_at.is_(None))
    old = session.scalars(in_force.with_for_update()).one()
    # Proofs are dated to the second, downwards: the retirement is rounded upwards.
    old.retired_at = clock.now().replace(microsecond=0) + timedelta(seconds=1)
    session.flush()
    _make_key(session, vault, teo_id)
    return session.scalars(in_force).one()


def signer_of(vault: Vault, key: IssuerKey, did: str) -> Signer:
    """The signer that holds the key's opened secret, for an issuer known as `did`."""
    return Signer(vault.open(key.sealed_secret, _PURPOSE), f"{did}#{key.public_multibase}")


def _make_key(session: UnitOfWork, vault: Vault, teo_id: uuid.UUID) -> None:
    secret = keys.new_secret()
    made = insert(IssuerKey).values(
        id=new_id(),
        teo_id=teo_id,
        public_multibase=keys.public_multibase(keys.public_of(secret)),
        sealed_secret=vault.seal(secret, _PURPOSE),
        valid_from=clock.now().replace(microsecond=0),
    )
    # Another worker may make it at this moment: one key in force a TEO, whoever comes first.
    session.execute(made.on_conflict_do_nothing())
