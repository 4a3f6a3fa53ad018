"""Prometheus metrics, by one set of names in every process; `service` is a label."""

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_EVENT = ("service", "producer", "event")

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def method(sent: str) -> str:
    """The label of a request's method: a sender may invent methods, and each label is kept for good."""
    return sent if sent in _METHODS else "other"


http_requests = Counter("onex_http_requests_total", "HTTP requests answered", ("service", "method", "route", "status"))
http_seconds = Histogram(
    "onex_http_request_seconds", "Time to answer a request", ("service", "route"), buckets=_SECONDS
)

events_handled = Counter("onex_events_handled_total", "Events whose change was committed", _EVENT)
events_duplicate = Counter("onex_events_duplicate_total", "Events received again and left alone", _EVENT)
events_retried = Counter("onex_events_retried_total", "Events sent to a delay tier", _EVENT)
events_parked = Counter("onex_events_parked_total", "Events set aside for an operator", _EVENT)
event_batch_seconds = Histogram(
    "onex_event_batch_seconds", "Time of one batch: claim, handle, commit", ("service", "event"), buckets=_SECONDS
)
event_lag = Gauge("onex_event_lag_seconds", "Age of the newest event handled, when it was handled", _EVENT)
parked = Gauge("onex_parked_events", "Events waiting for an operator", ("service",))
parked_oldest = Gauge("onex_parked_oldest_seconds", "Time for which the oldest of them has waited", ("service",))

events_published = Counter("onex_events_published_total", "Events confirmed by the broker", ("service", "lane"))
outbox_depth = Gauge("onex_outbox_events", "Events committed and not yet confirmed", ("service", "lane"))
outbox_age = Gauge("onex_outbox_oldest_seconds", "Age of the oldest such event", ("service", "lane"))

pool_in_use = Gauge("onex_database_pool_in_use", "Database connections in use", ("service",))
pool_size = Gauge("onex_database_pool_size", "Database connections a process may hold", ("service",))

jobs_open = Gauge("onex_jobs_open", "Bulk files and publications accepted and not finished", ("service",))
jobs_rows = Counter("onex_job_rows_total", "Rows of bulk files by outcome", ("service", "kind", "outcome"))

webhook_deliveries = Counter("onex_webhook_deliveries_total", "Attempts to deliver a webhook, by outcome", ("outcome",))
webhooks_pending = Gauge("onex_webhook_deliveries_pending", "Webhooks not yet delivered and not given up", ())

log_oldest_waiting = Gauge(
    "onex_log_oldest_waiting_seconds", "Age of the oldest entry that waits to be taken into the transparency log", ()
)
