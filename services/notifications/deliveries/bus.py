"""The door that time opens for deliveries."""

from onex.chassis.database import UnitOfWork
from onex.messaging.timers import every
from services.notifications.deliveries import giving_up

GIVE_UP_EVERY_S = 10.0


class DeliveriesBus:
    @every(GIVE_UP_EVERY_S)
    def give_up_deliveries(self, session: UnitOfWork) -> bool:
        return giving_up.give_up(session)
