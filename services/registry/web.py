"""The registry's web app: its areas' blueprints in one Flask app."""

from onex.chassis.settings import Settings
from onex.chassis.web import imports, jobs
from onex.chassis.web.app import Runtime, create_app, database_answers
from onex.chassis.web.mounting import Mounted
from services.registry.admission import api as admission
from services.registry.agreements import api as agreements
from services.registry.evaluations import api as evaluations
from services.registry.exits import api as exits
from services.registry.fees import api as fees
from services.registry.funding import api as funding
from services.registry.history import api as history
from services.registry.identity import api as identity
from services.registry.identity import token_server
from services.registry.imports import IMPORTS
from services.registry.inspections import api as inspections
from services.registry.opinions import api as opinions
from services.registry.opinions import pages as opinion_pages
from services.registry.organizations import api as organizations
from services.registry.policies import api as policies
from services.registry.policies import pages as policy_pages
from services.registry.publicity import api as publicity
from services.registry.rectification import api as rectification
from services.registry.reports import api as reports
from services.registry.sites import api as sites
from services.registry.standards import api as standards
from services.registry.tables import AccessKey
from services.registry.training import api as training

AREAS = (
    identity,
    organizations,
    admission,
    agreements,
    standards,
    fees,
    sites,
    training,
    reports,
    publicity,
    inspections,
    opinions,
    evaluations,
    rectification,
    exits,
    funding,
    policies,
    history,
)


def create(settings: Settings) -> Mounted:
    """The registry under `/registry`."""
    rt = Runtime.of(settings, AccessKey)
    blueprints = [*(area.blp for area in AREAS), imports.blueprint(IMPORTS), jobs.blueprint()]
    app = create_app("OneX registry", rt, blueprints, pages=[policy_pages.blp, opinion_pages.blp])
    token_server.attach(app)
    return Mounted({"/registry": app}, lambda: database_answers(rt))
