"""Self, provincial and third-party evaluations (OP-39), and what shows the quality of TEOs and colleges (PP-29)."""
