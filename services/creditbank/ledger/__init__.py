"""The ledger: double entry, append-only, each certificate booked once."""
