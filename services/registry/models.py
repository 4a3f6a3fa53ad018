"""Imports every area's models, so that the metadata is whole."""

import services.registry.identity.models  # noqa: F401
