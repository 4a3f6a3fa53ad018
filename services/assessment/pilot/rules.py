"""Who may operate at all."""

from collections.abc import Iterable
from datetime import date

from services.assessment.pilot.errors import CollegeExited, NoAgreementInForce, TeoExited


def check_agreement(periods: Iterable[tuple[date, date]], today: date) -> None:
    """OP-36: a TEO operates only under an agreement in force; first and last day included.

    `periods` are its agreements' days in Beijing. Raises NoAgreementInForce.
    """
    if not any(first <= today <= last for first, last in periods):
        raise NoAgreementInForce()


def check_teo_stays(exited: bool) -> None:
    """OP-41: from the decision on a TEO drafts no plan, sets no sitting, registers nobody and publishes no result.

    Raises TeoExited.
    """
    if exited:
        raise TeoExited()


def check_college_stays(exited: bool) -> None:
    """OP-42: from the decision on no sitting is set at a college's site, and it registers nobody. Raises CollegeExited."""
    if exited:
        raise CollegeExited()
