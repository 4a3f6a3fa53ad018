"""Doors: allocations, receipts and uses of funds; headings; misuse."""

import uuid
from typing import Any

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.web import Blueprint, allow, caller, session
from onex.chassis.web.listing import Listing, equal, prefix, span
from services.registry.funding import actions, queries, rules
from services.registry.funding.models import Allocation, FundUse, Misuse, Receipt, UseCategory
from services.registry.funding.schemas import (
    AllocationChangesSchema,
    AllocationSchema,
    CancellationSchema,
    FundingTimelinessQuery,
    FundingTimelinessSchema,
    FundUseSchema,
    MisuseSchema,
    MisuseSettlementSchema,
    NewAllocationSchema,
    NewMisuseSchema,
    NewReceiptSchema,
    NewUseCategorySchema,
    NewUseSchema,
    ReceiptSchema,
    UseCategoryChangesSchema,
    UseCategorySchema,
)

blp = Blueprint("funding", "funding", description="Allocations, receipts and uses of funds")
GIVERS = (Role.MINISTRY, Role.OPERATOR, Role.PROVINCE)
EVERY_PARTY = (*GIVERS, Role.COLLEGE)

ALLOCATIONS = Listing(
    AllocationSchema,
    Allocation.id,
    filters={
        "college_id": equal(Allocation.college_id),
        "province_code": equal(Allocation.province_code),
        "source": equal(Allocation.source, rules.SOURCES),
        "kind": equal(Allocation.kind, rules.KINDS),
        "state": equal(Allocation.state, rules.ALLOCATION.states),
        "reference": prefix(Allocation.reference, leads=True),
        "allocated": span(Allocation.allocated_on, leads=True),
    },
    sorts={"allocated_on": Allocation.allocated_on},
)
RECEIPTS = Listing(
    ReceiptSchema,
    Receipt.id,
    filters={
        "allocation_id": equal(Receipt.allocation_id),
        "college_id": equal(Receipt.college_id),
        "received": span(Receipt.received_on, leads=True),
    },
)
USES = Listing(
    FundUseSchema,
    FundUse.id,
    filters={
        "allocation_id": equal(FundUse.allocation_id),
        "college_id": equal(FundUse.college_id),
        "category": equal(FundUse.category),
        "used": span(FundUse.used_on, leads=True),
    },
)
CATEGORIES = Listing(UseCategorySchema, UseCategory.id, filters={"allowed": equal(UseCategory.allowed)})
MISUSES = Listing(
    MisuseSchema,
    Misuse.id,
    filters={
        "college_id": equal(Misuse.college_id),
        "what": equal(Misuse.what, rules.MISUSES),
        "state": equal(Misuse.state, rules.MISUSE.states),
        "found": span(Misuse.found_at, leads=True),
    },
)


@blp.route("/allocations", methods=["POST"])
@allow(*GIVERS)
@blp.arguments(NewAllocationSchema)
@blp.response(201, AllocationSchema)
def allocate(body: dict[str, Any]) -> Allocation:
    """Put on record what a college of the pilot is allocated (OP-34, PP-41, PP-43)."""
    return actions.allocate(session(), body, by=caller())


@blp.route("/allocations")
@allow(*EVERY_PARTY)
@ALLOCATIONS.door(blp)
def allocations(query: dict[str, Any]) -> Any:
    """The allocations the caller may see, newest first."""
    return ALLOCATIONS.answer(session(), queries.visible(caller(), Allocation), query)


@blp.route("/allocations/timeliness")
@allow(*GIVERS)
@blp.arguments(FundingTimelinessQuery, location="query")
@blp.response(200, FundingTimelinessSchema(many=True))
def timeliness(query: dict[str, Any]) -> Any:
    """How long funds take from allocation to receipt, by province (OP-34)."""
    first, last = query["allocated_from"], query["allocated_to"]
    return queries.timeliness(session(), caller(), clock.today(), first=first, last=last, source=query["source"])


@blp.route("/allocations/<uuid:allocation_id>")
@allow(*EVERY_PARTY)
@blp.response(200, AllocationSchema)
def allocation(allocation_id: uuid.UUID) -> Allocation:
    """One allocation."""
    return queries.one_visible(session(), caller(), Allocation, allocation_id)


@blp.route("/allocations/<uuid:allocation_id>", methods=["PUT"])
@allow(*GIVERS)
@blp.arguments(AllocationChangesSchema)
@blp.response(200, AllocationSchema)
def change(body: dict[str, Any], allocation_id: uuid.UUID) -> Allocation:
    """Put an allocation right before anything of it was received."""
    return actions.change(session(), allocation_id, body, by=caller())


