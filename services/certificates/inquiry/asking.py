"""One inquiry, as the JSON door and the page both make it: within limits, looked up, and counted when it missed."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from services.certificates.inquiry.limits import Limits
from services.certificates.inquiry.lookup import Finding, Lookup
from services.certificates.issuing import numbers


class Question(NamedTuple):
    """A number, as it was typed, with the holder's name or the token of its QR code."""

    number: str
    name: str = ""
    token: str | None = None


def ask(lookup: Lookup, limits: Limits, environ: Mapping[str, Any], question: Question) -> Finding | None:
    """OP-32, PP-44: the certificate, or None. Raises TooManyRequests, AllBusy, psycopg.OperationalError.

    A name is guessed at one certificate, so its misses are counted by number too; a token is not guessed at all.
    """
    number = numbers.clean(question.number)
    guarded = number if question.token is None else None
    client = limits.client(environ)
    limits.enter(client, guarded)
    token = question.token
    finding = lookup.find(number, question.name) if token is None else lookup.find_by_token(number, token)
    if finding is None:
        limits.missed(client, guarded)
    return finding
