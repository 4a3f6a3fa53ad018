"""Doors: certificates, for those they concern."""

from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, PageQuery, allow, caller, page, session
from onex.chassis.web.listing import Listing, equal, span
from services.certificates.issuing import queries
from services.certificates.issuing.models import Certificate, ResultAfterExit
from services.certificates.issuing.schemas import (
    CertificatePageSchema,
    CertificateSchema,
    ResultAfterExitSchema,
)

blp = Blueprint("issuing", "issuing", description="Certificates")
RESULTS_AFTER_EXIT = Listing(
    ResultAfterExitSchema,
    ResultAfterExit.result_id,
    filters={"teo_id": equal(ResultAfterExit.teo_id), "published": span(ResultAfterExit.published_at)},
)


@blp.route("/certificates")
@allow(Role.OPERATOR, Role.MINISTRY, Role.TEO, Role.COLLEGE)
@blp.arguments(PageQuery, location="query")
@blp.response(200, CertificatePageSchema)
def certificates(query: dict[str, Any]) -> dict[str, Any]:
    """The certificates the caller may see: all, or those of its own organization."""
    return page(session(), queries.visible_to(caller()), Certificate.id, query["cursor"], query["size"])


@blp.route("/certificates/<number>")
@allow(Role.OPERATOR, Role.MINISTRY, Role.TEO, Role.COLLEGE, Role.LEARNER)
@blp.response(200, CertificateSchema)
def certificate(number: str) -> Certificate:
    """One certificate, by its number."""
    return queries.by_number(session(), caller(), number)


@blp.route("/my-certificates")
@allow(Role.LEARNER)
@blp.arguments(PageQuery, location="query")
@blp.response(200, CertificatePageSchema)
def my_certificates(query: dict[str, Any]) -> dict[str, Any]:
    """The learner's own certificates."""
    return page(session(), queries.visible_to(caller()), Certificate.id, query["cursor"], query["size"])


@blp.route("/results-after-exit")
@allow(Role.OPERATOR, Role.MINISTRY, Role.TEO)
@RESULTS_AFTER_EXIT.door(blp)
def results_after_exit(query: dict[str, Any]) -> Any:
    """Passes published after their TEO's exit: refused a certificate, or issued before word of the exit came (OP-41)."""
    return RESULTS_AFTER_EXIT.answer(session(), queries.results_after_exit(caller()), query)
