"""Where and when a sitting may be."""

import uuid
from datetime import datetime

from services.assessment.sittings.errors import SiteNotFiled, SiteNotOpen, SiteOfAnotherType, SittingEndsBeforeItStarts


def check_site(filed_for: uuid.UUID | None, certificate_type_id: uuid.UUID) -> None:
    """OP-23: a sitting is held at a site filed for the plan's certificate type.

    `filed_for`: the certificate type the site is filed for, None when it is not filed at all.
    """
    if filed_for is None:
        raise SiteNotFiled()
    if filed_for != certificate_type_id:
        raise SiteOfAnotherType()


def check_standing(standing: str) -> None:
    """OP-23: no sitting is set at a site while it is suspended, nor after it was closed."""
    if standing != "filed":
        raise SiteNotOpen(f"The site is {standing}.", standing=standing)


def check_times(starts_at: datetime, ends_at: datetime) -> None:
    """A sitting ends after it starts."""
    if ends_at <= starts_at:
        raise SittingEndsBeforeItStarts()
