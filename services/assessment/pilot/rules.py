"""Who may operate at all."""

from collections.abc import Iterable
from datetime import date

from services.assessment.pilot.errors import NoAgreementInForce


def check_agreement(periods: Iterable[tuple[date, date]], today: date) -> None:
    """OP-36: a TEO operates only under an agreement in force; first and last day included.

    `periods` are its agreements' days in Beijing. Raises NoAgreementInForce.
    """
    if not any(first <= today <= last for first, last in periods):
        raise NoAgreementInForce()
