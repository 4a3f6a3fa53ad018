"""A sitting's published results are annulled, a thousand registrations a transaction.

Where the decision stands, nothing more of the sitting is published (`queries.unpublished`), so what is to be annulled is what
was published when the plan was locked for it. The steps go by the places that were given out in the plan by then: the numbers
of registrations, which have an index. A process that dies leaves the rest to whoever takes the job up.
"""

import uuid

from sqlalchemy import select

from onex.chassis.database import UnitOfWork
from onex.chassis.jobs import Job, Progress
from onex.chassis.pii import Vault
from onex.chassis.problems import there
from services.assessment.plans import queries as plans
from services.assessment.registrations.numbers import numbers_of_plan
from services.assessment.results import annulments
from services.assessment.results.annulment_models import Annulment
from services.assessment.results.annulment_rules import ANNULMENT

STEP_PLACES = 1_000


class SittingAnnulment:
    """Annuls a sitting's results. Parameters of the job: `annulment_id`, `plan_id`, `places` (given out in the plan then)."""

    def __init__(self, job: Job, _source: bytes, _vault: Vault) -> None:
        self._annulment_id = uuid.UUID(job.parameters["annulment_id"])
        self._plan_id = uuid.UUID(job.parameters["plan_id"])
        self._places = int(job.parameters["places"])
        self._position = job.position

    def step(self, session: UnitOfWork) -> Progress | None:
        plan = plans.locked(session, self._plan_id)
        one = select(Annulment).where(Annulment.id == self._annulment_id).with_for_update()
        annulment = there(session.scalar(one))
        if self._position >= self._places:
            annulment.state = ANNULMENT.after(annulment.state, "carry_out")
            return None
        last = min(self._position + STEP_PLACES, self._places)
        number_of = numbers_of_plan(plan.year, plan.serial)
        numbers = [number_of(place) for place in range(self._position + 1, last + 1)]
        annulled = annulments.annul(session, plan, annulment, numbers)
        self._position = last
        return Progress(last, accepted=annulled, total=self._places)
