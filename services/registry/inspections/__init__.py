"""Monitoring points (OP-38) and inspections whose draw anyone can repeat (PP-28)."""
