"""Messaging on a real broker, with real nameko workers in processes of their own."""
