"""Subscriptions: which partner is told what, at which address, signed with which secret."""
