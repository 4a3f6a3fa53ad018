"""How often something happened lately: a count over a window that slides, for many things, in bounded memory.

Two counts a thing: this window's, and the one before it, which weighs as much as of it still lies within reach
(as in nginx's and Cloudflare's counters). It is off by at most what a burst at a window's edge is off from the mean.
"""

import math
import threading
from collections.abc import Callable


class SlidingCount:
    """Counts by key over the last `window_s` seconds, against a limit; a limit of 0 is none.

    `capacity` keys are remembered a window: beyond that the oldest of them is forgotten.
    """

    def __init__(self, limit: int, window_s: int, seconds: Callable[[], float], capacity: int = 100_000) -> None:
        self.limit, self.window_s = limit, window_s
        self._seconds, self._capacity = seconds, capacity
        self._window = -1
        self._now: dict[str, int] = {}
        self._before: dict[str, int] = {}
        self._lock = threading.Lock()

    def wait_s(self, key: str) -> int:
        """0 while `key` is within the limit; else the whole seconds until it is again, if nothing is added."""
        if not self.limit or (key not in self._now and key not in self._before):
            return 0  # nearly always, of misses: what finds its certificate does not even ask for the time
        elapsed = self._elapsed()
        now, before = self._now.get(key, 0), self._before.get(key, 0)
        if now + before * (1 - elapsed) < self.limit:
            return 0
        # In this window yet, as the one before it fades; or in the next, as this one does.
        until = 1 - (self.limit - now) / before if now < self.limit else 2 - self.limit / now
        return max(1, math.ceil((until - elapsed) * self.window_s) + 1)

    def add(self, key: str, times: int = 1) -> None:
        """Count `key`."""
        if self.limit:
            self._elapsed()
            with self._lock:
                self._put(self._now, key, self._now.get(key, 0) + times)

    def at_least(self, key: str, now: int, before: int) -> None:
        """What all processes together counted in this window and in the one before."""
        if self.limit:
            self._elapsed()
            with self._lock:
                for counts, known in ((self._now, now), (self._before, before)):
                    if known > counts.get(key, 0):
                        self._put(counts, key, known)

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._now, self._before = {}, {}

    def _put(self, counts: dict[str, int], key: str, count: int) -> None:
        if key not in counts and len(counts) >= self._capacity:
            del counts[next(iter(counts))]
        counts[key] = count

    def _elapsed(self) -> float:
        """How much of the window is over, from 0 to 1; begins a new one where it is."""
        window, elapsed = divmod(self._seconds() / self.window_s, 1)
        if window != self._window:
            with self._lock:
                if window != self._window:
                    self._before = self._now if window == self._window + 1 else {}
                    self._now, self._window = {}, int(window)
        return elapsed
