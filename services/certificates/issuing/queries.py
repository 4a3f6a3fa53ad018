"""Reads of certificates, within what the caller may see."""

from sqlalchemy import Select, false, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import owned_by
from onex.chassis.problems import NotFound
from services.certificates.issuing import numbers
from services.certificates.issuing.models import Certificate, ResultAfterExit


def visible_to(who: Caller) -> Select[tuple[Certificate]]:
    """All for operator and Ministry; a TEO's, a college's or a learner's own; nothing for anyone else."""
    every = select(Certificate)
    if who.sees_everything:
        return every
    if who.role is Role.TEO:
        return owned_by(every, Certificate.teo_id, who.organization_id)
    if who.role is Role.COLLEGE:
        return owned_by(every, Certificate.college_id, who.organization_id)
    if who.role is Role.LEARNER:
        return owned_by(every, Certificate.learner_id, who.learner_id)
    return every.where(false())


def by_number(session: Session, who: Caller, number: str) -> Certificate:
    """The certificate of this number, however it is spelled; raises NotFound when the caller may not see it."""
    clean = numbers.clean(number)
    found = numbers.is_valid(clean) and session.scalar(visible_to(who).where(Certificate.number == clean))
    if not found:
        raise NotFound()
    return found


def results_after_exit(who: Caller) -> Select[tuple[ResultAfterExit]]:
    """Passes published after their TEO's exit: all for operator and Ministry, a TEO's own; nothing for anyone else."""
    every = select(ResultAfterExit)
    if who.sees_everything:
        return every
    if who.role is Role.TEO:
        return owned_by(every, ResultAfterExit.teo_id, who.organization_id)
    return every.where(false())
