"""Where webhooks may go, and which subscription an event is for (PP-45)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from services.notifications.channels.addresses import AddressRefused, check_literal
from services.notifications.subscriptions.errors import TooManySubscriptions, UrlRefused

EVENTS = ("certificate_issued", "certificate_standing_changed")
MAX_URL_LENGTH = 2000
MAX_SUBSCRIPTIONS = 50
PREVIOUS_SECRET_LIVES = timedelta(hours=24)


def check_url(url: str, *, allow_private: bool) -> None:
    """Refuse an address that no webhook may go to; what its host resolves to is checked at every delivery.

    Only https, no user or password in it, no fragment; no private address written as a number. `allow_private` is for a
    developer's own machine: http and private addresses too. Raises UrlRefused.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UrlRefused("The address cannot be read.") from None
    if len(url) > MAX_URL_LENGTH or any(ord(character) <= 32 or ord(character) == 127 for character in url):
        raise UrlRefused(f"An address has at most {MAX_URL_LENGTH} characters and no white space.")
    if parts.scheme != "https" and not (allow_private and parts.scheme == "http"):
        raise UrlRefused("The address must begin with https://.")
    if not host or port == 0 or "@" in parts.netloc or parts.fragment:
        raise UrlRefused("The address must name a host, and no user, password or fragment.")
    if not allow_private:
        try:
            check_literal(host)
        except AddressRefused as refused:
            raise UrlRefused(str(refused)) from None


def check_count(count: int) -> None:
    """A client holds at most MAX_SUBSCRIPTIONS; raise TooManySubscriptions."""
    if count >= MAX_SUBSCRIPTIONS:
        raise TooManySubscriptions(f"A client has at most {MAX_SUBSCRIPTIONS} subscriptions.")


def wants(events: Sequence[str], codes: Sequence[str] | None, event: str, code: str | None) -> bool:
    """PP-45: whether a subscription to `events`, of certificate types `codes` (None: all), is told of this event."""
    return event in events and (codes is None or code in codes)


def signs_with_previous(previous_until: datetime | None, now: datetime) -> bool:
    """Whether a replaced secret still signs beside the new one: for 24 hours after the change."""
    return previous_until is not None and now < previous_until
