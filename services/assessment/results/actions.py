"""Results files and publications are accepted; `results_import.py` and `publication.py` carry them out.

No agreement is asked for here: a candidate who was assessed under one gets the result (PP-22: no other condition). A TEO that
has left may still hand in scores, so that none are lost, and publishes none: that would be a new issue (OP-41).
"""

import uuid

from onex.chassis import jobs
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from onex.chassis.pii import Vault
from services.assessment.pilot import queries as pilot
from services.assessment.pilot import rules as pilot_rules
from services.assessment.plans import queries as plans
from services.assessment.plans import rules as plan_rules
from services.assessment.results import queries
from services.assessment.results.errors import NothingToPublish


def send_results(
    session: UnitOfWork, vault: Vault, plan_id: uuid.UUID, source: bytes, file_name: str | None, *, by: Caller
) -> uuid.UUID:
    """Accept a results file from the plan's TEO (PP-18); returns the job's id."""
    plan = plans.for_writing(session, plan_id, by)
    plan_rules.check_published(plan.state)
    return jobs.accept(
        session,
        vault,
        "results",
        owner_id=plan.teo_id,
        created_by=by.client_id,
        parameters={"plan_id": str(plan.id)},
        source=source,
        file_name=file_name,
    )


def publish(session: UnitOfWork, vault: Vault, plan_id: uuid.UUID, *, by: Caller) -> uuid.UUID:
    """Accept the order to publish the plan's results as they are now (PP-18, OP-41); returns the job's id."""
    plan = plans.for_writing(session, plan_id, by)
    pilot_rules.check_teo_stays(pilot.has_exited(session, plan.teo_id))
    up_to = queries.newest_unpublished(session, plan.id)
    if up_to is None:
        raise NothingToPublish()
    return jobs.accept(
        session,
        vault,
        "publication",
        owner_id=plan.teo_id,
        created_by=by.client_id,
        parameters={"plan_id": str(plan.id), "up_to": str(up_to)},
    )
