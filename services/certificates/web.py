"""The web app: its areas' blueprints in one Flask app, and the public inquiry beside it."""

from onex.chassis.settings import Settings
from onex.chassis.web import jobs
from onex.chassis.web.app import Runtime, create_app, database_answers
from onex.chassis.web.mounting import Mounted
from services.certificates.credentials import api as credentials
from services.certificates.deadlines import api as deadlines
from services.certificates.documents import api as documents
from services.certificates.elsewhere import api as elsewhere
from services.certificates.inquiry import api as inquiries
from services.certificates.inquiry import description, door, pages
from services.certificates.inquiry.lookup import Lookup
from services.certificates.inquiry.sharing import limits_of
from services.certificates.issuing import api as issuing
from services.certificates.log import api as log
from services.certificates.presentations import api as presentations
from services.certificates.presentations import pages as presentation_pages
from services.certificates.standing import api as standing
from services.certificates.standing import list_api as status_lists
from services.certificates.tables import AccessKey

AREAS = (issuing, elsewhere, credentials, standing, status_lists, presentations, deadlines, documents, inquiries, log)


def create(settings: Settings) -> Mounted:
    """The service under `/certificates`."""
    rt = Runtime.of(settings, AccessKey)
    blueprints = [*(area.blp for area in AREAS), jobs.blueprint()]
    app = create_app("OneX certificates", rt, blueprints, pages=[pages.blp, presentation_pages.blp])
    lookup = Lookup.of(rt)
    limits = limits_of(rt)
    pages.attach(app, lookup, limits)
    description.describe(app)
    inquiry = door.InquiryDoor(lookup, settings.service, settings.public_url, limits)
    return Mounted({"/certificates": app, door.PATH: inquiry}, lambda: database_answers(rt))
