"""The door that time opens."""

from onex.chassis.database import UnitOfWork
from onex.messaging.timers import every
from services.certificates.documents import bundles

EXPIRE_EVERY_S = 300.0


class DocumentsBus:
    @every(EXPIRE_EVERY_S)
    def drop_expired_documents(self, session: UnitOfWork) -> bool:
        """One bundle a turn, each in its own transaction, until none is left that has expired."""
        return bundles.expire(session)
