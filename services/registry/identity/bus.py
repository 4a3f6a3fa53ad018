"""Timer doors of identity: keys follow one another, and what is spent is forgotten."""

from onex.chassis import clock
from onex.chassis.database import UnitOfWork
from onex.messaging.provided import Provided
from onex.messaging.timers import every
from services.registry.identity import attempts, sessions, signing_keys


class IdentityBus:
    vault = Provided("vault")

    @every(60)
    def look_after_signing_keys(self, session: UnitOfWork) -> None:
        signing_keys.look_after(session, self.vault)

    @every(600)
    def forget_spent_tokens(self, session: UnitOfWork) -> bool:
        return sessions.forget_spent(session, clock.now())

    @every(600)
    def forget_old_attempts(self, session: UnitOfWork) -> bool:
        return attempts.forget_old(session, clock.now())
