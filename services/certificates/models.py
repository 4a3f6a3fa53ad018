"""Imports every area's models, so that the metadata is whole."""

import services.certificates.credentials.models
import services.certificates.deadlines.models
import services.certificates.documents.models
import services.certificates.elsewhere.models
import services.certificates.inquiry.models
import services.certificates.issuing.models
import services.certificates.log.models
import services.certificates.pilot.models
import services.certificates.presentations.models
import services.certificates.standing.models  # noqa: F401
