"""Accounts: one for each learner, and one for each certificate type that credit is issued from."""
