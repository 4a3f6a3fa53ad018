"""Results are published, a thousand a transaction: each is marked and said in the same commit, so once and for good.

A TEO whose exit is heard of in between publishes no more: the job fails, and the rest stays unpublished (OP-41).
A process that dies between two steps leaves the rest unpublished; whoever takes the job up goes on with exactly those.
"""

import uuid

from sqlalchemy import text

from onex.chassis import clock
from onex.chassis.database import UnitOfWork
from onex.chassis.jobs import Job, Progress
from onex.chassis.pii import Vault
from onex.contracts.assessment import ResultPublished
from onex.messaging import outbox
from services.assessment.pilot import queries as pilot
from services.assessment.pilot import rules as pilot_rules
from services.assessment.plans import queries as plans
from services.assessment.results import queries

STEP_RESULTS = 1_000
_PUBLISH = text("UPDATE result SET published_at = :now WHERE id = ANY(CAST(:ids AS uuid[]))")


class Publication:
    """Publishes a plan's results, passed or not. Parameters of the job: `plan_id`, `up_to` (the newest result then)."""

    def __init__(self, job: Job, _source: bytes, _vault: Vault) -> None:
        self._plan_id = uuid.UUID(job.parameters["plan_id"])
        self._up_to = uuid.UUID(job.parameters["up_to"])
        self._position = job.position

    def step(self, session: UnitOfWork) -> Progress | None:
        plan = plans.locked(session, self._plan_id)
        pilot_rules.check_teo_stays(pilot.has_exited(session, plan.teo_id))
        total = queries.count_unpublished(session, plan.id, self._up_to) if self._position == 0 else None
        rows = session.execute(queries.unpublished(session, plan.id, self._up_to).limit(STEP_RESULTS)).all()
        if not rows:
            return None
        now = clock.now()
        plan.results_published += len(rows)
        session.execute(_PUBLISH, {"now": now, "ids": [result.id for result, _ in rows]})
        for result, registration in rows:
            event = ResultPublished(
                result_id=result.id,
                learner_id=registration.learner_id,
                sealed_person=registration.sealed_person,
                candidate_kind=registration.candidate_kind,
                certificate_type_id=plan.certificate_type_id,
                level=plan.level,
                standard_version=plan.standard_version,
                teo_id=plan.teo_id,
                college_id=registration.college_id,
                plan_id=plan.id,
                sitting_id=registration.sitting_id,
                assessed_on=result.assessed_on,
                passed=result.passed,
                score_hundredths=result.score_hundredths,
                published_at=now,
            )
            outbox.append(session, event)  # on the trace of the request that asked for it
        self._position += len(rows)
        return Progress(self._position, accepted=len(rows), total=total)
