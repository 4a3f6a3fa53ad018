"""The web app: its areas' blueprints in one Flask app."""

from onex.chassis.settings import Settings
from onex.chassis.web.app import Runtime, create_app, database_answers
from onex.chassis.web.mounting import Mounted
from services.assessment.tables import AccessKey


def create(settings: Settings) -> Mounted:
    """The service under `/assessment`."""
    rt = Runtime.of(settings, AccessKey)
    app = create_app("OneX assessment", rt, [])
    return Mounted({"/assessment": app}, lambda: database_answers(rt))
