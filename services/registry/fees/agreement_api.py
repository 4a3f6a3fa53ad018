"""Doors: fee agreements of three sides."""

import uuid
from typing import Any

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.web import allow, caller, session
from onex.chassis.web.listing import Listing, equal, span
from services.registry.fees import agreement_actions, queries
from services.registry.fees.blueprint import blp
from services.registry.fees.models import FeeAgreement
from services.registry.fees.rules import FEE
from services.registry.fees.schemas import FeeAgreementSchema, FeeEndingSchema, FeeWithdrawalSchema
from services.registry.standards.rules import LEVELS

SIDES = (Role.TEO, Role.PROVINCE, Role.COLLEGE)
READERS = (*SIDES, Role.OPERATOR, Role.MINISTRY)
AGREEMENTS = Listing(
    FeeAgreementSchema,
    FeeAgreement.id,
    filters={
        "state": equal(FeeAgreement.state, FEE.states),
        "teo_id": equal(FeeAgreement.teo_id),
        "college_id": equal(FeeAgreement.college_id),
        "province_code": equal(FeeAgreement.province_code),
        "certificate_type_id": equal(FeeAgreement.certificate_type_id),
        "level": equal(FeeAgreement.level, LEVELS),
        "in_force_from": span(FeeAgreement.in_force_from, leads=True),
        "in_force_to": span(FeeAgreement.in_force_to, leads=True),
    },
)


@blp.route("/fee-agreements", methods=["POST"])
@allow(*SIDES)
@blp.arguments(FeeAgreementSchema)
@blp.response(201, FeeAgreementSchema)
def propose(body: dict[str, Any]) -> FeeAgreement:
    """Propose a fee to the other two sides; who proposes has consented (OP-28)."""
    return agreement_actions.propose(session(), body, by=caller())


@blp.route("/fee-agreements")
@allow(*READERS)
@AGREEMENTS.door(blp)
def fee_agreements(query: dict[str, Any]) -> Any:
    """The fee agreements the caller may see."""
    return AGREEMENTS.answer(session(), queries.agreements_visible(caller()), query)


@blp.route("/fee-agreements/above-ceiling")
@allow(*READERS)
@AGREEMENTS.door(blp)
def above_ceiling(query: dict[str, Any]) -> Any:
    """Agreed fees that a later ceiling undercuts: to be agreed anew before it begins (OP-28)."""
    return AGREEMENTS.answer(session(), queries.above_a_ceiling(caller(), clock.today()), query)


@blp.route("/fee-agreements/<uuid:agreement_id>")
@allow(*READERS)
@blp.response(200, FeeAgreementSchema)
def fee_agreement(agreement_id: uuid.UUID) -> FeeAgreement:
    """One fee agreement."""
    visible = queries.agreements_visible(caller())
    return queries.one_of(session(), visible, FeeAgreement.id, agreement_id)  # type: ignore[no-any-return]


@blp.route("/fee-agreements/<uuid:agreement_id>/consent", methods=["POST"])
@allow(*SIDES)
@blp.response(200, FeeAgreementSchema)
def consent(agreement_id: uuid.UUID) -> FeeAgreement:
    """Consent for one's own side; with the third consent the fee is agreed (OP-28)."""
    return agreement_actions.consent(session(), agreement_id, by=caller())


@blp.route("/fee-agreements/<uuid:agreement_id>/withdrawal", methods=["POST"])
@allow(*SIDES)
@blp.arguments(FeeWithdrawalSchema)
@blp.response(200, FeeAgreementSchema)
def withdraw(body: dict[str, str], agreement_id: uuid.UUID) -> FeeAgreement:
    """Take a proposal back, or decline another side's."""
    return agreement_actions.withdraw(session(), agreement_id, body["reason"], by=caller())


@blp.route("/fee-agreements/<uuid:agreement_id>/ending", methods=["POST"])
@allow(*SIDES, Role.OPERATOR)
@blp.arguments(FeeEndingSchema)
@blp.response(200, FeeAgreementSchema)
def end(body: dict[str, Any], agreement_id: uuid.UUID) -> FeeAgreement:
    """End what was agreed before its last day."""
    return agreement_actions.end(session(), agreement_id, body, by=caller())
