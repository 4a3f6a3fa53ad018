"""Reads of the policy library."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.problems import NotFound, there
from onex.chassis.web.listing import Filter
from services.registry.policies.models import AttachmentBody, Policy, PolicyAttachment
from services.registry.policies.rules import PUBLIC

FEED_LENGTH = 50


def public() -> Select[Policy]:
    """What anyone may read."""
    return select(Policy).where(Policy.state.in_(PUBLIC))


def visible(by: Caller | None) -> Select[Policy]:
    """Anyone reads what is published; a province also its own drafts; the Ministry and the operator all (PP-44)."""
    if by is not None and by.sees_everything:
        return select(Policy)
    if by is not None and by.role == Role.PROVINCE:
        return select(Policy).where(or_(Policy.state.in_(PUBLIC), Policy.province_code == by.province_code))
    return public()


def one_visible(session: Session, by: Caller | None, policy_id: uuid.UUID) -> Policy:
    """The policy; raise NotFound when there is none that the caller may see."""
    return there(session.scalars(visible(by).where(Policy.id == policy_id)).first())


def to_change(session: Session, by: Caller, policy_id: uuid.UUID) -> Policy:
    """A policy that the caller may see, locked until the transaction ends; raise NotFound without one."""
    query = visible(by).where(Policy.id == policy_id).with_for_update()
    return there(session.scalars(query.execution_options(populate_existing=True)).first())


def attachments_of(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[PolicyAttachment]]:
    """The files of these policies, without their bytes, oldest first."""
    found: dict[uuid.UUID, list[PolicyAttachment]] = {policy_id: [] for policy_id in ids}
    rows = select(PolicyAttachment).where(PolicyAttachment.policy_id.in_(found)).order_by(PolicyAttachment.id)
    for one in session.scalars(rows):
        found[one.policy_id].append(one)
    return found


def attachment(session: Session, by: Caller | None, policy_id: uuid.UUID, attachment_id: uuid.UUID) -> PolicyAttachment:
    """A file of a policy that the caller may see; raise NotFound without one."""
    one_visible(session, by, policy_id)
    found = session.get(PolicyAttachment, attachment_id)
    if found is None or found.policy_id != policy_id:
        raise NotFound()
    return found


def body_of(session: Session, attachment_id: uuid.UUID) -> bytes:
    """The file's bytes."""
    return session.scalars(select(AttachmentBody.body).where(AttachmentBody.attachment_id == attachment_id)).one()


def count_files(session: Session, policy_id: uuid.UUID) -> int:
    """How many files a policy has: 20 at most."""
    counted = select(func.count()).select_from(PolicyAttachment).where(PolicyAttachment.policy_id == policy_id)
    return session.scalars(counted).one()


def newest(session: Session, most: int = FEED_LENGTH) -> Sequence[Policy]:
    """What was published or changed last, for the feed."""
    return session.scalars(public().order_by(Policy.updated_at.desc(), Policy.id.desc()).limit(most)).all()


def containing(*columns: Any) -> Filter:
    """Policies whose title contains what is given, letter case aside.

    The library is a shelf, not a warehouse: some thousand documents, of which a page stops reading at its last row.
    PostgreSQL's trigrams would not help: a word of two characters, as most Chinese ones are, has none.
    """

    def argument() -> fields.Field[Any]:
        told = {"description": "part of the title, in Chinese or English"}
        return fields.String(load_default=None, validate=validate.Length(1, 200), metadata=told)

    def narrow(query: Any, given: Mapping[str, Any]) -> Any:
        return query.where(or_(*(column.icontains(given[""], autoescape=True) for column in columns)))

    return Filter({"": argument}, narrow)
