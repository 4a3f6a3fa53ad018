"""Policies are drafted, given their files, published, superseded and withdrawn."""

import hashlib
import uuid
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault, mask_name
from onex.chassis.problems import OutOfScope
from onex.contracts.pilot import PolicyPublished
from onex.messaging import outbox
from services.registry.organizations.divisions import PROVINCES
from services.registry.organizations.errors import ProvinceUnknown
from services.registry.policies import media, queries, rules
from services.registry.policies.errors import FileExists, PolicyExists
from services.registry.policies.models import AttachmentBody, Policy, PolicyAttachment

_CONTACT = "policy contact"


def draft(session: UnitOfWork, vault: Vault, body: dict[str, Any], *, by: Caller) -> Policy:
    """Put a document into the library, not yet public (OP-45); a province's is its own (OP-01)."""
    policy = Policy(
        state=rules.DRAFT,
        reason="",
        created_by=by.client_id,
        **_written(vault, body, by),
    )
    session.add(policy)
    _flush(session)
    session.refresh(policy)
    return policy


def change(session: UnitOfWork, vault: Vault, policy_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Policy:
    """Put a draft right."""
    policy = _own(session, policy_id, by)
    policy.state = rules.POLICY.after(policy.state, "change")
    for name, value in _written(vault, body, by).items():
        setattr(policy, name, value)
    _flush(session)
    return policy


def _written(vault: Vault, body: dict[str, Any], by: Caller) -> dict[str, Any]:
    """The columns that a body fills."""
    rules.check_issued(body["issued_on"], clock.today())
    contact = body["contact"]
    columns = {name: value for name, value in body.items() if name != "contact"}
    if by.role == Role.PROVINCE:
        columns["province_code"] = by.province_code
    elif columns["province_code"] is not None and columns["province_code"] not in PROVINCES:
        raise ProvinceUnknown()
    columns["sealed_contact"] = vault.seal(contact.encode(), _CONTACT) if contact else None
    return columns | {"updated_by": by.client_id, "updated_at": clock.now()}


def kept(session: UnitOfWork, policy_id: uuid.UUID, *, by: Caller) -> Policy:
    """A policy as its keepers see it; a province sees so its own alone (OP-01)."""
    policy = queries.one_visible(session, by, policy_id)
    return _must_keep(policy, by)


def attach(session: UnitOfWork, policy_id: uuid.UUID, data: bytes, file_name: str, *, by: Caller) -> PolicyAttachment:
    """Give a draft a file; what kind it is, is told from its bytes (OP-45)."""
    policy = _own(session, policy_id, by)
    rules.POLICY.after(policy.state, "change")
    rules.check_file(len(data), queries.count_files(session, policy.id))
    media_type = media.type_of(data)
    attachment = PolicyAttachment(
        policy_id=policy.id,
        name=media.safe_name(file_name, media_type),
        media_type=media_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        added_by=by.client_id,
    )
    session.add(attachment)
    try:
        session.flush()
    except IntegrityError:
        raise FileExists() from None
    session.execute(insert(AttachmentBody.__table__).values(attachment_id=attachment.id, body=data))
    session.refresh(attachment)
    return attachment


def detach(session: UnitOfWork, policy_id: uuid.UUID, attachment_id: uuid.UUID, *, by: Caller) -> None:
    """Take a file from a draft."""
    policy = _own(session, policy_id, by)
    attachment = queries.attachment(session, by, policy_id, attachment_id)
    rules.POLICY.after(policy.state, "change")
    session.execute(delete(AttachmentBody.__table__).where(AttachmentBody.attachment_id == attachment_id))
    session.delete(attachment)
    session.flush()


def publish(session: UnitOfWork, policy_id: uuid.UUID, *, by: Caller) -> Policy:
    """Open a document to everyone, and tell (OP-45)."""
    policy = _own(session, policy_id, by)
    policy.state = rules.POLICY.after(policy.state, "publish")
    rules.check_issued(policy.issued_on, clock.today())
    _touch(policy, by)
    policy.published_at, policy.published_by = policy.updated_at, by.client_id
    outbox.append(
        session,
        PolicyPublished(
            policy_id=policy.id,
            number=policy.number,
            title_zh=policy.title_zh,
            title_en=policy.title_en,
            source=policy.source,
            issued_on=policy.issued_on,
        ),
    )
    return policy


def supersede(session: UnitOfWork, policy_id: uuid.UUID, successor_id: uuid.UUID, *, by: Caller) -> Policy:
    """Another published document takes this one's place; it stays readable and names its successor."""
    policy = _own(session, policy_id, by)
    state = rules.POLICY.after(policy.state, "supersede")
    successor = session.get(Policy, successor_id)
    rules.check_successor(successor_id == policy_id, successor.state if successor else None)
    policy.state, policy.superseded_by_id = state, successor_id
    _touch(policy, by)
    return policy


def withdraw(session: UnitOfWork, policy_id: uuid.UUID, reason: str, *, by: Caller) -> Policy:
    """Take a document out of the library; what was public says why. Its number is free again."""
    policy = _own(session, policy_id, by)
    after = rules.POLICY.after(policy.state, "withdraw")
    rules.check_withdrawal(policy.state, reason)
    policy.state, policy.reason = after, reason
    _touch(policy, by)
    return policy


def masked_contact(vault: Vault, policy: Policy) -> str:
    """The person to turn to, as its bearer recognises it; "" without one."""
    return mask_name(vault.open(policy.sealed_contact, _CONTACT).decode()) if policy.sealed_contact else ""


def _own(session: UnitOfWork, policy_id: uuid.UUID, by: Caller) -> Policy:
    """The policy, locked; a province handles its own alone (OP-01)."""
    return _must_keep(queries.to_change(session, by, policy_id), by)


def _must_keep(policy: Policy, by: Caller) -> Policy:
    if by.role == Role.PROVINCE and policy.province_code != by.province_code:
        raise OutOfScope()
    return policy


def _touch(policy: Policy, by: Caller) -> None:
    policy.updated_at, policy.updated_by = clock.now(), by.client_id


def _flush(session: UnitOfWork) -> None:
    try:
        session.flush()
    except IntegrityError:
        raise PolicyExists() from None
