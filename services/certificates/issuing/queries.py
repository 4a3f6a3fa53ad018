"""Reads of certificates, within what the caller may see."""

import uuid
from collections.abc import Collection

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.database import uuid_array
from onex.chassis.owned import seen_by
from onex.chassis.problems import NotFound
from services.certificates.issuing import numbers
from services.certificates.issuing.models import Certificate, ResultAfterExit

_CERTIFIED = text("SELECT result_id FROM certificate WHERE result_id = ANY(CAST(:ids AS uuid[])) AND replaces IS NULL")


def certified(session: Session, result_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the results of which a certificate was issued."""
    return set(session.scalars(_CERTIFIED, {"ids": uuid_array(result_ids)})) if result_ids else set()


def visible_to(who: Caller) -> Select[Certificate]:
    """All for operator and Ministry; a TEO's, a college's or a learner's own; nothing for anyone else."""
    return seen_by(
        who,
        select(Certificate),
        {Role.TEO: Certificate.teo_id, Role.COLLEGE: Certificate.college_id, Role.LEARNER: Certificate.learner_id},
    )


def by_number(session: Session, who: Caller, number: str) -> Certificate:
    """The certificate of this number, however it is spelled; raises NotFound when the caller may not see it."""
    clean = numbers.clean(number)
    found = numbers.is_valid(clean) and session.scalar(visible_to(who).where(Certificate.number == clean))
    if not found:
        raise NotFound()
    return found


def results_after_exit(who: Caller) -> Select[ResultAfterExit]:
    """Passes published after their TEO's exit: all for operator and Ministry, a TEO's own; nothing for anyone else."""
    return seen_by(who, select(ResultAfterExit), {Role.TEO: ResultAfterExit.teo_id})
