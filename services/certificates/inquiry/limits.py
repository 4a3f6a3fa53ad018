"""How much one client may ask, and how often anyone may miss.

Inquiries that find their certificate are counted by the client's address only, and generously: a company that checks its
applicants is not in anyone's way. What is limited closely is guessing:

    requests            by address, a minute, in each process (nginx counts for all of them)
    misses              by address, an hour
    misses of a pair    by address and number, an hour: one stranger's guesses at one certificate
    misses of a number  from everywhere, an hour: a crowd's guesses at one certificate

A number is counted whether it was ever issued or not, before anything is looked up, so being refused says nothing of it.
One stranger cannot have a certificate closed to others: only a crowd can, for a time, and then its QR code and the batch
inquiries of known callers still open it. Misses are told to the other processes (sharing.py); requests are not.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from onex.chassis import settings
from onex.chassis.problems import Refusal
from onex.chassis.web.clients import Clients
from services.certificates.inquiry.windows import SlidingCount

MINUTE_S, HOUR_S = 60, 3600


class TooManyRequests(Refusal):
    status, code, title = 429, "too_many_requests", "Too many inquiries; please try again later"
    clause = "OP-32"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(retry_after_s=retry_after_s)


@dataclass(frozen=True)
class Allowed:
    """How much is allowed; 0 is without limit."""

    requests_a_minute: int = 600
    misses_an_hour: int = 300
    misses_of_a_pair: int = 20
    misses_of_a_number: int = 200

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Allowed":
        """From the environment; raises SettingError."""

        def limit(name: str, meaning: str, default: int) -> int:
            return settings.read(environ, name, _count, f"{meaning}; 0 for no limit", default)

        return cls(
            limit("ONEX_INQUIRY_REQUESTS_A_MINUTE", "inquiries an address may make a minute, in each process", 600),
            limit("ONEX_INQUIRY_MISSES_AN_HOUR", "inquiries of an address that may find nothing in an hour", 300),
            limit("ONEX_INQUIRY_MISSES_OF_A_PAIR", "wrong names an address may give for one number in an hour", 20),
            limit("ONEX_INQUIRY_MISSES_OF_A_NUMBER", "wrong names all may give for one number in an hour", 200),
        )


class Told(Protocol):
    """What is told of each miss, so that other processes hear of it."""

    def missed(self, kind: str, key: str) -> None: ...


class Limits:
    """What one process's doors ask before they look anything up."""

    def __init__(
        self, allowed: Allowed, clients: Clients, told: Told | None = None, seconds: Callable[[], float] = time.time
    ) -> None:
        self._clients, self._told = clients, told
        self._requests = SlidingCount(allowed.requests_a_minute, MINUTE_S, seconds)
        self.misses = {
            "address": SlidingCount(allowed.misses_an_hour, HOUR_S, seconds),
            "pair": SlidingCount(allowed.misses_of_a_pair, HOUR_S, seconds),
            "number": SlidingCount(allowed.misses_of_a_number, HOUR_S, seconds),
        }

    def client(self, environ: Mapping[str, Any]) -> str:
        """The client of a request, as the other methods are given it."""
        return self._clients.of(environ)

    def enter(self, client: str, number: str | None = None) -> None:
        """Count an inquiry. Raises TooManyRequests where `client` has asked too much, or where `number` (clean) was missed
        too often; None for what asks by an unguessable token, which no number's misses close. A client that nobody knows
        is empty: then only the number counts, as strangers share no fate."""
        wait_s = self._requests.wait_s(client) if client else 0
        for kind, key in _keys(client, number):
            wait_s = max(wait_s, self.misses[kind].wait_s(key))
        if wait_s:
            raise TooManyRequests(wait_s)
        if client:
            self._requests.add(client)

    def missed(self, client: str, number: str | None = None) -> None:
        """Count that the inquiry found nothing."""
        for kind, key in _keys(client, number):
            self.misses[kind].add(key)
            if self._told is not None and self.misses[kind].limit:
                self._told.missed(kind, key)

    def forget(self) -> None:
        """Begin anew."""
        for count in (self._requests, *self.misses.values()):
            count.forget()


def _keys(client: str, number: str | None) -> list[tuple[str, str]]:
    """What a miss of this client at this number counts for."""
    keys = [("address", client)] if client else []
    if number is not None:
        keys += [("pair", f"{client} {number}"), ("number", number)] if client else [("number", number)]
    return keys


UNLIMITED = Limits(Allowed(0, 0, 0, 0), Clients())
"""For who asks on its own behalf: a measurement, a test."""


def _count(raw: str) -> int:
    count = int(raw)
    if count < 0:
        raise ValueError("negative")
    return count
