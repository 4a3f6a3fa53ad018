"""Rectification: what an organization is ordered to put right, by which day, and whether it did (OP-43)."""
