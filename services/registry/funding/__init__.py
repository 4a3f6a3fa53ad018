"""What colleges are allocated, receive and use for the pilot, to the fen (OP-34, PP-41, PP-43)."""
