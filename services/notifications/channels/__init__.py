"""Channels: how a message reaches a partner's address safely, and how the partner knows it is ours."""
