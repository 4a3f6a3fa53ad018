"""The platform's fsck: invariants across the five databases, read-only."""
