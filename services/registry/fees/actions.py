"""Ceilings are argued and published; provinces set their own fee policies."""

import uuid
from typing import Any

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.problems import OutOfScope
from onex.contracts.pilot import FeeCeilingPublished
from onex.messaging import outbox
from services.registry.fees import queries, rules
from services.registry.fees.models import FeeCeiling, FeePolicy
from services.registry.standards import actions as standards
from services.registry.standards import queries as standard_queries


def argue(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> FeeCeiling:
    """Lay down what an assessment costs and why, as the ceiling to be (OP-27)."""
    certificate_type = standards.must_have_level(session, body["certificate_type_id"], body["level"])
    by.must_be(certificate_type.teo_id)
    standards.must_operate(session, certificate_type.teo_id)
    rules.check_sum(body["amount_fen"], body["cost_items"])
    ceiling = FeeCeiling(teo_id=certificate_type.teo_id, state=rules.ARGUED, argued_by=by.client_id, **body)
    session.add(ceiling)
    session.flush()
    session.refresh(ceiling)
    return ceiling


def correct(session: UnitOfWork, ceiling_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> FeeCeiling:
    """Put an argument right while it is not published (OP-27)."""
    ceiling: FeeCeiling = queries.to_change(session, FeeCeiling, ceiling_id)
    by.must_be(ceiling.teo_id)
    ceiling.state = rules.CEILING.after(ceiling.state, "correct")
    rules.check_sum(body["amount_fen"], body["cost_items"])
    for name, value in body.items():
        setattr(ceiling, name, value)
    return ceiling


def withdraw(session: UnitOfWork, ceiling_id: uuid.UUID, *, by: Caller) -> FeeCeiling:
    """Take back a ceiling that is not published yet."""
    ceiling: FeeCeiling = queries.to_change(session, FeeCeiling, ceiling_id)
    by.must_be(ceiling.teo_id)
    ceiling.state = rules.CEILING.after(ceiling.state, "withdraw")
    ceiling.withdrawn_at, ceiling.withdrawn_by = clock.now(), by.client_id
    return ceiling


def publish(session: UnitOfWork, ceiling_id: uuid.UUID, *, by: Caller) -> FeeCeiling:
    """Publish an argued ceiling as the next version of its level, and tell the other services (OP-27)."""
    ceiling: FeeCeiling = queries.to_change(session, FeeCeiling, ceiling_id)
    # Locked, so that versions follow one another and nobody agrees on a fee while its ceiling changes.
    standard_queries.type_to_change(session, ceiling.certificate_type_id)
    state = rules.CEILING.after(ceiling.state, "publish")
    rules.check_sum(ceiling.amount_fen, ceiling.cost_items)
    newest = queries.newest_ceiling(session, ceiling.certificate_type_id, ceiling.level)
    rules.check_ceiling_begins(ceiling.in_force_from, newest.in_force_from if newest else None, clock.today())
    ceiling.state, ceiling.version = state, (newest.version or 0) + 1 if newest else 1
    ceiling.published_at, ceiling.published_by = clock.now(), by.client_id
    outbox.append(
        session,
        FeeCeilingPublished(
            fee_ceiling_id=ceiling.id,
            certificate_type_id=ceiling.certificate_type_id,
            level=ceiling.level,  # type: ignore[arg-type]  # the table allows nothing else
            ceiling_version=ceiling.version,
            amount_fen=ceiling.amount_fen,
            in_force_from=ceiling.in_force_from,
        ),
    )
    session.flush()
    return ceiling


def announce_policy(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> FeePolicy:
    """A province sets fee policy in its territory (PP-38)."""
    if by.province_code is None:
        raise OutOfScope()
    _check_policy(body)
    if body["certificate_type_id"] is not None:
        certificate_type = standard_queries.type_named(session, body["certificate_type_id"])
        standard_queries.type_to_change(session, certificate_type.id)
    policy = FeePolicy(province_code=by.province_code, state=rules.ANNOUNCED, announced_by=by.client_id, **body)
    session.add(policy)
    session.flush()
    session.refresh(policy)
    return policy


def correct_policy(session: UnitOfWork, policy_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> FeePolicy:
    """Put a policy right before it begins (PP-38)."""
    policy = _own_policy(session, policy_id, by)
    if policy.state != rules.ANNOUNCED:
        raise rules.POLICY.refusals[policy.state]()
    rules.check_policy_waits(policy.in_force_from, clock.today())
    _check_policy(body)
    if body["certificate_type_id"] is not None:
        standard_queries.type_named(session, body["certificate_type_id"])
    for name, value in body.items():
        setattr(policy, name, value)
    return policy


def withdraw_policy(session: UnitOfWork, policy_id: uuid.UUID, *, by: Caller) -> FeePolicy:
    """Withdraw a policy before it begins (PP-38)."""
    policy = _own_policy(session, policy_id, by)
    state = rules.POLICY.after(policy.state, "withdraw")
    rules.check_policy_waits(policy.in_force_from, clock.today())
    policy.state, policy.withdrawn_at, policy.withdrawn_by = state, clock.now(), by.client_id
    return policy


def _check_policy(body: dict[str, Any]) -> None:
    rules.check_policy(
        body["subject"],
        body["certificate_type_id"],
        body["level"],
        body["ceiling_fen"],
        body["in_force_from"],
        clock.today(),
    )


def _own_policy(session: UnitOfWork, policy_id: uuid.UUID, by: Caller) -> FeePolicy:
    policy: FeePolicy = queries.to_change(session, FeePolicy, policy_id)
    if by.province_code != policy.province_code:
        raise OutOfScope()
    return policy
