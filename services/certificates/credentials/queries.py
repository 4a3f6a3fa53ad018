"""Reads of keys and signed credentials."""

import uuid
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.certificates.credentials import did
from services.certificates.credentials.models import IssuerKey
from services.certificates.issuing.models import Certificate


class Found(NamedTuple):
    """A signed credential, as the JSON text that was signed, and the TEO that answers for it."""

    teo_id: uuid.UUID
    credential: str


def keys_of(session: Session, teo_id: uuid.UUID) -> list[did.IssuerKey]:
    """Every key the TEO ever had, as its DID document lists them."""
    rows = session.scalars(select(IssuerKey).where(IssuerKey.teo_id == teo_id))
    return [did.IssuerKey(row.public_multibase, row.valid_from, row.retired_at) for row in rows]


def credential(session: Session, number: str) -> str | None:
    """The signed credential of a certificate, as the JSON text that was signed, or None."""
    return session.scalar(select(Certificate.credential).where(Certificate.number == number))


def credential_of(session: Session, number: str) -> Found | None:
    """The same with its TEO."""
    row = session.execute(
        select(Certificate.teo_id, Certificate.credential).where(Certificate.number == number)
    ).first()
    return Found(*row) if row else None


def certificate_id(session: Session, number: str) -> uuid.UUID | None:
    """The id of the certificate with this number, or None."""
    return session.scalar(select(Certificate.id).where(Certificate.number == number))
