"""Keys of issuers are made and retired, and sign once more what they have signed."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from onex.chassis import clock
from onex.chassis.database import UnitOfWork
from onex.chassis.ids import new_id
from onex.chassis.pii import Vault
from services.certificates.credentials import genuine, keys, queries
from services.certificates.credentials.addresses import issuer_did
from services.certificates.credentials.canonical import NotCanonical
from services.certificates.credentials.did import did_document
from services.certificates.credentials.errors import CredentialNotGenuine, IssuerNotKnown
from services.certificates.credentials.models import IssuerKey
from services.certificates.credentials.signing import ProofInvalid, Signer
from services.certificates.pilot.models import Teo

_PURPOSE = "issuer key"
_SIGNING = text("SELECT pg_advisory_xact_lock_shared(hashtext('onex.issuer.keys'))")
_NOBODY_SIGNS = text("SELECT pg_advisory_xact_lock(hashtext('onex.issuer.keys'))")


def ensure_keys(session: UnitOfWork, vault: Vault, teo_ids: Iterable[uuid.UUID]) -> None:
    """Make the first key of each TEO that has none; a TEO heard of again keeps the one it has."""
    have = set(session.scalars(select(IssuerKey.teo_id).where(IssuerKey.teo_id.in_(teo_ids))))
    for teo_id in sorted(set(teo_ids) - have):
        _make_key(session, vault, teo_id)


def rotate_key(session: UnitOfWork, vault: Vault, teo_id: uuid.UUID) -> IssuerKey:
    """Retire the TEO's key and make the next one; returns it. Raises IssuerNotKnown for a TEO not heard of.

    It waits for those who are signing (`hold_keys`), and the time is taken after that, so that no proof is dated after its
    key's retirement.
    """
    nobody_signs(session)
    if session.get(Teo, teo_id) is None:
        raise IssuerNotKnown()
    in_force = select(IssuerKey).where(IssuerKey.teo_id == teo_id, IssuerKey.retired_at.is_(None))
    old = session.scalars(in_force).one()
    # Proofs are dated to the second, downwards: the retirement is rounded upwards.
    old.retired_at = clock.now().replace(microsecond=0) + timedelta(seconds=1)
    session.flush()
    _make_key(session, vault, teo_id)
    return session.scalars(in_force).one()


def hold_keys(session: UnitOfWork) -> None:
    """Call it before reading keys to sign with: none of them retires until the transaction is over.

    Not a lock on the key's row: PostgreSQL lets readers of a row pass one who waits to change it, and while certificates are
    issued without a pause no key would ever retire. Here who comes after a retirement waits for it, and then reads the next key.
    """
    session.execute(_SIGNING)


def nobody_signs(session: UnitOfWork) -> None:
    """Wait for those who are signing; who comes to sign waits until the transaction is over. Call it before other locks."""
    session.execute(_NOBODY_SIGNS)


def with_statements_signed(session: UnitOfWork, vault: Vault, public_url: str, number: str) -> dict[str, Any] | None:
    """The credential of this number with an `eddsa-rdfc-2022` proof beside its own, made now; None where there is none.

    The TEO's key in force signs it, which may be a later one than the credential's. Raises CredentialNotGenuine where what is
    stored is not what was signed: nothing is signed on top of that.
    """
    found = queries.credential_of(session, number)
    if found is None:
        return None
    did, credential = issuer_did(public_url, found.teo_id), orjson.loads(found.credential)
    try:
        genuine.check(credential, did_document(did, queries.keys_of(session, found.teo_id)))
    except ProofInvalid as invalid:
        raise CredentialNotGenuine(reason=invalid.reason) from None
    hold_keys(session)
    in_force = select(IssuerKey).where(IssuerKey.teo_id == found.teo_id, IssuerKey.retired_at.is_(None))
    key = session.scalars(in_force).one()
    try:
        return signer_of(vault, key, did).sign_statements(credential, clock.now())
    except NotCanonical:
        raise CredentialNotGenuine(reason="not_canonical") from None


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
