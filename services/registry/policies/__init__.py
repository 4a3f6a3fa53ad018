"""The policy library: drafted, published, superseded or withdrawn; read by anyone (OP-45, PP-44)."""
