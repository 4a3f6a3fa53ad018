"""Notifications: partners hear of certificates and credit, by webhook and by stream."""
