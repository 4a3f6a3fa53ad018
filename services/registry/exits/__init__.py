"""Exit cases: a ground is found, investigated, verified or dismissed, and decided by the body that may (OP-41, OP-42)."""
