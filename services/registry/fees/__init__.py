"""What an assessment may cost, what was agreed that it costs, and what it did cost."""
