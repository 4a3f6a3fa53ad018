"""Candidates are moved to another sitting of their plan, or released from it (OP-41, OP-42). A plan is locked meanwhile."""

import uuid
from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import text

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import UnitOfWork, uuid_array
from onex.chassis.ids import new_id
from services.assessment.pilot import queries as pilot
from services.assessment.pilot import rules as pilot_rules
from services.assessment.pilot.queries import Fee
from services.assessment.plans import queries as plans
from services.assessment.plans import rules as plan_rules
from services.assessment.plans.models import Plan
from services.assessment.registrations import rules as registration_rules
from services.assessment.registrations.errors import RowRefused
from services.assessment.registrations.seats import Seats
from services.assessment.results import annulment_queries as annulments
from services.assessment.results import annulment_rules
from services.assessment.sittings import queries as sittings
from services.assessment.sittings import rules as sitting_rules
from services.assessment.sittings.errors import SittingUnknown
from services.assessment.transfers import queries, rules
from services.assessment.transfers.errors import NumberRefused
from services.assessment.transfers.models import ReleasedRegistration, Transfer
from services.assessment.transfers.queries import Waiting

_MOVE = text("UPDATE registration SET sitting_id = :sitting_id WHERE id = ANY(CAST(:ids AS uuid[]))")


def transfer(session: UnitOfWork, plan_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> dict[str, Any]:
    """Move candidates to another sitting of the plan that is still to be held (OP-23, OP-41, OP-42, PP-15).

    They stay registered, with their number, and keep the seat of their college's quota (OP-07); the fee must be agreed for
    the new day too (OP-28). The plan's TEO moves anyone, a college its own students. Who cannot be moved comes back with the
    reason.
    """
    plan = _plan(session, plan_id, by)
    plan_rules.check_published(plan.state)
    pilot_rules.check_teo_stays(pilot.has_exited(session, plan.teo_id))
    pilot_rules.check_agreement(pilot.agreement_periods(session, plan.teo_id), clock.today())
    if by.role is Role.COLLEGE:
        pilot_rules.check_college_stays(pilot.has_exited(session, by.organization_id))
    held = {one.id: one for one in sittings.of_plan(session, plan.id)}
    target, now = held.get(body["sitting_id"]), clock.now()
    if target is None:
        raise SittingUnknown()
    causes, annulled = queries.causes_in(session, plan.id), annulments.annulled_sittings(session, plan.id)
    rules.check_to_be_held(causes[target.id])
    sitting_rules.check_standing(pilot.standings(session, [target.site_id])[target.site_id])
    rules.check_not_begun(target.starts_at, now)
    annulment_rules.check_sitting(target.id in annulled)
    found = queries.by_number(session, plan.id, body["registration_numbers"], by)
    fees = _fees(session, plan, found.values())
    ceilings = pilot.ceilings(session, plan.certificate_type_id, plan.level)
    day = clock.beijing_day(target.starts_at)
    moved: list[Waiting] = []

    def move(one: Waiting) -> bool:
        if one.sitting_id == target.id:
            return False
        rules.check_unassessed(one.has_result)
        before = held[one.sitting_id]
        rules.check_may_leave(causes[before.id], before.id in annulled, before.starts_at, now)
        rules.check_place(target.registered, target.capacity)
        if one.college_id:
            registration_rules.check_fee(fees[one.id], ceilings, day)
        before.registered -= 1
        target.registered += 1
        moved.append(one)
        return True

    answer = _each(body["registration_numbers"], found, move)
    session.execute(_MOVE, {"sitting_id": target.id, "ids": uuid_array([one.id for one in moved])})
    session.add_all(
        Transfer(
            id=new_id(),
            plan_id=plan.id,
            registration_id=one.id,
            registration_number=one.number,
            from_sitting_id=one.sitting_id,
            to_sitting_id=target.id,
            cause=causes[one.sitting_id],
            moved_by=by.client_id,
        )
        for one in moved
    )
    return answer


def release(session: UnitOfWork, plan_id: uuid.UUID, numbers: Sequence[str], *, by: Caller) -> dict[str, Any]:
    """Let candidates go who cannot be assessed where they are registered: their place and their seat of the quota are free again
    (OP-07), and what was agreed as their fee is to be paid back (OP-41, OP-42). By the plan's TEO, or by the operator."""
    plan = _plan(session, plan_id, by)
    held = {one.id: one for one in sittings.of_plan(session, plan.id)}
    causes = queries.causes_in(session, plan.id)
    found = queries.by_number(session, plan.id, numbers, by)
    fees = _fees(session, plan, found.values())
    gone: list[Waiting] = []

    def let_go(one: Waiting) -> bool:
        if one.released:
            return False
        rules.check_unassessed(one.has_result)
        rules.check_stranded(causes[one.sitting_id])
        held[one.sitting_id].registered -= 1
        gone.append(one)
        return True

    answer = _each(numbers, found, let_go, released_too=True)
    seats = Seats(session, plan, {one.college_id for one in gone if one.college_id})
    for one in gone:
        if one.college_id:
            seats.of[one.college_id].give_back()
    seats.write_down()
    session.add_all(
        ReleasedRegistration(
            registration_id=one.id,
            plan_id=plan.id,
            teo_id=plan.teo_id,
            college_id=one.college_id,
            sitting_id=one.sitting_id,
            registration_number=one.number,
            cause=causes[one.sitting_id],
            fee_fen=registration_rules.agreed_fee(fees[one.id], clock.beijing_day(held[one.sitting_id].starts_at)),
            released_by=by.client_id,
        )
        for one in gone
    )
    return answer


def refund(session: UnitOfWork, registration_id: uuid.UUID, *, by: Caller) -> ReleasedRegistration:
    """Note that a released candidate's fee was paid back (OP-30)."""
    one = queries.to_refund(session, registration_id, by)
    rules.check_not_refunded(one.refunded_at)
    one.refunded_by, one.refunded_at = by.client_id, clock.now()
    return one


def _plan(session: UnitOfWork, plan_id: uuid.UUID, by: Caller) -> Plan:
    if by.role is not Role.COLLEGE:
        return plans.for_writing(session, plan_id, by)
    plans.one_visible(session, plan_id, by)
    return plans.locked(session, plan_id)


def _each(
    numbers: Sequence[str], found: dict[str, Waiting], do: Callable[[Waiting], bool], *, released_too: bool = False
) -> dict[str, Any]:
    """Do it with each of the registrations once; how many it was done with, with how many it had been, and who was refused."""
    done, unchanged, refused = 0, 0, []
    for number in dict.fromkeys(numbers):
        try:
            one = found.get(number)
            if one is None:
                raise rules.unknown_registration()
            rules.check_not_released(one.released and not released_too)
            if do(one):
                done += 1
            else:
                unchanged += 1
        except (NumberRefused, RowRefused) as no:
            refused.append(
                {"registration_number": number, "code": no.code, "reason": no.reason, "reason_zh": no.reason_zh}
            )
    return {"done": done, "unchanged": unchanged, "refused": refused}


def _fees(session: UnitOfWork, plan: Plan, ones: Collection[Waiting]) -> dict[uuid.UUID, list[Fee]]:
    """By registration what was agreed with the candidate's college, whenever it is in force; nothing of a social person."""
    colleges = {one.college_id for one in ones if one.college_id}
    agreed = pilot.fees(session, plan.teo_id, plan.certificate_type_id, plan.level, colleges)
    return {one.id: agreed.get(one.college_id, []) if one.college_id else [] for one in ones}
