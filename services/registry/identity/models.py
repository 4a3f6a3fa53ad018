"""Clients, people with their roles and sessions, those whom an outside issuer vouches for, and signing keys."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, LargeBinary, Text, false, func, text
from sqlalchemy.orm import Mapped, mapped_column

from onex.chassis.ids import new_id
from services.registry.tables import Base

MOMENT = DateTime(timezone=True)
OUTCOMES = ("signed_in", "locked", "unlocked", "reused")
ENDINGS = ("signed_out", "ended", "password_changed", "disabled", "role_revoked", "reused")


class Client(Base):
    """A machine client: one role in one scope. Its secrets, two at most, are kept as argon2id hashes only."""

    __tablename__ = "client"
    __table_args__ = (Index(None, "organization_id", "id"), Index(None, "role", "id"), Index(None, "id", unique=True))

    client_id: Mapped[str] = mapped_column(Text, primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(default=new_id, server_default=func.gen_random_uuid())
    secret_hash: Mapped[str] = mapped_column(Text)
    secret_made_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now())
    previous_secret_hash: Mapped[str | None] = mapped_column(Text)
    previous_secret_valid_until: Mapped[datetime | None] = mapped_column(MOMENT)
    role: Mapped[str] = mapped_column(Text)
    organization_id: Mapped[uuid.UUID | None]
    province_code: Mapped[str | None] = mapped_column(Text)
    learner_id: Mapped[uuid.UUID | None]
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now())
    disabled_at: Mapped[datetime | None] = mapped_column(MOMENT)
    disabled_by: Mapped[str | None] = mapped_column(Text)
    last_used_on: Mapped[date | None] = mapped_column(Date)


class Person(Base):
    """Somebody who signs in with a name and a password. What is known of the person besides is sealed."""

    __tablename__ = "person"
    __table_args__ = (Index(None, "username", unique=True),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(Text)
    sealed_name: Mapped[str] = mapped_column(Text)
    sealed_email: Mapped[str | None] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    password_assigned: Mapped[bool] = mapped_column(server_default=false())
    """Somebody else knows it: it opens nothing but the door that changes it."""
    password_set_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now())
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now())
    disabled_at: Mapped[datetime | None] = mapped_column(MOMENT)
    disabled_by: Mapped[str | None] = mapped_column(Text)


class PersonRole(Base):
    """A role in a scope that a person may sign in with."""

    __tablename__ = "person_role"
    __table_args__ = (
        Index(
            "uq_person_role_held", "person_id", "role", "organization_id", "learner_id",
            unique=True, postgresql_nulls_not_distinct=True, postgresql_where=text("revoked_at IS NULL"),
        ),
        Index(None, "organization_id", "id"),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(Text)
    organization_id: Mapped[uuid.UUID | None]
    province_code: Mapped[str | None] = mapped_column(Text)
    learner_id: Mapped[uuid.UUID | None]
    granted_by: Mapped[str] = mapped_column(Text)
    granted_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now())
    revoked_by: Mapped[str | None] = mapped_column(Text)
    revoked_at: Mapped[datetime | None] = mapped_column(MOMENT)


class PersonSession(Base):
    """From a sign-in to its end: the family of refresh tokens that followed one from another."""

    __tablename__ = "person_session"
    __table_args__ = (
        Index(None, "person_id", "id"),
        CheckConstraint(f"ended_why IN {ENDINGS}", name="ended_why"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    role_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person_role.id"))
    begun_at: Mapped[datetime] = mapped_column(MOMENT)
    expires_at: Mapped[datetime] = mapped_column(MOMENT)
    ended_at: Mapped[datetime | None] = mapped_column(MOMENT)
    ended_why: Mapped[str | None] = mapped_column(Text)
    ended_by: Mapped[str | None] = mapped_column(Text)


class RefreshToken(Base):
    """A token that was given out once and is good once; the newest of a session is the one not yet spent."""

    __tablename__ = "refresh_token"
    __table_args__ = (Index(None, "session_id"), Index(None, "expires_at"))

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person_session.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime] = mapped_column(MOMENT)
    spent_at: Mapped[datetime | None] = mapped_column(MOMENT)


class SignIn(Base):
    """What became of attempts to sign in: successes, lock-outs and their end, and spent tokens used again."""

    __tablename__ = "sign_in"
    __table_args__ = (
        Index(None, "person_id", "id"),
        Index(None, "outcome", "id"),
        Index(None, "happened_at", "id"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str] = mapped_column(Text)
    happened_at: Mapped[datetime] = mapped_column(MOMENT)
    failures: Mapped[int] = mapped_column(Integer)
    """Attempts with a wrong password since the last right one."""
    session_id: Mapped[uuid.UUID | None]
    by: Mapped[str] = mapped_column(Text)


class SignInGuard(Base):
    """How often a name was tried of late, whether anybody has that name or not; forgotten after a calm day."""

    __tablename__ = "sign_in_guard"
    __table_args__ = (Index(None, "tried_at"),)

    name_index: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Integer)
    counted_from: Mapped[datetime] = mapped_column(MOMENT)
    tried_at: Mapped[datetime] = mapped_column(MOMENT)
    locks: Mapped[int] = mapped_column(Integer)
    locked_until: Mapped[datetime | None] = mapped_column(MOMENT)


class OutsidePerson(Base):
    """Somebody whom the outside issuer vouched for, with the role and scope of the last time."""

    __tablename__ = "outside_person"
    __table_args__ = (Index(None, "subject_index", unique=True), Index(None, "organization_id", "id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    subject_index: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_subject: Mapped[str] = mapped_column(Text)
    """Issuer and subject as the issuer writes them: it may be a name or a telephone number."""
    role: Mapped[str] = mapped_column(Text)
    organization_id: Mapped[uuid.UUID | None]
    province_code: Mapped[str | None] = mapped_column(Text)
    first_seen_at: Mapped[datetime] = mapped_column(MOMENT)
    last_seen_on: Mapped[date] = mapped_column(Date)
    disabled_at: Mapped[datetime | None] = mapped_column(MOMENT)
    disabled_by: Mapped[str | None] = mapped_column(Text)


class SigningKey(Base):
    """An Ed25519 key that signs access tokens: announced, then signing, then retired.

    The private half is sealed, and gone once the key does not sign any more.
    """

    __tablename__ = "signing_key"

    key_id: Mapped[str] = mapped_column(Text, primary_key=True)
    sealed_private_jwk: Mapped[str] = mapped_column(Text)
    public_key: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(Text, server_default="registry")
    reason: Mapped[str] = mapped_column(Text, server_default="")
    created_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now())
    signs_from: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now())
    """Planned: not before this moment."""
    heard_at: Mapped[datetime | None] = mapped_column(MOMENT)
    """When it was found to have come round through the broker, as it has to every service."""
    signing_since: Mapped[datetime | None] = mapped_column(MOMENT)
    retires_at: Mapped[datetime | None] = mapped_column(MOMENT)
