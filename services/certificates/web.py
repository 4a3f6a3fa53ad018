"""The web app: its areas' blueprints in one Flask app."""

from onex.chassis.settings import Settings
from onex.chassis.web.app import Runtime, create_app, database_answers
from onex.chassis.web.mounting import Mounted
from services.certificates.tables import AccessKey


def create(settings: Settings) -> Mounted:
    """The service under `/certificates`."""
    rt = Runtime.of(settings, AccessKey)
    app = create_app("OneX certificates", rt, [])
    return Mounted({"/certificates": app}, lambda: database_answers(rt))
