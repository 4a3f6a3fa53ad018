"""Doors: the colleges that provinces file and the Ministry records (PP-33)."""

import uuid
from typing import Any

from onex.chassis.access import Role
from onex.chassis.problems import there
from onex.chassis.web import allow, caller, runtime, session
from onex.chassis.web.listing import Listing, equal, span
from services.registry.admission import filings as actions
from services.registry.admission import queries, rules
from services.registry.admission.blueprint import blp
from services.registry.admission.models import CollegeFiling, FiledCollege
from services.registry.admission.schemas import FiledCollegeSchema, FilingSchema, NewFilingSchema

FILINGS = Listing(
    FilingSchema,
    CollegeFiling.id,
    filters={
        "province_code": equal(CollegeFiling.province_code),
        "state": equal(CollegeFiling.state, rules.FILING.states),
        "filed": span(CollegeFiling.filed_at),
    },
)
COLLEGES = Listing(
    FiledCollegeSchema,
    FiledCollege.id,
    filters={"outcome": equal(FiledCollege.outcome, ("waiting", "admitted", "returned"))},
)


@blp.route("/college-filings", methods=["POST"])
@allow(Role.PROVINCE)
@blp.arguments(NewFilingSchema)
@blp.response(201, FilingSchema)
def file(body: dict[str, Any]) -> CollegeFiling:
    """A province files the qualified colleges of its territory."""
    return actions.file(session(), body, by=caller())


@blp.route("/college-filings")
@allow(Role.MINISTRY, Role.OPERATOR, Role.PROVINCE)
@FILINGS.door(blp)
def filings(query: dict[str, Any]) -> Any:
    """The filings the caller may see."""
    return FILINGS.answer(session(), queries.visible_filings(caller()), query)


@blp.route("/college-filings/<uuid:filing_id>")
@allow(Role.MINISTRY, Role.OPERATOR, Role.PROVINCE)
@blp.response(200, FilingSchema)
def filing(filing_id: uuid.UUID) -> CollegeFiling:
    """One filing."""
    return there(session().scalars(queries.visible_filings(caller()).where(CollegeFiling.id == filing_id)).first())


@blp.route("/college-filings/<uuid:filing_id>", methods=["PUT"])
@allow(Role.PROVINCE)
@blp.arguments(NewFilingSchema)
@blp.response(200, FilingSchema)
def revise(body: dict[str, Any], filing_id: uuid.UUID) -> CollegeFiling:
    """The province names other colleges, until the filing is recorded."""
    return actions.revise(session(), filing_id, body, by=caller())


@blp.route("/college-filings/<uuid:filing_id>/withdrawal", methods=["POST"])
@allow(Role.PROVINCE)
@blp.response(200, FilingSchema)
def withdraw(filing_id: uuid.UUID) -> CollegeFiling:
    """The province takes its filing back."""
    return actions.withdraw(session(), filing_id, by=caller())


@blp.route("/college-filings/<uuid:filing_id>/recording", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.response(200, FilingSchema)
def record(filing_id: uuid.UUID) -> CollegeFiling:
    """Record a filing: its colleges are admitted, or come back with the reason."""
    return actions.record(session(), runtime().vault, filing_id, by=caller())


@blp.route("/college-filings/<uuid:filing_id>/colleges")
@allow(Role.MINISTRY, Role.OPERATOR, Role.PROVINCE)
@COLLEGES.door(blp)
def colleges(query: dict[str, Any], filing_id: uuid.UUID) -> Any:
    """The colleges of a filing, and what became of each."""
    return COLLEGES.answer(session(), queries.colleges_of(session(), caller(), filing_id), query)
