"""Provinces, TEOs and colleges: who takes part, where, and since when."""
