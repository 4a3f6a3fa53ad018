"""Doors: fee ceilings, and the fee policies of the provinces."""

import uuid
from typing import Any

import services.registry.fees.account_api
import services.registry.fees.agreement_api  # noqa: F401  each puts its doors on the area's blueprint
from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.web import allow, caller, public, session
from onex.chassis.web.callers import caller_or_none
from onex.chassis.web.listing import Listing, equal, span
from services.registry.fees import actions, queries
from services.registry.fees.blueprint import blp
from services.registry.fees.models import FeeCeiling, FeePolicy
from services.registry.fees.rules import CEILING, POLICY, SUBJECTS
from services.registry.fees.schemas import (
    CorrectedFeeCeilingSchema,
    FeeCeilingInForceQuery,
    FeeCeilingInForceSchema,
    FeeCeilingSchema,
    FeePolicySchema,
)
from services.registry.standards.rules import LEVELS

CEILINGS = Listing(
    FeeCeilingSchema,
    FeeCeiling.id,
    filters={
        "certificate_type_id": equal(FeeCeiling.certificate_type_id),
        "teo_id": equal(FeeCeiling.teo_id),
        "level": equal(FeeCeiling.level, LEVELS),
        "state": equal(FeeCeiling.state, CEILING.states),
        "in_force_from": span(FeeCeiling.in_force_from),
    },
)
POLICIES = Listing(
    FeePolicySchema,
    FeePolicy.id,
    filters={
        "province_code": equal(FeePolicy.province_code),
        "certificate_type_id": equal(FeePolicy.certificate_type_id),
        "level": equal(FeePolicy.level, LEVELS),
        "subject": equal(FeePolicy.subject, SUBJECTS),
        "state": equal(FeePolicy.state, POLICY.states),
        "in_force_from": span(FeePolicy.in_force_from),
    },
)


@blp.route("/fee-ceilings", methods=["POST"])
@allow(Role.OPERATOR, Role.TEO)
@blp.arguments(FeeCeilingSchema)
@blp.response(201, FeeCeilingSchema)
def argue(body: dict[str, Any]) -> FeeCeiling:
    """Lay down what an assessment costs and why, as the ceiling to be (OP-27)."""
    return actions.argue(session(), body, by=caller())


@blp.route("/fee-ceilings")
@public
@CEILINGS.door(blp)
def ceilings(query: dict[str, Any]) -> Any:
    """The published ceilings (OP-27), and for those who may see them the others."""
    return CEILINGS.answer(session(), queries.ceilings_visible(caller_or_none()), query)


@blp.route("/fee-ceilings/in-force")
@public
@blp.arguments(FeeCeilingInForceQuery, location="query")
@blp.response(200, FeeCeilingInForceSchema)
def ceiling_in_force(query: dict[str, Any]) -> dict[str, Any]:
    """Which ceiling holds for a level on a day, in a province or anywhere (OP-27, PP-38)."""
    return queries.holding(session(), **query | {"on": query["on"] or clock.today()})


@blp.route("/fee-ceilings/<uuid:ceiling_id>")
@public
@blp.response(200, FeeCeilingSchema)
def ceiling(ceiling_id: uuid.UUID) -> FeeCeiling:
    """One ceiling."""
    visible = queries.ceilings_visible(caller_or_none())
    return queries.one_of(session(), visible, FeeCeiling.id, ceiling_id)  # type: ignore[no-any-return]


@blp.route("/fee-ceilings/<uuid:ceiling_id>", methods=["PUT"])
@allow(Role.OPERATOR, Role.TEO)
@blp.arguments(CorrectedFeeCeilingSchema)
@blp.response(200, FeeCeilingSchema)
def correct(body: dict[str, Any], ceiling_id: uuid.UUID) -> FeeCeiling:
    """Put an argument right while it is not published."""
    return actions.correct(session(), ceiling_id, body, by=caller())


@blp.route("/fee-ceilings/<uuid:ceiling_id>/withdrawal", methods=["POST"])
@allow(Role.OPERATOR, Role.TEO)
@blp.response(200, FeeCeilingSchema)
def withdraw(ceiling_id: uuid.UUID) -> FeeCeiling:
    """Take back a ceiling that is not published yet."""
    return actions.withdraw(session(), ceiling_id, by=caller())


@blp.route("/fee-ceilings/<uuid:ceiling_id>/publication", methods=["POST"])
@allow(Role.OPERATOR, Role.MINISTRY)
@blp.response(200, FeeCeilingSchema)
def publish(ceiling_id: uuid.UUID) -> FeeCeiling:
    """Publish an argued ceiling as the next version of its level (OP-27)."""
    return actions.publish(session(), ceiling_id, by=caller())


@blp.route("/fee-policies", methods=["POST"])
@allow(Role.PROVINCE)
@blp.arguments(FeePolicySchema)
@blp.response(201, FeePolicySchema)
def announce_policy(body: dict[str, Any]) -> FeePolicy:
    """A province sets fee policy in its territory, with a ceiling of its own or without (PP-38)."""
    return actions.announce_policy(session(), body, by=caller())


@blp.route("/fee-policies")
@public
@POLICIES.door(blp)
def policies(query: dict[str, Any]) -> Any:
    """The provinces' fee policies."""
    return POLICIES.answer(session(), queries.policies_visible(), query)


@blp.route("/fee-policies/<uuid:policy_id>")
@public
@blp.response(200, FeePolicySchema)
def policy(policy_id: uuid.UUID) -> FeePolicy:
    """One policy."""
    return queries.one_of(session(), queries.policies_visible(), FeePolicy.id, policy_id)  # type: ignore[no-any-return]


@blp.route("/fee-policies/<uuid:policy_id>", methods=["PUT"])
@allow(Role.PROVINCE)
@blp.arguments(FeePolicySchema)
@blp.response(200, FeePolicySchema)
def correct_policy(body: dict[str, Any], policy_id: uuid.UUID) -> FeePolicy:
    """Put a policy right before it begins."""
    return actions.correct_policy(session(), policy_id, body, by=caller())


@blp.route("/fee-policies/<uuid:policy_id>/withdrawal", methods=["POST"])
@allow(Role.PROVINCE)
@blp.response(200, FeePolicySchema)
def withdraw_policy(policy_id: uuid.UUID) -> FeePolicy:
    """Withdraw a policy before it begins."""
    return actions.withdraw_policy(session(), policy_id, by=caller())
