"""Assessment: who is assessed, where, by what measure, and with what result."""
