"""Imports every area's models, so that the metadata is whole."""

from services.assessment.pilot import models as pilot
from services.assessment.plans import models as plans
from services.assessment.registrations import models as registrations
from services.assessment.results import annulment_models as annulments
from services.assessment.results import models as results
from services.assessment.sittings import models as sittings
from services.assessment.transfers import models as transfers

__all__ = ["annulments", "pilot", "plans", "registrations", "results", "sittings", "transfers"]
