"""Published results are annulled: proposed by the TEO that published them, decided by a second person (PP-17, PP-18).

One result is annulled in the transaction of the decision; a whole sitting by a job, `sitting_annulment.py`, whose steps call
`annul` with as many registrations as a transaction should bear. Either way a result's row in `annulled_result`, the plan's
counts and the event are one transaction, and the row's key sees to it that a result is annulled, counted and said once.

The result itself stays as it was published, and final: whoever is to be assessed anew is registered anew, in another plan.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from onex.chassis import clock, jobs
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from onex.contracts.assessment import ResultAnnulled
from onex.messaging import outbox
from services.assessment.plans import queries as plans
from services.assessment.plans.models import Plan
from services.assessment.results import annulment_queries as queries
from services.assessment.results import annulment_rules as rules
from services.assessment.results import queries as results
from services.assessment.results.annulment_errors import AnnulmentProposedAlready, RegistrationUnknown
from services.assessment.results.annulment_models import Annulment
from services.assessment.results.annulment_rules import ANNULMENT
from services.assessment.sittings.errors import SittingUnknown
from services.assessment.sittings.models import Sitting

NOTE = "annulment note"
_ANNUL = text(
    "INSERT INTO annulled_result (result_id, annulment_id, plan_id, teo_id, college_id, learner_id, registration_number,"
    " ground, passed, annulled_at)"
    " SELECT result.id, :annulment_id, result.plan_id, :teo_id, registration.college_id, registration.learner_id,"
    " registration.number, :ground, result.passed, :now"
    " FROM registration JOIN result ON result.registration_id = registration.id"
    " WHERE registration.number = ANY(CAST(:numbers AS text[])) AND result.plan_id = :plan_id"
    " AND (CAST(:sitting_id AS uuid) IS NULL OR registration.sitting_id = :sitting_id)"
    " AND result.published_at IS NOT NULL ON CONFLICT (result_id) DO NOTHING"
    " RETURNING result_id, learner_id, college_id, passed"
)


def propose(session: UnitOfWork, vault: Vault, plan_id: uuid.UUID, body: dict[str, Any], *, by: Caller) -> Annulment:
    """Propose to annul one published result, or all of a sitting, of the caller's own plan (PP-18).

    `body` has `ground`, `note`, and either `registration_number` or `sitting_id`.
    """
    plan = plans.for_writing(session, plan_id, by)
    made = Annulment(
        plan_id=plan.id,
        teo_id=plan.teo_id,
        ground=body["ground"],
        sealed_note=vault.seal(body["note"].encode(), NOTE),
        state=rules.PROPOSED,
        proposed_by=by.client_id,
    )
    if body["sitting_id"] is not None:
        made.sitting_id = _sitting(session, plan, body["sitting_id"])
    else:
        made.result_id = _annullable(session, plan, body["registration_number"])
        made.registration_number = body["registration_number"]
    session.add(made)
    try:
        session.flush()
    except IntegrityError:
        raise AnnulmentProposedAlready() from None
    session.refresh(made)
    return made


def approve(session: UnitOfWork, vault: Vault, annulment_id: uuid.UUID, *, by: Caller) -> Annulment:
    """A second person agrees: the result no longer counts from now on, nor does what the sitting will have said."""
    plan = plans.locked(session, queries.one_visible(session, annulment_id, by).plan_id)  # as everyone: the plan first
    annulment = _decided(session, annulment_id, "approve", by)
    if annulment.sitting_id is None:
        number = annulment.registration_number or ""
        _annullable(session, plan, number)
        annul(session, plan, annulment, [number])
        annulment.state = ANNULMENT.after(annulment.state, "carry_out")
        return annulment
    annulment.job_id = jobs.accept(
        session,
        vault,
        "annulment",
        owner_id=annulment.teo_id,
        created_by=by.client_id,
        parameters={"annulment_id": str(annulment.id), "plan_id": str(plan.id), "places": plan.registered},
    )
    return annulment


def refuse(session: UnitOfWork, annulment_id: uuid.UUID, *, by: Caller) -> Annulment:
    """A second person does not agree: the result stands."""
    return _decided(session, annulment_id, "refuse", by)


def withdraw(session: UnitOfWork, annulment_id: uuid.UUID, *, by: Caller) -> Annulment:
    """The TEO takes its proposal back."""
    annulment = queries.to_decide(session, annulment_id, by)
    by.must_be(annulment.teo_id)
    annulment.state = ANNULMENT.after(annulment.state, "withdraw")
    return annulment


def annul(session: UnitOfWork, plan: Plan, annulment: Annulment, numbers: Sequence[str]) -> int:
    """Annul the published results of these registrations of the plan, which the caller has locked; how many were not yet.

    Of a sitting's annulment only those of that sitting.
    """
    now = clock.now()
    rows = session.execute(
        _ANNUL,
        {
            "annulment_id": annulment.id,
            "plan_id": plan.id,
            "teo_id": plan.teo_id,
            "ground": annulment.ground,
            "now": now,
            "numbers": list(numbers),
            "sitting_id": annulment.sitting_id,
        },
    ).all()
    plan.annulled += len(rows)
    plan.passed -= sum(row.passed for row in rows)
    for row in rows:
        event = ResultAnnulled(
            result_id=row.result_id,
            learner_id=row.learner_id,
            certificate_type_id=plan.certificate_type_id,
            level=plan.level,
            teo_id=plan.teo_id,
            college_id=row.college_id,
            ground=annulment.ground,  # type: ignore[arg-type]  # the table has no other
            passed=row.passed,
            annulled_at=now,
        )
        outbox.append(session, event)
    return len(rows)


def _decided(session: UnitOfWork, annulment_id: uuid.UUID, verb: str, by: Caller) -> Annulment:
    annulment = queries.to_decide(session, annulment_id, by)
    after = ANNULMENT.after(annulment.state, verb)
    rules.check_second_person(annulment.proposed_by, by.client_id)
    annulment.state, annulment.decided_by, annulment.decided_at = after, by.client_id, clock.now()
    return annulment


def _sitting(session: UnitOfWork, plan: Plan, sitting_id: uuid.UUID) -> uuid.UUID:
    found = session.scalar(select(Sitting.id).where(Sitting.id == sitting_id, Sitting.plan_id == plan.id))
    if found is None:
        raise SittingUnknown()
    rules.check_sitting(found in queries.annulled_sittings(session, plan.id))
    return found


def _annullable(session: UnitOfWork, plan: Plan, number: str) -> uuid.UUID:
    """The id of the registration's result, which is published and was not annulled."""
    found = results.by_number(session, plan.id, [number]).get(number)
    if found is None:
        raise RegistrationUnknown()
    rules.check_annullable(found.published_at, found.annulled)
    assert found.result_id is not None
    return found.result_id
