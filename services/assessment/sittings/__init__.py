"""Sittings: when and where a plan is assessed, and how many candidates fit in."""
