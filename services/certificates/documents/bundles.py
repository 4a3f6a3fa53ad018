"""The documents of a whole sitting: ordered at a door, made by a job (printing.py), sent as one ZIP file (sending.py)."""

import uuid
from datetime import timedelta

from sqlalchemy import select, text

from onex.chassis import clock, jobs
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.chassis.problems import NotFound
from services.certificates.documents.errors import BundleNotReady
from services.certificates.documents.models import Bundle
from services.certificates.issuing.models import Certificate
from services.certificates.issuing.queries import visible_to

KIND = "documents"
SEALED_AS = "document"
LIFETIME = timedelta(hours=24)


def order(session: UnitOfWork, vault: Vault, public_url: str, sitting_id: uuid.UUID, *, by: Caller) -> uuid.UUID:
    """Have the documents of a sitting's certificates made, of those that the caller may see; the id of the job.

    Ordered again while it is at work, it is the same job; later, the documents are made anew and the old ones dropped.
    Raises NotFound where there is no certificate.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"{KIND} {sitting_id}"})
    if session.scalar(visible_to(by).where(Certificate.sitting_id == sitting_id).limit(1)) is None:
        raise NotFound()
    mine = select(Bundle).where(Bundle.sitting_id == sitting_id, Bundle.created_by == by.client_id)
    if old := session.scalar(mine):
        if _state(session, old.id) in ("queued", "running"):
            return old.id
        drop(session, old.id)
    job_id = jobs.accept(
        session, vault, KIND, owner_id=by.organization_id, created_by=by.client_id,
        parameters={"public_url": public_url},
    )  # fmt: skip
    session.add(
        Bundle(
            id=job_id,
            sitting_id=sitting_id,
            teo_id=by.organization_id if by.role is Role.TEO else None,
            college_id=by.organization_id if by.role is Role.COLLEGE else None,
            owner_id=by.organization_id,
            created_by=by.client_id,
            expires_at=clock.now() + LIFETIME,
        )
    )
    return job_id


def drop(session: UnitOfWork, bundle_id: uuid.UUID) -> None:
    """Forget a bundle and its documents; a job that is still at it ends with its next step."""
    session.execute(text("DELETE FROM document_bundle WHERE id = :id"), {"id": bundle_id})


def expire(session: UnitOfWork) -> bool:
    """Drop one bundle that has expired; whether there was one."""
    late = select(Bundle.id).where(Bundle.expires_at < clock.now()).order_by(Bundle.expires_at).limit(1)
    bundle_id = session.scalar(late.with_for_update(skip_locked=True))
    if bundle_id is None:
        return False
    drop(session, bundle_id)
    return True


def finished(session: UnitOfWork, bundle_id: uuid.UUID, *, by: Caller) -> Bundle:
    """A bundle that is ready to be sent, for who ordered it and that one's organization.

    Raises NotFound, also once it has expired, and BundleNotReady.
    """
    bundle = session.get(Bundle, bundle_id)
    if bundle is None or bundle.expires_at < clock.now() or not _may_have(bundle, by):
        raise NotFound()
    state = _state(session, bundle_id)
    if state != "done":
        raise BundleNotReady(state=state)
    return bundle


def _may_have(bundle: Bundle, by: Caller) -> bool:
    if by.sees_everything or bundle.created_by == by.client_id:
        return True
    return bundle.owner_id is not None and bundle.owner_id == by.organization_id


def _state(session: UnitOfWork, job_id: uuid.UUID) -> str | None:
    return session.execute(text("SELECT state FROM job WHERE id = :id"), {"id": job_id}).scalar()
