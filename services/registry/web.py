"""The registry's web app: its areas' blueprints in one Flask app."""

from onex.chassis.settings import Settings
from onex.chassis.web.app import Runtime, create_app, database_answers
from onex.chassis.web.mounting import Mounted
from services.registry.agreements import api as agreements
from services.registry.identity import api as identity
from services.registry.identity import token_server
from services.registry.organizations import api as organizations
from services.registry.sites import api as sites
from services.registry.standards import api as standards
from services.registry.tables import AccessKey


def create(settings: Settings) -> Mounted:
    """The registry under `/registry`."""
    rt = Runtime.of(settings, AccessKey)
    app = create_app(
        "OneX registry", rt, [area.blp for area in (identity, organizations, agreements, standards, sites)]
    )
    token_server.attach(app)
    return Mounted({"/registry": app}, lambda: database_answers(rt))
