"""Reads of clients and keys."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from services.registry.identity.models import Client, SigningKey


def client(session: Session, client_id: str) -> Client | None:
    return session.get(Client, client_id)


def live_signing_keys(session: Session) -> list[SigningKey]:
    """The keys that tokens may be signed with, newest first."""
    live = or_(SigningKey.retires_at.is_(None), SigningKey.retires_at > func.now())
    return list(session.scalars(select(SigningKey).where(live).order_by(SigningKey.created_at.desc())))


def current_signing_key(session: Session) -> SigningKey:
    """The newest one; migrating made the first."""
    return live_signing_keys(session)[0]
