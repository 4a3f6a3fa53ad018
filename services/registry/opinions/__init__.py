"""Opinions from the public: anyone may send one, and everyone is answered in time (OP-40, PP-30)."""
