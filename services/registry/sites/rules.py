"""The way of a site: declared → settled → filed (OP-23)."""

from datetime import datetime

from onex.chassis.problems import Refusal
from services.registry.sites.errors import ConsentGiven, SiteIsDeclared, SiteIsFiled, SiteIsSettled

DECLARED, SETTLED, FILED = STATES = ("declared", "settled", "filed")

_REFUSAL_IN: dict[str, type[Refusal]] = {DECLARED: SiteIsDeclared, SETTLED: SiteIsSettled, FILED: SiteIsFiled}


def check_state(state: str, needed: str) -> None:
    """OP-23: each step is taken from the state before it; the refusal names the state the site is in."""
    if state != needed:
        raise _REFUSAL_IN[state]()


def check_consent(state: str, given_at: datetime | None) -> None:
    """OP-23: each side consents once, while the site is declared."""
    check_state(state, DECLARED)
    if given_at is not None:
        raise ConsentGiven()


def state_after_consent(teo_at: datetime | None, province_at: datetime | None) -> str:
    """OP-23: the site is settled when TEO and province have both consented."""
    return SETTLED if teo_at is not None and province_at is not None else DECLARED
