"""The web app: its areas' blueprints in one Flask app."""

from onex.chassis.settings import Settings
from onex.chassis.web.app import Runtime, create_app, database_answers
from onex.chassis.web.mounting import Mounted
from services.notifications.deliveries import api as deliveries
from services.notifications.partners import api as partners
from services.notifications.subscriptions import api as subscriptions
from services.notifications.tables import AccessKey


def create(settings: Settings) -> Mounted:
    """The service under `/notifications`."""
    rt = Runtime.of(settings, AccessKey)
    app = create_app("OneX notifications", rt, [subscriptions.blp, deliveries.blp, partners.blp])
    return Mounted({"/notifications": app}, lambda: database_answers(rt))
