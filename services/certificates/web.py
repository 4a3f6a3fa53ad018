"""The web app: its areas' blueprints in one Flask app, and the public inquiry beside it."""

from onex.chassis.settings import Settings
from onex.chassis.web.app import Runtime, create_app, database_answers
from onex.chassis.web.mounting import Mounted
from services.certificates.credentials import api as credentials
from services.certificates.deadlines import api as deadlines
from services.certificates.inquiry import description, door, pages
from services.certificates.inquiry.lookup import Lookup
from services.certificates.issuing import api as issuing
from services.certificates.tables import AccessKey


def create(settings: Settings) -> Mounted:
    """The service under `/certificates`."""
    rt = Runtime.of(settings, AccessKey)
    blueprints = [issuing.blp, credentials.blp, deadlines.blp]
    app = create_app("OneX certificates", rt, blueprints, pages=[pages.blp])
    lookup = Lookup.of(rt)
    pages.attach(app, lookup)
    description.describe(app)
    inquiries = door.InquiryDoor(lookup, settings.service, settings.public_url)
    return Mounted({"/certificates": app, door.PATH: inquiries}, lambda: database_answers(rt))
