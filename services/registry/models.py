"""Imports every area's models, so that the metadata is whole."""

import services.registry.agreements.models
import services.registry.identity.models
import services.registry.organizations.models
import services.registry.sites.models
import services.registry.standards.models  # noqa: F401
