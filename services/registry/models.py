"""Imports every area's models, so that the metadata is whole."""

import services.registry.admission.models
import services.registry.agreements.models
import services.registry.evaluations.models
import services.registry.exits.models
import services.registry.fees.models
import services.registry.funding.models
import services.registry.history.models
import services.registry.identity.models
import services.registry.inspections.models
import services.registry.opinions.models
import services.registry.organizations.models
import services.registry.policies.models
import services.registry.publicity.models
import services.registry.rectification.models
import services.registry.reports.models
import services.registry.sites.models
import services.registry.standards.models
import services.registry.training.models  # noqa: F401
