"""Transfers: who cannot be assessed where they are registered is moved to another sitting, or released with the fee back."""
