"""Doors: who changed what, when, and whether the record of it is whole."""

from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, session
from onex.chassis.web.listing import Listing, equal, prefix, span
from services.registry.history import queries
from services.registry.history.models import Change
from services.registry.history.schemas import ChangeSchema, VerificationQuery, VerificationSchema

blp = Blueprint("history", "history", url_prefix="/history", description="Who changed what, when")
CHANGES = Listing(
    ChangeSchema,
    Change.seq,
    filters={
        "table": equal(Change.table_name),
        "record_id": equal(Change.record_id, leads=True),
        "actor": equal(Change.actor),
        "verb": prefix(Change.verb),
        "at": span(Change.at, leads=True),
    },
)


@blp.route("")
@allow(Role.OPERATOR, Role.MINISTRY, Role.PROVINCE, Role.TEO, Role.COLLEGE)
@CHANGES.door(blp)
def changes(query: dict[str, Any]) -> Any:
    """The changes, newest first: all of them, or those of the caller's own organization's record."""
    return CHANGES.answer(session(), queries.visible(session(), caller()), query)


@blp.route("/verification")
@allow(Role.OPERATOR, Role.MINISTRY)
@blp.arguments(VerificationQuery, location="query")
@blp.response(200, VerificationSchema)
def verification(query: dict[str, Any]) -> dict[str, Any]:
    """Whether the chain of changes holds: its head, its length, and the first broken place."""
    return queries.verification(session(), query["from_seq"])
