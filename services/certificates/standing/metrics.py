"""Changes of standing, for Prometheus."""

from prometheus_client import Counter

changes = Counter(
    "onex_certificate_standing_changes_total",
    "Certificates suspended, valid again, revoked or replaced (PP-07)",
    ("standing", "reason"),
)
