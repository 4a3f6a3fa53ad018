"""Timer doors of inquiry: what is spent is forgotten."""

from onex.chassis import clock
from onex.chassis.database import UnitOfWork
from onex.messaging.timers import every
from services.certificates.inquiry import actions


class InquiryBus:
    @every(600)
    def forget_spent_inquiries(self, session: UnitOfWork) -> bool:
        return actions.forget(session, clock.now())
