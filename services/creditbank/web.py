"""The web app: its areas' blueprints in one Flask app."""

from onex.chassis.settings import Settings
from onex.chassis.web.app import Runtime, create_app, database_answers
from onex.chassis.web.mounting import Mounted
from services.creditbank.accounts import api as accounts
from services.creditbank.proposals import api as proposals
from services.creditbank.tables import AccessKey


def create(settings: Settings) -> Mounted:
    """The service under `/creditbank`."""
    rt = Runtime.of(settings, AccessKey)
    app = create_app("OneX creditbank", rt, [proposals.blp, accounts.blp])
    return Mounted({"/creditbank": app}, lambda: database_answers(rt))
