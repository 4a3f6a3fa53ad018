"""Imports every area's models, so that the metadata is whole."""

import services.certificates.credentials.models
import services.certificates.deadlines.models
import services.certificates.issuing.models
import services.certificates.pilot.models  # noqa: F401
