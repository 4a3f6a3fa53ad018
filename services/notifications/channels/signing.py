"""Standard Webhooks 1.0: the body of a message, and the headers by which a partner knows that it is ours."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

import orjson
from standardwebhooks import Webhook

SECRET_PREFIX = "whsec_"
SECRET_PURPOSE = "webhook secret"


def body_of(name: str, occurred_at: datetime, data: str) -> bytes:
    """The message: `type`, `timestamp` and `data`, the same bytes at every attempt. `data` is JSON text."""
    return orjson.dumps({"type": name, "timestamp": occurred_at.isoformat(), "data": orjson.Fragment(data)})


def headers_of(event_id: uuid.UUID, body: bytes, secrets: Iterable[str], now: datetime) -> dict[str, str]:
    """`webhook-id` (the event's id, the same at every attempt), `webhook-timestamp`, and a signature a secret."""
    text = body.decode()
    return {
        "content-type": "application/json",
        "user-agent": "OneX-Webhooks/1.0",
        "webhook-id": str(event_id),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join([_webhook(secret).sign(str(event_id), now, text) for secret in secrets]),
    }


@lru_cache(maxsize=1000)
def _webhook(secret: str) -> Webhook:
    return Webhook(secret)
