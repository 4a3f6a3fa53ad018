"""Who gets a certificate, and from whom."""

import uuid
from datetime import datetime

from services.certificates.issuing.errors import NotTheTypesTeo

# PP-10: the digit of the level in a certificate's number.
LEVEL_DIGIT = {"primary": 1, "intermediate": 2, "advanced": 3}


def earns_certificate(passed: bool) -> bool:
    """PP-22: a pass is the one condition, for students and social persons alike; what did not pass earns nothing."""
    return passed


def check_issuer(type_teo_id: uuid.UUID, result_teo_id: uuid.UUID) -> None:
    """PP-18: the TEO that assessed must be the TEO of the type; raise NotTheTypesTeo otherwise."""
    if type_teo_id != result_teo_id:
        raise NotTheTypesTeo(f"The result is of TEO {result_teo_id}, the certificate type of TEO {type_teo_id}.")


def comes_after_exit(published_at: datetime, exited_at: datetime | None) -> bool:
    """OP-41: whether a pass was published from its TEO's exit on, and so earns nothing; the exit's moment belongs to it.

    Told by the times in the events, whichever of them came first. `exited_at`: None for a TEO that has not left.
    """
    return exited_at is not None and published_at >= exited_at
