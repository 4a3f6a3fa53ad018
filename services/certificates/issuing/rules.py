"""Who gets a certificate, and from whom."""

import uuid

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
