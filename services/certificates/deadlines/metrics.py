"""How timely each TEO's certificates are, for Prometheus. A TEO is named by its code, which is public; nobody else is.

The process that ran the last turn has the newest figures: with several workers take the newest, or the greatest.
"""

from collections.abc import Iterable
from typing import Any

from prometheus_client import Gauge

entries = Gauge(
    "onex_certificate_entries",
    "Certificates by whether they came onto the platform in time (OP-32)",
    ("teo", "entered"),
)
breaches = Gauge(
    "onex_entry_breaches", "Days of issue of which certificates came late or are overdue (OP-32)", ("teo",)
)
STANDINGS = ("on_time", "late", "unknown")


def show(teos: Iterable[Any]) -> None:
    """Set the figures of each TEO: its `code`, its three counts, and its `breaches` that stand."""
    for one in teos:
        for standing in STANDINGS:
            entries.labels(one.code, standing).set(int(getattr(one, standing)))
        breaches.labels(one.code).set(one.breaches)
