"""Publicity is truthful: it is scanned for claims that nobody authorized (OP-37)."""
