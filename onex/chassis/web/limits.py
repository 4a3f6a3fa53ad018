"""How often one address may knock at a door that is open to everyone.

nginx limits these doors first (deploy/nginx/nginx.conf). This is for what gets past it, and for a platform without it: each
process counts for itself, so where several answer, an address has as many times as much. A bucket of tokens an address: so
many at once, then so many a second.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from flask import current_app, request

from onex.chassis.problems import Refusal

MOST_ADDRESSES = 20_000
"""Whoever has not knocked for longest is forgotten first: nobody fills the memory with addresses."""
BURST, RATE_PER_S = 60, 1.0
"""A class of pupils shares one address, and writes in the same minute; nobody writes sixty times a minute for long."""
View = TypeVar("View", bound=Callable[..., Any])


class TooManyRequests(Refusal):
    status, code, title = 429, "too_many_requests", "Too many requests came from your address; try again later"


@dataclass
class Buckets:
    """The tokens that each key has left. `take` is called from many threads."""

    burst: int = BURST
    rate_per_s: float = RATE_PER_S
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key: str, now_s: float) -> float:
        """Take a token of this key; 0 if there was one, else in how many seconds there will be one."""
        with self._lock:
            left, since_s = self._left.pop(key, (float(self.burst), now_s))
            left = min(float(self.burst), left + max(0.0, now_s - since_s) * self.rate_per_s)
            taken = left >= 1
            self._left[key] = (left - 1 if taken else left, now_s)
            if len(self._left) > MOST_ADDRESSES:
                self._left.popitem(last=False)
        return 0.0 if taken else (1 - left) / self.rate_per_s


def limited(view: View) -> View:
    """Let one address through this door BURST times at once and then RATE_PER_S times a second; else refuse with 429."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        client = current_app.extensions["onex-clients"].of(request.environ)
        buckets: Buckets = current_app.extensions["onex-limits"]
        if client and (wait_s := buckets.take(f"{request.endpoint} {client}", time.monotonic())):
            raise TooManyRequests(retry_after_s=math.ceil(wait_s))
        return view(*args, **kwargs)

    return guarded  # type: ignore[return-value]
