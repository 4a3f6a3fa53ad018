"""The web app: its areas' blueprints in one Flask app."""

from onex.chassis.settings import Settings
from onex.chassis.web import jobs
from onex.chassis.web.app import Runtime, create_app, database_answers
from onex.chassis.web.mounting import Mounted
from services.assessment.plans import api as plans
from services.assessment.registrations import api as registrations
from services.assessment.results import annulment_api as annulments
from services.assessment.results import api as results
from services.assessment.sittings import api as sittings
from services.assessment.tables import AccessKey
from services.assessment.transfers import api as transfers


def create(settings: Settings) -> Mounted:
    """The service under `/assessment`."""
    rt = Runtime.of(settings, AccessKey)
    blueprints = [
        plans.blp,
        sittings.blp,
        registrations.blp,
        transfers.blp,
        results.blp,
        annulments.blp,
        jobs.blueprint(),
    ]
    app = create_app("OneX assessment", rt, blueprints)
    return Mounted({"/assessment": app}, lambda: database_answers(rt))
