"""When the last item was through each stage, seen from outside: from the tables, and from the receiver."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import psycopg

LOOK_EVERY_S = 0.05
NEARER_BY = 0.2
STALLED_AFTER_S = 60.0


class Stalled(Exception):
    """Nothing moved any more although something was still missing; the message says how far each stage was."""


def watch(stages: Mapping[str, Callable[[], int]], count: int, started: float) -> dict[str, float]:
    """Seconds after `started` (time.monotonic) at which each stage was seen to have `count` items.

    A figure is late by at most one look (LOOK_EVERY_S) and the look itself. Each look counts rows, on the servers that are
    being measured: while much is missing a stage is not looked at before a fifth of that can have come, and one that is
    through is not looked at again. Raises Stalled when no stage has moved for STALLED_AFTER_S, or one has more than `count`.
    """
    seconds: dict[str, float] = {}
    look_at = dict.fromkeys(stages, started)
    seen = dict.fromkeys(stages, 0)
    moved = time.monotonic()
    while len(seconds) < len(stages):
        for stage, look in stages.items():
            if stage in seconds or time.monotonic() < look_at[stage]:
                continue
            now_seen = look()
            if now_seen > count:
                raise Stalled(f"{stage}: {now_seen} of {count}, which is more than went in")
            if now_seen != seen[stage]:
                seen[stage], moved = now_seen, time.monotonic()
            took_s = time.monotonic() - started
            if now_seen == count:
                seconds[stage] = took_s
            elif now_seen:
                look_at[stage] = started + took_s * (1 + NEARER_BY * (count - now_seen) / count)
        if time.monotonic() - moved > STALLED_AFTER_S:
            raise Stalled(f"nothing moved for {STALLED_AFTER_S:.0f} s; of {count} there were {seen}")
        time.sleep(LOOK_EVERY_S)  # looking costs the servers that are being measured
    return seconds


def wait_for(connection: psycopg.Connection[Any], query: str, count: int, within_s: float, *values: Any) -> None:
    """Until `query` counts as many as `count`. Raises RuntimeError when it does not within the time."""
    deadline = time.monotonic() + within_s
    while (seen := int(connection.execute(query.encode(), values).fetchone()[0])) < count:  # type: ignore[index]
        if time.monotonic() > deadline:
            raise RuntimeError(f"{connection.info.dbname}: {seen} of {count} after {within_s:.0f} s: {query}")
        time.sleep(LOOK_EVERY_S)  # looking costs the servers that are being measured