@blp.route("/allocations/<uuid:allocation_id>/withdrawal", methods=["POST"])
@allow(*GIVERS)
@blp.response(200, AllocationSchema)
def withdraw(allocation_id: uuid.UUID) -> Allocation:
    """Take an allocation back before anything of it was received."""
    return actions.withdraw(session(), allocation_id, by=caller())


@blp.route("/allocations/<uuid:allocation_id>/receipts", methods=["POST"])
@allow(Role.COLLEGE)
@blp.arguments(NewReceiptSchema)
@blp.response(201, ReceiptSchema)
def receive(body: dict[str, Any], allocation_id: uuid.UUID) -> Receipt:
    """The college has received something of an allocation (OP-34)."""
    return actions.receive(session(), allocation_id, body, by=caller())


@blp.route("/receipts")
@allow(*EVERY_PARTY)
@RECEIPTS.door(blp)
def receipts(query: dict[str, Any]) -> Any:
    """The receipts the caller may see, newest first."""
    return RECEIPTS.answer(session(), queries.visible(caller(), Receipt), query)


@blp.route("/receipts/<uuid:receipt_id>/cancellation", methods=["POST"])
@allow(Role.COLLEGE)
@blp.arguments(CancellationSchema)
@blp.response(200, ReceiptSchema)
def cancel_receipt(body: dict[str, Any], receipt_id: uuid.UUID) -> Receipt:
    """Take back a receipt that was recorded by mistake."""
    return actions.cancel_receipt(session(), receipt_id, body["reason"], by=caller())


@blp.route("/allocations/<uuid:allocation_id>/uses", methods=["POST"])
@allow(Role.COLLEGE)
@blp.arguments(NewUseSchema)
@blp.response(201, FundUseSchema)
def use(body: dict[str, Any], allocation_id: uuid.UUID) -> FundUse:
    """The college has used something of an allocation (OP-30, OP-35)."""
    return actions.use(session(), allocation_id, body, by=caller())


@blp.route("/fund-uses")
@allow(*EVERY_PARTY)
@USES.door(blp)
def uses(query: dict[str, Any]) -> Any:
    """The uses of funds the caller may see, newest first."""
    return USES.answer(session(), queries.visible(caller(), FundUse), query)


@blp.route("/fund-uses/<uuid:use_id>/cancellation", methods=["POST"])
@allow(Role.COLLEGE)
@blp.arguments(CancellationSchema)
@blp.response(200, FundUseSchema)
def cancel_use(body: dict[str, Any], use_id: uuid.UUID) -> FundUse:
    """Take back a use that was recorded by mistake."""
    return actions.cancel_use(session(), use_id, body["reason"], by=caller())


@blp.route("/use-categories")
@allow(*EVERY_PARTY)
@CATEGORIES.door(blp)
def categories(query: dict[str, Any]) -> Any:
    """The headings under which funds are used, and whether they may be."""
    return CATEGORIES.answer(session(), queries.categories(), query)


@blp.route("/use-categories", methods=["POST"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(NewUseCategorySchema)
@blp.response(201, UseCategorySchema)
def add_category(body: dict[str, Any]) -> UseCategory:
    """A further heading."""
    return actions.add_category(session(), body, by=caller())


@blp.route("/use-categories/<code>", methods=["PATCH"])
@allow(Role.MINISTRY, Role.OPERATOR)
@blp.arguments(UseCategoryChangesSchema)
@blp.response(200, UseCategorySchema)
def change_category(body: dict[str, Any], code: str) -> UseCategory:
    """Change a heading, for uses recorded from now on."""
    return actions.change_category(session(), code, body, by=caller())


@blp.route("/misuses", methods=["POST"])
@allow(*GIVERS)
@blp.arguments(NewMisuseSchema)
@blp.response(201, MisuseSchema)
def report_misuse(body: dict[str, Any]) -> Misuse:
    """Put on record that funds were withheld or diverted (OP-35)."""
    return actions.report_misuse(session(), body, by=caller())


@blp.route("/misuses")
@allow(*EVERY_PARTY)
@MISUSES.door(blp)
def misuses(query: dict[str, Any]) -> Any:
    """The misuse of funds that was found, where the caller may see it."""
    return MISUSES.answer(session(), queries.visible(caller(), Misuse), query)


@blp.route("/misuses/<uuid:misuse_id>/settlement", methods=["POST"])
@allow(*GIVERS)
@blp.arguments(MisuseSettlementSchema)
@blp.response(200, MisuseSchema)
def settle_misuse(body: dict[str, Any], misuse_id: uuid.UUID) -> Misuse:
    """It was put right, is dismissed, or leads to an exit case on the ground of irregular funds (OP-42)."""
    return actions.settle_misuse(session(), misuse_id, body["outcome"], body["remark"], by=caller())
