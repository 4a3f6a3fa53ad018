"""Certificates whose calendar was not published when they were issued get their deadline when it is."""

from sqlalchemy import func, select, text, update

from onex.chassis.database import UnitOfWork
from onex.chassis.working_days import CalendarNotPublished
from services.certificates.deadlines import tally
from services.certificates.deadlines.rules import entry_due_on
from services.certificates.issuing.models import Certificate

_ENTERED_ON = text("(certificate.entered_at AT TIME ZONE 'Asia/Shanghai')::date > :due_on")


def settle_open_clocks(session: UnitOfWork) -> bool:
    """OP-32: settle the certificates of the first day of issue that the calendar now covers; whether there was one."""
    waiting = select(Certificate.issued_on).where(Certificate.entry_due_on.is_(None)).distinct()
    for issued_on in session.scalars(waiting.order_by(Certificate.issued_on)).all():
        try:
            due_on = entry_due_on(issued_on)
        except CalendarNotPublished:
            continue
        of_that_day = (Certificate.issued_on == issued_on, Certificate.entry_due_on.is_(None))
        late = _ENTERED_ON.bindparams(due_on=due_on)
        judging = update(Certificate).where(*of_that_day).values(entry_due_on=due_on, entered_late=late)
        judged = judging.returning(Certificate.teo_id, Certificate.entered_late).cte("judged")
        counts = select(
            judged.c.teo_id,
            func.count().filter(judged.c.entered_late.is_(False)),
            func.count().filter(judged.c.entered_late),
        ).group_by(judged.c.teo_id)
        parts = session.execute(counts).all()
        tally.add(session, [(teo_id, in_time, too_late, -in_time - too_late) for teo_id, in_time, too_late in parts])
        return True
    return False
