"""Reads of certificates issued elsewhere and of what was announced, within what the caller may see."""

import uuid

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from onex.chassis.access import Caller, Role
from onex.chassis.owned import seen_by
from onex.chassis.problems import there
from services.certificates.elsewhere.models import Announcement
from services.certificates.issuing.models import Certificate
from services.certificates.issuing.queries import visible_to


def entered(who: Caller) -> Select[tuple[Certificate]]:
    """Certificates that were issued elsewhere, those that replace one included."""
    return visible_to(who).where(Certificate.source == "elsewhere")


def announcements(who: Caller) -> Select[Announcement]:
    """All for operator and Ministry, a TEO's own; nothing for anyone else."""
    return seen_by(who, select(Announcement), {Role.TEO: Announcement.teo_id})


def announcement(session: Session, announcement_id: uuid.UUID, who: Caller) -> Announcement:
    """One of them, held until the transaction ends. Raises NotFound where the caller may not see it."""
    one = announcements(who).where(Announcement.id == announcement_id).order_by(None).with_for_update()
    return there(session.scalars(one).one_or_none())
